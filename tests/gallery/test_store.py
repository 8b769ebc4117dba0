"""What may stand in a gallery, whichever store keeps it."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.gallery.store import MOST_THUMBNAIL, Encoder, as_label, as_unit
from duktus.types import GalleryError
from tests.gallery.examples import ENCODER, example, thumbnail


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"content": "5F" * 32}, "content: expected 64 hexadecimal digits"),
        ({"content": "5f" * 32 + "\n"}, "content: expected 64 hexadecimal digits"),
        ({"label": ""}, "label: expected 1 to 1,000 characters, received none"),
        ({"label": "a" * 1001}, "label: expected 1 to 1,000 characters, received 1,001"),
        ({"label": "a\udc80"}, "label: expected text, received half a character"),
        ({"vectors": np.empty((0, 8), np.float32)}, "vectors: expected one or more for an example"),
        ({"vectors": np.ones(8, np.float32)}, r"vectors: expected an array \(n, d\)"),
        ({"vectors": np.zeros((1, 8), np.float32)}, "length 0 in row 0; a blank image"),
        ({"vectors": np.full((1, 8), np.inf, np.float32)}, "length inf in row 0"),
        ({"thumbnails": (b"GIF89a",)}, "thumbnail: expected a PNG file"),
        ({"thumbnails": (thumbnail(1) + bytes(MOST_THUMBNAIL),)}, "expected 1,048,576 bytes at most"),
        ({"created": datetime(2026, 1, 31)}, "created: expected a time with its zone"),
    ],
)
def test_example_that_does_not_fit(changed: dict[str, object], said: str) -> None:
    """Each field that a store could not keep is refused by name."""
    with pytest.raises(GalleryError, match=said):
        replace(example(1), **changed)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("year", [1, 9999])
def test_times_beyond_the_calendar_are_refused(year: int) -> None:
    """A time whose hour in UTC lies before the year 1 or after 9999 is an error of the project's."""
    zone = timezone(timedelta(hours=14 if year == 1 else -14))
    edge = datetime(year, 1 if year == 1 else 12, 1 if year == 1 else 31, 12, tzinfo=zone)
    with pytest.raises(GalleryError, match="years 1 to 9999"):
        replace(example(1), created=edge)


def test_example_takes_its_form() -> None:
    """Label, vectors, source and time are brought to the form in which they are kept."""
    zone = timezone(timedelta(hours=5, minutes=30))
    given_time = datetime(2026, 1, 31, 5, tzinfo=zone)
    one = replace(example(1, vectors=[[0, 3, 4]]), label="e\u0301", source="caf\udce9.png", created=given_time)
    assert (one.label, one.source) == ("é", "caf\\udce9.png")
    assert one.created.isoformat() == "2026-01-30T23:30:00+00:00"
    np.testing.assert_array_equal(one.vectors, np.array([[0, 0.6, 0.8]], np.float32))
    assert len(replace(one, source="x" * 9999).source) == 4096


@given(
    st.lists(st.floats(-(2.0**90), 2.0**90, width=32), min_size=1, max_size=40).filter(lambda some: max(some) > 1e-30)
)
def test_unit_vectors_stay_what_they_are(numbers: list[float]) -> None:
    """A vector has length 1 after the first time, and the same bits after the second."""
    once = as_unit(np.array([numbers]))
    assert np.linalg.norm(once) == pytest.approx(1, abs=1e-6)
    assert as_unit(once).tobytes() == once.tobytes()


def test_unit_vectors_of_any_numbers() -> None:
    """Whole numbers and the largest of doubles are vectors too, and the caller's array is not touched."""
    given_vectors = np.array([[3, 4], [0, -5]])
    np.testing.assert_allclose(as_unit(given_vectors), np.array([[0.6, 0.8], [0, -1]]), rtol=1e-6)
    assert given_vectors[0, 0] == 3
    with pytest.raises(GalleryError, match="length inf"):
        as_unit(np.array([[1e200, 0]]))


@given(st.text(min_size=1, max_size=300))
def test_labels_stay_what_they_are(label: str) -> None:
    """A label that has been brought to its form once does not change again."""
    assert as_label(as_label(label)) == as_label(label)


def test_encoder_of_nothing() -> None:
    """An encoder whose vectors have no numbers, or far too many, is none."""
    for dimension in (0, -1, 65_537):
        with pytest.raises(GalleryError, match=f"expected vectors of 1 to 65,536 numbers, received {dimension:,}"):
            Encoder("x", "y", dimension)


def test_encoder_in_words() -> None:
    """Messages name an encoder by what tells it from others, shortly."""
    assert str(ENCODER) == "glyph-encoder (5f8a5f8a5f8a, 8 numbers)"
