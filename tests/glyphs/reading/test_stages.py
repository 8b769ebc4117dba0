"""The picture of how a page became what was read, for pages of every size."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.stages import WIDTH, Character, Stages, draw_stages, drawn_label, find_stages
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import draw_ink
from duktus.reporting.heat_map import ACCEPTED, REFUSED
from duktus.types import Alternative, Box, ImageError, Page, Reading
from tests.models.networks import card_of, convolutional


@pytest.fixture(scope="module")
def reader() -> Reader:
    """A reader of four digits, never trained."""
    network = convolutional()
    return Reader(Session(embed_card(network, replace(card_of(network), labels=("0", "1", "2"))), threads=1))


def page_of(text: str) -> Page:
    """A page with a number and a ruled line beneath it, dark on white."""
    rng = np.random.default_rng(5)
    ink = draw_ink(write(text, sample_hand(rng), rng), height=60)
    page = (255 * (1 - np.pad(ink, 20))).astype(np.uint8)
    page[-8:-6] = 60
    return page


def stages_of(shape: tuple[int, int], *readings: Reading) -> Stages:
    """Stages of a blank page of a shape, with readings in one place."""
    glyph = np.eye(28, dtype=np.float32)
    ink = np.zeros(shape, np.float32)
    characters = tuple(Character(reading.box, glyph, reading) for reading in readings)
    return Stages(np.full(shape, 200, np.uint8), ink, ink, characters, shape)


def reading(text: str = "7", reason: str = "") -> Reading:
    """A reading of the page's first pixels."""
    return Reading(text, 0.9, not reason, reason, (Alternative("1", 0.1),), Box(0, 0, 1, 1))


def count(picture: NDArray[np.uint8], colour: tuple[int, int, int]) -> int:
    """How many pixels of a picture have exactly a colour."""
    return int((picture == np.array(colour, np.uint8)).all(axis=2).sum())


def test_stages_lead_from_page_to_answers(reader: Reader) -> None:
    """Rulings are on the ink and off the writing; each reading has its glyph in the network's frame."""
    page = page_of("1  2")
    stages = find_stages(reader, page)
    assert stages.ink[-7].min() > 0.5
    assert stages.writing[-7].max() < 0.1
    assert [character.glyph.shape for character in stages.characters] == [(28, 28)] * 2
    assert tuple(character.reading for character in stages.characters) == reader.read(page)


def test_page_that_is_not_there_is_told(reader: Reader) -> None:
    """An image of one page has no second one."""
    with pytest.raises(ImageError, match="at least 2 pages"):
        find_stages(reader, page_of("1"), page=2)


def test_picture_of_a_read_page_is_drawn(reader: Reader) -> None:
    """What was read becomes one picture, with what was taken off in red."""
    stages = find_stages(reader, page_of("1  2"))
    picture = draw_stages(stages, "page.png")
    assert picture.shape[1:] == (WIDTH, 3)
    assert count(picture, REFUSED) > 500


@pytest.mark.parametrize("shape", [(1, 1), (28, 28), (4, 3000), (3000, 4), (900, 1400)])
def test_any_page_fits(shape: tuple[int, int]) -> None:
    """Tiny, broad and tall pages all give a picture of one width that fits a few screens."""
    picture = draw_stages(stages_of(shape, reading()), "page.png")
    assert picture.shape[1:] == (WIDTH, 3)
    assert 500 < picture.shape[0] < 2600


def test_boxes_tell_accepted_from_refused() -> None:
    """A frame's colour says whether its reading was accepted."""
    sure = draw_stages(stages_of((60, 60), reading()), "page.png")
    unsure = draw_stages(stages_of((60, 60), reading(reason="unsure: 7 or 1")), "page.png")
    assert (count(sure, ACCEPTED) > 50, count(sure, REFUSED)) == (True, 0)
    assert (count(unsure, ACCEPTED), count(unsure, REFUSED) > 50) == (0, True)


def test_many_characters_are_counted_where_they_are_not_shown() -> None:
    """A full page gives a picture that can still be looked at."""
    some, many = (draw_stages(stages_of((60, 60), *[reading()] * n), "page.png") for n in (72, 900))
    assert many.shape == some.shape


def test_blank_page_has_its_picture() -> None:
    """A page without ink is shown as such."""
    assert draw_stages(stages_of((60, 60)), "page.png").shape[1] == WIDTH


def test_any_label_and_title_can_be_shown() -> None:
    """Letters that the font lacks stand as their code points, and a long title is shortened."""
    stages = stages_of((60, 60), reading("ᚠ"), reading(""), reading("\udc80"))
    assert draw_stages(stages, "ᚠ" * 300 + "\n").shape[1] == WIDTH


def drawing_of(side: int = 40) -> NDArray[np.uint8]:
    """A thick diagonal, dark on white."""
    return np.where(np.eye(side) > 0, 0, 255).astype(np.uint8)


def test_labels_beyond_ascii_are_drawn() -> None:
    """A letter that the font lacks is shown by its drawing, where it stands on the page and beneath its glyph."""
    stages = stages_of((100, 100), replace(reading("ᚠ"), box=Box(40, 40, 20, 20)))
    drawn = draw_stages(stages, "a", {"ᚠ": drawing_of()})
    assert not np.array_equal(drawn, draw_stages(stages, "a"))
    assert count(drawn, ACCEPTED) > 0


@pytest.mark.parametrize(("label", "drawing"), [("7", drawing_of()), ("ᚠ", np.full((9, 9), 255, np.uint8))])
def test_labels_that_are_written(label: str, drawing: NDArray[np.uint8]) -> None:
    """What the font has, and what has an empty drawing, stays text."""
    assert drawn_label(label, {label: drawing}, 20, ACCEPTED) is None


def test_drawing_of_a_label_is_cut_to_its_ink() -> None:
    """The drawing is as high as the text would be, and no broader than twice that."""
    page = np.full((60, 60), 255, np.uint8)
    page[20:24, 5:55] = 0
    found = drawn_label("ᚠ", {"ᚠ": page}, 20, REFUSED)
    assert found is not None
    assert found.shape == (20, 40, 3)
