"""What notebooks show."""

import numpy as np
import pytest

from duktus.models.file import find_model
from duktus.reporting.exhibits import as_tone, confusions, first_filters, pooled, respond, side_by_side


def test_pictures_stand_side_by_side() -> None:
    """Each picture has its caption, escaped, and is carried by the page."""
    html = side_by_side([np.eye(8), np.zeros((8, 8), np.uint8)], ["<a>"])._repr_html_()
    assert html.count("data:image/png") == 2
    assert "&lt;a&gt;" in html


def test_confusions_count() -> None:
    """What is answered wrongly stands off the diagonal."""
    html = confusions(["a", "a", "b"], ["a", "b", "b"]).html
    assert "<svg" in html
    assert "Confusions" in html


def test_filters_of_a_model() -> None:
    """The first convolution of the shipped network has 32 filters of 5 by 5."""
    assert first_filters(find_model("digits")).shape == (32, 5, 5)


def test_a_filter_answers_where_its_form_is() -> None:
    """An upright filter finds the upright stroke, and pooling keeps it."""
    ink = np.zeros((12, 12), np.float32)
    ink[:, 6] = 1
    found = respond(ink, np.array([[-1, 2, -1]] * 3))
    assert np.unravel_index(found.argmax(), found.shape)[1] == 6
    assert found.max() == pytest.approx(1)
    assert pooled(found).shape == (6, 6)
    assert pooled(found)[:, 3].min() > 0.5


def test_a_filter_is_shown_as_tones() -> None:
    """Grey is where it does not look."""
    assert as_tone(np.array([[-2.0, 0.0, 2.0]])).tolist() == [[0, 0.5, 1]]
