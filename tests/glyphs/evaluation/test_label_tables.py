"""Labels are text, whatever their script, beside the pictures that were confused."""

import numpy as np

from duktus.glyphs.evaluation.confusions import Confusion, Wanted
from duktus.glyphs.evaluation.label_tables import (
    NAMED,
    class_table,
    confusions_section,
    mistakes,
    wanted_lines,
    wanted_section,
)
from duktus.glyphs.evaluation.metrics import ClassFigures, Mistake
from duktus.reporting.intervals import Estimate, wilson

PICTURES = {i: np.full((4, 4), i / 9) for i in range(5)}


def test_pair_is_shown_side_by_side() -> None:
    """One picture read right on either side, the misread ones between, and both labels as text."""
    text = confusions_section([Confusion("ᚠ", "<b>", 3, 0.3, (2, 3), (0, 1))], PICTURES)
    assert text.count("data:image/png;base64,") == 4
    assert all(part in text for part in (">ᚠ</bdi>", "<bdi>&lt;b&gt;</bdi>", "30.00 %", 'alt="ᚠ → &lt;b&gt;"'))
    assert "<b>" not in text


def test_pictures_may_be_missing() -> None:
    """What was never read right, or has no picture, leaves its cell empty."""
    text = confusions_section([Confusion("a", "b", 1, 1.0, (7,), (None, None))], PICTURES)
    assert "<img" not in text
    assert "100.00 %" in text


def test_nothing_is_said_to_be_nothing() -> None:
    """Without confusions and needs there are sentences, and no lines for the terminal."""
    assert "No label was confused with another" in confusions_section([], None)
    assert "no label was misread" in wanted_section([])
    assert wanted_lines([]) == []


def test_needy_letters_are_listed_with_reasons() -> None:
    """The page lists many of them, the terminal the first few, and both say how many there are."""
    wanted = [Wanted(f"L{i}\u202e<", 1 / (i + 1), ("1 example", "taken for ᚢ ×3")) for i in range(70)]
    page, lines = wanted_section(wanted), wanted_lines(wanted)
    assert page.count("<tr>") == 61
    assert "60 of 70" in page
    assert "1 example, taken for ᚢ ×3" in page
    assert "&lt;" in page
    assert len(lines) == NAMED + 2
    assert lines[1].endswith("(1 example, taken for ᚢ ×3)")
    assert lines[-1] == f"  and {70 - NAMED} more"


def test_every_text_of_a_mistake_is_escaped() -> None:
    """A label that looks like HTML comes out as text, in the table of labels and beneath a picture."""
    nasty = "<script>&\"'"
    pieces = [
        class_table([ClassFigures(nasty, wilson(1, 2), wilson(1, 2), 0.5)]),
        mistakes([Mistake(0, nasty, nasty, 0.9, True)], {0: np.zeros((2, 2))}),
    ]
    assert not any("<script>" in piece or '&"' in piece for piece in pieces)


def test_a_label_that_a_font_may_lack_stands_beside_its_drawing() -> None:
    """In every table the drawing of such a label follows its text; other labels have none."""
    drawings = {"ᚠ": np.zeros((28, 28))}
    figures = [ClassFigures(name, wilson(1, 2), wilson(1, 2), 0.5) for name in ("ᚠ", "a")]
    confused = [Confusion("ᚠ", "a", 1, 0.5, (), (None, None))]
    wanted = [Wanted("a", 0.5, ("1 example", "taken for ᚠ ×3"))]
    pieces = [
        class_table(figures, drawings),
        confusions_section(confused, None, drawings),
        wanted_section(wanted, drawings),
        mistakes([Mistake(0, "ᚠ", "a", 0.9, True)], None, drawings),
    ]
    assert [piece.count('ᚠ</bdi> <img class="sign"') for piece in pieces] == [1, 1, 1, 1]
    assert [piece.count("<img") for piece in pieces] == [1, 1, 1, 1]


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


def test_a_label_of_no_samples_has_dashes() -> None:
    """What is unknown is not 0 %."""
    unknown = Estimate(float("nan"), 0.0, 1.0, 0)

    assert '<td class="number">–</td>' in class_table([ClassFigures("a", unknown, unknown, float("nan"))])
