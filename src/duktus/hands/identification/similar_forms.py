"""The same forms in two documents, to be laid side by side: small windows of one that are found again in the other.

Windows are compared as shapes, at the same height of text, by their normalised correlation. A pair shows where two
documents are alike to the eye; the likelihood ratio does not rest on it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.files.load import load_pages
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.layout.patches import HIGHEST, WIDEST
from duktus.imaging.layout.text_height import text_height
from duktus.types import Box, DuktusError, Ink

HEIGHT = 16.0
"""Pixels of the text's height at which shapes are compared."""

SIDE = 2400
"""Longest side of the page then, in pixels; where it would be longer, shapes are compared at a lower height."""

WIDTH = 2.0
"""Of a window, in text heights: two or three letters."""

STEP = 0.5
"""From one window to the next."""

RIM = 0.2
"""Paper around the ink of a window."""

INKED = 0.12
"""Windows of which less than this share is ink hold too little of a form."""

LARGEST = 4.0
"""Height of the tallest window, in text heights."""

MOST_PIXELS = 2**18
"""Of a patch: several times what is kept of a page, for a gallery may come from elsewhere."""

LOWEST = 6.0
"""Pixels of the text's height below which shapes are too coarse to be compared."""

ALIKE = 0.6
"""Forms with a lower correlation are not shown."""

SCALES = (0.87, 1.0, 1.15)
"""The height of a few letters' text is known no better than this, so each is tried."""

PEAKS = 3
"""Places on the page that are kept of a window."""

LEAST = 0.6
"""Share of a form's ink that there must be on the page for the two to be compared."""

BLUR = 1.0
"""Standard deviation of the blur that forgives a hand its trembling, in pixels at the height of comparison."""


@dataclass(frozen=True, eq=False)
class Pair:
    """A form in the document, at ``box`` on its page, and the same form in another's patch.

    ``picture`` (h, w) is the other's ink in the patch's pixels; ``likeness`` their correlation, at most 1;
    ``document`` says in which of the other documents it lies.
    """

    box: Box
    picture: Ink
    likeness: float
    document: int


@dataclass(frozen=True, eq=False)
class _Found:
    """A window of a patch, in the patch's pixels, and where on the page its form is found."""

    likeness: float
    box: Box
    window: Box
    patch: Ink
    document: int


def read_patch(content: bytes) -> Ink | None:
    """Return the ink of a patch that a gallery keeps as a PNG file; None where it is broken or far too large."""
    try:
        page = next(load_pages(content, max_pixels=MOST_PIXELS))
    except DuktusError:
        return None
    return np.asarray(1 - to_grey(page).astype(np.float32) / 255, np.float32)


def find_pairs(ink: Ink, documents: Sequence[Sequence[Ink]], count: int = 6) -> tuple[Pair, ...]:
    """Return the forms of a page that are most like those in other documents' patches, the most alike first.

    Args:
        ink: (h, w) of the page.
        documents: ink of the telling patches of each other document, any sizes.
        count: how many, if there are as many; none shows what another shows.
    """
    height = text_height(ink)
    level = min(HEIGHT, SIDE * height / max(ink.shape))
    if level < LOWEST:
        return ()
    page, found = _resized(ink, level / height), list[_Found]()
    for number, patches in enumerate(documents):
        for patch, other in zip(patches, _text_heights(patches), strict=True):
            for scale in SCALES if other else ():
                found += _search(page, level / height, patch, level * scale / other, number)
    chosen: list[_Found] = []
    for each in sorted(found, key=lambda one: -one.likeness):
        if len(chosen) < count and each.likeness >= ALIKE and not any(_same(each, other) for other in chosen):
            chosen.append(each)
    return tuple(Pair(each.box, _cut(each.patch, each.window), each.likeness, each.document) for each in chosen)


def _text_heights(patches: Sequence[Ink]) -> list[float]:
    """Return the height of the text in each patch of a document.

    That of one word is uncertain, so the middle one counts for all patches that were not reduced to be kept.
    """
    heights = [text_height(patch) for patch in patches]
    reduced = [patch.shape[0] >= HIGHEST or patch.shape[1] >= WIDEST for patch in patches]
    usual = [height for height, small in zip(heights, reduced, strict=True) if height and not small]
    if not usual:
        return heights
    return [own if small else float(np.median(usual)) for own, small in zip(heights, reduced, strict=True)]


def _search(page: Ink, scale: float, patch: Ink, other: float, document: int) -> Iterator[_Found]:
    """Yield where on a page, which was resized by ``scale``, the forms of a patch are found, resized by ``other``."""
    resized = _resized(patch, other)
    for window in _windows(resized):
        form = _cut(resized, window)
        if form.shape[0] > page.shape[0] or form.shape[1] > page.shape[1]:
            continue
        for x, y, value in _peaks(_likeness(page, form), form.shape):
            box = Box(x, y, window.w, window.h)
            yield _Found(value, _enlarged(box, 1 / scale), _enlarged(window, 1 / other), patch, document)


def _windows(ink: Ink) -> Iterator[Box]:
    """Yield windows with enough ink, as high as their ink."""
    wide, rim = max(4, round(WIDTH * HEIGHT)), max(1, round(RIM * HEIGHT))
    for x in range(0, max(1, ink.shape[1] - wide + 1), max(1, round(STEP * HEIGHT))):
        rows = np.flatnonzero((ink[:, x : x + wide] >= 0.3).any(axis=1))
        if not len(rows):
            continue
        top, end = max(0, int(rows[0]) - rim), min(ink.shape[0], int(rows[-1]) + 1 + rim)
        box = Box(x, top, min(wide, ink.shape[1] - x), end - top)
        if box.h <= LARGEST * HEIGHT and _cut(ink, box).mean() >= INKED:
            yield box


def _likeness(page: Ink, form: Ink) -> NDArray[np.float32]:
    """Return the correlation of a form (h, w) with each place of a page; 0 where that has far less ink."""
    likeness = cv2.matchTemplate(page, form, cv2.TM_CCOEFF_NORMED)
    mean = np.asarray(cv2.boxFilter(page, -1, form.shape[::-1], anchor=(0, 0)))
    inked = mean[: likeness.shape[0], : likeness.shape[1]] >= LEAST * form.mean()
    return np.where(inked, likeness, 0).astype(np.float32)  # on bare paper a correlation is noise over nothing


def _peaks(likeness: NDArray[np.float32], shape: tuple[int, ...]) -> Iterator[tuple[int, int, float]]:
    """Yield the highest places, x, y and value, none within a window (h, w) of another."""
    for _ in range(PEAKS):
        y, x = (int(each) for each in np.unravel_index(int(likeness.argmax()), likeness.shape))
        if likeness[y, x] <= 0:
            return
        yield x, y, float(min(1.0, likeness[y, x]))
        likeness[
            max(0, y - shape[0] // 2) : y + shape[0] // 2 + 1, max(0, x - shape[1] // 2) : x + shape[1] // 2 + 1
        ] = 0


def _same(first: _Found, second: _Found) -> bool:
    """Tell whether two pairs share a place on the page or in a patch."""
    return _meet(first.box, second.box) or (first.patch is second.patch and _meet(first.window, second.window))


def _meet(first: Box, second: Box) -> bool:
    """Tell whether two boxes share more than a third of the smaller."""
    across = min(first.x + first.w, second.x + second.w) - max(first.x, second.x)
    down = min(first.y + first.h, second.y + second.h) - max(first.y, second.y)
    return max(0, across) * max(0, down) * 3 > min(first.w * first.h, second.w * second.h)


def _resized(ink: Ink, scale: float) -> Ink:
    size = tuple(max(1, round(side * scale)) for side in ink.shape[::-1])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.GaussianBlur(cv2.resize(ink, size, interpolation=way), (0, 0), BLUR), np.float32)


def _enlarged(box: Box, scale: float) -> Box:
    return Box(*(round(each * scale) for each in box))


def _cut(ink: Ink, box: Box) -> Ink:
    return np.ascontiguousarray(ink[box.y : box.y + box.h, box.x : box.x + box.w])
