"""How well lines are read, as an HTML page, and as lines for the terminal."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from duktus.lines.evaluation.measure import LineFigures, LineMeasurement, Misread
from duktus.models.card import Card
from duktus.reporting.canvas import printable
from duktus.reporting.files import write_files
from duktus.reporting.page import facts, label, paragraph, section, table
from duktus.reporting.pictures import data_address, image_tag
from duktus.reporting.report import Figure, figure_lines, head_figures, render_report

NAMED = 6
"""Confusions that the terminal's line names."""

METHOD = (
    "Texts are compared in composed characters, with one kind of quotation mark and dash and single spaces. Errors are "
    "the fewest replaced, lost and added characters (Levenshtein 1966), over the characters that stand there.",
    "Intervals are 95 % and draw whole pages, writers or documents anew: lines of one hand are not independent.",
)


def write_line_report(
    found: LineMeasurement, card: Card, folder: str | os.PathLike[str], *, source: str, end: str = ""
) -> Path:
    """Write ``report.html``, which loads nothing from elsewhere, and ``metrics.json``; return the page's path.

    Args:
        found: the figures.
        card: the model's.
        folder: where to write; made if missing. Either file is replaced whole or not at all.
        source: what was measured on.
        end: further sections, HTML already.

    Raises:
        DuktusError: the folder cannot be written to.
    """
    figures = found.figures
    lead = f"{source}: {figures.exact.n:,} lines, {figures.characters.n:,} characters, of {figures.groups:,} groups"
    body = [head_figures(_figures(figures)), _confused(figures), _worst(figures), section("The model", facts(card))]
    titles = ("Duktus evaluation of a transcriber", card.name, "what lines say")
    page = render_report(titles, lead, [*body, end], limits=card.limits, notes=[*found.notes, *METHOD])
    return write_files(folder, page, to_line_record(found, card.name, source))


def to_line_record(found: LineMeasurement, model: str, source: str) -> dict[str, Any]:
    """Return the figures as a JSON object."""
    return {"model": model, "data": source, **found.figures.to_json(), "notes": list(found.notes)}


def line_summary(figures: LineFigures) -> list[str]:
    """Return the figures with their intervals, and what is confused most, as lines of plain text."""
    pairs = ", ".join(
        f"{printable(edit.truth) or 'nothing'} → {printable(edit.read) or 'nothing'} ×{count}"
        for edit, count in figures.confused[:NAMED]
    )
    return figure_lines([(each,) for each in _figures(figures)], last=("Most often confused", pairs or "none"))


def _figures(figures: LineFigures) -> Iterator[Figure]:
    yield Figure("Character error rate", figures.characters, "Of characters that stand there.")
    yield Figure("Word error rate", figures.words, "Of words that stand there.")
    yield Figure("Lines without an error", figures.exact)
    yield Figure("Lines accepted", figures.accepted, "At the card’s threshold.")
    if figures.accepted.value:
        yield Figure("Without an error when accepted", figures.sure)


def _confused(figures: LineFigures) -> str:
    if not figures.confused:
        return section("Most confused characters", paragraph("No character was taken for another."))
    rows = [
        (label(edit.truth) if edit.truth else "nothing", label(edit.read) if edit.read else "nothing", f"{count:,}")
        for edit, count in figures.confused
    ]
    return section("Most confused characters", table(("there stands", "read", "times"), rows, 1))


def _worst(figures: LineFigures) -> str:
    if not figures.worst:
        return section("Lines read worst", paragraph("All lines were read without an error."))
    rows = [
        (_picture(each), label(each.text), label(each.read), label(each.source), f"{each.errors:,}")
        for each in figures.worst
    ]
    return section("Lines read worst", table(("ink", "there stands", "read", "image", "errors"), rows, 1))


def _picture(each: Misread) -> str:
    return image_tag(data_address(each.picture), each.text, "line")
