"""Tests of the pen's skeletons."""

import string

import numpy as np
import pytest

from duktus.pen.letters import Form, forms, skeletons
from duktus.pen.splines import SPACING, lay_course
from duktus.types import StrokeError

EVERY_FORM = [(character, form) for character, of in skeletons().items() for form in of]


def test_every_digit_and_letter_is_known() -> None:
    """The pen writes all digits, capitals and small letters of the Latin alphabet."""
    assert set(string.digits + string.ascii_letters) <= set(skeletons())


@pytest.mark.parametrize("digit", string.digits)
def test_digits_have_many_forms(digit: str) -> None:
    """Each digit is written in several ways, with a name and a weight of its own for each."""
    known = forms(digit)
    assert len({form.name for form in known}) == len(known) >= 8
    assert all(form.weight > 0 for form in known)


def test_no_form_stands_twice() -> None:
    """Two forms of a character never share their strokes."""
    strokes = [(character, form.strokes) for character, form in EVERY_FORM]
    assert len(set(strokes)) == len(strokes)


def test_forms_keep_to_their_box() -> None:
    """No control point leaves the em box, ascenders and descenders included."""
    points = np.array([(p.x, p.y) for _, form in EVERY_FORM for stroke in form.strokes for p in stroke])
    assert points.min() >= -10
    assert points[:, 0].max() <= 90
    assert points[:, 1].max() <= 145


def test_digits_stand_on_the_baseline_and_fill_the_em() -> None:
    """Every form of every digit reaches from about 0 to about 100."""
    for digit in string.digits:
        for form in forms(digit):
            heights = [point.y for stroke in form.strokes for point in stroke]
            assert min(heights) <= 14
            assert 92 <= max(heights) <= 113


def test_an_unknown_character_is_named() -> None:
    """The error says what was asked for and what the pen knows."""
    with pytest.raises(StrokeError, match=r"0123456789.*'語'"):
        forms("語")


@pytest.mark.parametrize(("character", "form"), EVERY_FORM, ids=lambda value: getattr(value, "name", value))
def test_paths_go_through_their_control_points(character: str, form: Form) -> None:
    """The spline passes every control point, in even steps, and ends where the stroke ends."""
    course = lay_course(form)
    path = course.sharp @ course.control
    gaps = np.linalg.norm(path[:, None] - course.control, axis=2).min(axis=0)
    assert gaps.max() < 1e-3, character
    inner = np.delete(np.linalg.norm(np.diff(path, axis=0), axis=1), course.first[1:] - 1)
    assert inner.size == 0 or inner.max() < 2.5 * SPACING
