"""Screenshots that were stitched from many: read whole, in time that grows with their length and no faster."""

import time

import numpy as np
import pytest

from duktus.glyphs.reading.reader import Reader
from duktus.types import Page, Reading
from tests.glyphs.handwriting import page_of

ROW = "4711802719"


def stitched(rows: int) -> Page:
    """Numbers with a point behind each, a row a part, as narrow as a telephone is beside its length."""
    row = page_of(ROW, margin=8, scale=5.0)
    row[-16:-13, -4:-1] = 0  # a point at the foot, so that marks are looked for
    return np.tile(row, (rows, 1))


def read_for(reader: Reader, page: Page) -> tuple[float, tuple[Reading, ...]]:
    """Seconds of a processor, the fewer of two times, and the readings."""
    seconds = []
    for _ in range(2):
        began = time.process_time()
        readings = reader.read(page)
        seconds.append(time.process_time() - began)
    return min(seconds), readings


@pytest.mark.parametrize("rows", [30, 60, 150])
@pytest.mark.parametrize("dark_on_light", [True, False])
def test_all_rows_of_a_long_page_are_read(writer_reader: Reader, rows: int, *, dark_on_light: bool) -> None:
    """A page of which the length is many times the width is read as its parts are: no column is taken for a border."""
    page = stitched(rows)
    readings = writer_reader.read(page if dark_on_light else 255 - page)
    texts: dict[int | None, str] = {}
    for reading in readings:
        texts[reading.line] = texts.get(reading.line, "") + (reading.text if reading.accepted else "")
    assert len(texts) == rows
    assert np.mean([text == ROW for text in texts.values()]) > 0.95


def test_time_grows_as_the_length_does(writer_reader: Reader) -> None:
    """Four times as many rows take no more than some five times as long: nothing is looked for in all rows for each."""
    short, few = read_for(writer_reader, stitched(45))
    long, many = read_for(writer_reader, stitched(180))
    assert len(many) > 3 * len(few)
    assert long < 6 * short, f"{short:.2f} s for {len(few)} readings, {long:.2f} s for {len(many)}"
