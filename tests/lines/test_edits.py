"""Edit distances and edits."""

import pytest

from duktus.lines.evaluation.edits import Edit, distance, edits


@pytest.mark.parametrize(
    ("truth", "read", "expected"),
    [("", "", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("-70", "70", 1), ("1/2", "112", 1)],
)
def test_distance(truth: str, read: str, expected: int) -> None:
    """The distance is that of the textbook, and there are as many edits."""
    assert distance(truth, read) == expected
    assert len(edits(truth, read)) == expected


def test_edits_say_what_was_taken_for_what() -> None:
    """A replacement, a loss and an addition."""
    assert edits("1/2", "112") == [Edit("/", "1")]
    assert edits("-7", "7") == [Edit("-", "")]
    assert edits("7", "77") in ([Edit("", "7")], [Edit("", "7")])
