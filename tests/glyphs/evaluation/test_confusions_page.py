"""Letters are named as text, whatever their script, beside the pictures that were confused."""

import numpy as np

from duktus.glyphs.evaluation.confusions import Confusion, Wanted
from duktus.glyphs.evaluation.confusions_page import NAMED, confusions_section, wanted_lines, wanted_section

PICTURES = {i: np.full((4, 4), i / 9) for i in range(5)}


def test_pair_is_shown_side_by_side() -> None:
    """One picture read right on either side, the misread ones between, and both labels as text."""
    text = confusions_section([Confusion("ᚠ", "<b>", 3, 0.3, (2, 3), (0, 1))], PICTURES)
    assert text.count("data:image/png;base64,") == 4
    assert all(part in text for part in (">ᚠ</bdi>", "<bdi>&lt;b&gt;</bdi>", "30.00 %", 'alt="ᚠ → &lt;b&gt;"'))
    assert "<b>" not in text


def test_pictures_may_be_missing() -> None:
    """What was never read right, or has no picture, leaves its cell empty."""
    text = confusions_section([Confusion("a", "b", 1, 1.0, (7,), (None, None))], PICTURES)
    assert "<img" not in text
    assert "100.00 %" in text


def test_nothing_is_said_to_be_nothing() -> None:
    """Without confusions and needs there are sentences, and no lines for the terminal."""
    assert "No letter was taken for another" in confusions_section([], None)
    assert "no letter was misread" in wanted_section([])
    assert wanted_lines([]) == []


def test_needy_letters_are_listed_with_reasons() -> None:
    """The page lists many of them, the terminal the first few, and both say how many there are."""
    wanted = [Wanted(f"L{i}\u202e<", 1 / (i + 1), ("1 example", "taken for ᚢ ×3")) for i in range(70)]
    page, lines = wanted_section(wanted), wanted_lines(wanted)
    assert page.count("<tr>") == 61
    assert "60 of 70" in page
    assert "1 example, taken for ᚢ ×3" in page
    assert "&lt;" in page
    assert len(lines) == NAMED + 2
    assert lines[1].endswith("(1 example, taken for ᚢ ×3)")
    assert lines[-1] == f"  and {70 - NAMED} more"
