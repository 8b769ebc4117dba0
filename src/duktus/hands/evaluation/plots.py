"""The plots of an evaluation of hands, each as SVG text; controls are drawn grey beside the hand."""

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from duktus.hands.evaluation.figures import HandFigures, HandResults
from duktus.hands.evaluation.open_set import OpenSet
from duktus.hands.evaluation.verification import Verification
from duktus.reporting.canvas import BAD, GOOD, INK, MUTED, open_canvas, show_percent
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
"""Rates between which the DET plot is drawn; the least that a plot of strangers tells apart."""

_RATES = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4)


def cmc_svg(results: HandResults) -> str:
    """Draw the share of questions whose writer is among so many first answers."""
    curves = [each.closed.cmc for each in results.all]
    return _ranks_svg("How soon the writer is named", "first answers looked at", results, curves)


def retrieval_svg(results: HandResults) -> str:
    """Draw the share of documents with one of their writer's among so many first that are found."""
    curves = [each.retrieval.cmc if each.retrieval else () for each in results.all]
    return _ranks_svg("How soon another document is found", "first documents looked at", results, curves)


def amounts_svg(results: HandResults) -> str:
    """Draw how often the first answer is right for so many lines or words enrolled and asked."""
    with open_canvas("How much text it takes", 6.2, 4.6) as canvas:
        axes = canvas.axes()
        measured = [each.amounts for each in results.all]
        for figures, line in _lines(results, lambda each: each.amounts is not None):
            at = figures.amounts.at if figures.amounts else ()
            _band(axes, [each.pieces for each in at], [each.top1 for each in at], figures.name, line, "o")
        amounts = sorted({each.pieces for found in measured if found for each in found.at})
        unit = next((found.unit for found in measured if found), "piece")
        axes.set(xscale="log", xlabel=f"{unit}s enrolled, and asked", ylabel="first answer right", ylim=(0, 1.03))
        axes.set_xticks(amounts, [str(amount) for amount in amounts])
        axes.minorticks_off()
        _finish(axes, "y")
        return canvas.svg()


def open_set_svg(results: HandResults) -> str:
    """Draw the share of known hands that are found against that of strangers who pass; a dot is the decision."""
    with open_canvas("Known hands found while strangers pass", 6.2, 4.6) as canvas:
        axes = canvas.axes()
        for figures, line in _lines(results, lambda each: each.open_set is not None):
            opened = figures.open_set
            points = [(each.false_alarms.value, each.found.value) for each in opened.curve] if opened else []
            passed, found = np.array(points).T
            axes.plot(np.maximum(passed, LEAST), found, label=figures.name, **line)
            if opened and opened.at:
                place = max(opened.at.false_alarms.value, LEAST), opened.at.found.value
                axes.plot(*place, marker="o", color=line["color"], zorder=3, clip_on=False)
        axes.set(xscale="log", xlim=(LEAST, 1), ylim=(0, 1.03))
        axes.set(xlabel="strangers that pass", ylabel="known hands accepted and named right")
        axes.set_xticks([LEAST, 0.01, 0.1, 1], ["≤ 0.1%", "1%", "10%", "100%"])
        axes.minorticks_off()
        _finish(axes, "y")
        return canvas.svg()


def thresholds_svg(opened: OpenSet) -> str:
    """Draw what becomes of known and unknown hands as the threshold rises; the dashed line is the decision."""
    with open_canvas("What the threshold does", 6.2, 4.6) as canvas:
        axes = canvas.axes()
        thresholds = [each.threshold for each in opened.curve]
        kinds: tuple[tuple[str, list[Estimate], str], ...] = (
            ("known, right", [each.found for each in opened.curve], GOOD),
            ("known, wrong", [each.misnamed for each in opened.curve], MUTED),
            ("strangers", [each.false_alarms for each in opened.curve], BAD),
        )
        for name, curve, colour in kinds:
            if curve[0].n:
                _band(axes, thresholds, curve, name, {"color": colour, "linewidth": 1.8})
        if opened.at:
            axes.axvline(opened.at.threshold, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.set(xlabel="threshold", ylabel="accepted", ylim=(-0.02, 1.03))
        _finish(axes, "y")
        return canvas.svg()


def tippett_svg(verification: Verification) -> str:
    """Draw the shares of pairs with at least so large a likelihood ratio, of one writer and of two."""
    with open_canvas("Likelihood ratios of one hand and of two", 6.2, 4.6) as canvas:
        axes = canvas.axes()
        kinds = (("one writer", verification.tippett_same, GOOD), ("two writers", verification.tippett_different, BAD))
        for name, points, colour in kinds:
            ratios, shares = np.array(points).T
            axes.step([*ratios, ratios[-1]], [*shares, 0], where="pre", color=colour, linewidth=1.8, label=name)
        axes.axvline(0, color=MUTED, linewidth=1, linestyle=(0, (4, 3)))
        axes.set(xlabel="log10 likelihood ratio", ylabel="pairs with at least that", ylim=(-0.02, 1.03))
        _finish(axes, "y")
        return canvas.svg()


def det_svg(results: HandResults) -> str:
    """Draw false rejects against false accepts on normal deviate scales (Martin et al. 1997)."""
    with open_canvas("False rejects against false accepts", 6.2, 5.4) as canvas:
        axes = canvas.axes()
        ends = _deviate(np.array((LEAST, MOST)))
        axes.plot(ends, ends, color=MUTED, linewidth=0.8)
        for figures, line in _lines(results, lambda each: each.verification is not None):
            points = figures.verification.det if figures.verification else ()
            accepted, rejected = np.array(points).T
            axes.plot(_deviate(accepted), _deviate(rejected), label=figures.name, **line)
        ticks = _deviate(np.array(_RATES)), [f"{100 * rate:g} %" for rate in _RATES]
        axes.set_xticks(*ticks)
        axes.set_yticks(*ticks)
        axes.set(xlabel="two hands taken for one", ylabel="one hand taken for two", xlim=ends, ylim=ends)
        _finish(axes)
        return canvas.svg()


def _ranks_svg(title: str, label: str, results: HandResults, curves: Sequence[Sequence[Estimate]]) -> str:
    """A cumulative match characteristic for each way of scoring that has one."""
    with open_canvas(title, 6.2, 4.6) as canvas:
        axes = canvas.axes()
        for (figures, line), curve in zip(_lines(results, lambda _: True), curves, strict=True):
            if curve:
                _band(axes, range(1, len(curve) + 1), curve, figures.name, line)
        axes.set(xlabel=label, ylabel="writer among them", ylim=(0, 1.03), xlim=(1, None))
        axes.locator_params(axis="x", integer=True)
        _finish(axes, "y")
        return canvas.svg()


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


def _finish(axes: "Axes", percent: str = "") -> None:
    """Grid and legend, and percentages along one axis."""
    axes.grid(True)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=3, labelcolor=INK, columnspacing=1.4)
    if percent:
        show_percent(axes, percent)


def _deviate(rates: Any) -> list[float]:
    """Rates as standard normal deviates, cut off well outside of the plot."""
    normal = NormalDist()
    return [normal.inv_cdf(float(rate)) for rate in np.clip(rates, 1e-6, 1 - 1e-6)]
