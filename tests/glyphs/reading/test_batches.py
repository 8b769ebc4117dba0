"""A batch is read image by image and page by page, and no image ends it."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from duktus.glyphs.reading import batches
from duktus.glyphs.reading.batches import Answers, image_steps
from duktus.pen.sources import Picture
from duktus.types import Box, DuktusError, ImageError, Page, Reading


def grey(value: int) -> Page:
    """A page whose grey is its name."""
    return np.full((4, 6), value, np.uint8)


def draft(picture: Picture) -> int:
    """Take a page's grey for what is written on it; 255 is too much for the memory, 254 for OpenCV."""
    value = int(picture.page.flat[0])
    if value == 255:
        raise MemoryError
    if value == 254:
        raise cv2.error("no image of 254")
    return value


def settle(values: Sequence[int]) -> list[tuple[Reading, ...]]:
    """Read each value."""
    return [(Reading(str(value), 1.0, True, "", (), Box(0, 0, 1, 1)),) for value in values]


GREYS = image_steps(draft, settle)


def texts(answers: Answers) -> list[str]:
    """What was read of each image, its pages joined, "!" for an error."""
    return [
        "!" if isinstance(answer, DuktusError) else "+".join(read[0].text for _, read in answer) for answer in answers
    ]


def pages(path: Path, *values: int) -> Path:
    """A TIFF with a page of each grey."""
    first, *others = (Image.fromarray(grey(value)) for value in values)
    first.save(path, save_all=True, append_images=others)
    return path


def test_errors_stand_in_their_place() -> None:
    """What cannot be decoded, and what is too much for the memory or OpenCV, is an error; the rest goes on."""
    answers = GREYS.answer([grey(1), b"no image", grey(255), grey(254), grey(2)])
    assert texts(answers) == ["1", "!", "!", "!", "2"]
    assert all(isinstance(answer, ImageError) for answer in answers[1:4])
    assert "no image of 254" in str(answers[3])


def test_few_large_pages_are_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only as many drafts are made before some are settled as may be held; answers keep their order."""
    monkeypatch.setattr(batches, "MOST_PIXELS", 60)
    sizes: list[int] = []

    def noted(values: Sequence[int]) -> list[tuple[Reading, ...]]:
        sizes.append(len(values))
        return settle(values)

    answers = image_steps(draft, noted).answer([grey(1), grey(2), b"no image", grey(4), grey(5), grey(6), grey(7)])
    assert texts(answers) == ["1", "2", "!", "4", "5", "6", "7"]
    assert sizes == [3, 3]


def test_images_of_several_pages(tmp_path: Path) -> None:
    """All pages of an image are read, numbered from 1, in its place."""
    answers = GREYS.answer([grey(1), pages(tmp_path / "a.tiff", 3, 4, 5), grey(2)])
    assert texts(answers) == ["1", "3+4+5", "2"]
    assert not isinstance(answers[1], DuktusError)
    assert [number for number, _ in answers[1]] == [1, 2, 3]


@pytest.mark.parametrize("bad", [254, 255])
def test_a_broken_later_page_is_an_error(tmp_path: Path, bad: int) -> None:
    """Where a later page cannot be drafted, the image is an error."""
    assert texts(GREYS.answer([pages(tmp_path / "a.tiff", 3, bad), grey(2)])) == ["!", "2"]
