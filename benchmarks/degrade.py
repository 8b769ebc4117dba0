"""The same digits, changed as people's pictures differ from MNIST's: each change is a pure function of one picture.

A picture is (28, 28) uint8, white on black, as MNIST publishes it; a changed one is a page of any size and polarity.
The changes and their sizes are those that the published recipe was measured with. Randomness (a direction, a side)
comes from an explicit generator, so that a suite is the same in every run.
"""

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]
Affine: TypeAlias = NDArray[np.float32]
"""(2, 3): where a point of the source picture comes to stand."""


@dataclass(frozen=True)
class Change:
    """One way in which a picture can differ from MNIST's.

    Attributes:
        name: as the table of results shows it.
        apply: from a picture and a generator to the changed page.
        target: whether the project's target for changed pictures names it; the others are there to learn from.
    """

    name: str
    apply: Callable[[Picture, np.random.Generator], Picture]
    target: bool = True


def invert(picture: Picture) -> Picture:
    """Black on white."""
    return np.asarray(255 - picture, np.uint8)


def shift(picture: Picture, right: int, down: int) -> Picture:
    """Moved by whole pixels; what leaves the frame is lost."""
    return _warp(picture, np.array([[1, 0, right], [0, 1, down]], np.float32))


def scale(picture: Picture, factor: float) -> Picture:
    """Drawn smaller, about the middle of a frame of the same size, averaged over the area of each pixel."""
    height, width = picture.shape
    rows, columns = round(height * factor), round(width * factor)
    page = np.zeros_like(picture)
    top, left = (height - rows) // 2, (width - columns) // 2
    page[top : top + rows, left : left + columns] = cv2.resize(picture, (columns, rows), interpolation=cv2.INTER_AREA)
    return page


def crop_tight(picture: Picture) -> Picture:
    """Cut to the ink, with no margin at all: (h, w) of its box. A picture without ink stays whole."""
    x, y, w, h = cv2.boundingRect(picture)
    return np.ascontiguousarray(picture[y : y + h, x : x + w]) if w and h else picture


def grey_ground(picture: Picture, level: float) -> Picture:
    """The ground at a grey level in [0, 1], the ink at white: the contrast shrinks to 1 - level."""
    return _to_page(255 * level + picture * (1 - level))


def fade(picture: Picture, loss: float, angle: float) -> Picture:
    """Light that falls off to 1 - loss of itself from one side to the other; angle in radians."""
    return _to_page(picture * (1 - loss * _slope(picture.shape, angle)))


def rule(picture: Picture, row: int) -> Picture:
    """A white line, one pixel thick, across the whole picture."""
    page = picture.copy()
    page[row] = 255
    return page


def dilate(picture: Picture, pixels: int) -> Picture:
    """Strokes grown: each pixel takes the largest of the square with that side."""
    return np.asarray(cv2.dilate(picture, np.ones((pixels, pixels), np.uint8)), np.uint8)


def erode(picture: Picture, pixels: int) -> Picture:
    """Strokes shrunk: each pixel takes the smallest of the cross with that side."""
    cross = cv2.getStructuringElement(cv2.MORPH_CROSS, (pixels, pixels))
    return np.asarray(cv2.erode(picture, cross), np.uint8)


def enlarge(picture: Picture, factor: int) -> Picture:
    """The same picture at a multiple of its size, as a finer scan would hold it."""
    return np.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), np.uint8)


def turn(picture: Picture, degrees: float) -> Picture:
    """Turned about the middle of the frame, anticlockwise."""
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    return _warp(picture, np.asarray(matrix, np.float32))


def suite() -> tuple[Change, ...]:
    """Every change that is measured, in the order of the table."""
    return (
        Change("unchanged", lambda picture, _: picture),
        Change("inverted", lambda picture, _: invert(picture)),
        *(Change(f"shifted by up to {n} px", functools.partial(_shift_up_to, pixels=n)) for n in (3, 4, 6)),
        *(Change(f"scaled to {s}", functools.partial(_still, change=scale, size=s)) for s in (0.4, 0.5, 0.6)),
        Change("cropped tight", lambda picture, _: crop_tight(picture)),
        Change("grey ground 0.5", lambda picture, _: grey_ground(picture, 0.5)),
        Change("light falling off by 0.6", functools.partial(_fade_somewhere, loss=0.6)),
        Change("light falling off by 0.6, black on white", functools.partial(_fade_paper, loss=0.6)),
        Change("a ruled line under the digit", lambda picture, _: rule(picture, 24)),
        Change("a ruled line anywhere", _rule_anywhere, target=False),
        Change("strokes dilated by 3 px", lambda picture, _: dilate(picture, 3)),
        Change("strokes eroded by 3 px", lambda picture, _: erode(picture, 3)),
        Change("enlarged four times, strokes wider by 3 px a side", lambda picture, _: dilate(enlarge(picture, 4), 7)),
        Change("enlarged four times, strokes thinner by 3 px a side", lambda picture, _: erode(enlarge(picture, 4), 7)),
        *(Change(f"turned by ±{a}°", functools.partial(_turn_either_way, degrees=a), a <= 20) for a in (20, 30)),
    )


def changed(pictures: NDArray[np.uint8], change: Change, seed: int) -> Iterator[Picture]:
    """Each of (n, 28, 28) pictures changed, one at a time; the same seed gives the same pages."""
    rng = np.random.default_rng(seed)
    return (change.apply(picture, rng) for picture in pictures)


def to_png(page: Picture) -> bytes:
    """A page, grey or RGB, as the bytes of a PNG file, compressed little, for speed."""
    ordered = page[..., ::-1] if page.ndim == 3 else page  # OpenCV's colours begin with blue
    done, data = cv2.imencode(".png", ordered, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done, "OpenCV encodes every uint8 array as PNG"
    return data.tobytes()


def _still(
    picture: Picture, _: np.random.Generator, change: Callable[[Picture, float], Picture], size: float
) -> Picture:
    return change(picture, size)


def _shift_up_to(picture: Picture, rng: np.random.Generator, pixels: int) -> Picture:
    right, down = rng.integers(-pixels, pixels, size=2, endpoint=True)
    return shift(picture, int(right), int(down))


def _fade_somewhere(picture: Picture, rng: np.random.Generator, loss: float) -> Picture:
    return fade(picture, loss, rng.uniform(0, 2 * np.pi))


def _fade_paper(picture: Picture, rng: np.random.Generator, loss: float) -> Picture:
    return fade(invert(picture), loss, rng.uniform(0, 2 * np.pi))


def _rule_anywhere(picture: Picture, rng: np.random.Generator) -> Picture:
    return rule(picture, int(rng.integers(4, 25)))


def _turn_either_way(picture: Picture, rng: np.random.Generator, degrees: float) -> Picture:
    return turn(picture, degrees * rng.choice((-1, 1)))


def _slope(shape: tuple[int, ...], angle: float) -> NDArray[np.float32]:
    """(h, w): from 0 at one corner or edge to 1 at the opposite one, along a direction in radians."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    along = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    return np.asarray((along - along.min()) / max(np.ptp(along), 1e-6), np.float32)


def _warp(picture: Picture, matrix: Affine) -> Picture:
    height, width = picture.shape
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR), np.uint8)


def _to_page(values: NDArray[np.floating]) -> Picture:
    return np.asarray(np.rint(np.clip(values, 0, 255)), np.uint8)
