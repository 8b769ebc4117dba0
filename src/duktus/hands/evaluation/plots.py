"""The plots of an evaluation of hands, each as SVG text; controls are drawn grey beside the hand."""

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from duktus.hands.evaluation.figures import HandFigures, HandResults
from duktus.hands.evaluation.open_set import OpenSet
from duktus.hands.evaluation.verification import Verification
from duktus.reporting.canvas import BAD, GOOD, MUTED, open_canvas, show_legend, show_percent
from duktus.reporting.intervals import Estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINES: tuple[dict[str, Any], ...] = (
    {"color": GOOD, "linewidth": 1.8},
    {"color": MUTED, "linewidth": 1.3, "linestyle": (0, (5, 2))},
    {"color": MUTED, "linewidth": 1.3, "linestyle": (0, (1, 1.5))},
)
"""The hand's line, then those of the controls."""

LEAST, MOST = 1e-3, 0.6
"""Rates between which the DET plot is drawn; the least false alarm rate that a plot resolves."""

_RATES = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4)


def cmc_svg(results: HandResults) -> str:
    """Draw the share of queries whose writer is among so many first answers."""
    curves = [each.closed.cmc for each in results.all]
    return _ranks_svg("Identification by rank", "first answers that count", results, curves)


def retrieval_svg(results: HandResults) -> str:
    """Draw the share of queries with a document of their writer among so many first results."""
    curves = [each.retrieval.cmc if each.retrieval else () for each in results.all]
    return _ranks_svg("Retrieval by rank", "first results that count", results, curves)


def amounts_svg(results: HandResults) -> str:
    """Draw how often the first answer is right for so many lines or words enrolled and queried."""

    def draw(axes: "Axes") -> None:
        for figures, line in _lines(results, lambda each: each.amounts is not None):
            at = figures.amounts.at if figures.amounts else ()
            _band(axes, [each.pieces for each in at], [each.top1 for each in at], figures.name, line, "o")
        measured = [each.amounts for each in results.all if each.amounts]
        amounts = sorted({each.pieces for found in measured for each in found.at})
        unit = measured[0].unit if measured else "piece"
        axes.set(xscale="log", xlabel=f"{unit}s enrolled, and queried", ylabel="first answer right", ylim=(0, 1.03))
        axes.set_xticks(amounts, [str(amount) for amount in amounts])
        axes.minorticks_off()

    return _figure("Identification by amount of text", draw)


def open_set_svg(results: HandResults) -> str:
    """Draw the share of known hands that are named right against the false alarm rate; a dot is the decision."""

    def draw(axes: "Axes") -> None:
        for figures, line in _lines(results, lambda each: each.open_set is not None):
            opened = figures.open_set
            points = [(each.false_alarms.value, each.found.value) for each in opened.curve] if opened else []
            passed, found = np.array(points).T
            axes.plot(np.maximum(passed, LEAST), found, label=figures.name, **line)
            if opened and opened.at:
                place = max(opened.at.false_alarms.value, LEAST), opened.at.found.value
                axes.plot(*place, marker="o", color=line["color"], zorder=3, clip_on=False)
        axes.set(xscale="log", xlim=(LEAST, 1), ylim=(0, 1.03))
        axes.set(xlabel="unknown hands accepted (false alarms)", ylabel="known hands accepted and named right")
        axes.set_xticks([LEAST, 0.01, 0.1, 1], ["≤ 0.1%", "1%", "10%", "100%"])
        axes.minorticks_off()

    return _figure("Known hands named right against false alarms", draw)


def thresholds_svg(opened: OpenSet) -> str:
    """Draw the accepted answers about known and unknown hands by the threshold; the dashed line is the decision."""

    def draw(axes: "Axes") -> None:
        thresholds = [each.threshold for each in opened.curve]
        kinds: tuple[tuple[str, list[Estimate], str], ...] = (
            ("known, right", [each.found for each in opened.curve], GOOD),
            ("known, wrong", [each.misnamed for each in opened.curve], MUTED),
            ("unknown", [each.false_alarms for each in opened.curve], BAD),
        )
        for name, curve, colour in kinds:
            if curve[0].n:
                _band(axes, thresholds, curve, name, {"color": colour, "linewidth": 1.8})
        if opened.at:
            axes.axvline(opened.at.threshold, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.set(xlabel="threshold", ylabel="accepted", ylim=(-0.02, 1.03))

    return _figure("Accepted answers by threshold", draw)


def tippett_svg(verification: Verification) -> str:
    """Draw the shares of pairs with at least so large a likelihood ratio, of one writer and of two."""

    def draw(axes: "Axes") -> None:
        kinds = (("one writer", verification.tippett_same, GOOD), ("two writers", verification.tippett_different, BAD))
        for name, points, colour in kinds:
            ratios, shares = np.array(points).T
            axes.step([*ratios, ratios[-1]], [*shares, 0], where="pre", color=colour, linewidth=1.8, label=name)
        axes.axvline(0, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.set(xlabel="log10 likelihood ratio", ylabel="pairs with at least that", ylim=(-0.02, 1.03))

    return _figure("Tippett plot: likelihood ratios of one writer’s and of two writers’ pairs", draw)


def det_svg(results: HandResults) -> str:
    """Draw the false reject rate against the false accept rate on normal deviate scales (Martin et al. 1997)."""

    def draw(axes: "Axes") -> None:
        ends = _deviate(np.array((LEAST, MOST)))
        axes.plot(ends, ends, color=MUTED, linewidth=0.8)
        for figures, line in _lines(results, lambda each: each.verification is not None):
            accepted, rejected = np.array(figures.verification.det if figures.verification else ()).T
            axes.plot(_deviate(accepted), _deviate(rejected), label=figures.name, **line)
        ticks = _deviate(np.array(_RATES)), [f"{100 * rate:g} %" for rate in _RATES]
        axes.set_xticks(*ticks)
        axes.set_yticks(*ticks)
        axes.set(xlabel="false accept rate", ylabel="false reject rate", xlim=ends, ylim=ends)

    return _figure("DET curve: false rejects against false accepts", draw, percent="", height=5.4)


def _ranks_svg(title: str, label: str, results: HandResults, curves: Sequence[Sequence[Estimate]]) -> str:
    """A cumulative match characteristic for each way of scoring that has one."""

    def draw(axes: "Axes") -> None:
        for (figures, line), curve in zip(_lines(results, lambda _: True), curves, strict=True):
            if curve:
                _band(axes, range(1, len(curve) + 1), curve, figures.name, line)
        axes.set(xlabel=label, ylabel="writer among them", ylim=(0, 1.03), xlim=(1, None))
        axes.locator_params(axis="x", integer=True)

    return _figure(title, draw)


def _lines(results: HandResults, has: Callable[[HandFigures], bool]) -> list[tuple[HandFigures, dict[str, Any]]]:
    """The ways of scoring that have a figure, each with its line; more controls than lines share the last."""
    return [(each, _LINES[min(i, len(_LINES) - 1)]) for i, each in enumerate(results.all) if has(each)]


def _band(
    axes: "Axes", x: Sequence[float], curve: Sequence[Estimate], name: str, line: dict[str, Any], marker: str = ""
) -> None:
    """A curve, and its 95 % intervals as a band."""
    low, high = [each.low for each in curve], [each.high for each in curve]
    axes.fill_between(x, low, high, color=line["color"], alpha=0.15, linewidth=0)
    axes.plot(x, [each.value for each in curve], label=name, marker=marker, **line)


def _figure(title: str, draw: Callable[["Axes"], None], *, percent: str = "y", height: float = 4.6) -> str:
    """What ``draw`` draws, with a grid, a legend above, and percentages along one axis."""
    with open_canvas(title, 6.2, height) as canvas:
        axes = canvas.axes()
        draw(axes)
        axes.grid(True)
        if axes.get_legend_handles_labels()[0]:
            show_legend(axes)
        if percent:
            show_percent(axes, percent)
        return canvas.svg()


def _deviate(rates: Any) -> list[float]:
    """Rates as standard normal deviates, cut off well outside of the plot."""
    normal = NormalDist()
    return [normal.inv_cdf(float(rate)) for rate in np.clip(rates, 1e-6, 1 - 1e-6)]
