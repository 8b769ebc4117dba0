"""Which of several answers is chosen, and what is refused as there by chance."""

import numpy as np
import pytest

from duktus.glyphs.reading.hypotheses import Hypothesis, Requirement
from duktus.glyphs.reading.lattice import Arc, Lattice, Path
from duktus.glyphs.reading.selection import AMONG_NONE, EDGE, PART_OF_NONE, Answer, best_answer, refuse_implausible
from duktus.imaging.layout.pieces import Pieces
from duktus.imaging.layout.rows import Row
from duktus.imaging.layout.writing import Writing
from duktus.models.confidence import Decision
from duktus.types import Box

CERTAIN = 0.999


def decision(confidence: float, accepted: bool = True) -> Decision:
    """A digit of some confidence; refused as no character unless accepted."""
    return Decision("1", confidence, accepted, "" if accepted else "not a character", ())


def answer_of(
    *decisions: Decision,
    origins: tuple[int, ...] = (),
    requirement: Requirement = "nothing",
    score: float = -0.05,
    boxes: tuple[Box, ...] = (),
) -> Answer:
    """An answer of characters side by side unless ``boxes`` say where, each of one piece; ``origins`` as in ``Pieces``.

    The page ends two pixels after the last character, or is 60 wide.
    """
    count = len(decisions)
    columns = 60 if boxes else 12 * count
    boxes = boxes or tuple(Box(12 * i, 0, 10, 20) for i in range(count))
    ink = np.zeros((20, columns), np.float32)
    pieces = Pieces(ink.astype(np.int32), tuple(range(1, count + 1)), boxes, (50,) * count, origins)
    arcs = tuple(Arc(0, i, i + 1, box, 0.5) for i, box in enumerate(boxes))
    lattice = Lattice((Row(tuple((i,) for i in range(count)), boxes, 20),), arcs, (ink,) * count, ((1.0,) * count,))
    hypothesis = Hypothesis(Writing(ink, pieces, "dark", 1.0, False, ink), lattice, requirement)
    return Answer(hypothesis, Path(tuple(range(count)), score), decisions)


def accepted(answer: Answer) -> list[bool]:
    """Which characters of an answer are accepted."""
    return [one.accepted for one in answer.decisions]


def test_digits_apart_stand_as_they_are() -> None:
    """Characters that no cut made keep what was decided, whatever their neighbours are."""
    answer = answer_of(decision(0.8), decision(0.1, accepted=False))
    assert refuse_implausible(answer) is answer


@pytest.mark.parametrize(("second", "stands"), [(CERTAIN, True), (0.9, False)])
def test_parts_of_a_cut_piece_stand_together(second: float, stands: bool) -> None:
    """Both parts of one connected piece are digits only where both surely are."""
    answer = refuse_implausible(answer_of(decision(CERTAIN), decision(second), origins=(0, 0)))
    assert accepted(answer) == [stands, stands]
    assert {one.reason for one in answer.decisions} == ({""} if stands else {PART_OF_NONE})


def test_a_torn_letter_takes_no_neighbour_with_it() -> None:
    """A refused part of a piece takes the other part along, and leaves the digit beside that piece alone."""
    answer = answer_of(decision(CERTAIN), decision(0.1, accepted=False), decision(0.9), origins=(0, 0, 1))
    assert accepted(refuse_implausible(answer)) == [False, False, True]


def test_nothing_stands_among_what_is_no_character() -> None:
    """A 1 among much that is none is there by chance."""
    none = [decision(0.1, accepted=False)] * 6
    answer = refuse_implausible(answer_of(decision(CERTAIN), *none))
    assert accepted(answer) == [False] * 7
    assert answer.decisions[0].reason == AMONG_NONE


@pytest.mark.parametrize(("score", "stands"), [(-0.9, True), (-1.1, False)])
def test_nothing_stands_on_a_page_that_is_badly_explained(score: float, stands: bool) -> None:
    """A 1 beside one thing that is no character goes with it where both together make little sense."""
    answer = refuse_implausible(answer_of(decision(CERTAIN), decision(0.1, accepted=False), score=score))
    assert accepted(answer) == [stands, False]
    assert answer.decisions[0].reason == ("" if stands else AMONG_NONE)
    whole = answer_of(decision(CERTAIN), decision(CERTAIN), score=score)
    assert refuse_implausible(whole) is whole


def test_a_demanding_look_needs_acceptance() -> None:
    """A hypothesis that requires acceptance throughout is passed over without it, and chosen where it explains more."""
    first = answer_of(decision(0.5, accepted=False), score=-2.0)
    other = answer_of(decision(0.4, accepted=False), requirement="accepted")
    assert best_answer([first, other]) is first
    sure = answer_of(decision(CERTAIN), requirement="accepted")
    assert best_answer([first, sure]) is sure


@pytest.mark.parametrize(
    ("boxes", "stands"),
    [
        ((Box(3, 0, 2, 20),), False),
        ((Box(3, 0, 2, 20), Box(57, 0, 1, 20)), False),
        ((Box(20, 0, 2, 20),), True),
        ((Box(3, 0, 2, 20), Box(20, 2, 10, 16)), True),
        ((Box(2, 0, 9, 20),), True),
    ],
)
def test_an_empty_cell(boxes: tuple[Box, ...], stands: bool) -> None:
    """Lines at a page's sides are no 1s where the page shows nothing else; beside other writing they may be."""
    answer = refuse_implausible(answer_of(*[decision(CERTAIN)] * len(boxes), boxes=boxes))
    assert accepted(answer) == [stands] * len(boxes)
    assert {one.reason for one in answer.decisions} == {"" if stands else EDGE}
