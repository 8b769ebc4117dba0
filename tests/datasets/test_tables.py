"""Tables are read strictly: a row that is wrong is named by its line."""

import unicodedata
from pathlib import Path

import pytest

from duktus.datasets.tables import Row, harmless, read_table
from duktus.types import DataError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files to name in tables."""
    (tmp_path / "sub").mkdir()
    for name in ("a.png", "sub/b c.png"):
        (tmp_path / name).touch()
    return tmp_path


def read(folder: Path, text: str | bytes, name: str = "table.csv") -> list[Row]:
    """The rows of a table."""
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return read_table(folder / name).rows


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("file,label,group\na.png,ᚠ,anna\nsub/b c.png,7,\n", "table.csv"),
        ("\ufefffile;label;group\r\na.png;ᚠ;anna\r\n\r\nsub/b c.png;7;\r\n", "table.csv"),
        ("label\tgroup\tfile\nᚠ\tanna\ta.png\n7\t\tsub/b c.png\n", "table.tsv"),
        ('"file", "text", "group", "more"\n"a.png", "ᚠ", "anna", 1\n"sub/b c.png", 7, "", 2\n', "TABLE.CSV"),
        ('{"file": "a.png", "label": "ᚠ", "group": "anna"}\n\n{"file": "sub/b c.png", "label": 7}\n', "table.jsonl"),
    ],
)
def test_every_kind_of_table_gives_the_same_rows(folder: Path, text: str, name: str) -> None:
    """Commas, semicolons, tabs, quotes, a byte order mark, Windows' line ends, and JSON all do."""
    rows = read(folder, text, name)
    assert rows == [Row(folder / "a.png", "ᚠ", "anna"), Row(folder / "sub/b c.png", "7", None)]


def test_a_file_may_be_given_by_its_whole_path(folder: Path) -> None:
    """An absolute path does not count from the table."""
    assert read(folder, f"file,label\n{folder / 'a.png'},x\n")[0].path == folder / "a.png"


def test_labels_may_be_any_text(folder: Path) -> None:
    """Commas, quotes and separators of lines may stand in a label."""
    assert read(folder, 'file,label\na.png,"a, ""b"" \u2028\nc"\n')[0].label == 'a, "b" \u2028\nc'
    assert read(folder, '{"file": "a.png", "label": "x\u2028y"}', "t.jsonl")[0].label == "x\u2028y"


def test_a_missing_file_stays_among_the_others(folder: Path) -> None:
    """Whoever opens the images tells of it; the table does not fail for one name."""
    assert [row.path.name for row in read(folder, "file,label\na.png,x\nmissing.png,y\n")] == ["a.png", "missing.png"]


def test_a_file_is_found_whichever_way_its_accents_are_written(folder: Path) -> None:
    """A name composed in the table and decomposed on the disk, or the other way round, is one name."""
    composed, apart = (unicodedata.normalize(form, "é.png") for form in ("NFC", "NFD"))
    (folder / apart).touch()
    assert read(folder, f"file,label\n{composed},x\n")[0].path.is_file()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "expected a first line"),
        ("a.png,7\n", "expected a first line .* received 'a.png,7'"),
        ("file,class\na.png,7\n", "expected a first line"),
        ("file,label\n", "expected a row"),
        ("file,label\na.png\n", "line 2: expected a file and a label"),
        ("file,label\n,7\n", "line 2: expected a file and a label"),
        ("file,label\na.png,7,8\n", "line 2: received more values"),
        ("file,label\nc.png,7\nd.png,7\n", "received 2 names, none of which exists .*c.png"),
        ("file,label\na.png,7\nc.png,1\na.png,8\n", "line 4: .* a.png again .first as '7', now as '8'"),
        ('file,label\na.png,"7\n', "the row cannot be read"),
        ("file,label," + "x" * 200_000 + "\n", "the first line cannot be read"),
        ("file,label\n" + "b" * 5000 + ",7\n", "none of which exists"),
        ("file,label\n" + "\n" * 2_000_000, "at most 2,000,000 lines"),
        (b"file,label\na.png,\xe9\n", "expected text in UTF-8"),
    ],
)
def test_a_wrong_csv_is_refused(folder: Path, text: str | bytes, said: str) -> None:
    """Each mistake is told with its line."""
    with pytest.raises(DataError, match=said):
        read(folder, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"file": "a.png", "label": "7"', "line 1: expected a JSON object"),
        ('["a.png", "7"]', 'line 1: expected a JSON object, received ."a.png'),
        ('{"file": "a.png"}', "line 1: expected a file and a label"),
        ("[" * 100_000, "line 1: expected a JSON object"),
        ('{"file": ' + "9" * 5000 + "}", "line 1: expected a JSON object"),
        ('{"file": "a.png", "label": true}', "line 1: expected text, received True"),
        ('{"file": "a.png", "label": ["7"]}', "line 1: expected text"),
        ("", "expected a row"),
    ],
)
def test_a_wrong_jsonl_is_refused(folder: Path, text: str, said: str) -> None:
    """Each mistake is told with its line."""
    with pytest.raises(DataError, match=said):
        read(folder, text, "table.jsonl")


def test_a_table_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """A missing table is an error of the project's own class."""
    with pytest.raises(DataError, match="No such file"):
        read_table(tmp_path / "missing.csv")


def test_rows_that_await_a_label_are_passed_over(folder: Path) -> None:
    """Where a reading's text stands beside the label, an empty label is a person's silence, and is counted."""
    text = "file,text,label\na.png,7,\nsub/b c.png,4,9\na.png,8, \n"
    (folder / "review.csv").write_text(text)
    assert read_table(folder / "review.csv") == ([Row(folder / "sub/b c.png", "9", None)], 2)
    with pytest.raises(DataError, match="received 1 whose label is empty"):
        read(folder, '{"file": "a.png", "text": "7", "label": ""}\n', "review.jsonl")
    with pytest.raises(DataError, match="expected a file and a label"):
        read(folder, "file,label\na.png,\n")


def test_cells_are_no_formulas() -> None:
    """What a spreadsheet would compute is quoted; what it would not stays as it is."""
    assert [harmless(cell) for cell in ("=1+1", "@x", "-x", "\tx")] == ["'=1+1", "'@x", "'-x", r"\tx"]
    assert [harmless(cell) for cell in ("=", "-4.5", "ᚠ", "")] == ["=", "-4.5", "ᚠ", ""]


def test_a_table_without_end_is_refused(tmp_path: Path) -> None:
    """A device is read no further than a table is long."""
    endless = tmp_path / "endless.csv"
    endless.symlink_to("/dev/zero")
    with pytest.raises(DataError, match="100,000,000 characters"):
        read_table(endless)
