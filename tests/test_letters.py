"""The shipped model of letters reads what the project's own pen writes apart, and tells case by the row."""

from functools import cache

import pytest

from duktus.door.models import Model, open_model
from tests.glyphs.handwriting import page_of


@cache
def model() -> Model:
    """The shipped model of letters."""
    return open_model("letters")


def said(text: str, seed: int = 0) -> str:
    """What is read on a page of letters written apart."""
    return "".join(one.text for one in model().read(page_of(text, seed=seed, margin=30)))


@pytest.mark.parametrize("text", ["FARBE", "HANDGERM", "garden", "bread", "A4B7", "2749"])
def test_letters_and_digits_are_read(text: str) -> None:
    """Of a clear hand each letter is read, small ones, capitals and digits."""
    assert said(text) == text


@pytest.mark.parametrize("text", ["book", "court", "Sowing", "WORK", "2007"])
def test_a_row_tells_case_and_noughts(text: str) -> None:
    """Letters of one shape are told apart by how high the others of their row are, and by their kind."""
    assert said(text) == text


def test_a_letter_alone_keeps_what_it_may_be() -> None:
    """An o alone is accepted, and names the capital and the nought as alternatives."""
    (reading,) = model().read(page_of("o", margin=30))
    assert reading.accepted
    assert reading.text in set("0Oo")
    assert {reading.text, *(one.text for one in reading.alternatives)} >= set("0Oo")


def test_what_is_no_letter_is_refused() -> None:
    """A scrawl across the picture is no letter."""
    readings = model().read(page_of("#", margin=30))
    assert not any(reading.accepted for reading in readings)
