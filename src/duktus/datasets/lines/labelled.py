"""Lines of writing with their texts, as people and publishers keep them: pairs of files, tables, pages, known sets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from duktus.datasets.lines.transcribed import TranscribedLine, read_lines
from duktus.datasets.tables import TABLE_SUFFIXES, read_table
from duktus.datasets.writers import find_hands
from duktus.imaging.files.load import is_supported
from duktus.pages.formats.reading import read_raw
from duktus.types import DataError
from duktus.types.text import visible

TEXT = ".gt.txt"
"""Ending of the file that says what the picture of the same name says."""

BESIDE = ("", "pages", "images", "../pages", "../images")
"""Folders, from that of an ALTO or PAGE file on, in which its image may lie."""


@dataclass(frozen=True, eq=False)
class LabelledLine:
    """A line of writing and its text.

    Attributes:
        image: the picture of the line, or of the page that it stands on.
        text: what it says, as it was transcribed.
        group: what it belongs to: a page, a writer, a document; lines of one group are alike.
        place: where it stands on its page; None where the picture is the line.
    """

    image: Path
    text: str
    group: str
    place: TranscribedLine | None = None


def find_lines(source: Path) -> list[LabelledLine]:
    """Find lines with their texts; lines without a text are passed over.

    Args:
        source: a folder of ``name.png`` beside ``name.gt.txt``; a table with the columns ``file`` and ``text`` (or
            ``label``), perhaps ``group``; an ALTO or PAGE file beside the image that it names, or a folder of such;
            IAM's folder, or DHSD's.

    Returns:
        The lines, one at least, in the order of the table or of the files' names. Images are found and not opened.

    Raises:
        DataError: there are none, or a table or page file is broken.
    """
    if source.is_dir():
        found = [*_of_sets(source), *_of_pairs(source)] or list(_of_pages(sorted(source.rglob("*.xml"))))
    elif source.suffix.lower() in TABLE_SUFFIXES:
        rows = read_table(source).rows
        found = [LabelledLine(row.path, row.label, row.group or row.path.name) for row in rows]
    else:
        found = list(_of_pages([source]))
    if not found:
        expected = f"pictures of lines with their texts (name{TEXT}), a table, or pages with ALTO or PAGE files"
        raise DataError(f"{source}: expected {expected}, received none; see 'Train on your own lines' in the guide")
    return found


def by_image(lines: Sequence[LabelledLine]) -> Iterator[list[LabelledLine]]:
    """Yield lines that follow each other on one image together, so that it is opened once."""
    held: list[LabelledLine] = []
    for line in lines:
        if held and line.image != held[0].image:
            yield held
            held = []
        held.append(line)
    if held:
        yield held


def _of_sets(folder: Path) -> list[LabelledLine]:
    samples = find_hands(folder) or []
    return [LabelledLine(each.image, each.text, each.page or each.writer) for each in samples if each.text]


def _of_pairs(folder: Path) -> list[LabelledLine]:
    found = []
    for file in sorted(folder.rglob(f"*{TEXT}")):
        stem = file.name.removesuffix(TEXT)
        image = _picture_of(file.parent, stem)
        try:
            text = " ".join(file.read_text(encoding="utf-8-sig").split())
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{file}: expected text in UTF-8, received {error}; save it again") from error
        if image is None:
            raise DataError(f"{file}: expected an image named {stem} beside it, found none; add it or remove the text")
        if text:
            # Files of one page are mostly numbered: 0012_03.png is a line of page 0012.
            found.append(LabelledLine(image, text, f"{file.parent.name}/{stem.rsplit('_', 1)[0]}"))
    return found


def _picture_of(folder: Path, stem: str) -> Path | None:
    """Return the first picture of a name."""
    return next((each for each in sorted(folder.glob(f"{_escaped(stem)}.*")) if is_supported(each.name)), None)


def _escaped(stem: str) -> str:
    return "".join(f"[{character}]" if character in "*?[" else character for character in stem)


def _of_pages(files: Sequence[Path]) -> Iterator[LabelledLine]:
    for file in files:
        image = _image_of(file)
        for line in read_lines(file, image):
            if line.text.strip() and len(line.polygon) > 2:
                yield LabelledLine(image, line.text, image.name, line)


def _image_of(file: Path) -> Path:
    """Return the image that an ALTO or PAGE file is of: the one that it names, or one of its own name."""
    named = [page.image for page in read_raw(file, visible(str(file)))]
    name = Path(named[0].replace("\\", "/")).name if named else ""
    for folder in BESIDE:
        place = file.parent / folder
        if name and (place / name).is_file():
            return place / name
        if (image := _picture_of(place, file.stem)) is not None:
            return image
    raise DataError(f"{file}: expected its image {name or file.stem!r} beside it, found none; put it there")
