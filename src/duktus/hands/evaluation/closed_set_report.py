"""An evaluation of a classifier of hands as a page to look at, as JSON to compute with, and as lines."""

import os
from collections.abc import Iterator
from pathlib import Path

from duktus.hands.evaluation.closed_set import FIRST, ClosedResults, Mixed
from duktus.models.card import Card
from duktus.reporting.canvas import printable
from duktus.reporting.confusion_matrix import MOST_CLASSES, confusion_matrix_svg
from duktus.reporting.files import METRICS, write_files
from duktus.reporting.intervals import Estimate
from duktus.reporting.page import (
    bullets,
    document,
    facts,
    head_figure,
    interval,
    label,
    paragraph,
    percent,
    plot,
    safe,
    section,
    table,
)

MOST_MIXED = 40
"""Pairs of writers that the page lists."""

NAMED = 5
"""Pairs that the terminal's line names."""

Row = tuple[str, Estimate, str]
"""A figure's name, the figure, and a sentence on it."""


def write_closed_report(results: ClosedResults, card: Card, folder: str | os.PathLike[str]) -> Path:
    """Write ``report.html``, which loads nothing from elsewhere, and ``metrics.json``; return the page's path.

    Args:
        results: the figures.
        card: the model's.
        folder: where to write; made if missing. Either file is replaced whole or not at all.

    Raises:
        DuktusError: the folder cannot be written to.
        MissingExtraError: Matplotlib is not installed.
    """
    return write_files(folder, render_closed_page(results, card), results.to_json())


def render_closed_page(results: ClosedResults, card: Card) -> str:
    """Return the page as HTML text; see ``write_closed_report``."""
    known = f"{results.writers:,} of the {results.known:,} writers that the model knows"
    heads = "".join(head_figure(*row) for row in _rows(results))
    body = [
        f'<p class="kicker">Duktus evaluation of hands, a closed set</p><h1>{safe(results.title)}</h1>',
        f'<p class="lead">{safe(results.source)}: {known}</p>',
        f'<dl class="figures">{heads}</dl>',
        _errors(results),
        section("The model", facts(card)),
        section("Limits", bullets(results.limits) if results.limits else paragraph("No limits were named.")),
        _method(results),
    ]
    return document(f"{results.title}: whose hand", body)


def closed_summary_lines(results: ClosedResults) -> list[str]:
    """Return every figure with its interval, and the writers that are mixed up most, as lines of plain text."""
    rows = list(_rows(results))
    width = max(len(name) for name, _, _ in rows)
    lines = [f"{name:<{width}}  {percent(e.value):>8}  ({interval(e)}, n = {e.n:,})" for name, e, _ in rows]
    pairs = ", ".join(_pair(each) for each in results.mixed[:NAMED])
    return [*lines, f"{'Most often mixed up':<{width}}  {pairs or 'nobody'}"]


def _pair(mixed: Mixed) -> str:
    return f"{printable(mixed.writer)} → {printable(mixed.answered)} ×{mixed.count} of {mixed.of}"


def _rows(results: ClosedResults) -> Iterator[Row]:
    """Every figure, in the order in which one asks for them."""
    single = {"patches": "A patch as serving lays them.", "lines": "What a line's patches say together."}
    single["pages"] = "What all patches of a page say together."
    for level, found in results.right.items():
        yield f"{level.capitalize()} right", found, single[level]
    for level, found in results.among.items():
        if level != "patches":
            yield f"{level.capitalize()} among the first {FIRST}", found, "The same questions."
    yield "Accepted", results.accepted, "Documents, at the card’s threshold."
    yield "Right when accepted", results.sure, "What an accepted answer is worth."
    if results.strangers:
        yield "Strangers refused", results.strangers, "Documents by writers that the model does not know."


def _errors(results: ClosedResults) -> str:
    """Which writers are taken for which, as a matrix and as a table."""
    cut = f" The {MOST_CLASSES} writers most often mixed up are shown." if results.known > MOST_CLASSES else ""
    how = (
        "Each row is the writer of a line, each column the writer that its patches speak for. What is off the pale "
        f"diagonal is an error, the stronger the colour the more often.{cut}"
    )
    title = "Which writer is taken for which"
    figure = plot(confusion_matrix_svg(title, results.confusion, results.labels), title, how)
    if not results.mixed:
        return section("Where it errs", paragraph("No line was given to another writer."), figure)
    rows = [
        (label(each.writer), label(each.answered), percent(each.count / each.of), f"{each.count:,}")
        for each in results.mixed[:MOST_MIXED]
    ]
    listed = table(("writer", "taken for", "of the writer’s lines", "times"), rows, 2)
    return section("Where it errs", f'<div class="plots wide">{figure}</div>', listed)


def _method(results: ClosedResults) -> str:
    fixed = (
        "Images go through the functions that serve: pages are parted into lines, lines laid over with patches that "
        "overlap by half, and each patch speaks by its log probabilities, as loudly as it has ink.",
        "Intervals are 95 %; whole documents are drawn with replacement, since the lines of a page are alike. A share "
        "of 0 or 1 has the interval of as many samples as documents.",
        f"All of it for a program: {METRICS}, beside this page.",
    )
    return f"<footer>{bullets([*results.notes, *fixed])}</footer>"
