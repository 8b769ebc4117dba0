"""Tests of duktus.models.ranges."""

from dataclasses import replace
from typing import Any

import pytest

from duktus.imaging.frames.contours import ContourSettings
from duktus.imaging.ink.darkness import DarknessSettings
from duktus.models.card import Calibration, Preprocessing
from duktus.models.ranges import RANGES, check_ranges
from duktus.models.transcription import LineCalibration
from duktus.types import ModelError
from tests.models.networks import plain_card


@pytest.mark.parametrize(
    ("field", "value"), [("box", 0), ("box", -3), ("height", 10**9), ("stroke_min", 1e308), ("stroke_max", -1.0)]
)
def test_a_frame_of_no_size_is_refused(field: str, value: Any) -> None:
    """A frame in which no character can be drawn, or no memory holds, is named by its field."""
    plain = plain_card().preprocessing
    assert plain.glyph is not None
    with pytest.raises(ModelError, match=f"field preprocessing.glyph.{field}: expected"):
        replace(plain_card(), preprocessing=replace(plain, glyph=replace(plain.glyph, **{field: value})))


def test_every_number_of_a_list_is_looked_at() -> None:
    """One leg of a length below 1 among sound ones is found."""
    parts = Preprocessing(plain_card().preprocessing.ink, None, ContourSettings(legs=(4, 0, 7)))
    with pytest.raises(ModelError, match=r"contours\.legs: expected 1 to 1000, received 0"):
        check_ranges(parts, "preprocessing")


def test_darkness_without_a_window_is_refused() -> None:
    """A ground that would be looked for on a picture of no pixels is named by its field."""
    parts = Preprocessing(plain_card().preprocessing.ink, None, darkness=DarknessSettings(reduced=0))
    with pytest.raises(ModelError, match=r"darkness\.reduced: expected 1 to 256, received 0"):
        check_ranges(parts, "preprocessing")


def test_every_range_is_of_a_field() -> None:
    """The table names no field that a card does not have."""
    parts = {"preprocessing": Preprocessing, "calibration": Calibration, "transcription": LineCalibration}
    names = {".".join(place.split(".")[:2]) for place in RANGES}
    assert names <= {f"{part}.{name}" for part, kind in parts.items() for name in kind.__annotations__}


def test_a_lines_calibration_is_looked_at() -> None:
    """A threshold above 1 would accept nothing, and is named."""
    with pytest.raises(ModelError, match=r"transcription\.threshold: expected 0 to 1, received 2"):
        LineCalibration(threshold=2.0)
