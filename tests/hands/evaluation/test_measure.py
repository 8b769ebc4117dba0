"""An encoder of hands is measured as it serves, beside its controls, and what is left out is told."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.hands.evaluation.figures import PAPER, TONE
from duktus.hands.evaluation.measure import HandMeasurement, as_many_strangers, measure_hand_encoder
from duktus.hands.evaluation.open_set import UNDECIDED
from duktus.hands.identification.candidates import named_from
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from tests.hands.pages import write_lines

WRITERS, PAGES = 4, 2


@pytest.fixture(scope="module")
def session() -> Session:
    """The encoder that comes with the project."""
    return open_model_file("hand-encoder", 1)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> LabelledImages:
    """Two pages by each of four writers, each page in four images of a line."""
    return write_lines(tmp_path_factory.mktemp("hands"), WRITERS)


@pytest.fixture(scope="module")
def measured(session: Session, images: LabelledImages) -> HandMeasurement:
    """The figures of the set."""
    return measure_hand_encoder(session, images, source="drawn", times=20)


def test_hands_are_told_better_than_by_their_controls(measured: HandMeasurement) -> None:
    """Pages of the same pen and paper are named by their hand, and the controls are asked the same."""
    results = measured.results
    assert (results.samples, results.writers) == (WRITERS * PAGES, WRITERS)
    assert [each.name for each in results.controls] == [PAPER, TONE]
    assert results.hand.closed.top1.value > max(0.7, results.controls[0].closed.top1.value)
    assert {each.closed.top1.n for each in results.all} == {WRITERS * PAGES}
    assert measured.unreadable == ()


def test_ratios_are_those_of_the_card(measured: HandMeasurement, session: Session) -> None:
    """Nothing is calibrated anew: there are no folds, and the ratios keep within the card's bounds."""
    found, likelihood = measured.results.hand.verification, session.card.likelihood
    assert found is not None
    assert likelihood is not None
    assert found.folds == 0
    assert likelihood.bounds[0] <= found.low < found.high <= likelihood.bounds[1]
    assert any("calibrated on dhsd" in note for note in measured.results.notes)


def test_more_lines_tell_more(measured: HandMeasurement) -> None:
    """Lines are taken together in all numbers that pages allow, by the hand and by its controls."""
    every = [each.amounts for each in measured.results.all]
    assert all(found is not None and found.unit == "line" for found in every)
    assert [[each.pieces for each in found.at] for found in every if found] == [[1, 2, 4]] * 3
    values = [[each.top1.value for each in found.at] for found in every if found]
    assert values[0][0] < values[0][2]
    assert values[0][2] > max(values[1][2], values[2][2])


def test_strangers_are_judged_as_they_are_served(measured: HandMeasurement, session: Session) -> None:
    """The decision is that of identify; controls find what they find while no more strangers pass."""
    hand, *controls = (each.open_set for each in measured.results.all)
    assert hand is not None
    assert hand.at is not None
    assert session.card.likelihood is not None
    assert hand.at.threshold == named_from(session.card.likelihood)
    for control in controls:
        assert control is not None
        assert control.at is not None
        assert control.at.false_alarms.value <= hand.at.false_alarms.value
        assert control.at.found.value < hand.at.found.value


def test_controls_decide_freely_where_the_hand_has_no_strangers(measured: HandMeasurement) -> None:
    """Without a share of strangers to go by nothing is told of a control's threshold."""
    hand = measured.results.hand
    assert as_many_strangers(hand).allowing is not None
    assert as_many_strangers(replace(hand, open_set=None)) == UNDECIDED


def test_pages_of_one_line_have_no_amounts(session: Session, images: LabelledImages) -> None:
    """What cannot be taken together is said once, and all else is measured."""
    single = images.subset(range(2 * WRITERS))
    results = measure_hand_encoder(session, single, source="drawn", times=5).results
    assert [each.amounts for each in results.all] == [None] * 3
    assert sum("The amount of text was not measured" in note for each in results.all for note in each.notes) == 1


def test_what_is_left_out_is_told(session: Session, images: LabelledImages, tmp_path: Path) -> None:
    """An image that cannot be read leaves its page's others in; a blank page is counted, and in no figure."""
    (tmp_path / "broken.png").write_bytes(b"no image")
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 300), 250, np.uint8))
    more = LabelledImages(
        (*images.images, tmp_path / "broken.png", tmp_path / "blank.png"),
        (*images.labels, images.labels[0], "writer 0"),
        (*images.groups, images.groups[0], "page 9"),
    )
    told: list[tuple[int, int]] = []
    found = measure_hand_encoder(session, more, source="dhsd", report=lambda *each: told.append(each), times=5)
    assert found.results.samples == WRITERS * PAGES
    assert len(found.unreadable) == 1
    assert "broken.png" in found.unreadable[0]
    assert any("too little ink" in note and note.endswith("1.") for note in found.results.notes)
    assert found.results.notes[0].startswith("The encoder was fitted to dhsd: figures on data")
    assert all(done <= total for done, total in told)
    assert told[-1][0] == told[-1][1]


def test_pages_that_are_not_known_and_a_limit_are_told(session: Session, images: LabelledImages) -> None:
    """Without groups each image is a page of its own, and a part of the images says that it is a part."""
    found = measure_hand_encoder(
        session, replace(images, groups=(None,) * len(images)), source="drawn", limit=24, times=5
    )
    assert found.results.samples == 24
    assert any(note.startswith("Measured on 24 of 32 images") for note in found.results.notes)
    assert any(note.startswith("No pages are known") for note in found.results.notes)
