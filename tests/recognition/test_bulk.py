"""Bulk reading keeps order, takes images as it needs them, and ends for no image."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.recognition.bulk import CHUNK, Pages, read_in_bulk
from duktus.recognition.sources import Picture, Readable
from duktus.types import Box, DuktusError, ImageError, Page, Reading


def grey(value: int) -> Page:
    """A page whose grey is its name."""
    return np.full((4, 6), value, np.uint8)


def reading(text: str) -> Reading:
    """A reading of which only the text counts."""
    return Reading(text, 1.0, True, "", (), Box(0, 0, 1, 1))


def read_greys(images: Iterator[Readable], batches: list[int] | None = None) -> Iterator[Pages | DuktusError]:
    """Read pages by their grey; a page of 255 cannot be looked at."""

    def draft(picture: Picture) -> int:
        value = int(picture.page.flat[0])
        if value == 255:
            raise MemoryError
        return value

    def settle(values: Sequence[int]) -> list[tuple[Reading, ...]]:
        if batches is not None:
            batches.append(len(values))
        return [(reading(str(value)),) for value in values]

    return read_in_bulk(images, draft, settle, 3)


def texts(answers: Iterator[Pages | DuktusError]) -> list[str]:
    """What was read of each image, its pages joined, "!" for an error."""
    return [
        "!" if isinstance(answer, DuktusError) else "+".join(read[0].text for _, read in answer) for answer in answers
    ]


def test_order_and_batches() -> None:
    """Answers come in the order of the images, which go through the network many at a time."""
    batches: list[int] = []
    values = [i % 200 for i in range(3 * CHUNK + 5)]
    assert texts(read_greys((grey(value) for value in values), batches)) == [str(value) for value in values]
    assert sorted(batches) == [5, CHUNK, CHUNK, CHUNK]


def test_errors_stand_in_their_place() -> None:
    """An image that cannot be decoded and one that is too much for the memory are errors; the rest goes on."""
    answers = list(read_greys(iter([grey(1), b"no image", grey(255), grey(2)])))
    assert texts(iter(answers)) == ["1", "!", "!", "2"]
    assert all(isinstance(answer, ImageError) for answer in answers[1:3])


def test_images_of_several_pages(tmp_path: Path) -> None:
    """All pages of an image are read, numbered from 1, in its place."""
    first, *others = (Image.fromarray(grey(value)) for value in (3, 4, 5))
    first.save(tmp_path / "a.tiff", save_all=True, append_images=others)
    answers = list(read_greys(iter([grey(1), tmp_path / "a.tiff", grey(2)])))
    assert texts(iter(answers)) == ["1", "3+4+5", "2"]
    assert not isinstance(answers[1], DuktusError)
    assert [number for number, _ in answers[1]] == [1, 2, 3]


def test_a_broken_later_page_is_an_error(tmp_path: Path) -> None:
    """Where a later page cannot be looked at, the image is an error."""
    first, *others = (Image.fromarray(grey(value)) for value in (3, 255))
    first.save(tmp_path / "a.tiff", save_all=True, append_images=others)
    assert texts(read_greys(iter([tmp_path / "a.tiff", grey(2)]))) == ["!", "2"]


def test_large_images_are_few_at_a_time() -> None:
    """Images that come to a megabyte end a batch."""
    batches: list[int] = []
    large = np.full((1200, 1000), 9, np.uint8)
    assert texts(read_greys(iter([large] * 4), batches)) == ["9"] * 4
    assert batches == [1] * 4


def test_an_error_of_the_input_is_raised() -> None:
    """What goes wrong where the images come from is not swallowed."""

    def broken() -> Iterator[Readable]:
        yield grey(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(read_greys(broken()))


def test_no_images() -> None:
    """Of no images there are no answers."""
    assert texts(read_greys(iter(()))) == []
