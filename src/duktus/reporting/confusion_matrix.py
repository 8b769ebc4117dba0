"""A confusion matrix as SVG text."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from duktus.reporting.canvas import BAD, GOOD, INK, LINE, MUTED, PAPER, open_canvas, printable
from duktus.reporting.label_drawings import NONE, Drawings, draw_labels

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Counts = NDArray[np.int64]
"""(rows, columns): how often what a row says was answered as a column says."""

REFUSED, FOREIGN = "refused", "other"
"""The names of the column of refused samples and of the row of out-of-alphabet samples."""

MOST_CLASSES = 60
"""Labels that a matrix shows at most: more are not legible on a page."""


def count_confusions(truth: NDArray[np.integer[Any]], answers: NDArray[np.integer[Any]], classes: int) -> Counts:
    """Return (classes, classes) how often what is shown (rows) was answered as what (columns), of (n,) each."""
    counts = np.bincount(truth * classes + answers, minlength=classes**2)
    return counts.reshape(classes, classes).astype(np.int64)


def confusion_matrix_svg(title: str, counts: Counts, labels: Sequence[str], drawings: Drawings = NONE) -> str:
    """Draw how often what is shown (rows) is answered as what (columns); of too many labels the most confused.

    Args:
        title: what the matrix shows, in words.
        counts: (k or k + 1, k or k + 1): behind the labels a column of the refused, and a row of out-of-alphabet
            images.
        labels: the k labels.
        drawings: of labels that a font may lack.
    """
    classes = len(labels)
    chosen = most_confused(counts[:classes, :classes])
    rows, columns = (chosen + list(range(classes, size)) for size in counts.shape)
    return _draw_matrix(title, counts[np.ix_(rows, columns)], [printable(labels[i], 12) for i in chosen], drawings)


def most_confused(counts: Counts) -> list[int]:
    """The labels to show, in their order: all, or of too many those that are confused, the commonest confusions."""
    if len(counts) <= MOST_CLASSES:
        return list(range(len(counts)))
    errors = counts - np.diag(counts.diagonal())
    pairs = np.argwhere(errors)
    commonest = pairs[np.argsort(-errors[tuple(pairs.T)], kind="stable")]
    by_rank = dict.fromkeys(commonest.ravel().tolist() or range(len(counts)))
    return sorted(list(by_rank)[:MOST_CLASSES])


def _draw_matrix(title: str, counts: Counts, names: Sequence[str], drawings: Drawings) -> str:
    rows, columns = counts.shape
    side = min(0.42, 10.5 / columns)
    small = min(9.0, 72 * side * 0.52)
    with open_canvas(title, 1.0 + side * columns, 1.0 + side * rows) as canvas:
        axes = canvas.axes()
        axes.set(xlim=(-0.5, columns - 0.5), ylim=(rows - 0.5, -0.5), xlabel="answered", ylabel="shown", aspect="equal")
        axes.spines[:].set_visible(False)
        _cells(axes, counts, len(names), small)
        axes.hlines(np.arange(rows + 1) - 0.5, -0.5, columns - 0.5, color=LINE, linewidth=0.6)
        axes.vlines(np.arange(columns + 1) - 0.5, -0.5, rows - 0.5, color=LINE, linewidth=0.6)
        axes.set_xticks(range(columns), [*names, REFUSED][:columns], fontsize=small, color=INK, parse_math=False)
        axes.set_yticks(range(rows), [*names, FOREIGN][:rows], fontsize=small, color=INK, parse_math=False)
        for tick in axes.get_xticklabels():
            tick.set_rotation(90 if len(tick.get_text()) > 2 and tick.get_text() not in drawings else 0)
        axes.tick_params(length=0, pad=2)
        return draw_labels(canvas.svg(), drawings)


def _cells(axes: "Axes", counts: Counts, labels: int, size: float) -> None:
    """Fills every cell that is not 0: errors by the logarithm of their number, the diagonal pale."""
    from matplotlib.collections import PolyCollection

    filled = np.argwhere(counts).tolist()
    kinds = [_kind(row, column, labels) for row, column in filled]
    wrong = [counts[i, j] for (i, j), kind in zip(filled, kinds, strict=True) if kind[0] == BAD]
    most = max([4, *wrong])  # a lone error never looks like the worst that can be
    squares, depths = [], []
    for (i, j), (colour, fixed) in zip(filled, kinds, strict=True):
        depth = fixed or 0.18 + 0.77 * float(np.log1p(counts[i, j]) / np.log1p(most))
        squares.append([(j - 0.5, i - 0.5), (j + 0.5, i - 0.5), (j + 0.5, i + 0.5), (j - 0.5, i + 0.5)])
        depths.append(depth)
        text = str(counts[i, j])
        ink = PAPER if depth > 0.6 else INK if colour == BAD else MUTED
        axes.text(j, i, text, ha="center", va="center", fontsize=size * min(1, 2.9 / len(text)), color=ink)
    colours = [colour for colour, _ in kinds]
    axes.add_collection(PolyCollection(squares, facecolors=colours, alpha=depths or None, linewidths=0))


def _kind(row: int, column: int, labels: int) -> tuple[str, float]:
    """A cell's colour, and its depth where that does not follow the count (else 0)."""
    if row < labels == column:
        return MUTED, 0.22  # a refused character is neither right nor wrong
    return (GOOD, 0.12) if row == column else (BAD, 0.0)
