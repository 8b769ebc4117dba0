"""Tests of duktus.hands.identification.similar_forms."""

import cv2
import numpy as np
import pytest

from duktus.hands.identification.similar_forms import Pair, find_pairs, read_patch
from duktus.imaging.files.png import encode_png
from duktus.imaging.layout.patches import patch_boxes, patch_thumbnails
from duktus.types import Box, Ink
from tests.hands.pages import page_ink_of


def patches_of(ink: Ink) -> list[Ink]:
    """The telling patches of a page, as a gallery keeps them."""
    return [patch for patch in map(read_patch, patch_thumbnails(ink, 3)) if patch is not None]


def overlap(first: Box, second: Box) -> int:
    """The pixels that two boxes share."""
    across = min(first.x + first.w, second.x + second.w) - max(first.x, second.x)
    down = min(first.y + first.h, second.y + second.h) - max(first.y, second.y)
    return max(0, across) * max(0, down)


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, ...]:
    """The most alike forms of two pages by one writer."""
    return find_pairs(page_ink_of(1, 1), [patches_of(page_ink_of(2)), patches_of(page_ink_of(1))])


def test_the_most_alike_come_first(pairs: tuple[Pair, ...]) -> None:
    """There are several, six at most, in order, no two in the same place of the page."""
    assert 4 <= len(pairs) <= 6
    assert [each.likeness for each in pairs] == sorted((each.likeness for each in pairs), reverse=True)
    assert all(0.6 <= each.likeness <= 1 for each in pairs)
    boxes = [each.box for each in pairs]
    for i, first in enumerate(boxes):
        for second in boxes[:i]:
            assert overlap(first, second) <= min(first.w * first.h, second.w * second.h) / 2


def test_forms_are_found_where_they_stand() -> None:
    """Forms of patches that were cut from the page are found in these places, though the patches are half as large."""
    page = page_ink_of(1, 1)
    small = [
        np.asarray(cv2.resize(each, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
        for each in patches_of(page)
    ]
    best = find_pairs(page, [small])[0]
    assert best.likeness > 0.85
    assert max(overlap(best.box, box) for box in patch_boxes(page, 3)) > 0.5 * best.box.w * best.box.h


def test_pictures_show_ink(pairs: tuple[Pair, ...]) -> None:
    """Both sides of a pair have ink in them, and the document is told."""
    page = page_ink_of(1, 1)
    for pair in pairs:
        x, y, w, h = pair.box
        assert page[y : y + h, x : x + w].mean() > 0.02
        assert pair.picture.mean() > 0.02
        assert pair.document in (0, 1)


def test_nothing_to_compare() -> None:
    """Paper, no documents, empty patches and patches larger than the page have no pairs."""
    page, paper = page_ink_of(1), np.zeros((50, 50), np.float32)
    assert find_pairs(paper, [[page]]) == ()
    assert find_pairs(page, []) == ()
    assert find_pairs(page, [[paper, np.ones((1, 1), np.float32)]]) == ()
    assert find_pairs(np.pad(np.eye(30, dtype=np.float32), 2), [[page]]) == ()


def test_patches_that_are_no_pictures() -> None:
    """A broken patch is none, nor is one that would fill the memory; others are read as ink."""
    assert read_patch(b"") is None
    assert read_patch(b"\x89PNG\r\n\x1a\nbroken") is None
    assert read_patch(encode_png(np.zeros((2000, 2000), np.uint8))) is None
    found = read_patch(encode_png(np.array([[0, 255]], np.uint8)))
    assert found is not None
    assert found.tolist() == [[1.0, 0.0]]
