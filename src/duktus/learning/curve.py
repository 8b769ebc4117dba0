"""The learning curve of a training: its figures after each epoch."""

from typing import TYPE_CHECKING

from duktus.learning.checkpoint import History
from duktus.reporting.canvas import BAD, GOOD, open_canvas, show_percent

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VALIDATION = "validation_"
"""What names of figures of the validation part begin with."""


def draw_curve(name: str, history: History) -> str:
    """Return the curves of a training as one ``<svg>``: axes for each figure, such as the loss, in a column.

    Args:
        name: of the model.
        history: the figures of each epoch; an epoch may lack some, as the last ones do that validate nothing.
    """
    kinds = list(dict.fromkeys(name.removeprefix(VALIDATION) for logs in history for name in logs))
    with open_canvas(f"Learning curve of {name}", 7.2, 2.4 * len(kinds)) as canvas:
        for axes, kind in zip(canvas.stacked([1.0] * len(kinds)), kinds, strict=True):
            _draw(axes, kind, history)
        axes.set_xlabel("epoch")
        return canvas.svg()


def _draw(axes: "Axes", kind: str, history: History) -> None:
    for key, label, colour in ((kind, "training", GOOD), (VALIDATION + kind, "validation", BAD)):
        points = [(epoch, logs[key]) for epoch, logs in enumerate(history, 1) if key in logs]
        if points:
            axes.plot(*zip(*points, strict=True), color=colour, label=label, marker="o", markersize=3)
    axes.set_ylabel(kind)
    axes.grid(axis="y")
    axes.legend()
    if kind == "accuracy":
        show_percent(axes, "y")
