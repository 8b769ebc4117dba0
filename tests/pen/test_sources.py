"""Images and strokes come in as pictures, and places in them go out in the units in which they came."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.pen.sources import MOST_PIXELS, Picture, draw_picture, find_drawing, load_pictures, take_page
from duktus.pen.strokes import Drawing, write_inkml, write_json
from duktus.types import Box, DuktusError, ImageError, StrokeError
from tests.glyphs.handwriting import drawing_of


def line(*points: tuple[float, float]) -> Drawing:
    """A drawing of one stroke."""
    return Drawing((np.array([(x, y, i / 100, 0.5) for i, (x, y) in enumerate(points)], np.float32),))


def test_a_page_stays_what_it_is() -> None:
    """A page of usual size is not touched, and its boxes are its own."""
    page = np.zeros((300, 200), np.uint8)
    picture = take_page(page)
    assert picture.page is page
    assert picture.bounds == Box(0, 0, 200, 300)
    assert picture.outward(Box(3, 4, 5, 6)) == Box(3, 4, 5, 6)


@given(rows=st.integers(1, 6000), columns=st.integers(2000, 6000))
def test_large_pages_are_reduced(rows: int, columns: int) -> None:
    """A picture has four million pixels at most, and the box of all of it is the page's, to a pixel of its own."""
    page = np.broadcast_to(np.uint8(7), (rows, columns))
    picture = take_page(np.asarray(page))
    h, w = picture.page.shape
    assert h * w <= MOST_PIXELS * 1.001
    box = picture.outward(Box(0, 0, w, h))
    assert (box.w, box.h) == pytest.approx((columns, rows), abs=picture.scale + 1)


@given(box=st.builds(Box, *[st.integers(0, 500)] * 4), scale=st.floats(0.1, 9), x=st.floats(-50, 50))
def test_boxes_hold_what_they_held(box: Box, scale: float, x: float) -> None:
    """A box is rounded outwards, by less than one unit on each side."""
    out = Picture(np.zeros((1, 1), np.uint8), Box(0, 0, 1, 1), scale, (x, -x)).outward(box)
    assert -1e-3 <= x + box.x * scale - out.x < 1.01
    assert -1e-3 <= out.y + out.h - (box.y + box.h) * scale + x < 1.01


@pytest.mark.parametrize("scale", [0.01, 1.0, 37.0])
def test_drawings_of_any_unit(scale: float) -> None:
    """A number is drawn alike whatever the unit of its points, and its places come out in that unit."""
    drawing = drawing_of("27", 3)
    picture, moved = draw_picture(drawing), draw_picture(drawing.placed(scale, 5, -7))
    assert moved.page.shape == pytest.approx(picture.page.shape, abs=2)
    dark = np.argwhere(moved.page < 128)
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
    x, y, w, h = moved.outward(Box(int(left), int(top), int(right - left), int(bottom - top)))
    bounds = drawing.placed(scale, 5, -7).bounds()
    slack = max(1.5, 1.0 * scale)
    assert (x, y, x + w, y + h) == pytest.approx(bounds, abs=slack)


def test_dots_and_long_lines_are_drawn() -> None:
    """A dot, and a line a thousand times as long as it, give pictures of a bounded size."""
    assert draw_picture(line((3, 3))).page.min() < 128
    wide = Drawing((*line((0, 0), (5000, 1)).strokes, *line((10, 5)).strokes))
    assert draw_picture(wide).page.size <= MOST_PIXELS
    assert draw_picture(wide).page.min() < 128


def test_every_way_to_bring_strokes(tmp_path: Path) -> None:
    """Paths of stroke files, their bytes and the drawing itself give one picture."""
    drawing = drawing_of("9", 1)
    (tmp_path / "a.inkml").write_text(write_inkml(drawing))
    (tmp_path / "a.json").write_text(write_json(drawing))
    (expected,) = load_pictures(drawing)
    for source in (tmp_path / "a.inkml", str(tmp_path / "a.json"), (tmp_path / "a.json").read_bytes()):
        (picture,) = load_pictures(source)
        assert np.abs(picture.page.astype(int) - expected.page).mean() < 2


@pytest.mark.parametrize(
    ("source", "error"),
    [("none.json", StrokeError), ("none.png", ImageError), (b"[1, 2]", StrokeError), (b"no image", ImageError)],
)
def test_errors(source: str | bytes, error: type[DuktusError]) -> None:
    """What is no image and what is no drawing each have their error."""
    with pytest.raises(error):
        next(load_pictures(source))


@pytest.mark.parametrize("skipped", [b"", b"\xff\xd8 something before"])
def test_an_opened_file_of_strokes(skipped: bytes) -> None:
    """A stroke file that is opened is one wherever it begins; an opened image is left as it was."""
    file = io.BytesIO(skipped + b"[[[0, 0], [3, 4]]]")
    file.seek(len(skipped))
    drawing = find_drawing(file)
    assert drawing is not None
    assert drawing.bounds() == (0, 0, 3, 4)
    image = io.BytesIO(skipped + b"\x89PNG\r\n")
    image.seek(len(skipped))
    assert find_drawing(image) is None
    assert image.tell() == len(skipped)


def test_an_opened_file_says_its_name(tmp_path: Path) -> None:
    """Messages call an opened file as it was opened."""
    for name, content, kind in (("letter.json", b"[{]", StrokeError), ("letter.png", b"no image", ImageError)):
        (tmp_path / name).write_bytes(content)
        with (tmp_path / name).open("rb") as file, pytest.raises(kind, match=rf"/{re.escape(name)}: "):
            next(load_pictures(file))
