"""hOCR 1.2: HTML whose elements carry what was read (T. Breuel, "The hOCR microformat", 2007)."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from duktus.pages.formats.document import PageText, as_line, union_of
from duktus.pages.formats.markup import add, fit, to_text
from duktus.types import Box, Points, Reading, Word

NAMESPACE = "http://www.w3.org/1999/xhtml"

CAPABILITIES = "ocr_page ocr_carea ocr_line ocrx_word ocrp_wconf ocrp_poly"


def write_hocr(pages: Sequence[PageText], program: str) -> str:
    """Return pages as one hOCR document.

    Args:
        pages: of one image file, each with its lines in reading order.
        program: that read them, with its version.
    """
    root = ET.Element("html", {"xmlns": NAMESPACE})
    head = add(root, "head")
    add(head, "title", pages[0].file if pages else "")
    add(head, "meta", **{"charset": "utf-8"})
    for name, content in (("ocr-system", program), ("ocr-capabilities", CAPABILITIES)):
        add(head, "meta", name=name, content=content)
    body = add(root, "body")
    for page in pages:
        _add_page(body, page)
    return to_text(root)


def _add_page(body: ET.Element, page: PageText) -> None:
    sheet = page.sheet
    # In a title, a name in quotes ends at the next quote.
    image = page.file.replace('"', "'")
    title = f'image "{image}"; bbox 0 0 {sheet.width} {sheet.height}; ppageno {sheet.number - 1}'
    element = add(body, "div", class_="ocr_page", id=f"page_{sheet.number}", title=title)
    number = 0
    for at, block in enumerate(page.blocks(), 1):
        lines = [as_line(line, sheet) for line in block]
        name = f"block_{sheet.number}_{at}"
        area = add(element, "div", class_="ocr_carea", id=name, title=_bounds(union_of(lines)))
        for line in lines:
            number += 1
            _add_line(area, f"{sheet.number}_{number}", line, -sheet.turned % 360)


def _bounds(box: Box) -> str:
    return f"bbox {box.x} {box.y} {box.x + box.w} {box.y + box.h}"


def _add_line(area: ET.Element, name: str, line: Reading, angle: int) -> None:
    outline = " ".join(f"{x} {y}" for x, y in line.polygon)
    title = f"{_bounds(line.box)}; baseline {_baseline(line.baseline, line.box)}; poly {outline}"
    if angle:
        title += f"; textangle {angle}"
    element = add(area, "span", class_="ocr_line", id=f"line_{name}", title=title)
    for number, word in enumerate(line.words or (Word(line.text, line.confidence, line.box),), 1):
        title = f"{_bounds(word.box)}; x_wconf {round(100 * min(max(word.confidence, 0.0), 1.0))}"
        part = add(element, "span", word.text, class_="ocrx_word", id=f"word_{name}_{number}", title=title)
        part.tail = fit(" ")


def _baseline(points: Points, box: Box) -> str:
    """Return a baseline as hOCR has it: its slope, and how far it lies from the lower left corner of the line's box."""
    (x0, y0), (x1, y1) = points[0], points[-1]
    slope = (y1 - y0) / (x1 - x0) if x1 != x0 else 0.0
    return f"{slope:.4f} {round(y0 - slope * (x0 - box.x) - (box.y + box.h))}"
