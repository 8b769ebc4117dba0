"""Pictures of one line read by a transcriber: alone, among others, by patterns and by lists of words."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import duktus
from duktus.cli import main
from duktus.door.models import Model
from duktus.pen.sources import Readable
from duktus.types import ImageError, Readings, UsageError
from tests.pages.drawn import lines, number

TEXT = "4 0 7"


@pytest.fixture(scope="module")
def model() -> Model:
    """The shipped reader of numbers."""
    return duktus.open_model("numbers", threads=1)


def cell(text: str = TEXT, seed: int = 3) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """A number on paper, with some of it around."""
    return np.pad(number(text, 32, seed), 14, constant_values=255)


def test_a_cell_is_one_reading_with_its_place(model: Model) -> None:
    """The box, the words and the baseline of a number lie in its picture, and the box on its ink."""
    page = cell()
    (reading,) = model.read(page)
    assert reading.text == "407"
    rows, columns = (np.flatnonzero((page < 128).any(axis=axis)) for axis in (1, 0))
    assert abs(reading.box.x - columns[0]) <= 2
    assert abs(reading.box.y - rows[0]) <= 2
    assert [word.text for word in reading.words] == ["407"]
    assert all(0 <= x < page.shape[1] and 0 <= y < page.shape[0] for x, y in (*reading.baseline, *reading.polygon))


def test_what_cannot_match_a_pattern_is_not_accepted(model: Model) -> None:
    """A pattern decides between readings; where none matches nothing is accepted."""
    assert model.read(cell(), pattern="[0-9]{3}").text == "407"
    (reading,) = model.read(cell(), pattern="[+]{30}")
    assert (reading.accepted, reading.reason) == (False, "nothing that is allowed matches")


def test_a_list_of_words_is_all_that_is_read(model: Model, tmp_path: Path) -> None:
    """Of a list's entries the likeliest is read."""
    (tmp_path / "words.txt").write_text("409\n401\n407\n70\n", encoding="utf-8")
    assert model.read(cell(), words=tmp_path / "words.txt").text == "407"


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00\xd8"])
def test_a_list_without_words_is_an_error(model: Model, tmp_path: Path, content: bytes) -> None:
    """An empty file and one that is no text say what is expected."""
    (tmp_path / "words.txt").write_bytes(content)
    with pytest.raises(UsageError, match="words: expected"):
        model.read(cell(), words=tmp_path / "words.txt")


def test_a_pattern_asks_for_a_model_of_lines() -> None:
    """What reads single digits cannot keep to a pattern, and says so."""
    with pytest.raises(UsageError, match="name a model of lines"):
        duktus.read(cell(), pattern="[0-9]")


def test_cells_pages_and_broken_files_are_read_together(model: Model, tmp_path: Path) -> None:
    """Each input has its answer in its place, whatever its shape; a broken one has its error."""
    (tmp_path / "broken.png").write_bytes(b"no picture")
    inputs: list[Readable] = [cell(), tmp_path / "broken.png", lines(["111", "222"]), np.full((40, 80), 255, np.uint8)]
    one, broken, page, blank = model.read_many(inputs, turn="0")
    assert isinstance(broken, ImageError)
    assert isinstance(one, Readings)
    assert one.text == "407"
    assert isinstance(page, Readings)
    assert len(page) == 2
    assert isinstance(blank, Readings)
    assert [(reading.text, reading.reason) for reading in blank] == [("", "blank")]


def test_extreme_shapes_are_read_or_refused(model: Model) -> None:
    """A line 30,000 pixels wide and one three pixels high are inputs like others."""
    wide = np.full((40, 30_000), 255, np.uint8)
    wide[10:30, ::50] = 0
    for page in (wide, np.zeros((3, 90), np.uint8), np.tile(cell(), (1, 60))):
        assert len(model.read(page, layout="line")) == 1


def test_the_command_line_takes_patterns_that_begin_with_a_dash(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A sign in front of a number is asked for as any pattern is."""
    Image.fromarray(cell()).save(tmp_path / "cell.png")
    command = ["read", str(tmp_path / "cell.png"), "--model", "numbers", "--format", "text", "--threads", "1"]
    assert main([*command, "--pattern", "-?[0-9]+"]) == 0
    assert capsys.readouterr().out.strip() == "407"
