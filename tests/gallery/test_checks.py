"""Tests of duktus.gallery.checks."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.gallery.checks import check_count, check_dimension, check_encoder, check_existing, check_new
from duktus.types import GalleryError
from tests.gallery.examples import ENCODER


def test_what_fits_passes() -> None:
    """Nothing is said of the same encoder, vectors as long as its own, one neighbour, a free and an existing label."""
    check_encoder("g.db", ENCODER, ENCODER)
    check_dimension(ENCODER, np.ones((2, ENCODER.dimension), np.float32))
    check_count(1)
    check_new("g.db", "a", "b", False)
    check_existing("g.db", "a", "b", True)


def test_what_does_not_is_told_with_its_place() -> None:
    """Another encoder, a taken name and a missing label are told with the gallery and what to do."""
    with pytest.raises(GalleryError, match=r"g\.db: expected a gallery of the encoder .* Name another gallery"):
        check_encoder("g.db", ENCODER, replace(ENCODER, name="others"))
    with pytest.raises(GalleryError, match=r"g\.db: expected a new name for 'a', received 'b'.*gallery merge"):
        check_new("g.db", "a", "b", True)
    with pytest.raises(GalleryError, match=r"g\.db: expected a label .* to merge 'a' into, received 'b'.*rename"):
        check_existing("g.db", "a", "b", False)
