"""What composed pages are made of: sets of handwriting on disk and the machine's typefaces, some kept to measure on."""

import csv
import gzip
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from duktus.datasets.fingerprint import fingerprint
from duktus.models.card import DataSource
from duktus.pen.pages.typeset import FOLDERS, Face, find_faces
from duktus.types import DataError
from duktus.written.training.cuts import Cut, cut_lines, cut_words
from duktus.written.training.furniture import Sources
from duktus.written.training.strokes import KINDS, read_writers

KEPT = 0.15
"""Share of writers, documents and families of typefaces that train nothing."""

LICENCE = "CC BY 4.0"
"""Of every set that these pages are from."""

LINE_SOURCES = ("stanford_memorials", "cremma_mss_18", "cremma_mss_19", "cremma_mss_20", "peraire")
"""Sources of ``lines/`` whose pages are plain writing, so that a line's outline holds nothing else."""


@dataclass(frozen=True)
class Transcribed:
    """A page with an ALTO file.

    ``kept`` pages train nothing; of ``whole`` ones every written line is transcribed.
    """

    image: Path
    alto: Path
    writer: str
    kept: bool

    @property
    def whole(self) -> bool:
        """Whether what lies beside its lines was not written."""
        return self.writer.startswith("volunteer")


def is_kept(name: str) -> bool:
    """Tell whether a writer, a document or a family of typefaces is kept for measuring; always the same answer.

    >>> [name for name in ("dejavusans", "lato", "liberationserif", "carlito") if is_kept(name)]
    ['liberationserif']
    """
    return zlib.crc32(name.encode()) % 1000 < 1000 * KEPT


def open_sources(
    data: Path, fonts: Sequence[str] = (), *, kept: bool = False, cuts: list[list[Cut]] | None = None
) -> Sources:
    """Open all there is under a folder of data sets: ``unipen/``, ``dhsd/``, ``testaments/``, ``lines/``, ``copiste/``.

    Args:
        data: the folder; of the sets only ``unipen/`` must be there.
        fonts: folders of typefaces; those of the machine if there are none.
        kept: those writers and typefaces that are kept for measuring, in place of those that train.
        cuts: what ``cuts_of`` gave earlier; None to cut it now.

    Raises:
        DataError: there is no UNIPEN or no typeface, or of either none to train on or none to measure on.
    """
    if not (data / "unipen" / "words.jsonl.gz").is_file():
        raise DataError(
            f"{data}: expected UNIPEN's strokes in unipen/words.jsonl.gz; name the folder that holds unipen/"
        )
    folders = tuple(Path(folder).expanduser() for folder in fonts) or FOLDERS
    writers, faces = read_writers(data / "unipen", KINDS), find_faces(folders)
    _check(Counter(is_kept(each.name) for each in writers), f"writers in {data / 'unipen'}", "add writers")
    places = ", ".join(map(str, folders))
    advice = "'apt-get install fonts-liberation fonts-lato' and more, or name folders by pool.fonts"
    _check(Counter(is_kept(face.family) for face in faces), f"typefaces under {places}", advice)
    writers = [writer for writer in writers if is_kept(writer.name) == kept]
    faces = [face for face in faces if is_kept(face.family) == kept]
    words = sorted(
        {piece.label for writer in writers for piece in writer.pieces.get("words", ()) if len(piece.label) > 1}
    )
    return Sources(writers, cuts_of(data, kept=kept) if cuts is None else cuts, thin_families(faces), words)


def _check(kept: Counter[bool], what: str, advice: str) -> None:
    if not kept[True] or not kept[False]:
        received = f"received {kept[False]} and {kept[True]}"
        raise DataError(f"expected {what} to train on and to measure on, {received}; {advice}")


def thin_families(faces: list[Face], most: int = 6) -> list[Face]:
    """Return at most so many faces of a family, evenly chosen, so that none outweighs the others."""
    families: dict[str, list[Face]] = {}
    for face in faces:
        families.setdefault(face.family, []).append(face)
    return [face for group in families.values() for face in group[:: max(1, len(group) // most)][:most]]


def cuts_of(data: Path, *, kept: bool) -> list[list[Cut]]:
    """Return words and lines cut out of scans, by writer: of those that train, or of those that are kept."""
    found = []
    if (data / "dhsd" / "data.csv").is_file():
        found += [cuts for writer, cuts in cut_words(data / "dhsd").items() if is_kept(f"dhsd{writer}") == kept]
    documents: dict[str, dict[Path, Path]] = {}
    for page in transcribed_pages(data):
        if page.kept == kept:
            documents.setdefault(page.writer, {})[page.image] = page.alto
    for pages in documents.values():
        found.append(cut_lines(pages))
    return [cuts for cuts in found if len(cuts) > 3]


def transcribed_pages(data: Path) -> list[Transcribed]:
    """Return the pages with ALTO files of the wills, of ``lines/`` and of ``copiste/``.

    Of ``copiste/`` the volunteers with two sheets are kept for measuring, since hands are distinguished on them.
    """
    found = []
    for row in _table(data / "testaments" / "pages.csv"):
        name = f"will {row['will']}"
        found.append(_page(data / "testaments", "pages", row["file"], name, kept=is_kept(name)))
    for source in LINE_SOURCES:
        for row in _table(data / "lines" / source / "pages.csv"):
            name = f"{source} {row['document']}"
            found.append(_page(data / "lines" / source, "pages", row["file"], name, kept=is_kept(name)))
    copied = _table(data / "copiste" / "pages.csv")
    sheets = Counter(row["volunteer"] for row in copied)
    for row in copied:
        name = f"volunteer {row['volunteer']}"
        found.append(_page(data / "copiste", "alto", row["file"], name, kept=sheets[row["volunteer"]] > 1))
    return [page for page in found if page.alto.is_file()]


def describe_sets(data: Path, kinds: Sequence[str] = KINDS) -> tuple[DataSource, ...]:
    """Return the sets that are there as a card names them; a fingerprint is that of a set's tables.

    Args:
        data: the folder that holds them.
        kinds: of UNIPEN's files.
    """
    tables = {
        "unipen": [data / "unipen" / f"{kind}.jsonl.gz" for kind in kinds],
        "dhsd": [data / "dhsd" / "data.csv"],
        "testaments": [data / "testaments" / "pages.csv"],
        "lines": [data / "lines" / source / "pages.csv" for source in LINE_SOURCES],
        "copiste": [data / "copiste" / "pages.csv"],
    }
    found = []
    for name, files in tables.items():
        if there := [file for file in files if file.is_file()]:
            rows, split = sum(map(_rows, there)), "all but the writers and documents kept for measuring"
            found.append(DataSource(name, fingerprint(*there), LICENCE, rows, split))
    return tuple(found)


def _rows(table: Path) -> int:
    """Return how many segments a file of strokes has, or rows a table."""
    if table.suffix == ".gz":
        with gzip.open(table, "rb") as lines:
            return sum(1 for _ in lines)
    return len(_table(table))


def _page(folder: Path, altos: str, file: str, writer: str, *, kept: bool) -> Transcribed:
    image = folder / "pages" / file
    return Transcribed(image, folder / altos / f"{image.stem}.xml", writer, kept)


def _table(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        return []
    with open(file, encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
