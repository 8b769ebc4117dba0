"""Pages read line by line and tables cell by cell, upright and turned, of one page and of many."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import duktus
from duktus.door.models import Model
from duktus.pages.formats.prima import write_prima
from duktus.pages.output import pages_of, write_documents
from duktus.pages.turned import Turned
from duktus.pen.sources import take_page
from duktus.types import Box, DataError, Readings
from duktus.written.segmenter import open_segmenter
from duktus.written.turning import find_turn
from tests.pages.drawn import lines, table

NUMBERS = [["12", "305", ""], ["7", "", "88"], ["", "46", "520"]]


@pytest.fixture(scope="module")
def model() -> Model:
    """The shipped reader of digits."""
    return duktus.open_model("digits", threads=1)


def cells(readings: Sequence[duktus.Reading]) -> dict[tuple[int, int], str]:
    """What stands in each cell."""
    return {reading.cell: reading.text for reading in readings if reading.cell}


@pytest.mark.parametrize("angle", [0.0, 1.2, -1.2])
def test_a_ruled_table_is_read_cell_by_cell(model: Model, angle: float) -> None:
    """Each cell has its row, its column and its number, also where the table leans; an empty one is blank."""
    readings = model.read(table(NUMBERS, angle), layout="table", turn="0")
    expected = {(row, column): text for row, texts in enumerate(NUMBERS, 1) for column, text in enumerate(texts, 1)}
    assert cells(readings) == expected
    assert {reading.reason for reading in readings if not reading.text} == {"blank"}


def test_a_page_without_a_table_says_so(model: Model) -> None:
    """Nothing is made up where no lines are ruled."""
    (reading,) = model.read(lines(["123", "456"]), layout="table", turn="0")
    assert (reading.text, reading.reason) == ("", "no ruled table")


def test_a_page_is_read_line_by_line(model: Model) -> None:
    """Lines come in order, each with words, baseline and outline on the page."""
    texts = ["30517", "48842", "90026", "71553"]
    page = lines(texts)
    readings = model.read(page, layout="page", turn="0")
    assert [reading.text.replace(" ", "") for reading in readings] == texts
    assert [reading.line for reading in readings] == [0, 1, 2, 3]
    for reading in readings:
        assert len(reading.baseline) >= 2
        assert len(reading.polygon) >= 4
        assert all(0 <= x < page.shape[1] and 0 <= y < page.shape[0] for x, y in reading.polygon)
        assert reading.words
    assert readings.sheets[0].width == page.shape[1]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_turned_page_has_its_places_where_they_are(model: Model, quarters: int) -> None:
    """A page is read turned, and boxes lie on the page as it was given."""
    page = lines(["30517", "48842"])
    given = np.ascontiguousarray(np.rot90(page, -quarters))
    readings = model.read(given, layout="page", turn=("0", "270", "180", "90")[quarters])
    assert [reading.text.replace(" ", "") for reading in readings] == ["30517", "48842"]
    assert readings.sheets[0].turned == (0, 270, 180, 90)[quarters]
    outside = given.copy()
    for reading in readings:
        x, y, w, h = reading.box
        assert given[y : y + h, x : x + w].min() < 100
        outside[max(0, y - 3) : y + h + 3, max(0, x - 3) : x + w + 3] = 255
    assert (outside < 100).sum() == 0


def test_a_box_is_turned_with_its_page() -> None:
    """A corner of the upright page is the right corner of the page as it was given."""
    picture = take_page(np.zeros((40, 100), np.uint8))
    corner = Box(0, 0, 10, 5)
    found = [Turned(picture, quarters).box(corner) for quarters in range(4)]
    assert found == [Box(0, 0, 10, 5), Box(95, 0, 5, 10), Box(90, 35, 10, 5), Box(0, 30, 5, 10)]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_turned_pages_of_text_are_noticed(data_dir: Path, quarters: int) -> None:
    """Sheets that volunteers copied, turned by quarters, are brought upright again."""
    segmenter = open_segmenter(threads=1)
    files = sorted((data_dir / "copiste" / "pages").glob("*.jpg"))[::20]
    pages = [np.asarray(Image.open(file).convert("L")) for file in files]
    found = [find_turn(np.ascontiguousarray(np.rot90(page, -quarters)), segmenter)[0] for page in pages]
    assert len(files) > 5
    assert found == [quarters] * len(pages)


def test_a_page_that_says_nothing_stays_as_it_is() -> None:
    """A blank page and a word are not turned."""
    segmenter = open_segmenter(threads=1)
    assert find_turn(np.full((400, 300), 240, np.uint8), segmenter)[0] == 0
    assert find_turn(lines(["7"]), segmenter)[0] == 0


def test_lines_may_be_given(model: Model, tmp_path: Path) -> None:
    """A transcription of another program says where lines run: the page is read there and nowhere else."""
    page = lines(["30517", "48842", "90026"])
    Image.fromarray(page).save(tmp_path / "a.png")
    found = model.read(tmp_path / "a.png", layout="page", turn="0")
    (whole,) = pages_of("a.png", found)
    kept = type(whole)(whole.file, whole.sheet, (whole.lines[2], whole.lines[0]))
    (tmp_path / "a.xml").write_text(write_prima(kept, "another program"), encoding="utf-8")
    for place in (tmp_path / "a.xml", tmp_path):
        again = model.read(tmp_path / "a.png", layout="page", lines=place)
        assert [reading.text.replace(" ", "") for reading in again] == ["90026", "30517"]
    Image.fromarray(page).save(tmp_path / "b.png")
    with pytest.raises(DataError, match=r"expected b\.xml, found none"):
        model.read(tmp_path / "b.png", layout="page", lines=tmp_path)


def test_all_pages_of_a_file_are_one_document(model: Model, tmp_path: Path) -> None:
    """A TIFF of two pages is one ALTO and one hOCR document, and two of PAGE; text has a page break."""
    pages = [Image.fromarray(lines([text, text])) for text in ("30517", "48842")]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    found = model.read(tmp_path / "two.tif", layout="page", turn="0")
    assert [len(write_documents("two.tif", found, form, "0")) for form in ("alto", "hocr", "page", "text")] == [
        1,
        1,
        2,
        1,
    ]
    (text,) = write_documents("two.tif", found, "text", "0")
    assert [part.replace(" ", "").split() for part in text.split("\f")] == [["30517"] * 2, ["48842"] * 2]


def test_a_broken_page_costs_no_other(model: Model, tmp_path: Path) -> None:
    """What could be read of a file is there, and the page that could not is told."""
    pages = [Image.fromarray(lines([text, text])) for text in ("30517", "48842")]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:], compression="tiff_deflate")
    content = (tmp_path / "two.tif").read_bytes()
    broken = content[: len(content) * 6 // 10]
    (outcome,) = model.read_many([broken], layout="page", turn="0")
    assert isinstance(outcome, Readings)
    assert [reading.text.replace(" ", "") for reading in outcome] == ["30517"] * 2
    assert outcome.sheets[-1].width == 0
    assert outcome.sheets[-1].notes


def test_nothing_and_noise_are_answers(model: Model) -> None:
    """A blank page, one of a pixel and one of noise end neither in an error nor in lines without end."""
    noise = np.random.default_rng(3).integers(0, 256, (300, 400)).astype(np.uint8)
    for page in (np.full((300, 400), 250, np.uint8), np.zeros((1, 1), np.uint8), noise):
        for layout in ("page", "table"):
            assert len(model.read(page, layout=layout)) >= 1


def test_documents_need_a_reader() -> None:
    """What is for another task says so, in the words that it has for characters."""
    with pytest.raises(duktus.DuktusError, match="expected a glyph-classifier"):
        duktus.open_model("writing").read(lines(["1"]), layout="page")
