"""The page of an explanation shows any label as text, and loads nothing."""

import numpy as np
import pytest

from duktus.glyphs.reading.explanation import Explained, Neighbour
from duktus.glyphs.reading.explanation_page import render_explanation
from duktus.glyphs.reading.occlusion import Evidence
from duktus.glyphs.reading.stages import Character, Stages
from duktus.imaging.files.png import encode_png
from duktus.reporting.heat_map import draw_drops
from duktus.types import Alternative, Box, Reading
from tests.glyphs.evaluation.test_report import Outline

GLYPH = np.eye(28, dtype=np.float32)


def explained(text: str, reason: str = "", strongest: float = 1.0) -> Explained:
    """A character with two neighbours."""
    reading = Reading(text, 0.9, not reason, reason, (Alternative("<9>", 0.1),), Box(3, 4, 5, 6))
    picture = encode_png(np.zeros((4, 4), np.uint8))
    neighbours = (Neighbour(text, 0.93, picture, "a <b>.png"), Neighbour("ᚢ", -0.2, b"", ""))
    return Explained(Character(reading.box, GLYPH, reading), Evidence(GLYPH, strongest), neighbours)


def page_of(*characters: Explained, shape: tuple[int, ...] = (60, 80)) -> str:
    """The page of an explanation."""
    page = np.full(shape, 200, np.uint8)
    ink = np.zeros(shape[:2], np.float32)
    stages = Stages(page, ink, ink, tuple(one.character for one in characters), shape[:2])  # type: ignore[arg-type] # two of two or three
    return render_explanation(characters[:2], stages, "<page>")


@pytest.mark.parametrize("shape", [(60, 80), (3000, 20, 3), (1, 1)])
def test_page_is_well_formed_and_loads_nothing(shape: tuple[int, ...]) -> None:
    """Tags close in order, every picture stands in the page itself, and no script runs."""
    text = page_of(explained("ᚠ"), explained("\udc80", "unsure: <4>"), shape=shape)
    outline = Outline(text)
    assert outline.open == []
    assert all(address.startswith("data:image/png;base64,") for address in outline.addresses)
    assert not {"script", "link", "iframe"} & set(outline.tags)
    assert not any(bad in text for bad in ("<9>", "<b>", "<page>", "<4>"))


def test_page_tells_all() -> None:
    """Answer, confidence, alternatives, reason, nearest examples and their likeness, and what the best ink is worth."""
    text = page_of(explained("ᚠ", strongest=np.log(12)), explained("4", "unsure: 4 or 9"), explained("7"))
    told = ("ᚠ</bdi>", "90.00 %, accepted", "&lt;9&gt;</bdi> 10.00 %", "not accepted: unsure: 4 or 9", "0.93", "-0.20")
    assert all(part in text for part in told)
    assert "12.0 times less likely" in text
    assert "3 characters found. The first 2 are explained." in text


def test_blank_page_says_so() -> None:
    """Nothing is explained where nothing is written."""
    assert "Nothing is written here." in page_of()
    assert "No part of the ink decides alone." in page_of(explained("1", strongest=0.0))


def test_ink_is_coloured_by_what_it_says() -> None:
    """Blue speaks for the answer, orange against it, grey is neither, and paper is white."""
    drops = np.array([[2.0, -2.0, 0.0, 0.0]], np.float32)
    picture = draw_drops(np.array([[1.0, 1.0, 1.0, 0.0]], np.float32), drops)[0].astype(int)
    assert picture[0, 2] > picture[0, 0]
    assert picture[1, 0] > picture[1, 2]
    assert abs(picture[2, 0] - picture[2, 2]) < 10
    assert picture[3].tolist() == [255, 255, 255]


def test_drawings_stand_beside_letters_that_a_font_may_lack() -> None:
    """Beside a rune its drawing, on the page and in the words; all within the page."""
    page = np.full((60, 80), 200, np.uint8)
    ink = np.zeros((60, 80), np.float32)
    found = [explained("ᚠ"), explained("7")]
    stages = Stages(page, ink, ink, tuple(one.character for one in found), (60, 80))
    text = render_explanation(found, stages, "page", {"ᚠ": np.zeros((4, 4), np.uint8)})
    outline = Outline(text)
    assert outline.open == []
    assert text.count('class="sign"') == 1
    assert text.count("<title>ᚠ</title></image>") == 1
    assert all(address.startswith("data:image/png;base64,") for address in outline.addresses)
