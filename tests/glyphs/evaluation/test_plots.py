"""Tests of the plots: that they show the figures, for few labels and for many."""

import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest

from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores
from duktus.glyphs.evaluation.plots import classes_svg, confusion_svg, decisions_svg, rejection_svg, reliability_svg

PLOTS = [confusion_svg, decisions_svg, reliability_svg, rejection_svg, classes_svg]


def texts(svg: str) -> list[str]:
    """The texts of a plot, in the order of drawing."""
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter() if element.tag.endswith("}text")]


def many(labels: int) -> Evaluation:
    """An evaluation of so many labels, two samples each, of which 5 in 100 are taken for the next label."""
    truth = np.repeat(np.arange(labels), 2)
    answers = np.where(np.arange(len(truth)) % 20 == 0, (truth + 1) % labels, truth)
    return evaluate_scores(6.0 * np.eye(labels)[answers], truth, [f"L{i}" for i in range(labels)], False, None)


@pytest.mark.parametrize("plot", PLOTS)
def test_every_plot_is_deterministic_svg(plot: Callable[[Evaluation], str], evaluation: Evaluation) -> None:
    """Drawn twice, a plot is the same well-formed text, with a title for those who do not see it."""
    root = ET.fromstring(plot(evaluation))

    assert plot(evaluation) == plot(evaluation)
    assert root[0].tag.endswith("title")
    assert root[0].text


@pytest.mark.parametrize("plot", PLOTS)
@pytest.mark.parametrize("samples", [1, 3])
def test_every_plot_can_do_with_next_to_nothing(plot: Callable[[Evaluation], str], samples: int) -> None:
    """A few samples, all of them right, are drawn without a warning."""
    few = evaluate_scores(9 * np.eye(3)[:samples], np.arange(samples), list("abc"), False, None)

    assert plot(few).startswith("<svg")


def test_the_matrix_writes_every_count(evaluation: Evaluation) -> None:
    """Labels stand on both sides as they are, and each cell that is not 0 holds its number."""
    found = texts(confusion_svg(evaluation))

    counts = [str(count) for count in evaluation.confusion.ravel().tolist() if count]
    assert all(found.count(label) >= 2 for label in ("<b>", "$x^", "ᚠ"))
    assert sorted(text for text in found if text in set(counts) and text != "0") == sorted(counts)


def test_decisions_have_a_column_and_a_row_more(evaluation: Evaluation) -> None:
    """What is refused and what is no character are named."""
    assert {"refused", "other"} <= set(texts(decisions_svg(evaluation)))


@pytest.mark.parametrize(("labels", "shown"), [(60, 60), (200, 40), (500, 60)])
def test_of_many_labels_the_commonest_confusions_are_shown(labels: int, shown: int) -> None:
    """Up to 60 labels all are shown; of more those that are taken for one another, and 60 at most."""
    found = texts(confusion_svg(many(labels)))

    assert len({text for text in found if text.startswith("L")}) == shown
    assert {"L0", "L1", "L10", "L11"} <= set(found)


def test_the_threshold_is_marked(evaluation: Evaluation) -> None:
    """The rejection curve says where the card's threshold stands."""
    refusal = evaluation.refusal

    words = " ".join(texts(rejection_svg(evaluation)))

    assert f"{1 - refusal.accepted.value:.2%} refused" in words
    assert f"{refusal.accuracy.value:.2%} of the rest right" in words


def test_bars_start_with_the_worst_label() -> None:
    """Of 200 labels the bars show 40, the erring ones first."""
    found = [text for text in texts(classes_svg(many(200))) if text.startswith("L")]

    assert len(found) == 40
    assert found[0] in {f"L{i + step}" for i in range(0, 200, 10) for step in (0, 1)}
