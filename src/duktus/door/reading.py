"""What is written in images: one that shows itself, or any number as they come."""

import os
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, nullcontext
from dataclasses import replace
from operator import length_hint
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from duktus.types import Box, DuktusError, Preview, Reading, Readings

if TYPE_CHECKING:
    from duktus.glyphs.reading.reader import Reader
    from duktus.glyphs.reading.review import ReviewTable
    from duktus.pen.sources import Picture, Readable

Layout = Literal["auto", "one"]

SURE = 0.9
"""Confidence from which a reading needs no review unless another letter comes near it."""

PREVIEW_SIDE = 640
"""Longest side of the picture of a page that a result carries, in pixels."""

Item = TypeVar("Item")


def read_one(reader: "Reader", image: "Readable", layout: Layout) -> Readings:
    """Read one image; the readings carry what notebooks show."""
    from duktus.pen.sources import load_pictures

    pages, previews = [], []
    for number, picture in enumerate(load_pictures(image), 1):
        (readings,) = reader.settle([reader.draft(picture, layout)], layout)
        pages.append((number, [replace(one, picture=_crop(picture, one.box)) for one in readings]))
        previews.append(_preview(picture))
    return Readings(pages, previews)


def read_each(
    reader: "Reader",
    images: "Iterable[Readable]",
    layout: Layout,
    review: str | os.PathLike[str] | None = None,
    sure: float = SURE,
) -> Generator[Readings | DuktusError]:
    """Yield what is written in each image, or its error; ``review`` is a table to make of what is doubtful.

    Raises:
        DataError: the table cannot be made; before anything is read.
    """
    table = None
    if review is not None:
        from duktus.glyphs.reading.review import ReviewTable

        table = ReviewTable(Path(review))
    return _read_each(reader, images, layout, table, sure)


def _read_each(
    reader: "Reader", images: "Iterable[Readable]", layout: Layout, table: "ReviewTable | None", sure: float
) -> Generator[Readings | DuktusError]:
    waiting = Remembered(images)
    with table or nullcontext(), closing(reader.read_many(waiting, layout=layout)) as results:
        for place, result in enumerate(results, 1):
            image = waiting.next()
            if isinstance(result, DuktusError):
                result.image = image
                yield result
                continue
            readings = Readings(result)
            # What is certain, as most is, need not be opened again for its ink.
            if table is not None and any(is_doubtful(reading, sure) for reading in readings):
                _review(table, reader, image, place, layout, sure)
            yield readings


def is_doubtful(reading: Reading, sure: float = SURE) -> bool:
    """Tell whether a person should look at a reading: not accepted, not sure, or another answer comes near it."""
    from duktus.glyphs.reading.review import doubt_of

    return bool(doubt_of(reading, sure))


class Remembered(Generic[Item]):
    """Inputs that are taken ahead of their answers, and of which the next that awaits its answer is known."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self._waiting: deque[Item] = deque()

    def __iter__(self) -> Iterator[Item]:
        for item in self._items:
            self._waiting.append(item)
            yield item

    def __length_hint__(self) -> int:
        return length_hint(self._items)

    def next(self) -> Item:
        """Return the input to which the next answer belongs."""
        return self._waiting.popleft()


def _review(table: "ReviewTable", reader: "Reader", image: "Readable", place: int, layout: Layout, sure: float) -> None:
    from duktus.glyphs.reading.review import find_doubtful

    source = (
        os.fspath(image)
        if isinstance(image, (str, os.PathLike))
        else "-"
        if isinstance(image, bytes)
        else f"image {place}"
    )
    table.add(source, find_doubtful(reader, image, layout=layout, sure=sure))


def _crop(picture: "Picture", box: Box) -> bytes:
    """Return the part of a page that a box in the user's units covers, with a margin, as a small PNG file."""
    from duktus.imaging.files.png import encode_png
    from duktus.reporting.pictures import to_page

    margin = round(0.15 * max(box.w, box.h) / picture.scale)
    left, top = ((at - start) / picture.scale for at, start in zip(box[:2], picture.origin, strict=True))
    right, bottom = left + box.w / picture.scale, top + box.h / picture.scale
    rows = slice(max(0, int(top) - margin), max(0, round(bottom) + margin))
    columns = slice(max(0, int(left) - margin), max(0, round(right) + margin))
    part = picture.page[rows, columns]
    return encode_png(to_page(part)) if part.size else b""


def _preview(picture: "Picture") -> Preview:
    """Return a page as a small JPEG file, or as PNG where it is small already."""
    import cv2
    import numpy as np

    rows, columns = picture.page.shape[:2]
    scale = PREVIEW_SIDE / max(rows, columns)
    page = picture.page
    if scale < 1:
        size = max(1, round(columns * scale)), max(1, round(rows * scale))
        page = np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)
    if page.ndim == 3:
        page = np.ascontiguousarray(page[..., ::-1])
    done, data = cv2.imencode(".jpg" if scale < 1 else ".png", page)
    assert done, "OpenCV encodes every uint8 array"
    return Preview(data.tobytes(), picture.outward(Box(0, 0, columns, rows)))
