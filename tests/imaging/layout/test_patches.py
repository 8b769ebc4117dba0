"""Tests of duktus.imaging.layout.patches."""

import io

import numpy as np
from PIL import Image

from duktus.imaging.layout.patches import HIGHEST, WIDEST, patch_boxes, patch_thumbnails
from tests.hands.pages import page_ink_of


def test_the_longest_pieces() -> None:
    """The longest pieces of writing come first, and a frame is none of them."""
    framed = np.pad(page_ink_of(1), 20)
    framed[:5] = framed[:, :5] = framed[-5:] = framed[:, -5:] = 1
    boxes = patch_boxes(framed, 3)
    assert len(boxes) == 3
    assert [box.w for box in boxes] == sorted((box.w for box in boxes), reverse=True)
    assert boxes[0].w < framed.shape[1] / 2


def test_patches_are_small_pictures() -> None:
    """A patch is a PNG file that is dark on white and no larger than it may be."""
    for content in patch_thumbnails(np.repeat(np.repeat(page_ink_of(1), 4, 0), 4, 1), 3):
        picture = Image.open(io.BytesIO(content))
        assert picture.width <= WIDEST
        assert picture.height <= HIGHEST
        assert np.median(np.asarray(picture)) > 128


def test_paper_has_none() -> None:
    """A blank page has no patches."""
    assert list(patch_thumbnails(np.zeros((40, 40), np.float32), 3)) == []
