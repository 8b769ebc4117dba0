"""A training's learning curve as SVG text: loss and accuracy by epoch, on the training and on the validation part."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from duktus.reporting.canvas import BAD, GOOD, MUTED, open_canvas, show_legend, show_percent
from duktus.types import DataError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FIGURES = ("loss", "accuracy")
"""What is drawn of every epoch: of the training part and, behind ``validation_``, of the validation part."""


def learning_curve_svg(history: Sequence[Mapping[str, float]], best: int | None = None) -> str:
    """Draw loss and accuracy by epoch, one plot above the other, and mark the best epoch.

    Args:
        history: a record for each finished epoch, with ``epoch`` and any of ``loss``, ``accuracy``,
            ``validation_loss`` and ``validation_accuracy``. A figure that no epoch has is not drawn.
        best: the epoch whose weights were kept; None marks the best validation accuracy (or loss, where no accuracy
            is known), the latest of equals, and nothing where no epoch was validated.

    Raises:
        DataError: no epoch, or none with a figure to draw.
        MissingExtraError: matplotlib is not installed.
    """
    drawn = [name for name in FIGURES if _curve(history, name)[0] or _curve(history, f"validation_{name}")[0]]
    if not drawn:
        received = f"{len(history)} epochs with none of these"
        raise DataError(f"expected epochs with a loss or an accuracy, received {received}; train for one epoch or more")
    best = best_epoch(history) if best is None else best
    with open_canvas("Loss and accuracy by epoch", 6.2, 1.0 + 2.4 * len(drawn)) as canvas:
        panels = canvas.stacked([1.0] * len(drawn))
        for axes, name in zip(panels, drawn, strict=True):
            _draw_figure(axes, history, name, best)
        show_legend(panels[0])
        panels[-1].set_xlabel("epoch")
        panels[-1].locator_params(axis="x", integer=True)
        return canvas.svg()


def best_epoch(history: Sequence[Mapping[str, float]]) -> int | None:
    """Return the epoch of the best validation accuracy, or loss without one; the latest of equals, None without both.

    >>> best_epoch([{"epoch": 1, "validation_accuracy": 0.9}, {"epoch": 2, "validation_accuracy": 0.8}])
    1
    """
    for name, sign in (("validation_accuracy", 1), ("validation_loss", -1)):
        validated = [(sign * each[name], int(each["epoch"])) for each in history if name in each]
        if validated:
            return max(validated)[1]
    return None


def _draw_figure(axes: "Axes", history: Sequence[Mapping[str, float]], name: str, best: int | None) -> None:
    for prefix, label, colour in (("", "training", MUTED), ("validation_", "validation", GOOD)):
        epochs, values = _curve(history, prefix + name)
        if epochs:  # a single epoch is a point, which a line alone would not show
            axes.plot(epochs, values, color=colour, linewidth=1.8, label=label, marker="o" if len(epochs) < 2 else "")
    if best is not None:
        axes.axvline(best, color=BAD, linewidth=1, linestyle=(0, (4, 3)), label=f"best epoch: {best}")
    axes.set(ylabel=name)
    axes.grid(True)
    if name == "accuracy":
        show_percent(axes, "y")


def _curve(history: Sequence[Mapping[str, float]], name: str) -> tuple[list[float], list[float]]:
    """The epochs that have a figure, and the figure."""
    found = [(each["epoch"], each[name]) for each in history if name in each]
    return [epoch for epoch, _ in found], [value for _, value in found]
