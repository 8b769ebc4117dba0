"""Sets of handwriting by known writers, as their publishers lay them out: IAM, DHSD and the French wills.

IAM is Marti and Bunke (2002), DHSD the Deutscher Handschriften-Datensatz (Riaz et al. 2026), the wills are the
Testaments de Poilus. Files are found and not opened.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from duktus.datasets.tables import csv_rows, read_lines
from duktus.imaging.files.load import is_supported
from duktus.types import DataError

_IAM_UNITS = ("sentences", "lines")
"""Folders of IAM's pieces of a form: the first that is there is taken, both hold the same ink."""

_DHSD, _WILLS = ("file_name", "text", "writer_id"), ("file", "will", "page")
"""Columns by which the tables are known."""


class HandSample(NamedTuple):
    """An image of handwriting: a file, who wrote it, on which page, and what it says; None where that is not known."""

    image: Path
    writer: str
    page: str | None
    text: str | None


def find_hands(source: Path) -> list[HandSample] | None:
    """Find the samples of a set of hands.

    Args:
        source: IAM's folder (``ascii/forms.txt`` and ``sentences/`` or ``lines/``); DHSD's folder or one of its tables
            (``file_name,text,writer_id``); the wills' folder or their table (``file,will,page``, images in
            ``pages/``).

    Returns:
        The samples, one at least, in the order of the table or of their names; None where the place is laid out
        otherwise. IAM's page is the form, the wills' ``AD78_0005/0`` counts within the will, DHSD's is not known: each
        word is an image of its own. Files that a table names and that are missing are among them, unless all are.

    Raises:
        DataError: a table of the set is broken or contradicts itself, or holds nothing.
    """
    if source.is_dir():
        if (source / "ascii" / "forms.txt").is_file():
            return _iam(source)
        tables = [source / "data.csv", source / "pages.csv"]
    else:
        tables = [source]
    for table in tables:
        kind = _kind(table)
        if kind is not None:
            return _existing_ones(_dhsd(table) if kind == _DHSD else _wills(table), table)
    return None


def _iam(folder: Path) -> list[HandSample]:
    """IAM's pieces, sorted; a form's folder bears its name."""
    writers = _iam_writers(folder / "ascii" / "forms.txt")
    units = next((unit for unit in _IAM_UNITS if (folder / unit).is_dir()), None)
    if units is None:
        raise DataError(
            f"{folder}: expected IAM's folder sentences/ or lines/, found neither; unpack one of them there"
        )
    texts = _iam_texts(folder / "ascii" / f"{units}.txt")
    files = sorted(file for file in (folder / units).glob("*/*/*") if is_supported(file.name))
    if not files:
        expected = f"images such as {units}/a01/a01-000u/a01-000u-s00-00.png"
        raise DataError(f"{folder}: expected {expected}, found none; unpack {units} there")
    unknown = next((file for file in files if file.parent.name not in writers), None)
    if unknown is not None:
        received = f"{unknown.relative_to(folder)}, whose form it does not list"
        raise DataError(f"{folder}/ascii/forms.txt: expected every form's writer, received {received}; fetch it again")
    return [HandSample(file, writers[file.parent.name], file.parent.name, texts.get(file.stem)) for file in files]


def _iam_writers(table: Path) -> dict[str, str]:
    """The writer of each form: ``a01-000u 000 2 prt 7 5 52 36``."""
    writers: dict[str, str] = {}
    for number, line in _iam_lines(table):
        fields = line.split()
        if len(fields) < 2 or writers.get(fields[0], fields[1]) != fields[1]:
            expected = "a form and its one writer (a01-000u 000 ...)"
            raise DataError(f"{table}, line {number}: expected {expected}, received {line[:60]!r}; fetch it again")
        writers[fields[0]] = fields[1]
    return writers


def _iam_texts(table: Path) -> dict[str, str]:
    """What the pieces say, by their names; the publisher's words, punctuation among them, stand a space apart.

    The words are the last field, after the box's four figures, and hold spaces themselves where they are several words
    in one; none at all where the table is not there.
    """
    if not table.is_file():
        return {}
    texts: dict[str, str] = {}
    for number, line in _iam_lines(table):
        fields = line.split(" ", 9 if table.stem == "sentences" else 8)
        if len(fields) < (10 if table.stem == "sentences" else 9):
            raise DataError(f"{table}, line {number}: expected a piece and its words, received {line[:60]!r}")
        texts[fields[0]] = fields[-1].replace("|", " ")
    return texts


def _iam_lines(table: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(read_lines(table), 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def _dhsd(table: Path) -> Iterator[HandSample]:
    for number, row in csv_rows(read_lines(table), table):
        file, text, writer = (str(row.get(name) or "") for name in _DHSD)
        if not file or not writer:
            raise DataError(
                f"{table}, line {number}: expected a file and its writer, received {row}; fetch the table again"
            )
        yield HandSample(table.parent / file, writer, None, text or None)


def _wills(table: Path) -> Iterator[HandSample]:
    for number, row in csv_rows(read_lines(table), table):
        file, will, page = (str(row.get(name) or "") for name in _WILLS)
        if not file or not will or not page:
            raise DataError(
                f"{table}, line {number}: expected a file, its will and page, received {row}; fetch the table again"
            )
        yield HandSample(table.parent / "pages" / file, will, f"{will}/{page}", None)


def _existing_ones(samples: Iterator[HandSample], table: Path) -> list[HandSample]:
    """All samples, of which one at least has its file, and none stands twice."""
    found: dict[Path, HandSample] = {}
    for sample in samples:
        if sample.image in found:
            raise DataError(f"{table}: expected each file once, received {sample.image.name} again; remove one line")
        found[sample.image] = sample
    if not any(image.is_file() for image in found):
        first = next(iter(found), "no row")
        raise DataError(f"{table}: expected files beside it, found none of {len(found):,} ({first}); unpack them there")
    return list(found.values())


def _kind(table: Path) -> tuple[str, ...] | None:
    """Whose table it is, by its first line; None for a stranger's."""
    if table.suffix.lower() != ".csv" or not table.is_file():
        return None
    with table.open("rb") as file:
        heading = file.readline(200).decode("utf-8-sig", "replace")
    columns = set(next(csv.reader([heading.strip()]), []))
    return next((names for names in (_DHSD, _WILLS) if columns >= set(names)), None)
