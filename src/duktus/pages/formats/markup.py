"""XML that strangers wrote, read without harm, and trees of elements written as text."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

from duktus.types import DataError, Points
from duktus.types.text import visible

LARGEST_FILE = 2**26
"""Most bytes of a file that is read: 64 MiB. The transcription of a full page with all its glyphs has some 5."""

MOST_POINTS = 1_000_000
"""Most places that a file may name."""

MOST_ATTRIBUTES = 2_000_000
"""Most signs of equality in a file, one of which every attribute has: a single element may have all."""

MOST_ELEMENTS = 1_000_000
"""Most elements that a file may have."""

DEEPEST = 200
"""How far elements may be nested; PAGE and ALTO need a dozen."""

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may hold."""


def parse(file: Path) -> ET.Element:
    """Return a document's root, its elements named without their namespaces.

    A document type is refused: what it declares may grow without bound, or name other files.

    Raises:
        DataError: the file cannot be read, is larger than any transcription, or is no such XML.
    """
    name = visible(str(file))
    try:
        with open(file, "rb") as opened:
            content = opened.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(f"{name}: the file cannot be read ({reason}); check the path") from error
    if len(content) > LARGEST_FILE:
        raise DataError(f"{name}: expected at most {LARGEST_FILE >> 20} MiB of XML, received more; split it by pages")
    return parse_text(content, name)


def parse_text(content: bytes, name: str) -> ET.Element:
    """Return the root of a document's bytes, as ``parse`` does; ``name`` is for messages."""
    if content.count(b"=") > MOST_ATTRIBUTES:
        raise DataError(f"{name}: expected at most {MOST_ATTRIBUTES:,} attributes, received more; split it by pages")
    builder, parser = _Builder(name), expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = builder.refuse_type
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.tree.data
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise DataError(f"{name}: expected PAGE or ALTO, received broken XML ({error}); export it again") from error
    return builder.tree.close()


class _Builder:
    """Builds the tree, as long as it stays within what a transcription may be."""

    def __init__(self, name: str) -> None:
        self.tree = ET.TreeBuilder()
        self._name, self._depth, self._elements = name, 0, 0

    def refuse_type(self, *_: Any) -> None:
        advice = "remove '<!DOCTYPE …>'"
        raise DataError(f"{self._name}: expected XML without a document type, received one that declares it; {advice}")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > DEEPEST or self._elements > MOST_ELEMENTS:
            limits = f"{MOST_ELEMENTS:,} elements, {DEEPEST} deep"
            raise DataError(f"{self._name}: expected at most {limits}, received more; split it by pages")
        self.tree.start(local(name), {local(key): value for key, value in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self.tree.end(local(name))


def local(name: str) -> str:
    """Return a name without its namespace.

    >>> local("http://www.loc.gov/standards/alto/ns-v4#}TextLine")
    'TextLine'
    """
    return name.rpartition("}")[2]


def read_points(text: str) -> list[tuple[float, float]]:
    """Return the places that a list of coordinates names, whatever parts its numbers.

    >>> read_points("1,2 3,4"), read_points("1 2 3 4"), read_points("5")
    ([(1.0, 2.0), (3.0, 4.0)], [(1.0, 2.0), (3.0, 4.0)], [])

    Raises:
        ValueError: one of them is no number.
    """
    numbers = [float(number) for number in text.replace(",", " ").split()]
    return list(zip(numbers[::2], numbers[1::2], strict=False))


def write_points(points: Points, between: str = ",") -> str:
    """Return places as text.

    >>> write_points(((1, 2), (3, 4)))
    '1,2 3,4'
    """
    return " ".join(f"{x}{between}{y}" for x, y in points)


def fit(text: str) -> str:
    r"""Return text as an XML document may hold it.

    >>> fit("7\x01\ud800")
    '7��'
    """
    return _UNFIT.sub("\ufffd", text)


def add(parent: ET.Element, name: str, text: str | None = None, /, **attributes: object) -> ET.Element:
    """Add an element to another; attributes that are None are left out, a trailing underscore is dropped."""
    values = {key.rstrip("_"): fit(str(value)) for key, value in attributes.items() if value is not None}
    element = ET.SubElement(parent, name, values)
    element.text = None if text is None else fit(text)
    return element


def to_text(root: ET.Element) -> str:
    """Return a document, an element a line."""
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def children(element: ET.Element, name: str) -> Iterator[ET.Element]:
    """Yield an element's children of a name."""
    return (child for child in element if child.tag == name)


def first(element: ET.Element, *names: str) -> ET.Element | None:
    """Return the element at the end of a way of children's names, None where there is none."""
    found: ET.Element | None = element
    for name in names:
        found = next(children(found, name), None) if found is not None else None
    return found
