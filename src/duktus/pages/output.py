"""What was read in an image file, in the format that is requested."""

import os
from collections.abc import Sequence
from typing import Literal, TypeAlias

from duktus.pages.formats.alto import write_alto
from duktus.pages.formats.document import PageText
from duktus.pages.formats.hocr import write_hocr
from duktus.pages.formats.prima import write_prima
from duktus.types import Readings
from duktus.types.readings import lines_of, text_of

DocumentFormat: TypeAlias = Literal["text", "page", "alto", "hocr"]

ENDINGS = {"text": ".txt", "page": ".xml", "alto": ".xml", "hocr": ".html"}

PAGE_BREAK = "\f"
"""Stands between the pages of a text file."""


def write_documents(file: str, readings: Readings, form: DocumentFormat, version: str) -> list[str]:
    """Return the documents of what was read in an image file: one, but for PAGE, which holds one page each.

    Args:
        file: what the image is called.
        readings: of it; for formats other than text, of lines, with their sheets.
        form: of the documents.
        version: of the program that read it.
    """
    if form == "text":
        return [PAGE_BREAK.join(_text_of_page(readings, number) for number, _ in readings.pages)]
    pages = pages_of(os.path.basename(file), readings)
    if form == "page":
        return [write_prima(page, f"Duktus {version}") for page in pages]
    return [write_alto(pages, "Duktus", version) if form == "alto" else write_hocr(pages, f"Duktus {version}")]


def pages_of(file: str, readings: Readings) -> Sequence[PageText]:
    """Return the pages of an image file with those of their lines that have a place."""
    sheets = {sheet.number: sheet for sheet in readings.sheets}
    return [
        PageText(file, sheets[number], tuple(line for line in lines if line.polygon))
        for number, lines in readings.pages
    ]


def _text_of_page(readings: Readings, number: int) -> str:
    """Return a page as text: an empty line between its blocks, one line per written line."""
    parts, block = list[str](), None
    for line in lines_of(dict(readings.pages)[number]):
        if block is not None and line[0].block != block and line[0].cell is None:
            parts.append("")
        block = line[0].block
        parts.append(text_of(line))
    return "".join(f"{part}\n" for part in parts)
