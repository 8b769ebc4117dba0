"""An evaluation of a hand classifier as an HTML page, as JSON and as lines for the terminal."""

import os
from collections.abc import Iterator
from pathlib import Path

from duktus.hands.evaluation.classifier import FIRST, ClassifierResults
from duktus.hands.identification.collage_page import twin_cards
from duktus.models.card import Card
from duktus.reporting.canvas import printable
from duktus.reporting.confusion_matrix import MOST_CLASSES, confusion_matrix_svg
from duktus.reporting.files import write_files
from duktus.reporting.page import facts, label, paragraph, percent, plot, section, table
from duktus.reporting.report import Figure, figure_lines, head_figures, render_report

MOST_MIXED = 40
"""Pairs of writers that the page lists."""

NAMED = 5
"""Pairs that the terminal's line names."""

METHOD = (
    "Images are processed by the functions that serve: pages are segmented into lines, lines are covered with patches "
    "that overlap by half, and the patches' log probabilities are averaged, weighted by their ink.",
    "Intervals are 95 % and resample whole documents, because the lines of a page are not independent. A share of 0 or "
    "1 has the interval of as many samples as documents.",
)


def write_classifier_report(results: ClassifierResults, card: Card, folder: str | os.PathLike[str]) -> Path:
    """Write ``report.html``, which loads nothing from elsewhere, and ``metrics.json``; return the page's path.

    Args:
        results: the figures.
        card: the model's.
        folder: where to write; made if missing. Either file is replaced whole or not at all.

    Raises:
        DuktusError: the folder cannot be written to.
        MissingExtraError: Matplotlib is not installed.
    """
    return write_files(folder, render_classifier_page(results, card), results.to_json())


def render_classifier_page(results: ClassifierResults, card: Card) -> str:
    """Return the page as HTML text; see ``write_classifier_report``."""
    lead = f"{results.source}: {results.writers:,} of the model’s {results.known:,} writers"
    body = [head_figures(_figures(results)), _errors(results), *_twins(results), section("The model", facts(card))]
    titles = ("Duktus evaluation of a hand classifier, closed set", results.title, "whose hand")
    return render_report(titles, lead, body, limits=results.limits, notes=[*results.notes, *METHOD])


def classifier_summary_lines(results: ClassifierResults) -> list[str]:
    """Return every figure with its interval, and the most confused writers, as lines of plain text."""
    pairs = ", ".join(
        f"{printable(each.writer)} → {printable(each.answered)} ×{each.count} of {each.of}"
        for each in results.mixed[:NAMED]
    )
    return figure_lines([(each,) for each in _figures(results)], last=("Most often confused", pairs or "none"))


def _figures(results: ClassifierResults) -> Iterator[Figure]:
    single = {"patches": "Single patches.", "lines": "All patches of a line.", "pages": "All patches of a page."}
    for level, found in results.right.items():
        yield Figure(f"{level.capitalize()} right", found, single[level])
    for level, found in results.among.items():
        if level != "patches":
            yield Figure(f"{level.capitalize()} among the first {FIRST}", found, "The same queries.")
    yield Figure("Accepted", results.accepted, "Documents, at the card’s threshold.")
    yield Figure("Right when accepted", results.sure, "Accuracy of the accepted answers.")
    if results.strangers:
        yield Figure("Unknown refused", results.strangers, "Documents by writers that the model does not know.")


def _errors(results: ClassifierResults) -> str:
    cut = f" The {MOST_CLASSES} most confused writers are shown." if results.known > MOST_CLASSES else ""
    how = (
        "Rows are the writers of lines, columns the writers that these are attributed to. Cells off the pale diagonal "
        f"are errors, the stronger the colour the more frequent.{cut}"
    )
    title = "Confusion matrix of writers"
    figure = plot(confusion_matrix_svg(title, results.confusion, results.labels), title, how)
    if not results.mixed:
        return section("Errors", paragraph("No line was attributed to another writer."), figure)
    rows = [
        (label(each.writer), label(each.answered), percent(each.count / each.of), f"{each.count:,}")
        for each in results.mixed[:MOST_MIXED]
    ]
    listed = table(("writer", "attributed to", "of the writer’s lines", "times"), rows, 2)
    return section("Errors", f'<div class="plots wide">{figure}</div>', listed)


def _twins(results: ClassifierResults) -> Iterator[str]:
    """Patches side by side that are given to one writer."""
    shown, parts = results.twins, list[str]()
    for title, how, twins in (
        ("Rightly", "Both patches are by the writer that is named, and of different documents.", shown.right),
        ("Wrongly", "The patch at the right is by the writer that is named, that at the left by another.", shown.wrong),
    ):
        if twins:
            parts += [f"<h3>{title}</h3>", paragraph(how), twin_cards(twins, results.labels, raw=shown.raw)]
    if parts:
        told = (
            "Two patches that the network attributes to the same writer, side by side, the most certain first. The "
            "number is the smaller of their probabilities."
        )
        yield section("What looks like one hand", paragraph(told), *parts)
