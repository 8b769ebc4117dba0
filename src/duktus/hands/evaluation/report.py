"""An evaluation of hands as an HTML page, as JSON and as lines for the terminal; controls stand beside every figure."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from duktus.hands.evaluation.figures import HandFigures, HandResults
from duktus.hands.evaluation.open_set import FALSE_ALARMS, OpenSet
from duktus.hands.evaluation.plots import (
    amounts_svg,
    cmc_svg,
    det_svg,
    open_set_svg,
    retrieval_svg,
    thresholds_svg,
    tippett_svg,
)
from duktus.hands.evaluation.retrieval import Retrieval
from duktus.hands.evaluation.verification import EACH, Verification
from duktus.reporting.files import write_files
from duktus.reporting.page import interval, paragraph, percent, plot, safe, section, table
from duktus.reporting.report import Figure, figure_lines, head_figures, render_report


def write_hand_report(results: HandResults, folder: str | os.PathLike[str]) -> Path:
    """Write ``report.html``, which loads nothing from elsewhere, and ``metrics.json``; return the page's path.

    Args:
        results: the figures.
        folder: where to write; made if missing. Either file is replaced whole or not at all.

    Raises:
        DuktusError: the folder cannot be written to.
        MissingExtraError: Matplotlib is not installed.
    """
    return write_files(folder, render_hand_page(results), results.to_json())


def render_hand_page(results: HandResults) -> str:
    """Return the page as HTML text; see ``write_hand_report``."""
    hand = results.hand
    unit = results.unit if results.samples == 1 else f"{results.unit}s"
    pages = "" if results.unit == "page" else f" on {results.pages:,} pages"
    body = [
        head_figures(each for each in _heads(hand) if each.measured),
        _beside(results),
        _naming(results),
        _finding(results, hand.retrieval) if hand.retrieval else "",
        _open_set(results, hand.open_set),
        _verifying(results, hand.verification) if hand.verification else "",
    ]
    return render_report(
        ("Duktus evaluation of hands", results.title, "whose hand"),
        f"{results.source}: {results.samples:,} {unit} by {results.writers:,} writers{pages}",
        body,
        limits=results.limits,
        notes=_notes(results),
    )


def hand_summary_lines(results: HandResults) -> list[str]:
    """Return every figure of the hand with its interval, and those of the controls behind it, as plain lines."""
    return figure_lines(side_by_side(results), [each.name for each in results.controls])


def side_by_side(results: HandResults) -> list[tuple[Figure, ...]]:
    """Return each figure that was measured of the hand, and behind it those of the controls."""
    amounts = tuple(each.pieces for each in results.hand.amounts.at) if results.hand.amounts else ()
    every = zip(*(_figures(each, amounts) for each in results.all), strict=True)
    return [row for row in every if row[0].measured]


def _figures(figures: HandFigures, amounts: Sequence[int]) -> Iterator[Figure]:
    """Every figure, the same ones in the same order for the hand and its controls."""
    closed, retrieval, verification = figures.closed, figures.retrieval, figures.verification
    yield Figure("First answer right, one enrolled" if closed.draws else "First answer right", closed.top1)
    yield Figure("Among the first five", closed.top5)
    found = {each.pieces: each.top1 for each in figures.amounts.at} if figures.amounts else {}
    unit = figures.amounts.unit if figures.amounts else ""
    for pieces in amounts:
        yield Figure(f"First answer right, {pieces} {unit}{'s' * (pieces > 1)} by as many", found.get(pieces))
    yield Figure("First found right, leave one out", retrieval.top1 if retrieval else None)
    yield Figure("Among the first five found", retrieval.top5 if retrieval else None)
    yield Figure("Mean average precision", retrieval.mean_average_precision if retrieval else None)
    yield from _open_figures(figures.open_set)
    yield Figure("Equal error rate of pairs", verification.equal_error if verification else None)
    yield Figure("AUC of pairs", verification.auroc if verification else None)
    yield Figure("Cllr, in bits", verification.cost if verification else None, bits=True)
    yield Figure("Minimum Cllr (minCllr)", verification.cost_least if verification else None, bits=True)


def _open_figures(opened: OpenSet | None) -> Iterator[Figure]:
    at = opened.at if opened else None
    yield Figure("Known, accepted and named right", at.found if at else None)
    yield Figure("Known, accepted and named wrong", at.misnamed if at else None)
    yield Figure("Unknown, refused", at.refused if at else None)
    yield Figure("Known against unknown (AUROC)", opened.auroc if opened else None)
    rates = {each.false_alarms: each.rate for each in opened.detections} if opened else {}
    for share in FALSE_ALARMS:
        yield Figure(f"Known, named right at {100 * share:g} % false alarms", rates.get(share))


def _heads(hand: HandFigures) -> Iterator[Figure]:
    closed, retrieval, verification = hand.closed, hand.retrieval, hand.verification
    at = hand.open_set.at if hand.open_set else None
    one = f"One sample enrolled for each of {closed.writers:,} writers."
    yield Figure("First answer right", closed.top1, one if closed.draws else f"Of {closed.writers:,} enrolled hands.")
    yield Figure("Among the first five", closed.top5, "The same queries.")
    if retrieval:
        yield Figure("Mean average precision", retrieval.mean_average_precision, "Leave one out.")
    if at:
        yield Figure("Accepted and named right", at.found, "Of the known hands.")
        yield Figure("Refused", at.refused, "Of the unknown hands.")
    if verification:
        yield Figure("Equal error rate", verification.equal_error, "Same-writer and different-writer pairs.")
        yield Figure("Cllr", verification.cost, "Bits; 1 is no answer, 0 is perfect.", bits=True)


def _beside(results: HandResults) -> str:
    """The hand's figures beside the controls'."""
    rows = [
        (
            safe(row[0].name),
            *(f"{each.value} <small>({each.interval})</small>" if each.estimate else each.value for each in row),
            f"{row[0].estimate.n:,}" if row[0].estimate else "–",
        )
        for row in side_by_side(results)
    ]
    heads = ("figure", *(each.name for each in results.all), "n")
    words = (
        "Controls answer the same queries from the paper alone, and from the pen’s tone and stroke width alone: scores "
        "that need no handwriting. Only what the hand adds to them is evidence about the hand. Controls accept answers "
        "at the threshold at which they have the hand’s false alarm rate."
    )
    without = "No controls were measured: how much of this the paper or the pen alone would achieve is not known."
    told = paragraph(words if results.controls else without)
    return section("The hand beside its controls", told, table(heads, rows, len(heads) - 1))


def _naming(results: HandResults) -> str:
    closed, amounts = results.hand.closed, results.hand.amounts
    enrolled = f"{closed.writers:,} writers enrolled with one {results.unit} each"
    how = (
        "From left to right more of the first answers count, of "
        f"{enrolled if closed.draws else f'{closed.writers:,} hands in the gallery'} (cumulative match characteristic)."
        " Bands are 95 % intervals over writers."
    )
    plots = plot(cmc_svg(results), "Identification by rank", how)
    if amounts:
        taken = (
            f"As many {amounts.unit}s enrolled as queried, of {amounts.ink:.0f} text heights of contour in the median; "
            f"{amounts.at[0].writers:,} writers, the same at every amount, queried by another page where pages are "
            "known. Samples with too little ink for an answer are ranked all the same."
        )
        plots += plot(amounts_svg(results), "Identification by amount of text", taken)
    return section("Identification: which enrolled hand", f'<div class="plots">{plots}</div>')


def _finding(results: HandResults, found: Retrieval) -> str:
    how = (
        f"Each {results.unit} is a query, all others are ranked by similarity; those of its own page are left out. "
        "From left to right more of the first results count."
    )
    words = f"{found.writers:,} writers were queried; {found.left_out:,} samples have no other page of their writer."
    plots = plot(retrieval_svg(results), "Retrieval by rank", how)
    return section("Retrieval: documents in the same hand", paragraph(words), f'<div class="plots">{plots}</div>')


def _open_set(results: HandResults, opened: OpenSet | None) -> str:
    title = "Open set: none of the known hands"
    if opened is None:
        return section(title, paragraph("This was not measured."))
    sides = f"{opened.known:,} writers are known, one sample of each enrolled, and {opened.unknown:,} are not."
    queried = f"The gallery has {opened.known:,} hands; {opened.unknown:,} queried writers are not among them."
    words = (
        f"{f'In each of {opened.draws} draws {sides}' if opened.draws else queried} A known hand’s answer ranks above "
        f"an unknown one’s with a probability of {percent(opened.auroc.value)} ({interval(opened.auroc)}). Thresholds "
        "in the table are taken from these very answers; the threshold chosen beforehand is reported separately."
    )
    rows = [
        (f"{100 * each.false_alarms:g} %", f"{each.threshold:.4g}", percent(each.rate.value), interval(each.rate))
        for each in opened.detections
    ]
    listed = table(("false alarms", "threshold", "known, named right", "95 %"), rows, 4) if rows else ""
    return section(title, paragraph(words), listed, _at(opened), _open_plots(results, opened))


def _at(opened: OpenSet) -> str:
    at = opened.at
    if at is None:
        return ""
    return paragraph(
        f"At the threshold of {at.threshold:.4g}, chosen on other data, {percent(at.found.value)} "
        f"({interval(at.found)}) of the known hands are named right and {percent(at.misnamed.value)} "
        f"({interval(at.misnamed)}) wrong, the others refused; {percent(at.false_alarms.value)} "
        f"({interval(at.false_alarms)}) of the unknown hands are accepted."
    )


def _open_plots(results: HandResults, opened: OpenSet) -> str:
    rising = "From left to right the threshold rises. Bands are 95 % intervals over writers."
    served = " The dashed line is the threshold chosen on other data." if opened.at else ""
    against = (
        "From left to right more unknown hands are accepted. Dots are the threshold chosen on other data, and the "
        "controls' thresholds at the same false alarm rate."
    )
    plots = plot(thresholds_svg(opened), "Accepted answers by threshold", rising + served)
    if opened.detections:
        plots += plot(open_set_svg(results), "Known hands named right against false alarms", against)
    return f'<div class="plots">{plots}</div>'


def _verifying(results: HandResults, found: Verification) -> str:
    tippett = (
        "From left to right the ratio supports one hand more. Blue left of the dashed line, and vermilion right of it, "
        "is misleading evidence."
    )
    det = "Closer to the lower left corner is better; a curve crosses the diagonal at the equal error rate."
    scale = (
        f"Ratios were calibrated in {found.folds} folds of writers, so that no scale was fitted to a writer it judges. "
        f"They are bounded to 10^{found.low:.2f} … 10^{found.high:.2f} or wider, by the number of comparisons."
        if found.folds
        else f"Ratios were calibrated on other writers, from 10^{found.low:.2f} to 10^{found.high:.2f}."
    )
    words = (
        f"{found.same:,} same-writer and {found.different:,} different-writer pairs, by {found.writers:,} writers. "
        f"{scale} {percent(found.misleading_same.value)} ({interval(found.misleading_same)}) of the same-writer pairs "
        f"support two writers, {percent(found.misleading_different.value)} ({interval(found.misleading_different)}) of "
        "the different-writer pairs one."
    )
    plots = plot(tippett_svg(found), "Tippett plot", tippett) + plot(det_svg(results), "DET curve", det)
    return section("Verification: one hand or two", paragraph(words), f'<div class="plots">{plots}</div>')


def _notes(results: HandResults) -> Iterator[str]:
    yield from results.notes
    yield from dict.fromkeys(note for each in results.all for note in each.notes)
    yield (
        "Intervals are 95 % and resample whole writers, because pages of one writer are not independent. The enrolled "
        "samples are not drawn anew. A share of 0 or 1 has the interval of as many samples as writers."
    )
    yield "Equal scores count against the figure."
    if results.hand.closed.draws:
        yield "A writer’s samples from one page are never compared."
    if results.hand.verification:
        yield f"Pairs are of {EACH} random samples of a writer at most, so that no prolific writer dominates."
    if results.hand.retrieval:
        yield "Leave one out: all other pages of the writer are relevant."
