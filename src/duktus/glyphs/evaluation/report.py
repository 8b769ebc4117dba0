"""An evaluation as a page to look at, as JSON to compute with, and as lines for the terminal."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from duktus.glyphs.evaluation.confusions import Letters
from duktus.glyphs.evaluation.confusions_page import confusions_section, wanted_section
from duktus.glyphs.evaluation.metrics import Evaluation
from duktus.glyphs.evaluation.plots import (
    MOST_BARS,
    classes_svg,
    confusion_svg,
    decisions_svg,
    rejection_svg,
    reliability_svg,
)
from duktus.glyphs.evaluation.rejection import Foreign
from duktus.models.card import Card
from duktus.reporting.calibration import BINS
from duktus.reporting.canvas import printable
from duktus.reporting.confusion_matrix import MOST_CLASSES
from duktus.reporting.files import METRICS, write_files
from duktus.reporting.intervals import Estimate
from duktus.reporting.page import (
    bullets,
    class_table,
    document,
    facts,
    head_figure,
    interval,
    mistakes,
    paragraph,
    percent,
    plot,
    safe,
    section,
)
from duktus.reporting.pictures import Pictures

_BESIDE = 16
"""Labels up to which two matrices stand side by side."""


def write_report(  # noqa: PLR0913  # each is another part of the page
    evaluation: Evaluation,
    pictures: Pictures | None,
    card: Card,
    folder: str | os.PathLike[str],
    *,
    source: str = "",
    notes: Sequence[str] = (),
    letters: Letters | None = None,
    end: str = "",
) -> Path:
    """Write ``report.html``, which loads nothing from elsewhere, and ``metrics.json``; return the page's path.

    Args:
        evaluation: The figures.
        pictures: Each sample's picture by its index; only those of mistakes are looked at. None leaves them out.
        card: The model's card.
        folder: Where to write; made if missing. Either file is replaced whole or not at all.
        source: What the samples are and where they come from, in words.
        notes: Sentences on how the figures came about, such as that no groups are known.
        letters: What is confused, and what deserves more examples.
        end: Further sections of HTML, for the page's end.

    Raises:
        DuktusError: The folder cannot be written to.
        MissingExtraError: Matplotlib is not installed.
    """
    page = render_page(evaluation, pictures, card, source=source, notes=notes, letters=letters, end=end)
    record = {"model": card.name, "source": source, "notes": list(notes), **evaluation.to_json()}
    record |= asdict(letters) if letters else {}
    return write_files(folder, page, record)


def render_page(
    evaluation: Evaluation,
    pictures: Pictures | None,
    card: Card,
    *,
    source: str = "",
    notes: Sequence[str] = (),
    letters: Letters | None = None,
    end: str = "",
) -> str:
    """Return the page as HTML text; see ``write_report``."""
    foreign = f" and {evaluation.foreign.accepted.n:,} images of no character" if evaluation.foreign else ""
    of = f"{source}: " if source else ""
    body = [
        f'<p class="kicker">Duktus evaluation</p><h1>{safe(card.name)}</h1>',
        f'<p class="lead">{safe(of)}{evaluation.accuracy.n:,} characters{foreign}</p>',
        _head_figures(evaluation),
        _errors(evaluation),
        confusions_section(letters.confusions, pictures) + wanted_section(letters.wanted) if letters else "",
        _confidence(evaluation),
        _labels(evaluation),
        _pictures(evaluation, pictures),
        section("The model", facts(card)),
        section("Limits", bullets(card.limits) if card.limits else paragraph("The card names no limits.")),
        _method(notes),
        end,
    ]
    return document(f"{card.name}: evaluation", body)


def summary_lines(evaluation: Evaluation) -> list[str]:
    """Return the head figures with their intervals, and the commonest confusions, as lines of plain text."""
    figures = _heads(evaluation)
    width = max(len(name) for name, _, _ in figures)
    lines = [f"{name:<{width}}  {percent(e.value):>8}  ({interval(e)}, n = {e.n:,})" for name, e, _ in figures]
    commonest = sorted(_confusions(evaluation), reverse=True)[:5]
    pairs = ", ".join(f"{printable(shown)} → {printable(answer)} ×{count}" for count, shown, answer in commonest)
    return [*lines, f"{'most often confused':<{width}}  {pairs or 'nothing'}"]


def _heads(evaluation: Evaluation) -> list[tuple[str, Estimate, str]]:
    refusal, foreign, curve = evaluation.refusal, evaluation.foreign, evaluation.reliability
    heads = [
        ("Read right", evaluation.accuracy, "The best label of each, none refused."),
        ("Accepted", refusal.accepted, f"At the card’s threshold of {refusal.threshold:.4g}."),
        ("Right when accepted", refusal.accuracy, "What a reader’s answers are worth."),
        ("Calibration error", curve.error, f"Perfect confidences would show {percent(curve.floor)} by chance."),
    ]
    if foreign:
        heads.append(("Other accepted", foreign.accepted, "Images of no character, at the same threshold."))
    return heads


def _head_figures(evaluation: Evaluation) -> str:
    return f'<dl class="figures">{"".join(head_figure(*head) for head in _heads(evaluation))}</dl>'


def _errors(evaluation: Evaluation) -> str:
    cut = f" Of {len(evaluation.labels)} labels, those most often confused are shown, {MOST_CLASSES} at most."
    many = cut if len(evaluation.labels) > MOST_CLASSES else ""
    taken = (
        "Each row is a label that was shown, each column the label that fits best. What is off the pale diagonal is an "
        f"error, the stronger the colour the more often.{many}"
    )
    answered = (
        "The same once the model may refuse: its errors ought to have moved into the grey column, and what is no "
        "character (other) ought to be there altogether."
    )
    plots = plot(confusion_svg(evaluation), "What is taken for what", taken)
    if evaluation.foreign or evaluation.decisions[:, -1].any():
        plots += plot(decisions_svg(evaluation), "What is answered at the card’s threshold", answered)
    wide = "" if len(evaluation.labels) <= _BESIDE else " wide"
    return section("Where it errs", f'<div class="plots{wide}">{plots}</div>')


def _confidence(evaluation: Evaluation) -> str:
    plots = f'<div class="plots">{_belief(evaluation)}{_refusing(evaluation)}</div>'
    return section("What its confidence is worth", plots)


def _belief(evaluation: Evaluation) -> str:
    width, mass = evaluation.reliability, evaluation.reliability_by_mass
    words = (
        f"Averaged over all answers, confidence and accuracy lie {percent(width.error.value)} apart "
        f"({interval(width.error)}) in {BINS} bins of equal width, and {percent(mass.error.value)} "
        f"({interval(mass.error)}) in {BINS} of equal mass. If every confidence were exactly right, chance alone would "
        f"make it {percent(width.floor)} and {percent(mass.floor)}."
    )
    how = (
        "A point on the dashed line is an answer as often right as the model says; above it the model is too modest, "
        "below it too sure. The bars through the points are 95 % intervals; beneath stands how many answers there are."
    )
    return f"<div>{plot(reliability_svg(evaluation), 'Confidence and accuracy', how)}{paragraph(words)}</div>"


def _refusing(evaluation: Evaluation) -> str:
    refusal = evaluation.refusal
    words = paragraph(
        f"At the card’s threshold of {refusal.threshold:.4g} the model accepts {percent(refusal.accepted.value)} of "
        f"the characters and is right about {percent(refusal.accuracy.value)} of those. Averaged over every share "
        f"that might be refused, {percent(refusal.area)} of what is accepted is wrong (area under the risk-coverage "
        "curve)."
    )
    how = (
        "From left to right the model refuses more of the characters it is least sure of; the line is the share of "
        "right answers among the rest, the band its 95 % interval. A line that rises steeply refuses what is wrong."
    )
    figure = plot(rejection_svg(evaluation), "Refused, and right among the rest", how)
    return f"<div>{figure}{words}{_foreign(evaluation.foreign)}</div>"


def _foreign(foreign: Foreign | None) -> str:
    if foreign is None:
        return paragraph("Every sample was a character; how well anything else is refused was not measured.")
    return paragraph(
        f"Of {foreign.accepted.n:,} images that are no character, {percent(foreign.accepted.value)} "
        f"({interval(foreign.accepted)}) pass that threshold. At the threshold that accepts {percent(foreign.accept)} "
        f"of these very characters, {foreign.threshold_at:.4g}, {percent(foreign.accepted_at.value)} "
        f"({interval(foreign.accepted_at)}) pass. A character is ranked above an image that is none with a "
        f"probability of {percent(foreign.auroc.value)} ({interval(foreign.auroc)}; area under the ROC curve)."
    )


def _labels(evaluation: Evaluation) -> str:
    cut = f" The {MOST_BARS} worst of {len(evaluation.labels)} labels are shown."
    how = (
        "Left, the share of a label’s images that are read as another (1 − recall); right, the share of answers with "
        "it that are wrong (1 − precision). The line through a bar is its 95 % interval. The worst label stands on top."
        + (cut if len(evaluation.labels) > MOST_BARS else "")
    )
    listed = f"<details><summary>All labels as a table</summary>{class_table(evaluation.classes)}</details>"
    figure = plot(classes_svg(evaluation), "Missed and false", how)
    return section("Label by label", f'<div class="plots wide narrow">{figure}</div>', listed)


def _pictures(evaluation: Evaluation, pictures: Pictures | None) -> str:
    wrong = evaluation.accuracy.n - int(evaluation.confusion.trace())
    shown = len(evaluation.mistakes)
    words = "No character was misread."
    if wrong:
        words = (
            f"{wrong:,} of {evaluation.accuracy.n:,} characters were misread. "
            + (f"The {shown} surest are shown: " if shown < wrong else "Here they are: ")
            + "what was meant → what was read, the surest first. All would be accepted but those marked as refused. "
            "Some may be wrongly labelled: judge for yourself."
        )
    parts = [paragraph(words), mistakes(evaluation.mistakes, pictures)]
    if evaluation.intruders:
        parts += ["<h3>No character, yet accepted</h3>", mistakes(evaluation.intruders, pictures)]
    return section("The surest errors", *parts)


def _method(notes: Sequence[str]) -> str:
    fixed = (
        "Shares carry 95 % Wilson intervals; the calibration error carries a bootstrap interval of 500 resamples and "
        "leans high, the more so the fewer the samples; it knows nothing of errors that no sample shows.",
        "Confidence is the softmax over all outputs at the card’s temperature. Accuracy, confusions, calibration and "
        "label figures are about characters and take the best label of each, whether or not it would be accepted.",
        f"All of it for a program: {METRICS}, beside this page.",
    )
    return f"<footer>{bullets([*notes, *fixed])}</footer>"


def _confusions(evaluation: Evaluation) -> list[tuple[int, str, str]]:
    names, counts = evaluation.labels, evaluation.confusion
    rows, columns = counts.nonzero()
    pairs = zip(rows.tolist(), columns.tolist(), counts[rows, columns].tolist(), strict=True)
    return [(count, names[row], names[column]) for row, column, count in pairs if row != column]
