"""Labelled images to begin with."""

from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.labelled import load_labelled
from duktus.datasets.samples import draw_letters, draw_number, draw_page, write_folder


def test_a_folder_is_read_back(tmp_path: Path) -> None:
    """What is written is found again, a folder for each label."""
    images, labels, drawers = draw_letters("AB", 2, seed=1)
    found = load_labelled(write_folder(tmp_path, images, labels))
    assert len(found) == 4
    assert drawers == [0, 0, 1, 1]


def test_as_many_labels_as_images(tmp_path: Path) -> None:
    """A label too few is an error."""
    with pytest.raises(ValueError, match="zip"):
        write_folder(tmp_path, [np.zeros((4, 4), np.uint8)], [])


def test_the_same_seed_draws_the_same() -> None:
    """Numbers and pages are those of their seed."""
    assert (draw_number("42", 1) == draw_number("42", 1)).all()
    assert not np.array_equal(draw_page(1, 0), draw_page(1, 1))
