"""What composed pages are made of: sets of handwriting on disk and the machine's typefaces, some kept to measure on."""

import csv
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from duktus.pen.typeset import Face, find_faces
from duktus.types import DataError
from duktus.written.training.cuts import Cut, cut_lines, cut_words
from duktus.written.training.sheets import Sources
from duktus.written.training.strokes import KINDS, read_writers

KEPT = 0.15
"""Share of writers, documents and families of typefaces that train nothing."""

LINE_SOURCES = ("stanford_memorials", "cremma_mss_18", "cremma_mss_19", "cremma_mss_20", "peraire")
"""Sources of ``lines/`` whose pages are plain writing, so that a line's outline holds nothing else."""


@dataclass(frozen=True)
class Transcribed:
    """A page with an ALTO file: who wrote it, and whether it trains."""

    image: Path
    alto: Path
    writer: str
    kept: bool


def is_kept(name: str) -> bool:
    """Tell whether a writer, a document or a family of typefaces is kept for measuring; always the same answer.

    >>> [name for name in ("dejavusans", "lato", "liberationserif", "carlito") if is_kept(name)]
    ['lato']
    """
    return zlib.crc32(name.encode()) % 1000 < 1000 * KEPT


def open_sources(data: Path, *, kept: bool = False) -> Sources:
    """Open all there is under a folder of data sets: ``unipen/``, ``dhsd/``, ``testaments/``, ``lines/``, ``copiste/``.

    Args:
        data: the folder; of the sets only ``unipen/`` must be there.
        kept: those writers and typefaces that are kept for measuring, in place of those that train.

    Raises:
        DataError: there is no UNIPEN or no typeface.
    """
    if not (data / "unipen" / "words.jsonl.gz").is_file():
        raise DataError(
            f"{data}: expected UNIPEN's strokes in unipen/words.jsonl.gz; name the folder that holds unipen/"
        )
    writers = [writer for writer in read_writers(data / "unipen", KINDS) if is_kept(writer.name) == kept]
    faces = [face for face in find_faces() if is_kept(face.family) == kept]
    if not faces:
        raise DataError(
            "expected fonts under /usr/share/fonts, received none; 'apt-get install fonts-liberation' and more"
        )
    words = sorted(
        {piece.label for writer in writers for piece in writer.pieces.get("words", ()) if len(piece.label) > 1}
    )
    return Sources(writers, list(_cuts(data, kept=kept)), thin_families(faces), words)


def thin_families(faces: list[Face], most: int = 6) -> list[Face]:
    """Return at most so many faces of a family, evenly chosen, so that none outweighs the others."""
    families: dict[str, list[Face]] = {}
    for face in faces:
        families.setdefault(face.family, []).append(face)
    return [face for group in families.values() for face in group[:: max(1, len(group) // most)][:most]]


def _cuts(data: Path, *, kept: bool) -> list[list[Cut]]:
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

    Of ``copiste/`` the volunteers with two sheets are kept for measuring, since hands are told apart on them.
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


def _page(folder: Path, altos: str, file: str, writer: str, *, kept: bool) -> Transcribed:
    image = folder / "pages" / file
    return Transcribed(image, folder / altos / f"{image.stem}.xml", writer, kept)


def _table(file: Path) -> list[dict[str, str]]:
    if not file.is_file():
        return []
    with open(file, encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
