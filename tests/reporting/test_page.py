"""Tests of the pieces of the report's page."""

import dataclasses

import numpy as np

from duktus.glyphs.evaluation.metrics import ClassFigures, Mistake
from duktus.models.card import Card, Metric
from duktus.reporting.intervals import Estimate, wilson
from duktus.reporting.page import bullets, class_table, facts, head_figure, label, mistakes, paragraph, plot, safe

NASTY = "<script>&\"'"


def test_every_text_is_escaped() -> None:
    """Whatever piece a text goes into, it comes out as text."""
    pieces = [
        safe(NASTY),
        label(NASTY),
        paragraph(NASTY),
        bullets([NASTY]),
        plot("", NASTY, NASTY),
        head_figure(NASTY, wilson(1, 2), NASTY),
        class_table([ClassFigures(NASTY, wilson(1, 2), wilson(1, 2), 0.5)]),
        mistakes([Mistake(0, NASTY, NASTY, 0.9, True)], {0: np.zeros((2, 2))}),
    ]

    assert not any("<script>" in piece or '&"' in piece for piece in pieces)
    assert all("&lt;script&gt;&amp;" in piece for piece in pieces)


def test_a_head_figure_has_interval_and_n() -> None:
    """The figure is never alone."""
    text = head_figure("Accuracy", wilson(9975, 10000), "A note.")

    assert all(part in text for part in ("99.75 %", "99.63 – 99.83 %", "n = 10,000", "A note."))


def test_a_mistake_shows_truth_answer_and_confidence() -> None:
    """Beneath a picture stands what was meant, what was read, how surely, and whether it was refused."""
    text = mistakes([Mistake(0, "4", "9", 0.875, False)], np.zeros((1, 28, 28, 1)))

    assert 'alt="4 → 9"' in text
    assert all(part in text for part in ("data:image/png;base64,", "87.50 %, refused", 'class="small"'))


def test_a_mistake_without_a_picture_is_still_told() -> None:
    """With no pictures at all, or none of this sample, the words remain."""
    mistake = Mistake(7, None, "9", 0.5, True)

    assert "<img" not in mistakes([mistake], None) + mistakes([mistake], {})
    assert "sample 7" in mistakes([mistake], None)


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


def test_a_label_of_no_samples_has_dashes() -> None:
    """What is unknown is not 0 %."""
    unknown = Estimate(float("nan"), 0.0, 1.0, 0)

    assert '<td class="number">–</td>' in class_table([ClassFigures("a", unknown, unknown, float("nan"))])
