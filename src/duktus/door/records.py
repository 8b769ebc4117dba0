"""Answers as records: the JSON that the command line writes and the server answers; its keys stay as they are."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import groupby

from duktus.types import JSON, Identification, Ranking, Reading, Readings, Sheet, Verdict
from duktus.types.units import Unit, by_unit

_CONFIDENCE_DIGITS = 6
"""Decimals of a confidence: more than any calibration supports."""

_DIGITS = 4
"""Decimals of a likeness or a ratio: likewise."""


def reading_records(file: str, found: Readings, unit: Unit = "character", first: int = 0) -> Iterator[JSON]:
    """Yield a record for each character, line or page that was read, then one for each page that could not be.

    Args:
        file: what the records call the image.
        found: what was read.
        unit: what a record is of.
        first: number of a page's first record, where it has others elsewhere.
    """
    found = by_unit(found, unit, first)
    sheets = {sheet.number: sheet for sheet in found.sheets}
    for page, readings in found.pages:
        for index, reading in enumerate(readings, first):
            yield {
                "file": file,
                "page": page,
                "index": index,
                "box": reading.box,
                "text": reading.text,
                "confidence": round(reading.confidence, _CONFIDENCE_DIGITS),
                "accepted": reading.accepted,
                "reason": reading.reason,
                "alternatives": [
                    {"text": other.text, "confidence": round(other.confidence, _CONFIDENCE_DIGITS)}
                    for other in reading.alternatives
                ],
                **_further(reading, sheets.get(page)),
            }
    yield from ({"file": file, "page": page, "error": error} for page, error in lost_pages(sheets.values()))


def records_of_parts(file: str, parts: Iterable[Readings], unit: Unit = "character") -> Iterator[JSON]:
    """Yield the records of an image that is read in parts as soon as each part is; of whole pages when they are."""
    for _, some in groupby(parts, _page_of):
        if unit == "file":
            yield from reading_records(file, _joined(list(some)), unit)
            continue
        count = 0
        for part in some:
            for record in reading_records(file, part, unit, count):
                yield record
                count += 1


def _page_of(part: Readings) -> int:
    """Return the number of the page that a part is of."""
    return part.pages[0][0] if part.pages else part.sheets[0].number


def _joined(parts: list[Readings]) -> Readings:
    """Return all parts of a page, or the note that it could not be read, as one."""
    readings = [reading for part in parts for reading in part]
    sheets = [sheet for part in parts for sheet in part.sheets]
    return Readings([(page, readings) for page, _ in parts[0].pages], (), sheets)


def _further(reading: Reading, sheet: Sheet | None) -> JSON:
    """Return what only some readings have: their line, words, baseline, outline, cell, and how their page lies."""
    found: JSON = {} if reading.line is None else {"line": reading.line}
    if reading.cell is not None:
        found |= zip(("row", "column"), reading.cell, strict=True)
    if reading.words:
        found["words"] = [
            {"text": word.text, "confidence": round(word.confidence, _CONFIDENCE_DIGITS), "box": word.box}
            for word in reading.words
        ]
    if reading.polygon:
        found |= {"baseline": reading.baseline, "polygon": reading.polygon}
    if sheet is not None and sheet.turned:
        found["turned"] = sheet.turned
    return found


def lost_pages(sheets: Iterable[Sheet]) -> Iterator[tuple[int, str]]:
    """Yield the pages that could not be read, each with the reason."""
    yield from ((sheet.number, "; ".join(sheet.notes)) for sheet in sheets if not sheet.width)


def identification_record(file: str, found: Identification) -> JSON:
    """Return the record of whose hand a document is in."""
    return {
        "file": file,
        "matches": [_rounded(asdict(match)) for match in found.matches],
        "accepted": found.accepted,
        "reason": found.reason,
        "ink": round(found.ink, 1),
        "notes": list(found.notes),
    }


def verdict_record(files: tuple[str, str], found: Verdict) -> JSON:
    """Return the record of a comparison of two documents."""
    ink = [round(each, 1) for each in found.ink]
    return {"files": list(files), **_rounded(asdict(found)), "ink": ink}


def ranking_records(found: Ranking) -> Iterator[JSON]:
    """Yield a record for each enrolled document, by likeness."""
    yield from (_rounded(asdict(each)) for each in found)


def _rounded(values: JSON) -> JSON:
    return {key: round(value, _DIGITS) if isinstance(value, float) else value for key, value in values.items()}
