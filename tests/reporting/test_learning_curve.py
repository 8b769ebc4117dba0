"""Tests of the learning curve."""

import xml.etree.ElementTree as ET

import pytest

from duktus.reporting.learning_curve import best_epoch, learning_curve_svg
from duktus.types import DataError

VALIDATED = [
    {"epoch": 1, "loss": 2.0, "accuracy": 0.30, "validation_loss": 1.8, "validation_accuracy": 0.40},
    {"epoch": 2, "loss": 1.0, "accuracy": 0.60, "validation_loss": 0.9, "validation_accuracy": 0.75},
    {"epoch": 3, "loss": 0.5, "accuracy": 0.80, "validation_loss": 1.1, "validation_accuracy": 0.70},
]
UNVALIDATED = [{name: each[name] for name in ("epoch", "loss", "accuracy")} for each in VALIDATED]


def texts(svg: str) -> set[str]:
    """The texts of a plot."""
    return {"".join(each.itertext()) for each in ET.fromstring(svg).iter() if each.tag.endswith("}text")}


def test_both_figures_of_both_parts_are_drawn() -> None:
    """Loss and accuracy have a plot each, training and validation a curve each, and the best epoch is named."""
    found = texts(learning_curve_svg(VALIDATED))

    assert {"loss", "accuracy", "training", "validation", "epoch", "best epoch: 2"} <= found


def test_the_epoch_that_was_kept_is_marked() -> None:
    """A training that chose its weights by a rule of its own says which epoch they are from."""
    assert "best epoch: 3" in texts(learning_curve_svg(VALIDATED, best=3))


def test_without_a_validation_part_training_alone_is_drawn() -> None:
    """No curve and no best epoch stand in the legend where nothing was validated."""
    found = texts(learning_curve_svg(UNVALIDATED))

    assert "training" in found
    assert not any("validation" in text or "best" in text for text in found)


def test_a_figure_that_no_epoch_has_takes_no_room() -> None:
    """A task without an accuracy shows its loss alone."""
    found = texts(learning_curve_svg([{"epoch": 1, "loss": 2.0}, {"epoch": 2, "loss": 1.0}]))

    assert "loss" in found
    assert "accuracy" not in found


def test_one_epoch_is_visible() -> None:
    """A training of a single epoch shows points, where a line has no length."""
    assert learning_curve_svg(VALIDATED[:1]).count("<use") > learning_curve_svg(VALIDATED[:2]).count("<use")


def test_the_best_epoch_is_the_latest_of_equals() -> None:
    """Of epochs with equal validation accuracy the latest has learnt most; without accuracy the least loss decides."""
    equal = [{"epoch": epoch, "validation_accuracy": 0.5} for epoch in (1, 2)]

    assert best_epoch(equal) == 2
    assert best_epoch([{"epoch": 1, "validation_loss": 0.5}, {"epoch": 2, "validation_loss": 0.7}]) == 1
    assert best_epoch(UNVALIDATED) is None


@pytest.mark.parametrize("history", [[], [{"epoch": 1.0}]])
def test_nothing_to_draw_is_an_error(history: list[dict[str, float]]) -> None:
    """Without an epoch, or without figures, the error says what is missing."""
    with pytest.raises(DataError, match="expected epochs with a loss or an accuracy"):
        learning_curve_svg(history)
