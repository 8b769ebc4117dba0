"""An evaluation of hands as a page to look at, as JSON to compute with, and as lines for the terminal."""

import os
from collections.abc import Iterator
from pathlib import Path

from duktus.hands.evaluation.figures import HandFigures, HandResults
from duktus.hands.evaluation.open_set import AtThreshold, OpenSet
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
from duktus.hands.evaluation.rows import reach, side_by_side, value
from duktus.hands.evaluation.verification import EACH, Verification
from duktus.reporting.files import METRICS, write_files
from duktus.reporting.intervals import Estimate
from duktus.reporting.page import (
    bullets,
    document,
    head_figure,
    interval,
    paragraph,
    percent,
    plot,
    safe,
    section,
    table,
)


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
    body = [
        f'<p class="kicker">Duktus evaluation of hands</p><h1>{safe(results.title)}</h1>',
        f'<p class="lead">{safe(results.source)}: {_sizes(results)}</p>',
        _head_figures(hand),
        _beside(results),
        _naming(results),
        _finding(results, hand.retrieval) if hand.retrieval else "",
        _open_set(results, hand.open_set),
        _verifying(results, hand.verification) if hand.verification else "",
        section("Limits", bullets(results.limits) if results.limits else paragraph("No limits were named.")),
        _method(results),
    ]
    return document(f"{results.title}: whose hand", body)


def _sizes(results: HandResults) -> str:
    unit = results.unit if results.samples == 1 else f"{results.unit}s"
    pages = "" if results.unit == "page" else f" on {results.pages:,} pages"
    return f"{results.samples:,} {safe(unit)} by {results.writers:,} writers{pages}"


def _head_figures(hand: HandFigures) -> str:
    closed, retrieval, verification = hand.closed, hand.retrieval, hand.verification
    at = hand.open_set.at if hand.open_set else None
    enrolled = f"One enrolled for each of {closed.writers:,} writers."
    among = enrolled if closed.draws else f"Of {closed.writers:,} hands in the gallery."
    heads = [
        ("First answer right", closed.top1, among),
        ("Among the first five", closed.top5, "The same questions."),
        ("Mean average precision", retrieval.mean_average_precision if retrieval else None, "Leave one out."),
        ("Accepted and named right", at.found if at else None, "Of the known hands."),
        ("Refused", at.refused if at else None, "Of the unknown hands."),
        ("Equal error rate", verification.equal_error if verification else None, "Pairs of one writer and of two."),
    ]
    shown = [head_figure(*head) for head in _measured(heads)]
    if verification:
        shown.append(head_figure("Cllr", verification.cost, "Bits; 1 is no answer, 0 is perfect.", cost=True))
    return f'<dl class="figures">{"".join(shown)}</dl>'


def _measured(heads: list[tuple[str, Estimate | None, str]]) -> Iterator[tuple[str, Estimate, str]]:
    for name, estimate, note in heads:
        if estimate is not None and estimate.n:
            yield name, estimate, note


def _beside(results: HandResults) -> str:
    """The hand's figures beside the controls'."""
    rows = []
    for row in side_by_side(results):
        cells = [
            "–" if estimate is None else f"{value(estimate, cost)} <small>({reach(estimate, cost)})</small>"
            for _, estimate, cost in row
        ]
        rows.append((safe(row[0][0]), *cells, f"{row[0][1].n:,}" if row[0][1] else "–"))
    heads = ("figure", *(each.name for each in results.all), "n")
    words = (
        "What the paper alone, and the pen’s tone and width alone, would have answered to the same questions: what a "
        "score gets without reading the hand. Only what the hand adds to them is told of the hand. Controls accept so "
        "many answers that no more strangers pass than by the hand."
    )
    without = "No controls were measured: how much of this the paper or the pen alone would have told is not known."
    return section(
        "The hand beside its controls",
        paragraph(words if results.controls else without),
        table(heads, rows, len(heads) - 1),
    )


def _naming(results: HandResults) -> str:
    closed, amounts = results.hand.closed, results.hand.amounts
    enrolled = f"{closed.writers:,} writers enrolled with one {results.unit} each"
    among = enrolled if closed.draws else f"{closed.writers:,} hands in the gallery"
    how = (
        f"From left to right more of the first answers are looked at, of {among} (cumulative match characteristic). "
        "Bands are 95 % intervals over writers."
    )
    plots = [plot(cmc_svg(results), "How soon the writer is named", how)]
    if amounts:
        taken = (
            f"As many {amounts.unit}s enrolled as asked, of {amounts.ink:.0f} text heights of contour in the median; "
            f"{amounts.at[0].writers:,} writers, the same at every amount, asked from another page where pages are "
            "known. What has too little ink for an answer is ranked all the same."
        )
        plots.append(plot(amounts_svg(results), "How much text it takes", taken))
    return section("Whose hand, of those enrolled", f'<div class="plots">{"".join(plots)}</div>')


def _finding(results: HandResults, found: Retrieval) -> str:
    how = (
        f"Each {results.unit} is asked and all others are ranked by likeness; those of its own page are left out. From "
        "left to right more of the first are looked at for one by its writer."
    )
    words = f"{found.writers:,} writers were asked for; {found.left_out:,} samples have no other page of their writer."
    plots = plot(retrieval_svg(results), "How soon another document is found", how)
    return section("Documents in the same hand", paragraph(words), f'<div class="plots">{plots}</div>')


def _open_set(results: HandResults, opened: OpenSet | None) -> str:
    if opened is None:
        return section("None of the known hands", paragraph("This was not measured."))
    drawn = (
        f"In each of {opened.draws} draws {opened.known:,} writers are known, one sample of each enrolled, and "
        f"{opened.unknown:,} are not."
    )
    asked = (
        f"The gallery has {opened.known:,} hands; {opened.unknown:,} writers were asked about whom it does not know."
    )
    words = (
        f"{drawn if opened.draws else asked} A known hand’s answer is surer than an unknown one’s with a probability "
        f"of {percent(opened.auroc.value)} ({interval(opened.auroc)}). Thresholds in the table are taken from these "
        "very answers; one chosen beforehand is told apart."
    )
    rows = [
        (f"{100 * each.false_alarms:g} %", f"{each.threshold:.4g}", percent(each.rate.value), interval(each.rate))
        for each in opened.detections
    ]
    listed = table(("strangers that pass", "threshold", "known, named right", "95 %"), rows, 4) if rows else ""
    return section("None of the known hands", paragraph(words), listed, _at(opened.at), _open_plots(results, opened))


def _open_plots(results: HandResults, opened: OpenSet) -> str:
    rising = "From left to right an answer has to be surer to be accepted. Bands are 95 % intervals over writers."
    served = " The dashed line is the threshold chosen elsewhere."
    against = (
        "From left to right more strangers pass; the higher, the more of the known hands are found. Dots are the "
        "threshold chosen elsewhere, and what lets as many strangers pass by the controls."
    )
    plots = plot(thresholds_svg(opened), "What the threshold does", rising + served if opened.at else rising)
    if opened.detections:
        plots += plot(open_set_svg(results), "Known hands found while strangers pass", against)
    return f'<div class="plots">{plots}</div>'


def _at(at: AtThreshold | None) -> str:
    if at is None:
        return ""
    return paragraph(
        f"At the threshold of {at.threshold:.4g}, which was chosen elsewhere, {percent(at.found.value)} "
        f"({interval(at.found)}) of the known hands are named right and {percent(at.misnamed.value)} "
        f"({interval(at.misnamed)}) wrongly, the others refused; {percent(at.false_alarms.value)} "
        f"({interval(at.false_alarms)}) of the unknown hands pass."
    )


def _verifying(results: HandResults, found: Verification) -> str:
    tippett = (
        "From left to right the ratio speaks ever more for one hand. Blue left of the dashed line, and vermilion right "
        "of it, is evidence that misleads."
    )
    det = "Nearer to the lower left corner is better; where a curve meets the diagonal lies the equal error rate."
    words = (
        f"{found.same:,} pairs of one writer and {found.different:,} of two, by {found.writers:,} writers. "
        f"{_scale(found)} Of one writer’s pairs {percent(found.misleading_same.value)} "
        f"({interval(found.misleading_same)}) speak for two, of two writers’ "
        f"{percent(found.misleading_different.value)} ({interval(found.misleading_different)}) for one."
    )
    plots = plot(tippett_svg(found), "Likelihood ratios of one hand and of two", tippett)
    plots += plot(det_svg(results), "False rejects against false accepts", det)
    return section("One hand or two", paragraph(words), f'<div class="plots">{plots}</div>')


def _scale(found: Verification) -> str:
    """How the ratios came about."""
    if not found.folds:
        return f"Ratios came calibrated on other writers, from 10^{found.low:.2f} to 10^{found.high:.2f}."
    return (
        f"Ratios were calibrated in {found.folds} folds of writers: no scale was fitted to a writer it judges. They "
        f"are bounded to 10^{found.low:.2f} … 10^{found.high:.2f} or wider, by how many comparisons fitted them."
    )


def _method(results: HandResults) -> str:
    closed, retrieval = results.hand.closed, results.hand.retrieval
    fixed = [
        "Intervals are 95 % and over writers, drawn whole with replacement: pages of one writer are alike and no "
        "independent samples. Who was enrolled is not drawn anew. A share of 0 or 1 has the interval of as many "
        "samples as writers.",
        "Equal scores count against the figure.",
    ]
    if closed.draws:
        fixed.append("A writer’s samples from one page are never compared.")
    if results.hand.verification:
        fixed.append(
            f"Pairs are of {EACH} samples of a writer at most, drawn by lot, so that no writer of many pages makes up "
            "half of them."
        )
    if retrieval:
        fixed.append("Leave one out: all other pages of the writer are to be found.")
    told = dict.fromkeys(note for each in results.all for note in each.notes)
    last = f"All of it for a program: {METRICS}, beside this page."
    return f"<footer>{bullets([*results.notes, *told, *fixed, last])}</footer>"
