"""Tests of the pieces of the report's page."""

import dataclasses

from duktus.models.card import Card, Metric
from duktus.reporting.page import bullets, facts, label, paragraph, plot, safe

NASTY = "<script>&\"'"


def test_every_text_is_escaped() -> None:
    """Whatever piece a text goes into, it comes out as text."""
    pieces = [
        safe(NASTY),
        label(NASTY),
        paragraph(NASTY),
        bullets([NASTY]),
        plot("", NASTY, NASTY),
    ]

    assert not any("<script>" in piece or '&"' in piece for piece in pieces)
    assert all("&lt;script&gt;&amp;" in piece for piece in pieces)


def test_the_card_is_told_in_full(card: Card) -> None:
    """Task, labels, training, data and figures are on the page."""
    text = facts(card)

    told = ("glyph-classifier", "4 labels", "2 epochs in 1 h 7 min", "drawn &lt;here&gt;", "epochs = 2", "90.00 %")
    assert all(part in text for part in told)


def test_a_card_may_say_little(card: Card) -> None:
    """Without calibration, data, figures and recipe nothing is empty or wrong."""
    training = dataclasses.replace(card.training, recipe="", seconds=7.0)
    bare = dataclasses.replace(card, calibration=None, data=(), metrics=(), training=training)

    text = facts(bare)

    assert "not calibrated" in text
    assert "in 7 s" in text
    assert "<table>" not in text


def test_a_figure_that_is_no_share_is_not_a_percentage(card: Card) -> None:
    """A loss of 2.5 is printed as it is."""
    text = facts(dataclasses.replace(card, metrics=(Metric("log loss", 2.5, 2.25, 2.75, 10, "test"),)))

    assert "2.5 <small>(2.25 – 2.75)</small>" in text
