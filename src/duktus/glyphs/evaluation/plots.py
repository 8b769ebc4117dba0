"""The plots of an evaluation, each as SVG text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.evaluation.metrics import ClassFigures, Evaluation
from duktus.reporting.calibration import Bin
from duktus.reporting.canvas import BAD, GOOD, INK, MUTED, open_canvas, printable, show_legend, show_percent
from duktus.reporting.confusion_matrix import confusion_matrix_svg
from duktus.reporting.intervals import wilson
from duktus.reporting.label_drawings import NONE, Drawings, draw_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes


MOST_BARS = 40
"""Labels that the bars show at most."""


def confusion_svg(evaluation: Evaluation, drawings: Drawings = NONE) -> str:
    """Draw which label is read as which without rejection; the diagonal is left pale."""
    title = "Which label is read as which"
    return confusion_matrix_svg(title, evaluation.confusion, evaluation.labels, drawings)


def decisions_svg(evaluation: Evaluation, drawings: Drawings = NONE) -> str:
    """Draw the answers at the card's threshold: with a column of the refused, and a row of out-of-alphabet images."""
    title = "Which label is answered at the card’s threshold"
    return confusion_matrix_svg(title, evaluation.decisions, evaluation.labels, drawings)


def reliability_svg(evaluation: Evaluation) -> str:
    """Draw how often answers of each confidence are right, and how many there are."""
    with open_canvas("How often answers of each confidence are right", 6.2, 5.4) as canvas:
        curve, counts = canvas.stacked([3.4, 1])
        curve.plot([0, 1], [0, 1], color=MUTED, linewidth=1, linestyle=(0, (4, 3)), label="as sure as right")
        _points(curve, evaluation.reliability_by_mass.bins, "bins of equal mass", "s", MUTED)
        _points(curve, evaluation.reliability.bins, "bins of equal width", "o", GOOD)
        curve.set(ylabel="answers that are right", ylim=(-0.03, 1.03), xlim=(-0.03, 1.03))
        show_legend(curve)
        for bin in evaluation.reliability.bins:
            counts.bar(bin.low, bin.accuracy.n, bin.high - bin.low, align="edge", color=GOOD, alpha=0.55, linewidth=0)
        counts.set(yscale="log", ylabel="answers", xlabel="confidence", ylim=(0.7, None))
        show_percent(curve, "y")
        show_percent(counts, "x")
        _decades(counts)
        for axes in (curve, counts):
            axes.grid(True, which="major")
        return canvas.svg()


def rejection_svg(evaluation: Evaluation) -> str:
    """Draw the accuracy of what is accepted as more and more is refused, and where the card's threshold stands."""
    refusal, n = evaluation.refusal, evaluation.accuracy.n
    refused, accuracy = np.array(refusal.curve).T
    band = [wilson(round(right * round((1 - out) * n)), round((1 - out) * n)) for out, right in refusal.curve]
    with open_canvas("What refusing buys", 6.2, 5.4) as canvas:
        axes = canvas.axes()
        axes.fill_between(refused, [e.low for e in band], [e.high for e in band], color=GOOD, alpha=0.15, linewidth=0)
        axes.plot(refused, accuracy, color=GOOD, linewidth=1.8)
        if refusal.accepted.value > 0:
            _mark_threshold(axes, 1 - refusal.accepted.value, refusal.accuracy.value)
        low = min(evaluation.accuracy.low, refusal.accuracy.low)
        axes.set(xlim=(0, _span(refused, accuracy, 1 - refusal.accepted.value)), ylim=(low, 1 + 0.06 * (1 - low)))
        axes.set(xlabel="refused", ylabel="right among the accepted")
        axes.grid(True)
        show_percent(axes, "x")
        show_percent(axes, "y")
        return canvas.svg()


def classes_svg(evaluation: Evaluation, drawings: Drawings = NONE) -> str:
    """Draw each label's misses and false answers as mirrored bars with their intervals, the worst label on top."""
    shown = [figures for figures in evaluation.classes if figures.recall.n or figures.precision.n]
    shown = sorted(shown, key=_badness, reverse=True)[:MOST_BARS]
    with open_canvas("Errors of each label", 7.4, 1.3 + 0.24 * len(shown)) as canvas:
        missed, false = canvas.pair()
        _bars(missed, [(f.recall.value, f.recall.low, f.recall.high) for f in shown], BAD)
        _bars(false, [(f.precision.value, f.precision.low, f.precision.high) for f in shown], GOOD)
        missed.set_title("missed: shown, read as another", loc="right", fontsize=9.5)
        false.set_title("false: read, though another is shown", loc="left", fontsize=9.5)
        names = [printable(figures.label, 16) for figures in shown]
        missed.set_yticks(range(len(shown)), names, parse_math=False, color=INK)
        missed.spines["left"].set_visible(False)
        missed.set_ylim(len(shown) - 0.4, -0.6)
        reach = max(missed.get_xlim()[1], false.get_xlim()[1])
        missed.set_xlim(reach, 0)
        false.set_xlim(0, reach)
        return draw_labels(canvas.svg(), drawings)


def _points(axes: "Axes", bins: Sequence[Bin], name: str, marker: str, colour: str) -> None:
    places, shares = [bin.confidence for bin in bins], [bin.accuracy.value for bin in bins]
    down = [bin.accuracy.value - bin.accuracy.low for bin in bins]
    up = [bin.accuracy.high - bin.accuracy.value for bin in bins]
    axes.errorbar(
        places, shares, [down, up], fmt=marker, color=colour, markersize=5.5, elinewidth=1.1, label=name, clip_on=False
    )


def _mark_threshold(axes: "Axes", refused: float, accuracy: float) -> None:
    axes.plot([refused], [accuracy], "o", color=BAD, markersize=7, clip_on=False, zorder=5)
    text = f"the card’s threshold: {refused:.2%} refused,\n{accuracy:.2%} of the rest right"
    axes.annotate(text, (refused, accuracy), (10, -14), textcoords="offset points", va="top", color=INK)


def _span(refused: NDArray[np.float64], accuracy: NDArray[np.float64], threshold: float) -> float:
    """How much of the share refused to show: to where nine of ten errors are gone, and past the card's threshold."""
    gone = np.flatnonzero(1 - accuracy <= 0.1 * (1 - accuracy[0]))
    enough = float(refused[gone[0]]) if len(gone) else 1.0
    return min(1.0, max(1.5 * enough, 2.5 * threshold, 0.02))


def _badness(figures: ClassFigures) -> float:
    shares = [share.value for share in (figures.recall, figures.precision) if share.n]
    return sum(1 - share for share in shares)


def _bars(axes: "Axes", shares: Sequence[tuple[float, float, float]], colour: str) -> None:
    """Bars of 1 - share, each with its interval turned over likewise."""
    places: NDArray[Any] = np.arange(len(shares))
    value, low, high = np.nan_to_num(np.array(shares), nan=1.0).T
    axes.barh(places, 1 - value, 0.66, color=colour, alpha=0.75, linewidth=0)
    axes.hlines(places, 1 - high, np.where(np.isnan(np.array(shares)[:, 0]), 0, 1 - low), color=INK, linewidth=0.9)
    axes.grid(True, axis="x")
    axes.locator_params(axis="x", nbins=5)
    show_percent(axes, "x")


def _decades(axes: "Axes") -> None:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    axes.yaxis.set_major_locator(LogLocator(numticks=4))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda count, _: f"{count:,.0f}"))
