"""PAGE (PRImA, version of 2019-07-15): one page to a file, its blocks, lines and words.

S. Pletschacher and A. Antonacopoulos, "The PAGE (Page Analysis and Ground-truth Elements) format framework", 2010.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from xml.etree import ElementTree as ET

from duktus.pages.formats.document import PageText, as_line, corners_of, union_of
from duktus.pages.formats.markup import add, to_text, write_points
from duktus.types import Reading, Word

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"

_DECIMALS = 4


def write_prima(page: PageText, creator: str, now: datetime | None = None) -> str:
    """Return a page as a PAGE document.

    Args:
        page: with its lines in reading order.
        creator: the program, for the document's metadata.
        now: when it was made; the present moment if not given.
    """
    made = (now or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    root = ET.Element("PcGts", {"xmlns": NAMESPACE})
    metadata = add(root, "Metadata")
    for name, text in (("Creator", creator), ("Created", made), ("LastChange", made)):
        add(metadata, name, text)
    if page.sheet.notes:
        add(metadata, "Comments", "\n".join(page.sheet.notes))
    size = {"imageWidth": page.sheet.width, "imageHeight": page.sheet.height}
    turned = _signed(page.sheet.turned) or None
    body = add(root, "Page", imageFilename=page.file, **size, orientation=turned)
    blocks = [tuple(as_line(line, page.sheet) for line in block) for block in page.blocks()]
    names = [f"r{number}" for number in range(1, len(blocks) + 1)]
    if blocks:
        _add_order(body, names)
    table = _add_table(body, [block for block in blocks if block[0].cell])
    lines = count(1)
    for name, block in zip(names, blocks, strict=True):
        _add_block(body if block[0].cell is None or table is None else table, name, block, lines)
    return to_text(root)


def _signed(degrees: int) -> int:
    """Return an angle between -179 and 180."""
    return degrees - 360 if degrees > 180 else degrees


def _add_order(body: ET.Element, names: Sequence[str]) -> None:
    group = add(add(body, "ReadingOrder"), "OrderedGroup", id="order")
    for index, name in enumerate(names):
        add(group, "RegionRefIndexed", index=index, regionRef=name)


def _add_table(body: ET.Element, cells: Sequence[tuple[Reading, ...]]) -> ET.Element | None:
    """Add the region of a table, which is to hold its cells; None where there are none."""
    places = [block[0].cell for block in cells if block[0].cell]
    if not places:
        return None
    rows, columns = max(row for row, _ in places), max(column for _, column in places)
    table = add(body, "TableRegion", id="table", rows=rows, columns=columns)
    add(table, "Coords", points=write_points(corners_of(union_of([line for block in cells for line in block]))))
    return table


def _add_block(parent: ET.Element, name: str, block: Sequence[Reading], numbers: "count[int]") -> None:
    region = add(parent, "TextRegion", id=name)
    add(region, "Coords", points=write_points(corners_of(union_of(block))))
    cell = block[0].cell
    if cell is not None:
        add(add(region, "Roles"), "TableCellRole", rowIndex=cell[0] - 1, columnIndex=cell[1] - 1)
    for line in block:
        _add_line(region, f"l{next(numbers)}", line)
    add(add(region, "TextEquiv"), "Unicode", "\n".join(line.text for line in block))


def _add_line(region: ET.Element, name: str, line: Reading) -> None:
    element = add(region, "TextLine", id=name, comments=line.reason or None)
    add(element, "Coords", points=write_points(line.polygon))
    add(element, "Baseline", points=write_points(line.baseline))
    for number, word in enumerate(line.words or _whole(line), 1):
        part = add(element, "Word", id=f"{name}w{number}")
        add(part, "Coords", points=write_points(corners_of(word.box)))
        _add_text(part, word.text, word.confidence)
    _add_text(element, line.text, line.confidence, 0 if line.alternatives else None)
    for index, other in enumerate(line.alternatives, 1):
        _add_text(element, other.text, other.confidence, index)


def _whole(line: Reading) -> tuple[Word, ...]:
    """Return a line that names no words as one word."""
    return (Word(line.text, line.confidence, line.box),) if line.text else ()


def _add_text(parent: ET.Element, text: str, confidence: float, index: int | None = None) -> None:
    equivalent = add(parent, "TextEquiv", index=index, conf=round(min(max(confidence, 0.0), 1.0), _DECIMALS))
    add(equivalent, "Unicode", text)
