"""The plots of an evaluation of hands, each as SVG text; controls are drawn grey beside the hand."""

from collections.abc import Callable, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from duktus.evaluation.canvas import BAD, GOOD, INK, MUTED, open_canvas, show_percent
from duktus.evaluation.hand_figures import HandFigures, HandResults
from duktus.evaluation.intervals import Estimate
from duktus.evaluation.verification import Verification

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LINES: tuple[dict[str, Any], ...] = (
    {"color": GOOD, "linewidth": 1.8},
    {"color": MUTED, "linewidth": 1.3, "linestyle": (0, (5, 2))},
    {"color": MUTED, "linewidth": 1.3, "linestyle": (0, (1, 1.5))},
)
"""The hand's line, then those of the controls."""

LEAST, MOST = 1e-3, 0.6
"""Rates between which the DET plot is drawn."""

_RATES = (0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4)


def cmc_svg(results: HandResults) -> str:
    """Draw the share of questions whose writer is among so many first answers."""
    with open_canvas("How soon the writer is named", 6.2, 4.6) as canvas:
        axes = canvas.axes()
        for figures, line in _lines(results, lambda each: bool(each.closed.cmc)):
            curve = figures.closed.cmc
            _band(axes, range(1, len(curve) + 1), curve, figures.name, line)
        axes.set(xlabel="first answers looked at", ylabel="writer among them", ylim=(0, 1.03), xlim=(1, None))
        axes.locator_params(axis="x", integer=True)
        _finish(axes, "y")
        return canvas.svg()


def amounts_svg(results: HandResults) -> str:
    """Draw how often the first answer is right for so many lines enrolled and asked."""
    with open_canvas("How much text it takes", 6.2, 4.6) as canvas:
        axes = canvas.axes()
        for figures, line in _lines(results, lambda each: bool(each.amounts)):
            lines = [each.lines for each in figures.amounts]
            _band(axes, lines, [each.top1 for each in figures.amounts], figures.name, line, "o")
        amounts = sorted({each.lines for figures in results.all for each in figures.amounts})
        axes.set(xscale="log", xlabel="lines enrolled, and asked", ylabel="first answer right", ylim=(0, 1.03))
        axes.set_xticks(amounts, [str(amount) for amount in amounts])
        axes.minorticks_off()
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


def _lines(results: HandResults, has: Callable[[HandFigures], bool]) -> list[tuple[HandFigures, dict[str, Any]]]:
    """The ways of scoring that have a figure, each with its line; more controls than lines share the last."""
    return [(each, _LINES[min(i, len(_LINES) - 1)]) for i, each in enumerate(results.all) if has(each)]


def _band(
    axes: "Axes", x: Sequence[int], curve: Sequence[Estimate], name: str, line: dict[str, Any], marker: str = ""
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
