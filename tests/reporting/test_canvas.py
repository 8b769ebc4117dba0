"""Tests of the drawing surface."""

import sys
import xml.etree.ElementTree as ET

import matplotlib
import pytest

from duktus.reporting.canvas import GOOD, open_canvas, printable
from duktus.types import MissingExtraError


def drawn(title: str, label: str = "a") -> str:
    """A line and a text as SVG."""
    with open_canvas(title, 3, 2) as canvas:
        axes = canvas.axes()
        axes.plot([0, 1], color=GOOD)
        axes.text(0.5, 0.5, label, parse_math=False)
        return canvas.svg()


def test_a_plot_is_one_svg_element_with_its_title() -> None:
    """The text starts at the element, is well-formed, and says in words what is shown."""
    root = ET.fromstring(drawn("a < b & c"))

    assert root.tag.endswith("svg")
    assert root[0].text == "a < b & c"


def test_a_plot_is_the_same_in_every_run() -> None:
    """No date, no random identifier."""
    assert drawn("same") == drawn("same")


def test_colours_follow_the_page() -> None:
    """A colour of the palette is a variable of the page, with itself as fallback."""
    assert f"var(--good, {GOOD})" in drawn("colours")


@pytest.mark.parametrize("label", ["ᚠ", "漢", "$x^", "<b>", "_{"])
def test_any_label_stays_text(label: str) -> None:
    """Scripts without glyphs here and signs of mathematics are neither drawn as paths nor parsed nor warned of."""
    texts = [element.text for element in ET.fromstring(drawn("labels", label)).iter() if element.tag.endswith("text")]

    assert label in texts


def test_the_style_ends_with_the_plot() -> None:
    """Settings of the caller's matplotlib are as they were."""
    before = dict(matplotlib.rcParams)

    drawn("style")

    assert dict(matplotlib.rcParams) == before


def test_two_plots_share_no_identifier() -> None:
    """Plots stand in one page, so an identifier of one must not catch another's."""
    ids = [{e.get("id") for e in ET.fromstring(drawn(title)).iter() if e.get("id")} for title in ("one", "two")]

    assert not ids[0] & ids[1]


def test_what_is_not_printable_is_shown_by_signs() -> None:
    """Control characters and lone surrogates are replaced, emptiness and spaces made visible, length cut."""
    assert [printable(text) for text in ("\x00\ud800", "", "  ", "ᚠ")] == ["��", "∅", "␣␣", "ᚠ"]
    assert len(printable("x" * 100)) == 40


def test_without_matplotlib_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing package ends in one sentence that says what to install."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)

    with pytest.raises(MissingExtraError, match=r"duktus\[train\]"), open_canvas("none", 1, 1):
        pass
