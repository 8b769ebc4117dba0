"""ALTO 4.4 (Analyzed Layout and Text Object, Library of Congress): a document of any number of pages."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from duktus.pages.formats.document import PageText, as_line, corners_of, union_of
from duktus.pages.formats.markup import add, to_text, write_points
from duktus.types import Box, Reading, Word

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"

VERSION = "4.4"

_DECIMALS = 4


def write_alto(pages: Sequence[PageText], program: str, version: str) -> str:
    """Return pages as one ALTO document.

    Args:
        pages: of one image file, each with its lines in reading order.
        program: that read them.
        version: of it.
    """
    root = ET.Element("alto", {"xmlns": NAMESPACE, "SCHEMAVERSION": VERSION})
    description = add(root, "Description")
    add(description, "MeasurementUnit", "pixel")
    add(add(description, "sourceImageInformation"), "fileName", pages[0].file if pages else "")
    processing = add(description, "Processing", ID="read")
    for note in (note for page in pages for note in page.sheet.notes):
        add(processing, "processingStepDescription", note)
    software = add(processing, "processingSoftware")
    add(software, "softwareName", program)
    add(software, "softwareVersion", version)
    layout = add(root, "Layout")
    for page in pages:
        _add_page(layout, page)
    return to_text(root)


def _add_page(layout: ET.Element, page: PageText) -> None:
    sheet = page.sheet
    name, size = f"p{sheet.number}", {"WIDTH": sheet.width, "HEIGHT": sheet.height}
    space = add(
        add(layout, "Page", ID=name, PHYSICAL_IMG_NR=sheet.number, **size), "PrintSpace", HPOS=0, VPOS=0, **size
    )
    for number, block in enumerate(page.blocks(), 1):
        lines = [as_line(line, sheet) for line in block]
        box, place = union_of(lines), f"{name}b{number}"
        # ALTO counts against the clock.
        rotation = (360 - sheet.turned) % 360 or None
        element = add(space, "TextBlock", ID=place, ROTATION=rotation, **_place(box))
        add(add(element, "Shape"), "Polygon", POINTS=write_points(corners_of(box)))
        for at, line in enumerate(lines, 1):
            _add_line(element, f"{place}l{at}", line)


def _place(box: Box) -> dict[str, object]:
    return {"HPOS": box.x, "VPOS": box.y, "WIDTH": box.w, "HEIGHT": box.h}


def _add_line(block: ET.Element, name: str, line: Reading) -> None:
    baseline = write_points(line.baseline)
    element = add(block, "TextLine", ID=name, BASELINE=baseline, **_place(line.box))
    add(add(element, "Shape"), "Polygon", POINTS=write_points(line.polygon))
    words = line.words or (Word(line.text, line.confidence, line.box),)
    end = None
    for number, word in enumerate(words, 1):
        if end is not None:
            add(element, "SP", HPOS=end, VPOS=word.box.y, WIDTH=max(0, word.box.x - end))
        confidence = round(min(max(word.confidence, 0.0), 1.0), _DECIMALS)
        part = add(element, "String", ID=f"{name}w{number}", **_place(word.box), CONTENT=word.text, WC=confidence)
        if len(words) == 1:
            for other in line.alternatives:
                add(part, "ALTERNATIVE", other.text)
        end = word.box.x + word.box.w
