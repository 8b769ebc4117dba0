"""Characters of other alphabets: which of them look like a label stands in a table."""

from pathlib import Path

import pytest

from duktus.glyphs.training.out_of_alphabet import read_lookalikes
from duktus.types import DataError


def test_table_of_twins(tmp_path: Path, repository: Path) -> None:
    """A table names alphabets and characters; the project's own has some, and a bad one is refused."""
    table = tmp_path / "twins.csv"
    table.write_text("alphabet,character,label\nGreek,15,0\nGreek,3,8\n", encoding="utf-8")
    assert read_lookalikes(table) == {("Greek", 15), ("Greek", 3)}
    assert len(read_lookalikes(repository / "recipes" / "omniglot-twins.csv")) > 20
    for text in ("alphabet,number\nGreek,3\n", "alphabet,character\nGreek,omikron\n", "alphabet,character\nGreek\n"):
        table.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"twins\.csv: expected a table.*data\.twins"):
            read_lookalikes(table)
    with pytest.raises(DataError, match=r"data\.twins"):
        read_lookalikes(tmp_path / "missing.csv")
