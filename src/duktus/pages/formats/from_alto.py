"""The lines of an ALTO file of any version, in the order of the file.

Older files count in tenths of a millimetre or in parts of an inch, and have to be brought to the pixels of an image.
"""

from collections.abc import Iterator
from itertools import chain
from xml.etree import ElementTree as ET

from duktus.pages.formats.document import corners_of
from duktus.pages.formats.markup import children, first
from duktus.pages.formats.raw import FARTHEST, RawLine, RawPoints, confidence_of, number_of, points_of
from duktus.types import Alternative, Box


def lines_of_alto(page: ET.Element) -> Iterator[RawLine]:
    """Yield the lines of an ALTO page in the order of the file."""
    blocks = (each for each in page.iter() if each.tag == "TextBlock")
    for block, element in enumerate(blocks):
        for number, line in enumerate(children(element, "TextLine")):
            yield _alto_line(line, block, f"{element.get('ID', block + 1)}, {number + 1}")


def _alto_line(line: ET.Element, block: int, name: str) -> RawLine:
    strings = list(children(line, "String"))
    words = tuple((each.get("CONTENT", "").strip(), confidence_of(each.get("WC")), _outline(each)) for each in strings)
    shown = [word[0] for word in words if word[0]]
    hyphen = next(children(line, "HYP"), None)
    text = " ".join(shown) + (hyphen.get("CONTENT", "-") if hyphen is not None else "")
    others = tuple(
        Alternative(each.text or "", 0.0) for each in (children(strings[0], "ALTERNATIVE") if len(strings) == 1 else ())
    )
    confidence = min((word[1] for word in words), default=1.0)
    outline = _outline(line) or list(chain.from_iterable(word[2] for word in words))
    baseline = _alto_baseline(line.get("BASELINE", ""), outline)
    return RawLine(line.get("ID", name), outline, baseline, text, confidence, others, words, block, None)


def _outline(element: ET.Element) -> RawPoints:
    """Return the outline of a line or a word: its polygon, or its box."""
    polygon = first(element, "Shape", "Polygon")
    found = points_of(polygon.get("POINTS", "")) if polygon is not None else []
    if len(found) >= 3 or element.get("WIDTH") is None:
        return found
    x, y, w, h = (number_of(element.get(key)) for key in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    if max(map(abs, (x, y, w, h))) > FARTHEST:
        return []
    corners = corners_of(Box(round(x), round(y), round(w), round(h)))
    return [(float(across), float(down)) for across, down in corners]


def _alto_baseline(text: str, outline: RawPoints) -> RawPoints:
    """Return a baseline: places since ALTO 4, one height before."""
    found = points_of(text)
    if found or not text or not outline:
        return found
    row = number_of(text)
    return [(min(x for x, _ in outline), row), (max(x for x, _ in outline), row)]
