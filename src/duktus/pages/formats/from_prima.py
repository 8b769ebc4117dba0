"""The lines of a PAGE file of any year, in its reading order."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from duktus.pages.formats.markup import children, first
from duktus.pages.formats.raw import RawLine, RawPoints, confidence_of, number_of, points_of
from duktus.types import Alternative


def lines_of_prima(page: ET.Element) -> Iterator[RawLine]:
    """Yield the lines of a PAGE file in its reading order, where it has one."""
    regions = list(_regions(page))
    places = {name: index for index, name in enumerate(_order(page))}
    last = len(places)
    ordered = sorted(regions, key=lambda region: places.get(region.get("id", ""), last))
    for block, region in enumerate(ordered):
        role = first(region, "Roles", "TableCellRole")
        cell = None
        if role is not None:
            cell = int(number_of(role.get("rowIndex"))) + 1, int(number_of(role.get("columnIndex"))) + 1
        for number, line in enumerate(children(region, "TextLine")):
            yield _page_line(line, block, cell, number)


def _regions(element: ET.Element) -> Iterator[ET.Element]:
    return (each for each in element.iter() if each.tag.endswith("Region") and first(each, "TextLine") is not None)


def _order(page: ET.Element) -> Iterator[str]:
    """Yield the names of regions in reading order: depth first, those of an indexed group by their index."""
    order = first(page, "ReadingOrder")
    return _refs(order) if order is not None else iter(())


def _refs(group: ET.Element) -> Iterator[str]:
    for child in sorted(group, key=lambda each: number_of(each.get("index"))):
        if child.get("regionRef"):
            yield child.get("regionRef", "")
        yield from _refs(child)


def _page_line(line: ET.Element, block: int, cell: tuple[int, int] | None, number: int) -> RawLine:
    texts = sorted(children(line, "TextEquiv"), key=lambda each: number_of(each.get("index")))
    words = tuple((*_text_of(word), _outline(word, "Coords")) for word in children(line, "Word"))
    text, confidence = _text_of(line)
    if not texts and words:
        text, confidence = " ".join(word[0] for word in words), min(word[1] for word in words)
    others = tuple(Alternative(*_equivalent(each)) for each in texts[1:])
    name = line.get("id", f"{number + 1}")
    coords, baseline = _outline(line, "Coords"), _outline(line, "Baseline")
    return RawLine(name, coords, baseline, text, confidence, others, words, block, cell)


def _text_of(element: ET.Element) -> tuple[str, float]:
    texts = sorted(children(element, "TextEquiv"), key=lambda each: number_of(each.get("index")))
    return _equivalent(texts[0]) if texts else ("", 1.0)


def _equivalent(element: ET.Element) -> tuple[str, float]:
    text = first(element, "Unicode")
    plain = text if text is not None else first(element, "PlainText")
    return (plain.text or "").strip() if plain is not None else "", confidence_of(element.get("conf"))


def _outline(element: ET.Element, name: str) -> RawPoints:
    """Return the places of an outline: an attribute since 2013, elements before."""
    found = first(element, name)
    if found is None:
        return []
    if found.get("points"):
        return points_of(found.get("points", ""))
    return [(number_of(each.get("x")), number_of(each.get("y"))) for each in children(found, "Point")]
