"""Images read through the door: one carries what notebooks show, many yield their errors."""

import io
import pickle
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import duktus
from duktus.door.reading import read_one
from duktus.glyphs.reading.reader import open_model
from duktus.pen.sources import Readable
from duktus.types import Box, ImageError, Readings
from tests.cli.door import write_page


def test_one_image_is_read_as_the_reader_reads_it(home: Path) -> None:
    """The readings are those of the reader, with a picture each, and a preview that shows the whole page."""
    image = home / "examples" / "58_ruled.jpg"
    readings = duktus.read(image)
    assert tuple(readings) == open_model("digits").read(image)
    assert all(reading.picture.startswith(b"\x89PNG") for reading in readings)
    with Image.open(image) as opened:
        assert readings.previews[0].shows == Box(0, 0, *opened.size)


def test_error_of_one_image_is_raised(home: Path) -> None:
    """A single input that cannot be read raises; it names the file."""
    with pytest.raises(ImageError, match=r"missing\.png"):
        duktus.read(home / "missing.png")


def test_errors_of_many_images_are_yielded(home: Path) -> None:
    """Of many inputs each has its result in its place, and an error knows its image."""
    images: list[Readable] = [write_page(), home / "missing.png", write_page()]
    first, error, last = duktus.open_model().read_many(images)
    assert isinstance(first, Readings)
    assert first == last
    assert isinstance(error, ImageError)
    assert error.image is images[1]


def test_several_images_in_one_array_are_pointed_at_read_many() -> None:
    """Who gives MNIST's array is told what takes it."""
    with pytest.raises(ImageError, match="'read_many' takes several images"):
        duktus.read(np.zeros((5, 28, 28), np.uint8))


def test_drawing_and_large_page_have_pictures(home: Path) -> None:
    """Boxes of drawings, whose units are no pixels, and of reduced pages are cut out where they are."""
    drawing = duktus.read(home / "examples" / "85_drawing.inkml")
    assert drawing.text == "85"
    assert all(reading.picture for reading in drawing)
    large = np.repeat(np.repeat(np.pad(write_page(), 200, constant_values=255), 8, 0), 8, 1)
    reader = duktus.open_model().reader
    readings = read_one(reader, large, "auto")
    assert max(Image.open(io.BytesIO(readings.previews[0].image)).size) == 640
    assert all(reading.picture for reading in readings)


def test_gallery_and_model_are_taken_opened_or_named(home: Path) -> None:
    """A path and what was opened from it read alike."""
    image = home / "more-drawings" / "A" / "7.png"
    gallery = duktus.open_gallery("runes.db")
    texts = {duktus.read(image, gallery=each, layout="one").text for each in ("runes.db", gallery)}
    assert texts == {"A"}
    assert duktus.read("examples/58_ruled.jpg", model=duktus.open_model("digits")).text == "58"


def test_doubtful_characters_become_a_table(home: Path, tmp_path: Path) -> None:
    """``review`` makes a row for each doubtful character, and changes no reading."""
    image = str(home / "examples" / "58_ruled.jpg")
    table = tmp_path / "out.csv"
    (readings,) = duktus.open_model().read_many([image], review=table, sure=1.0)
    assert isinstance(readings, Readings)
    assert readings.text == "58"
    rows = table.read_text(encoding="utf-8-sig").splitlines()[1:]
    assert [row.split(",")[5] for row in rows] == [image, image]


def test_readings_survive_pickling(home: Path) -> None:
    """Results go to other processes whole."""
    readings = duktus.read(home / "examples" / "58_ruled.jpg")
    back = pickle.loads(pickle.dumps(readings))
    assert (back, back.text, back.previews) == (readings, readings.text, readings.previews)
