"""Pages of one writer's digits are read, in whatever guise and however they were written, and nothing else is."""

import io
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from duktus.glyphs.reading.hypotheses import Layout
from duktus.glyphs.reading.reader import Reader, open_model
from duktus.models.card import Card
from duktus.models.container import embed_card
from duktus.models.file import save_model, shipped_names
from duktus.models.runtime import Session
from duktus.pen.negatives import NEGATIVE_KINDS, draw_negative
from duktus.pen.strokes import write_json
from duktus.types import Box, DuktusError, Glyphs, ImageError, ModelError, Page, Reading, Scores
from tests.glyphs.handwriting import DIGITS, drawing_of, ink_of, page_of
from tests.imaging.layout.test_joined import cursive
from tests.models.networks import card_of, convolutional

NUMBERS = st.text(DIGITS, min_size=1, max_size=5)
SEEDS = st.integers(0, 1000)


def text_of(readings: tuple[Reading, ...]) -> str:
    """What was read, with a mark before what was not accepted."""
    return "".join(reading.text if reading.accepted else f"?{reading.text}" for reading in readings)


@given(number=NUMBERS, seed=SEEDS)
def test_numbers(writer_reader: Reader, number: str, seed: int) -> None:
    """Every digit of a number is read, in order, by its best guess at least."""
    readings = writer_reader.read(page_of(number, seed=seed))
    assert "".join(reading.text for reading in readings) == number


def test_no_glyph_is_scored_twice(writer_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Further hypotheses score only the glyphs that were not scored before."""
    asked: list[bytes] = []
    scores = writer_reader.scores

    def note(glyphs: Glyphs) -> Scores:
        asked.extend(glyph.tobytes() for glyph in glyphs)
        return scores(glyphs)

    monkeypatch.setattr(writer_reader, "scores", note)
    page = page_of("407")
    page[: len(page) // 2] = 255
    writer_reader.read(page)
    assert len(asked) > 10
    assert len(set(asked)) == len(asked)


def test_rows_in_reading_order(writer_reader: Reader) -> None:
    """Rows are read from top to bottom, each from left to right, and boxes lie where the digits are."""
    readings = writer_reader.read(page_of("407", "35", "9 82"))
    assert text_of(readings) == "40735982"
    first, last = readings[0].box, readings[-1].box
    assert (first.x, first.y) == pytest.approx((20, 20), abs=3)
    assert last.y > first.y + 2 * first.h


def test_however_the_page_looks(writer_reader: Reader) -> None:
    """White on black, grey on grey, in colour and cut close, the same is read."""
    page = page_of("2049")
    yellow_on_blue = np.stack([255 - page, 255 - page, page // 2 + 60], axis=2)
    for seen in (page, 255 - page, page // 2 + 60, page[19:-19, 19:-19], yellow_on_blue):
        assert text_of(writer_reader.read(seen)) == "2049"


def test_every_guise_of_an_image(writer_reader: Reader, tmp_path: Path) -> None:
    """A path, bytes, a file object, a Pillow image and an array of one page give the same readings."""
    page = page_of("68")
    path = tmp_path / "page.png"
    Image.fromarray(page).save(path)
    content = path.read_bytes()
    expected = writer_reader.read(page)
    assert text_of(expected) == "68"
    for guise in (path, str(path), content, io.BytesIO(content), Image.open(path), np.stack([page] * 3, axis=2)):
        assert writer_reader.read(guise) == expected


def test_strokes(writer_reader: Reader, tmp_path: Path) -> None:
    """A drawing is read, and the file and the bytes that hold it; boxes are in the units of its points."""
    drawing = drawing_of("352", 4)
    path = tmp_path / "number.json"
    path.write_text(write_json(drawing))
    readings = writer_reader.read(drawing)
    assert text_of(readings) == "352"
    assert writer_reader.read(path) == writer_reader.read(path.read_bytes()) == readings
    left, top, right, bottom = drawing.bounds()
    assert readings[0].box.x == pytest.approx(left, abs=2)
    assert readings[-1].box.x + readings[-1].box.w == pytest.approx(right, abs=2)
    assert all(top - 2 <= reading.box.y <= bottom for reading in readings)


@pytest.mark.parametrize("page", [np.full((40, 70), 255, np.uint8), np.zeros((1, 1), np.uint8)])
@pytest.mark.parametrize("layout", ["auto", "one"])
def test_blank(writer_reader: Reader, page: Page, layout: Layout) -> None:
    """A page without ink has one reading, which says so, as large as the page."""
    rows, columns = page.shape
    assert writer_reader.read(page, layout=layout) == (Reading("", 0.0, False, "blank", (), Box(0, 0, columns, rows)),)


def test_pages_in_turn(writer_reader: Reader, tmp_path: Path) -> None:
    """The pages of a TIFF are read one after the other, and ``read`` runs them together."""
    path = tmp_path / "pages.tiff"
    first, *others = (Image.fromarray(page_of(number)) for number in ("12", "7", "30"))
    first.save(path, save_all=True, append_images=others)
    pages = dict(writer_reader.read_pages(path))
    assert {number: text_of(readings) for number, readings in pages.items()} == {1: "12", 2: "7", 3: "30"}
    assert text_of(writer_reader.read(path)) == "12730"


def test_layout_of_one(writer_reader: Reader) -> None:
    """With the layout "one" a page is one character: a digit in pieces is read, a number is refused."""
    broken = page_of("5")
    broken[38:40] = 255
    assert text_of(writer_reader.read(broken, layout="one")) == "5"
    (reading,) = writer_reader.read(page_of("38"), layout="one")
    assert not reading.accepted


@pytest.mark.parametrize("digit", DIGITS)
def test_one_digit_in_pieces(writer_reader: Reader, digit: str) -> None:
    """A digit that falls apart, in a stripe across or a pencil's dashes, stays one digit."""
    across, dashed = page_of(digit, seed=3), page_of(digit, seed=4)
    across[40:42] = 255
    dashed[::9] = dashed[:, ::11] = 255
    for page in (across, dashed):
        readings = writer_reader.read(page)
        assert [reading.text for reading in readings] == [digit]


@given(number=st.text("023456789", min_size=2, max_size=3), seed=SEEDS)
def test_touching_digits(writer_reader: Reader, number: str, seed: int) -> None:
    """Digits joined by a stroke at half their height are parted."""
    page = page_of(number, seed=seed)
    rows = np.flatnonzero((page < 100).any(axis=1))
    columns = np.flatnonzero((page < 100).any(axis=0))
    middle = int(rows.mean())
    gaps = [(a, b) for a, b in pairwise(columns.tolist()) if b - a > 1]
    for left, right in gaps:
        page[middle : middle + 2, left - 2 : right + 3] = 0
    readings = writer_reader.read(page)
    assert len(readings) == len(number)


def test_cell_with_borders(writer_reader: Reader) -> None:
    """The borders of a cell are read as nothing, whole or broken, at the rim or a little off it."""
    page = np.pad(page_of("408"), 12, constant_values=255)
    for inset in (2, 5):
        cell = page.copy()
        cv2.rectangle(cell, (inset, inset), (page.shape[1] - inset, page.shape[0] - inset), (0,), 2)
        assert text_of(writer_reader.read(cell)) == "408"
    page[:, -5:-3] = 0
    page[30:35] = 255
    assert text_of(writer_reader.read(page)) == "408"


def test_a_point_between_digits_makes_the_number_doubtful(writer_reader: Reader) -> None:
    """What is too small for a digit is pointed out: 3.7 is not 37."""
    page = page_of("3 7")
    middle = page.shape[1] // 2
    page[58:62, middle : middle + 4] = 0
    readings = writer_reader.read(page)
    assert [(reading.text, reading.accepted) for reading in readings] == [("3", True), (",", False), ("7", True)]
    assert readings[1].reason == "a point or comma after 3?"
    assert {reading.line for reading in readings} == {0}


@pytest.mark.parametrize("off", [0, 8])
def test_a_neighbour_cut_off_at_the_side_is_no_point(writer_reader: Reader, off: int) -> None:
    """A digit cut out of a number has the next one's stroke at its side; a point keeps off it."""
    page = page_of("7", margin=12)
    dark = np.argwhere(page < 128)
    foot, side = int(dark[:, 0].max()), int(dark[:, 1].max()) + 3
    page[foot - 5 : foot + 1, side - 6 : side] = 0
    text = "".join(reading.text for reading in writer_reader.read(page[:, : side + off]))
    assert text == ("7," if off else "7")


def test_a_dash_before_digits_may_be_a_sign(writer_reader: Reader) -> None:
    """70 is not -70; the sign stands level with the middle of the digits."""
    page = np.pad(page_of("70"), ((0, 0), (30, 0)), constant_values=255)
    dark = np.argwhere(page < 128)
    (top, left), (bottom, _) = dark.min(axis=0), dark.max(axis=0)
    row = (top + bottom) // 2
    page[row : row + 3, left - 22 : left - 6] = 0
    first, *digits = writer_reader.read(page)
    assert (first.text, first.accepted, first.reason) == ("-", False, "a sign before 7?")
    assert [reading.text for reading in digits] == ["7", "0"]


def test_large_page(writer_reader: Reader) -> None:
    """A page of 9 million pixels is read at less, and boxes are in its own pixels."""
    page = np.full((3000, 3000), 255, np.uint8)
    number = page_of("904", scale=20)
    page[2000 : 2000 + number.shape[0], 1000 : 1000 + number.shape[1]] = number
    readings = writer_reader.read(page)
    assert text_of(readings) == "904"
    assert readings[0].box.x == pytest.approx(1020, abs=8)
    assert readings[0].box.h == pytest.approx(100, abs=20)


@pytest.mark.parametrize("kind", sorted(set(NEGATIVE_KINDS) - {"stripes"}))  # a stripe is as good a 1 as any
def test_nothing_is_accepted_that_nobody_wrote(writer_reader: Reader, kind: str) -> None:
    """Of pictures without a character at most one in four shows this writer's network a digit."""
    rng = np.random.default_rng(5)
    pages = [draw_negative(rng, kind, 64) for _ in range(8)]
    accepted = [any(reading.accepted for reading in writer_reader.read(page)) for page in pages]
    assert sum(accepted) <= 2


def test_many_in_order(writer_reader: Reader, tmp_path: Path) -> None:
    """``read_many`` answers in order as ``read_pages`` does, with an error in the place of what cannot be read."""
    numbers = [f"{number}" for number in range(0, 120, 3)]
    images: list[Page | Path] = [page_of(number) for number in numbers]
    images[7] = tmp_path / "missing.png"
    answers = list(writer_reader.read_many(iter(images)))
    assert len(answers) == len(numbers)
    assert isinstance(answers[7], ImageError)
    assert "missing.png" in str(answers[7])
    for image, answer in zip(images, answers, strict=True):
        assert isinstance(answer, DuktusError) or answer == tuple(writer_reader.read_pages(image))


def test_many_take_no_more_than_they_need(writer_reader: Reader) -> None:
    """Images are taken as they are needed, and threads end when the answers are no longer wanted."""
    taken = 0

    def endless() -> Iterator[Page]:
        nonlocal taken
        while True:
            taken += 1
            yield page_of("4")

    before = threading.active_count()
    answers = writer_reader.read_many(endless())
    next(answers)
    answers.close()
    assert taken < 1000
    assert threading.active_count() == before


def test_errors(writer_reader: Reader, tmp_path: Path) -> None:
    """What is no image, and a stroke file without strokes, raise the project's errors with their names."""
    (tmp_path / "text.png").write_text("no image")
    (tmp_path / "empty.json").write_text("[]")
    for name in ("text.png", "empty.json", "none.inkml"):
        with pytest.raises(DuktusError, match=name):
            writer_reader.read(tmp_path / name)


def test_open_model(tmp_path: Path) -> None:
    """A model file is opened by its path; one for another task, or that is missing, is refused."""
    network = convolutional()
    card: Card = card_of(network)
    save_model(network, card, tmp_path / "model.onnx")
    assert open_model(tmp_path / "model.onnx", threads=1).card == card
    other = replace(card, task="glyph-encoder")
    with pytest.raises(ModelError, match="glyph-classifier"):
        Reader(Session(embed_card(network, other), threads=1))
    with pytest.raises(ModelError, match="nobody"):
        open_model("nobody")


@pytest.mark.skipif("digits" not in shipped_names(), reason="the model of digits is not shipped in this checkout")
@pytest.mark.parametrize("number", ["0123456789", "31", "2750"])
def test_shipped_digits(number: str) -> None:
    """The shipped model reads a steady hand that it was never trained on."""
    reader = open_model("digits", threads=1)
    assert text_of(reader.read(page_of(number, seed=2))) == number
    assert text_of(reader.read(255 - np.asarray(255 * ink_of(number, 3), np.uint8))) == number


def test_a_page_of_joined_writing(writer_reader: Reader) -> None:
    """A page of cursive has one reading, which says so and lies around its words."""
    page = np.asarray(255 - 255 * cursive(8, 5), np.uint8)
    (reading,) = writer_reader.read(page)
    assert (reading.text, reading.accepted, reading.reason) == ("", False, "looks like joined writing")
    assert 30 <= reading.box.x <= 50
    assert writer_reader.read(page, layout="one")[0].reason != reading.reason


def test_digits_stand_beside_joined_words(writer_reader: Reader) -> None:
    """A page of digits with some joined words keeps its digits; a line of words alone is not taken for a page."""
    digits = page_of(*["314 159 265"] * 6)
    words = np.asarray(255 - 255 * cursive(2, 4), np.uint8)
    page = np.full((digits.shape[0] + words.shape[0], max(digits.shape[1], words.shape[1])), 255, np.uint8)
    page[: digits.shape[0], : digits.shape[1]] = digits
    page[digits.shape[0] :, : words.shape[1]] = words
    assert "314159265" in "".join(reading.text for reading in writer_reader.read(page))
    assert len(writer_reader.read(np.asarray(255 - 255 * cursive(1, 3), np.uint8))) > 1
