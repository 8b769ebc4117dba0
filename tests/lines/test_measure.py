"""Error rates of lines: characters, words, whole lines, with intervals over groups; what is confused; the report."""

from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.lines.labelled import LabelledLine
from duktus.lines.evaluation.edits import Edit
from duktus.lines.evaluation.inks import LineInk
from duktus.lines.evaluation.measure import LineFigures, LineMeasurement, count_errors
from duktus.lines.evaluation.report import line_summary, to_line_record, write_line_report
from duktus.models.file import find_model, read_card
from duktus.types import Transcript


def figures(*lines: tuple[str, str, bool]) -> LineFigures:
    """The figures of lines: what stands there, what was read, whether it was accepted."""
    answers = []
    for number, (truth, read, accepted) in enumerate(lines):
        line = LabelledLine(Path(f"{number}.png"), truth, f"page {number // 2}")
        ink = np.full((300, 40), 0.5, np.float32)
        answers.append((LineInk(line, ink), Transcript(read, 0.9, accepted, "", (), (), ())))
    return count_errors(answers)


def test_rates() -> None:
    """Errors are over what stands there; exact and accepted lines are counted."""
    read = ("one two", "one two", True), ("three", "thre", True), ("12.75", "1275", False), ("a", "abcd", False)
    found = figures(*read)
    assert found.characters.value == pytest.approx(5 / 18)
    assert found.characters.n == 18
    assert found.words.value == pytest.approx(3 / 5)
    assert found.words.n == 5
    assert (found.exact.value, found.accepted.value, found.sure.value) == (0.25, 0.5, 0.5)
    assert found.groups == 2
    assert dict(found.confused)[Edit(".", "")] == 1
    assert [each.text for each in found.worst] == ["a", "three", "12.75"]
    assert found.worst[0].picture.shape[0] <= 96
    assert found.characters.low < found.characters.value < found.characters.high


def test_quotation_marks_are_alike() -> None:
    """Signs that no hand tells apart are no errors, nor is the way in which accents are encoded."""
    assert figures(("l\u2019e\u0301te\u0301", "l'\u00e9t\u00e9", True)).exact.value == 1


def test_the_report(tmp_path: Path) -> None:
    """The page shows figures, confusions and the worst lines, text from outside escaped; the record has no NaN."""
    found = LineMeasurement(figures(("<b>", "<i>", False), ("x", "x", False)), (), ("a note",))
    page = write_line_report(found, read_card(find_model("numbers")), tmp_path, source="mine")
    text = page.read_text(encoding="utf-8")
    assert "&lt;b&gt;" in text
    assert "<b>" not in text.replace("<b>Loss", "").partition("Lines read worst")[2].partition("</table>")[0]
    assert "a note" in text
    record = to_line_record(found, "numbers", "mine")
    assert record["sure"]["value"] is None
    assert record["confused"] == [["b", "i", 1]]
    assert line_summary(found.figures)[-1].endswith("b → i ×1")
