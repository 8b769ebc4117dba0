"""Letters that look alike: decided by size and kind within a row, left open alone."""

import pytest

from duktus.glyphs.reading.case import BELOW, HANGING, settle_case, usual_height
from duktus.glyphs.reading.marks import Placed
from duktus.models.confidence import Decision
from duktus.types import Alternative, Box

ALIKE = (("0", "O", "o"), ("s", "S"), ("1", "I", "l"), ("p", "P"))


def row(
    text: str, heights: dict[str, float] | None = None, number: int = 0, drops: dict[str, float] | None = None
) -> list[Placed]:
    """Characters of a row at their usual heights, of 40 pixels a capital; those alike are as likely the other."""
    placed = []
    for place, character in enumerate(text):
        group = next((group for group in ALIKE if character in group), ())
        high = round(40 * (heights or {}).get(character, usual_height(character)))
        others = tuple(Alternative(label, 0.9 / len(group)) for label in group if label != character)
        decision = Decision(character, 0.9, True, "", others)
        foot = 100 + round(40 * ((drops or {}).get(character, BELOW if character in HANGING else 0.0)))
        placed.append(Placed(number, Box(place * 50, foot - high, 30, high), decision))
    return placed


def said(placed: list[Placed]) -> str:
    """What characters say."""
    return "".join(each.decision.text for each in settle_case(placed, ALIKE))


@pytest.mark.parametrize(
    ("read", "heights", "right"),
    [
        ("hOuse", {"O": 0.62}, "house"),
        ("hoUse", {"o": 1.0, "U": 1.0}, "hOUse"),
        ("Sand", {"S": 0.6}, "sand"),
        ("2O7", {}, "207"),
        ("24l", {}, "241"),
        ("hell", {}, "hell"),
        ("abo", {}, "abo"),
    ],
)
def test_a_row_decides(read: str, heights: dict[str, float], right: str) -> None:
    """By the sizes of those whose shape is certain, and by the kinds of their neighbours."""
    assert said(row(read, heights)) == right


def test_where_it_stands_decides() -> None:
    """A p hangs below the line, and is as high as a P, which stands on it."""
    assert said(row("haPen", drops={"P": BELOW})) == "hapen"
    assert said(row("THEpE", drops={"p": 0.0})) == "THEPE"


def test_alone_it_stays_open() -> None:
    """One that stands alone, or among others of its like, is what it was read as, its alternatives beside it."""
    (only,) = settle_case(row("O"), ALIKE)
    assert only == row("O")[0]
    assert said(row("so")) == "so"


def test_what_it_was_becomes_an_alternative() -> None:
    """The confidence is that of the group; the label that was read before is the first alternative."""
    settled = settle_case(row("hOuse", {"O": 0.62}), ALIKE)[1].decision
    assert (settled.text, settled.confidence, settled.alternatives[0].text) == ("o", 0.9, "O")
    assert sorted(one.text for one in settled.alternatives) == ["0", "O"]


def test_rows_are_apart_and_nothing_is_lost() -> None:
    """Each row has its own scale; without groups nothing changes."""
    two = [*row("hOuse", {"O": 0.62}), *row("abO", {}, number=1)]
    assert [each.row for each in settle_case(two, ALIKE)] == [0] * 5 + [1] * 3
    assert said(two) == "houseabO"
    assert settle_case(two, ()) == two
