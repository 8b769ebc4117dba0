"""Plots of what was measured: accuracy and cost as training data grow, cost as the work grows; SVG, light and dark.

They are drawn from the details of the records, so that an image shows what results.json holds and nothing else.

    python -m benchmarks.plots    # draws docs/images anew from results.json
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.results import Record, load_records
from benchmarks.setting import ROOT
from duktus.reporting.canvas import BAD, GOOD, INK, open_canvas, show_legend, show_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STYLE = """<style>
svg { --ink: #23272e; --muted: #5d6167; --line: #dedbd4; --paper: #fefdfb; --good: #2f6f9f; --bad: #c6532b;
  background: var(--paper); }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e4e1da; --muted: #a9acb0; --line: #353a41; --paper: #16191d; --good: #74b3e0; --bad: #f0855c; }
}
</style>"""
"""An image in a page takes no colours from it, so it brings its own, its ground among them."""

WAYS = (("duktus teach", GOOD, "o", "-"), ("duktus train", INK, "s", "--"), ("published recipe", BAD, "^", ":"))
"""Lines by colour, marker and dashes: any one of them distinguishes them."""

ASIDE = (0.97, 1.0, 1.03)
"""How far each line is moved along the axis, so that intervals do not cover each other."""

Point = Mapping[str, Any]


def draw_plots(records: Mapping[str, Record], folder: Path) -> list[Path]:
    """Draw the plots of those sections that have one; return the files that were written."""
    written = []
    for name, draw in PLOTS.items():
        if name in records:
            folder.mkdir(parents=True, exist_ok=True)
            written.append(folder / f"{name}.svg")
            written[-1].write_text(standalone(draw(records[name])), encoding="utf-8")
    return written


def standalone(svg: str) -> str:
    """Return an ``<svg>`` element of a canvas as a file that is legible in light and in dark.

    >>> standalone("<svg><title>Errors</title></svg>").startswith("<svg><title>Errors</title><style>")
    True
    """
    named = svg.replace("'DejaVu Sans'", "'DejaVu Sans', Verdana, sans-serif")  # for readers who lack the font
    return named.replace("</title>", f"</title>{STYLE}", 1).rstrip() + "\n"


def _drawings(record: Record) -> str:
    """Draw accuracy, and below it time where it was taken, by the number of drawings of each letter."""
    curves = record.outcome.details["curves"]
    timed = all("seconds" in point for points in curves.values() for point in points)
    with open_canvas("Accuracy and cost as training data grow", 6.4, 6.0 if timed else 3.6) as canvas:
        stacked = canvas.stacked([1.2, 1.0] if timed else [1.0])
        for axes, measure in zip(stacked, ("accuracy", "seconds"), strict=False):
            for aside, (name, colour, marker, dashes) in zip(ASIDE, WAYS, strict=True):
                points = [{"size": aside * point["size"]} | point[measure] for point in curves[name]]
                _line(axes, points, name, (colour, marker, dashes))
        _scale(stacked[-1], [point["size"] for point in curves[WAYS[0][0]]])
        stacked[0].set_ylabel("letters read right (95 % interval)")
        show_percent(stacked[0], "y")
        show_legend(stacked[0])
        if timed:
            stacked[1].set_ylabel("time of the whole process (s)")
            _cost(stacked[1], [point["seconds"]["value"] for points in curves.values() for point in points])
        stacked[-1].set_xlabel("drawings of each letter, each by another person")
        return canvas.svg()


def _growth(record: Record) -> str:
    """Draw the seconds by the glyphs of a picture, the pages of an archive and the writers of a gallery."""
    curves = [(what, points) for what, points in record.outcome.details["curves"]]
    with open_canvas("Cost as the work grows", 7.2, 5.0) as canvas:
        grid = canvas.figure.subplots(2, 2).flat
        for axes, (what, points) in zip(grid, curves, strict=True):
            _line(axes, points, what, (GOOD, "o", "-"))
            _scale(axes, [point["size"] for point in points])
            _cost(axes, [point["value"] for point in points])
            memory = what == "peak memory"
            axes.set_xlabel("pages in an archive" if memory else what)
            axes.set_ylabel("peak memory (MB)" if memory else "time (s)")
        return canvas.svg()


PLOTS: dict[str, Callable[[Record], str]] = {"drawings": _drawings, "growth": _growth}
"""What draws the plot of a section."""


def _line(axes: "Axes", points: Sequence[Point], label: str, style: tuple[str, str, str]) -> None:
    """Draw a line through points with their intervals."""
    colour, marker, dashes = style
    values = [point["value"] for point in points]
    below = [max(0.0, point["value"] - point["low"]) for point in points]
    above = [max(0.0, point["high"] - point["value"]) for point in points]
    axes.errorbar(
        [point["size"] for point in points],
        values,
        yerr=[below, above],
        color=colour,
        marker=marker,
        markersize=4.5,
        linestyle=dashes,
        capsize=2.5,
        label=label,
    )
    axes.grid(axis="y")


def _scale(axes: "Axes", ticks: Sequence[int]) -> None:
    """Make an axis logarithmic with a tick at each size, written out."""
    axes.set_xscale("log")
    axes.set_xticks(list(ticks), [f"{tick:,}" for tick in ticks], minor=False)
    axes.xaxis.set_minor_formatter(lambda *_: "")


def _cost(axes: "Axes", values: Sequence[float]) -> None:
    """Begin an axis of costs at 0; make it logarithmic where they differ by more than five times."""
    from matplotlib.ticker import LogLocator

    if max(values) <= 5 * min(values):
        axes.set_ylim(bottom=0)
        return
    axes.set_yscale("log", subs=[2, 5])
    if max(values) < 100 * min(values):
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.yaxis.set_minor_formatter(lambda *_: "")


def main() -> None:
    """Draw all plots anew from the results that are kept."""
    for path in draw_plots(load_records(Path(__file__).with_name("results.json")), ROOT / "docs" / "images"):
        print(path)


if __name__ == "__main__":
    main()
