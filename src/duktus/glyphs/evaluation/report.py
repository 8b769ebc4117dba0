"""An evaluation of a reader of characters as an HTML page, as JSON and as lines for the terminal."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from duktus.glyphs.evaluation.confusions import Letters
from duktus.glyphs.evaluation.label_tables import class_table, confusions_section, mistakes, wanted_section
from duktus.glyphs.evaluation.metrics import Evaluation
from duktus.glyphs.evaluation.plots import (
    MOST_BARS,
    classes_svg,
    confusion_svg,
    decisions_svg,
    rejection_svg,
    reliability_svg,
)
from duktus.glyphs.evaluation.rejection import OutOfAlphabet
from duktus.models.card import Card
from duktus.reporting.calibration import BINS
from duktus.reporting.canvas import printable
from duktus.reporting.confusion_matrix import MOST_CLASSES
from duktus.reporting.files import write_files
from duktus.reporting.label_drawings import Drawings, drawn_label, may_lack_font
from duktus.reporting.page import facts, interval, paragraph, percent, plot, section
from duktus.reporting.pictures import Pictures, find_picture
from duktus.reporting.report import Figure, figure_lines, head_figures, render_report
from duktus.types import JSON

_BESIDE = 16
"""Labels up to which two matrices stand side by side."""

METHOD = (
    "Shares carry 95 % Wilson intervals; the calibration error carries a bootstrap interval of 500 resamples. It is "
    "biased upwards, the more so the fewer the samples, and cannot show errors that no sample has.",
    "Confidence is the softmax over all outputs at the card’s temperature. Accuracy, confusions, calibration and "
    "figures by label are about in-alphabet samples and take the best label of each, whether or not it is accepted.",
)


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
        pictures: Each sample's picture by its index; only those of mistakes, and one of each label that a font may
            lack, are used. None leaves them out.
        card: The model's card.
        folder: Where to write; made if missing. Either file is replaced whole or not at all.
        source: What the samples are and where they come from, in words.
        notes: Sentences on how the figures were obtained, such as that no groups are known.
        letters: The confused pairs, and the labels that need more examples.
        end: Further sections of HTML, for the page's end.

    Raises:
        DuktusError: The folder cannot be written to.
        MissingExtraError: Matplotlib is not installed.
    """
    others = evaluation.out_of_alphabet
    more = f" and {others.accepted.n:,} out-of-alphabet images" if others else ""
    lead = f"{f'{source}: ' if source else ''}{evaluation.accuracy.n:,} characters{more}"
    drawings = label_drawings(evaluation, pictures)
    body = [
        head_figures(_heads(evaluation)),
        _errors(evaluation, drawings),
        confusions_section(letters.confusions, pictures, drawings) if letters else "",
        wanted_section(letters.wanted, drawings) if letters else "",
        section("Confidence", f'<div class="plots">{_calibration(evaluation)}{_rejection(evaluation)}</div>'),
        _labels(evaluation, drawings),
        _pictures(evaluation, pictures, drawings),
        section("The model", facts(card, lambda name: drawn_label(name, drawings))),
        end,
    ]
    titles = ("Duktus evaluation", card.name, "evaluation")
    page = render_report(titles, lead, body, limits=card.limits, notes=[*notes, *METHOD])
    return write_files(folder, page, to_record(evaluation, card.name, source, notes, letters))


def to_record(
    evaluation: Evaluation, name: str, source: str, notes: Sequence[str], letters: Letters | None = None
) -> JSON:
    """Return all figures for programs, as ``metrics.json`` holds them."""
    record = {"model": name, "source": source, "notes": list(notes), **evaluation.to_json()}
    return record | (asdict(letters) if letters else {})


def label_drawings(evaluation: Evaluation, pictures: Pictures | None) -> Drawings:
    """Return a picture of each label that a font may lack, as far as there is one."""
    found = {}
    for name, index in zip(evaluation.labels, evaluation.examples, strict=True):
        picture = None if index is None or not may_lack_font(name) else find_picture(pictures, index)
        if picture is not None:
            found[name] = picture
    return found


def summary_lines(evaluation: Evaluation) -> list[str]:
    """Return the head figures with their intervals, and the commonest confusions, as lines of plain text."""
    commonest = sorted(_confusions(evaluation), reverse=True)[:5]
    pairs = ", ".join(f"{printable(shown)} → {printable(answer)} ×{count}" for count, shown, answer in commonest)
    return figure_lines([(each,) for each in _heads(evaluation)], last=("most often confused", pairs or "nothing"))


def _heads(evaluation: Evaluation) -> Iterator[Figure]:
    refusal, others, curve = evaluation.refusal, evaluation.out_of_alphabet, evaluation.reliability
    chance = f"Perfectly calibrated confidences would show {percent(curve.floor)} by chance."
    yield Figure("Read right", evaluation.accuracy, "The best label of each sample, none refused.")
    yield Figure("Accepted", refusal.accepted, f"At the card’s threshold of {refusal.threshold:.4g}.")
    yield Figure("Right when accepted", refusal.accuracy, "Accuracy of the accepted answers.")
    yield Figure("Calibration error", curve.error, chance)
    if others:
        yield Figure("Other accepted", others.accepted, "Out-of-alphabet images, at the same threshold.")


def _errors(evaluation: Evaluation, drawings: Drawings) -> str:
    cut = f" Of {len(evaluation.labels)} labels the most confused are shown, {MOST_CLASSES} at most."
    best = (
        "Rows are the shown labels, columns the best-scoring ones. Cells off the pale diagonal are errors, the "
        "stronger the colour the more frequent." + (cut if len(evaluation.labels) > MOST_CLASSES else "")
    )
    answered = (
        "The same with rejection: ideally errors move into the grey column, and all out-of-alphabet images (other) are "
        "there."
    )
    plots = plot(confusion_svg(evaluation, drawings), "Confusion matrix", best)
    if evaluation.out_of_alphabet or evaluation.decisions[:, -1].any():
        plots += plot(decisions_svg(evaluation, drawings), "Confusion matrix at the card’s threshold", answered)
    wide = "" if len(evaluation.labels) <= _BESIDE else " wide"
    return section("Errors", f'<div class="plots{wide}">{plots}</div>')


def _calibration(evaluation: Evaluation) -> str:
    width, mass = evaluation.reliability, evaluation.reliability_by_mass
    words = (
        f"Averaged over all answers, confidence and accuracy differ by {percent(width.error.value)} "
        f"({interval(width.error)}) in {BINS} bins of equal width, and by {percent(mass.error.value)} "
        f"({interval(mass.error)}) in {BINS} of equal mass. With perfectly calibrated confidences, chance alone would "
        f"make it {percent(width.floor)} and {percent(mass.floor)}."
    )
    how = (
        "Points on the dashed line are perfectly calibrated; above it the model is underconfident, below it "
        "overconfident. Bars are 95 % intervals; below, the number of answers in each bin."
    )
    return f"<div>{plot(reliability_svg(evaluation), 'Reliability diagram', how)}{paragraph(words)}</div>"


def _rejection(evaluation: Evaluation) -> str:
    refusal = evaluation.refusal
    words = paragraph(
        f"At the card’s threshold of {refusal.threshold:.4g} the model accepts {percent(refusal.accepted.value)} of "
        f"the characters, and {percent(refusal.accuracy.value)} of those are right. Averaged over all rejection rates, "
        f"{percent(refusal.area)} of the accepted answers are wrong (area under the risk-coverage curve)."
    )
    how = (
        "From left to right the model refuses more of the least confident answers; the line is the accuracy of the "
        "accepted ones, the band its 95 % interval. A steep line means that wrong answers are refused first."
    )
    figure = plot(rejection_svg(evaluation), "Accuracy against rejection rate", how)
    return f"<div>{figure}{words}{_out_of_alphabet(evaluation.out_of_alphabet)}</div>"


def _out_of_alphabet(found: OutOfAlphabet | None) -> str:
    if found is None:
        return paragraph("All samples are in-alphabet; the rejection of other images was not measured.")
    return paragraph(
        f"Of {found.accepted.n:,} out-of-alphabet images {percent(found.accepted.value)} "
        f"({interval(found.accepted)}) are accepted at that threshold. At the threshold that accepts "
        f"{percent(found.accept)} of these characters, {found.threshold_at:.4g}, "
        f"{percent(found.accepted_at.value)} ({interval(found.accepted_at)}) are accepted. A character is ranked "
        f"above an out-of-alphabet image with a probability of {percent(found.auroc.value)} "
        f"({interval(found.auroc)}; area under the ROC curve)."
    )


def _labels(evaluation: Evaluation, drawings: Drawings) -> str:
    how = (
        "Left, the share of a label’s images that are read as another (1 − recall); right, the share of answers with "
        "it that are wrong (1 − precision). Lines through bars are 95 % intervals. The worst label is at the top."
    )
    cut = f" The {MOST_BARS} worst of {len(evaluation.labels)} labels are shown."
    how += cut if len(evaluation.labels) > MOST_BARS else ""
    every = class_table(evaluation.classes, drawings)
    listed = f"<details><summary>All labels as a table</summary>{every}</details>"
    figure = plot(classes_svg(evaluation, drawings), "Missed and false", how)
    return section("Errors by label", f'<div class="plots wide narrow">{figure}</div>', listed)


def _pictures(evaluation: Evaluation, pictures: Pictures | None, drawings: Drawings) -> str:
    n, shown = evaluation.accuracy.n, len(evaluation.mistakes)
    wrong = n - int(evaluation.confusion.trace())
    most = f"The {shown} most confident are shown" if shown < wrong else "All are shown"
    words = (
        f"{wrong:,} of {n:,} characters were misread. {most}: shown label → answer, the most confident first. All but "
        "those marked as refused would be accepted. Some may be label errors: judge for yourself."
    )
    parts = [paragraph(words if wrong else "No character was misread.")]
    parts.append(mistakes(evaluation.mistakes, pictures, drawings))
    if evaluation.intruders:
        parts += ["<h3>Out-of-alphabet, yet accepted</h3>", mistakes(evaluation.intruders, pictures, drawings)]
    return section("The most confident errors", *parts)


def _confusions(evaluation: Evaluation) -> Iterator[tuple[int, str, str]]:
    names, counts = evaluation.labels, evaluation.confusion
    for row, column in np.argwhere(counts).tolist():
        if row != column:
            yield int(counts[row, column]), names[row], names[column]
