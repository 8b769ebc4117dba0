"""Answers become records that programs and people can rely on."""

import csv
import io
import json

import pytest

from duktus.cli.inputs import Answer
from duktus.cli.readings import READINGS, records
from duktus.cli.records import write_answers
from duktus.types import Alternative, Box, Reading, Readings
from duktus.types.readings import lines_of, text_of


def reading(text: str, x: int, y: int = 0, reason: str = "", confidence: float = 0.98765432) -> Reading:
    """A reading of a character 10 wide and 20 high."""
    return Reading(text, confidence, not reason, reason, (Alternative("9", 0.0123456789),), Box(x, y, 10, 20))


PAGE = (reading("4", 0), reading("7", 12, reason="unsure: 7 or 1", confidence=0.5))
ANSWER = Answer("a.png", Readings([(1, PAGE)]))
BROKEN = Answer[Readings]("b.png", error="b.png: the image is broken; fetch it again")


def test_record_has_the_promised_keys() -> None:
    """The machine's door stays as it is: these keys, in this order."""
    first = next(records(ANSWER))
    assert json.dumps(first) == (
        '{"file": "a.png", "page": 1, "index": 0, "box": [0, 0, 10, 20], "text": "4", "confidence": 0.987654, '
        '"accepted": true, "reason": "", "alternatives": [{"text": "9", "confidence": 0.012346}]}'
    )


def test_error_stands_in_its_place() -> None:
    """A file that cannot be read has one record, of two keys."""
    assert list(records(BROKEN)) == [{"file": "b.png", "error": BROKEN.error}]


def test_jsonl_is_an_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Each line is a record by itself; that a file failed is told."""
    assert not write_answers([ANSWER, BROKEN], "jsonl", READINGS)
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["file"] for line in lines] == ["a.png", "a.png", "b.png"]


def test_csv_survives_a_round_trip(capsys: pytest.CaptureFixture[str]) -> None:
    """Commas, quotes and line breaks in names come back as they were."""
    name = 'odd, "name"\nof a file.png'
    assert write_answers([Answer(name, ANSWER.found)], "csv", READINGS)
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["file"] for row in rows] == [name, name]
    assert (rows[1]["text"], rows[1]["accepted"], rows[1]["x"], rows[1]["alternatives"]) == (
        "7",
        "false",
        "12",
        "9 0.012346",
    )


@pytest.mark.parametrize(
    ("file", "cell"),
    [("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("-12", "-12"), ("+", "+"), ("@sum.png", "'@sum.png")],
)
def test_csv_gives_spreadsheets_no_formula(capsys: pytest.CaptureFixture[str], file: str, cell: str) -> None:
    """A file's name that a spreadsheet would compute is made text; numbers and single signs stay."""
    write_answers([Answer(file, error="broken")], "csv", READINGS)
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert row["file"] == cell


def test_table_has_a_row_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """People see lines as written: refused characters as "?", the least confidence, and the reason."""
    write_answers([ANSWER, BROKEN], "table", READINGS)
    heading, first, second = capsys.readouterr().out.splitlines()
    assert heading.split() == ["file", "text", "sure"]
    assert first.split(maxsplit=3) == ["a.png", "4?", "0.500", "unsure: 7 or 1"]
    assert second.split(maxsplit=1) == ["b.png", "error: the image is broken; fetch it again"]


def test_table_names_pages_after_the_first(capsys: pytest.CaptureFixture[str]) -> None:
    """The second page of a file says so, and a page without writing is a row too."""
    blank = Reading("", 0.0, False, "blank", (), Box(0, 0, 9, 9))
    write_answers([Answer("a.tif", Readings([(1, (blank,)), (2, (reading("4", 0),))]))], "table", READINGS)
    _, first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["a.tif", "0.000", "blank"]
    assert second.split()[:4] == ["a.tif", "p.", "2", "4"]


def test_table_streams(capsys: pytest.CaptureFixture[str]) -> None:
    """Once its columns stand, a row is printed before the next answer is made: memory does not grow."""
    printed = []

    def answers() -> object:
        for _ in range(120):
            yield ANSWER
            printed.append(capsys.readouterr().out.count("\n"))

    write_answers(answers(), "table", READINGS)  # type: ignore[arg-type]  # a generator is an iterable
    assert max(printed[60:]) == 1


def test_nothing_in_a_table_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """A file's name cannot clear the screen or forge a row."""
    write_answers([Answer("a\x1b[2J\nb.png", ANSWER.found)], "table", READINGS)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert len(out.splitlines()) == 2


def test_lines_are_found_by_their_boxes() -> None:
    """What goes back to the left or lies wholly beneath is a new line, a staircase too."""
    back = (reading("1", 0), reading("2", 15), reading("3", 5, 18))
    staircase = (reading("1", 0), reading("2", 15, 30), reading("3", 30, 60))
    assert [len(line) for line in lines_of(back)] == [2, 1]
    assert [len(line) for line in lines_of(staircase)] == [1, 1, 1]


def test_wide_gaps_become_spaces() -> None:
    """Two numbers in one line stay two numbers."""
    assert text_of([reading("1", 0), reading("2", 12), reading("3", 60), reading("4", 72)]) == "12 34"
