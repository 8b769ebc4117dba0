"""PAGE and ALTO of any year, read: lines with their outlines, baselines, words and text, by the names of elements."""

import math
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from duktus.pages.formats.document import PageText, box_of, clip_points
from duktus.pages.formats.from_alto import lines_of_alto
from duktus.pages.formats.from_prima import lines_of_prima
from duktus.pages.formats.markup import MOST_POINTS, first, parse, parse_text
from duktus.pages.formats.raw import FARTHEST, RawLine, RawPage, number_of, whole_of
from duktus.types import DataError, Points, Reading, Sheet, Word
from duktus.types.text import visible

MOST_PAGES, MOST_LINES = 10_000, 50_000
"""Most pages of a file, and lines of all of them."""

MOST_TOLD = 20
"""Lines that messages name one by one."""


def read_transcription(file: Path, sizes: Sequence[tuple[int, int]] = ()) -> tuple[PageText, ...]:
    """Read the lines of each page of a PAGE or ALTO file.

    Coordinates off the page are moved to its edge; lines without any are left out. The notes of a page's sheet say so.

    Args:
        file: PAGE or ALTO, of any version.
        sizes: the (width, height) of the pages' images in pixels, where known: coordinates are brought to them.

    Raises:
        DataError: the file cannot be read, is neither, or is larger than any transcription.
    """
    name = visible(str(file))
    return _settled(_raw(parse(file), name), sizes)


def read_transcription_text(content: bytes, name: str, sizes: Sequence[tuple[int, int]] = ()) -> tuple[PageText, ...]:
    """Read a file's content, as ``read_transcription`` does; ``name`` is for messages."""
    return _settled(_raw(parse_text(content, name), name), sizes)


def read_raw(file: Path, name: str) -> list[RawPage]:
    """Return the pages of a PAGE or ALTO file with their lines as they stand in it, in its own units.

    Args:
        file: PAGE or ALTO, of any version.
        name: for messages.

    Raises:
        DataError: as in ``read_transcription``.
    """
    return _raw(parse(file), name)


def _settled(pages: Sequence[RawPage], sizes: Sequence[tuple[int, int]]) -> tuple[PageText, ...]:
    given = (*sizes, *(None,) * len(pages))
    return tuple(settle(page, number, given[number - 1]) for number, page in enumerate(pages, 1))


def _raw(root: ET.Element, name: str) -> list[RawPage]:
    kind = root.tag.lower()
    if kind not in ("pcgts", "alto"):
        raise DataError(f"{name}: expected a PAGE or ALTO file, received one that begins with <{root.tag[:40]}>")
    _check_points(root, name)
    pages = [page for page in root.iter() if page.tag == "Page"]
    _check_counts(root, pages, name)
    if not pages:
        raise DataError(f"{name}: expected a page at least, received none; export the file again")
    image = "" if kind == "pcgts" else _file_name(root)
    lines_of = lines_of_prima if kind == "pcgts" else lines_of_alto
    return [_raw_page(page, image, list(lines_of(page))) for page in pages]


def _raw_page(page: ET.Element, image: str, lines: list[RawLine]) -> RawPage:
    width, height = (number_of(page.get(f"image{name}", page.get(name.upper(), ""))) for name in ("Width", "Height"))
    return RawPage(page.get("imageFilename", image), width, height, lines)


def _check_counts(root: ET.Element, pages: Sequence[ET.Element], name: str) -> None:
    lines = sum(element.tag == "TextLine" for element in root.iter())
    if len(pages) > MOST_PAGES or lines > MOST_LINES:
        limits = f"{MOST_PAGES:,} pages with {MOST_LINES:,} lines"
        raise DataError(f"{name}: expected at most {limits}, received more; split it by pages")
    if any(inner is not page and inner.tag == "Page" for page in pages for inner in page.iter()):
        raise DataError(f"{name}: expected pages one after another, received one within another; export it again")


def _check_points(root: ET.Element, name: str) -> None:
    lists = (element.get(key, "") for element in root.iter() for key in ("points", "POINTS", "BASELINE"))
    texts = [text for text in lists if text]
    places = sum((text.count(" ") + text.count(",")) // 2 + 1 for text in texts)
    if places > MOST_POINTS or sum(map(len, texts)) > 12 * MOST_POINTS:  # whatever parts them
        raise DataError(f"{name}: expected at most {MOST_POINTS:,} places of polygons, received more; simplify them")


def _file_name(root: ET.Element) -> str:
    found = first(root, "Description", "sourceImageInformation", "fileName")
    return (found.text or "").strip() if found is not None else ""


def settle(page: RawPage, number: int, given: tuple[int, int] | None = None) -> PageText:
    """Return a page whose lines lie in the pixels of its image, and on it.

    Args:
        page: as a file has it.
        number: of the page, from 1.
        given: the (width, height) of its image in pixels, where known.
    """
    width, height, lines = page.width, page.height, page.lines
    size = given or (whole_of(width) or _reach(lines, 0), whole_of(height) or _reach(lines, 1))
    scale = (size[0] / width if width else 1.0, size[1] / height if height else 1.0)
    sheet = Sheet(number, *size)
    kept, notes, moved = list[Reading](), list[str](), 0
    for line in lines:
        made = _reading(line, sheet, scale, len(kept))
        if made is None:
            notes.append(f"line {visible(line.name)} has no outline and no baseline that can be read, and is left out")
            continue
        reading, off = made
        moved += off
        kept.append(reading)
    if len(notes) > MOST_TOLD:
        notes = [*notes[:MOST_TOLD], f"{len(notes) - MOST_TOLD:,} more lines are left out"]
    if moved:
        notes.append(f"{moved:,} places lie off the page of {size[0]} × {size[1]} pixels and were moved to its edge")
    return PageText(page.image, Sheet(number, *size, notes=tuple(notes)), tuple(kept))


def _reach(lines: Sequence[RawLine], axis: int) -> int:
    places = (point[axis] for line in lines for point in (*line.polygon, *line.baseline) if math.isfinite(point[axis]))
    return min(FARTHEST, max(1, math.ceil(max(places, default=0)) + 1))


def _reading(line: RawLine, sheet: Sheet, scale: tuple[float, float], number: int) -> tuple[Reading, int] | None:
    """Return a line in pixels of its page, and how many of its places were off it; None where it has no place."""
    polygon, baseline = _scaled(line.polygon, scale), _scaled(line.baseline, scale)
    if len(polygon) < 3 and len(baseline) < 2:
        return None
    inner, inner_baseline = clip_points(polygon, sheet), clip_points(baseline, sheet)
    off = sum(a != b for a, b in zip((*polygon, *baseline), (*inner, *inner_baseline), strict=True))
    if len(inner) < 3:
        inner = _around(inner_baseline, sheet)
    words = []
    for text, confidence, outline in line.words:
        places = clip_points(_scaled(outline, scale), sheet)
        words.append(Word(text, confidence, box_of(places) if places else box_of(inner)))
    reading = Reading(
        *(line.text, line.confidence, True, "", line.alternatives, box_of(inner)),
        line=number,
        words=tuple(words),
        baseline=inner_baseline,
        polygon=inner,
        block=line.block,
        cell=line.cell,
    )
    return reading, off


def _scaled(points: Sequence[tuple[float, float]], scale: tuple[float, float]) -> Points:
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        return ()
    return tuple((whole_of(x * scale[0], -FARTHEST), whole_of(y * scale[1], -FARTHEST)) for x, y in points)


def _around(baseline: Points, sheet: Sheet) -> Points:
    """Return an outline for a line of which only the baseline is known: as high as lines of a page of 40 are."""
    height = max(8, sheet.height // 40)
    above = tuple((x, y - height) for x, y in baseline)
    below = tuple((x, y + height // 3) for x, y in reversed(baseline))
    return clip_points(above + below, sheet)
