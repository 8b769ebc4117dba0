"""The drawing surface of all plots: one palette, one style, SVG text that is the same in every run.

Colours are written as CSS variables with a fallback, so a plot takes on the light or dark page that it stands in.
Matplotlib is used by its figure objects alone; no state outlives a call.
"""

import io
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from duktus.types import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, MUTED, LINE, PAPER = "#23272e", "#6c7076", "#dedbd4", "#fefdfb"
GOOD, BAD = "#2f6f9f", "#c6532b"
"""Blue and vermilion stay apart in every common colour blindness (Okabe & Ito 2008)."""

_VARIABLES = {INK: "ink", MUTED: "muted", LINE: "line", PAPER: "paper", GOOD: "good", BAD: "bad"}
_STYLE: dict[Any, Any] = {
    "font.family": "DejaVu Sans",  # comes with matplotlib, so text has the same size everywhere
    "font.size": 9.5,
    "text.parse_math": False,  # a label may hold a dollar sign
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": LINE,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "legend.frameon": False,
    "svg.fonttype": "none",  # text stays text: readers can select it, and the page's fonts show any script
}


def printable(label: str, most: int = 40) -> str:
    r"""Return a label as it can be shown in one line: no control characters, never empty, at most ``most`` long.

    >>> printable("a\tb"), printable(""), printable(" "), printable("abcdef", 4)
    ('a�b', '∅', '␣', 'abc…')
    """
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in label)
    shown = shown if len(shown) <= most else shown[: most - 1] + "…"
    return "␣" * len(shown) if shown.isspace() else shown or "∅"


def show_percent(axes: "Axes", which: str) -> None:
    """Write the shares along an axis, "x" or "y", as percentages."""
    from matplotlib.ticker import PercentFormatter

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(PercentFormatter(1.0))


def show_legend(axes: "Axes") -> None:
    """Write what the lines are, in a row above the axes."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=3, labelcolor=INK, columnspacing=1.4)


@dataclass(frozen=True)
class Canvas:
    """A figure under this project's style, from its first axes to its SVG text; made by ``open_canvas``."""

    title: str
    figure: "Figure"

    def axes(self) -> "Axes":
        """Return the only axes of the figure."""
        return self.figure.add_subplot()

    def stacked(self, ratios: list[float]) -> "list[Axes]":
        """Return axes one above the other with a common x axis, their heights as ``ratios``."""
        grid = self.figure.subplots(len(ratios), 1, sharex=True, height_ratios=ratios, squeeze=False)
        return list(grid[:, 0])

    def pair(self) -> "tuple[Axes, Axes]":
        """Return two axes side by side with a common y axis."""
        left, right = self.figure.subplots(1, 2, sharey=True)
        return left, right

    def svg(self) -> str:
        """Return the figure as one ``<svg>`` element, without a date and without identifiers that are not used."""
        buffer = io.StringIO()
        with warnings.catch_warnings():
            # A label's script may be missing in the font that measures; the reader's own fonts show it.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
        text = buffer.getvalue()
        text = re.sub(r'<g id="[^"]*"', "<g", text[text.index("<svg") :])
        text = re.sub(r"\s*<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        text = text.replace("<svg ", '<svg role="img" ', 1)
        text = text.replace(">", f"><title>{escape(self.title)}</title>", 1)
        for colour, name in _VARIABLES.items():
            text = text.replace(colour, f"var(--{name}, {colour})")
        return text


@contextmanager
def open_canvas(title: str, width: float, height: float) -> Iterator[Canvas]:
    """Give a canvas of ``width`` by ``height`` inches; the style holds inside the context and ends with it.

    ``title`` says what the plot shows, for those who do not see it.

    Raises:
        MissingExtraError: Matplotlib is not installed.
    """
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("Plots need matplotlib: pip install 'duktus[train]'") from error
    with matplotlib.rc_context({**_STYLE, "svg.hashsalt": title}):
        yield Canvas(title, Figure(figsize=(width, height), layout="constrained"))
