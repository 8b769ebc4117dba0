"""An evaluation of hands as a page to look at, as JSON to compute with, and as lines for the terminal."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from duktus.evaluation.hand_figures import HandFigures, HandResults
from duktus.evaluation.hand_plots import amounts_svg, cmc_svg, det_svg, tippett_svg
from duktus.evaluation.intervals import Estimate
from duktus.evaluation.openset import FALSE_ALARMS, AtThreshold, OpenSet
from duktus.evaluation.page import (
    bits,
    bits_interval,
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
from duktus.evaluation.report import METRICS, write_files
from duktus.evaluation.verification import EACH, Verification

Row = tuple[str, Estimate | None, bool]
"""A figure's name, the figure (None: not measured), and whether it is a cost in bits."""


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
    verification = results.hand.verification
    body = [
        f'<p class="kicker">Duktus evaluation of hands</p><h1>{safe(results.title)}</h1>',
        f'<p class="lead">{safe(results.source)}: {_sizes(results)}</p>',
        _head_figures(results.hand),
        _beside(results),
        _naming(results),
        _open_set(results.hand.open_set),
        _verifying(results, verification) if verification else "",
        section("Limits", bullets(results.limits) if results.limits else paragraph("No limits were named.")),
        _method(results),
    ]
    return document(f"{results.title}: whose hand", body)


def hand_summary_lines(results: HandResults) -> list[str]:
    """Return every figure of the hand with its interval, and those of the controls behind it, as plain lines."""
    rows = [row for row in _side_by_side(results) if row[0][1] is not None]
    width = max(len(row[0][0]) for row in rows)
    return [_summary(row, [each.name for each in results.controls], width) for row in rows]


def _summary(row: tuple[Row, ...], controls: Sequence[str], width: int) -> str:
    (name, estimate, cost), *others = row
    beside = "".join(
        f"; {control} {_value(other, cost)}" for control, (_, other, _) in zip(controls, others, strict=True)
    )
    reach = f"({_reach(estimate, cost)}, n = {estimate.n:,})" if estimate else ""
    return f"{name:<{width}}  {_value(estimate, cost):>8}  {reach}{beside}"


def _side_by_side(results: HandResults) -> list[tuple[Row, ...]]:
    """Each figure of the hand with those of the controls."""
    return list(zip(*(_rows(each) for each in results.all), strict=True))


def _sizes(results: HandResults) -> str:
    unit = results.unit if results.samples == 1 else f"{results.unit}s"
    pages = "" if results.unit == "page" else f" on {results.pages:,} pages"
    return f"{results.samples:,} {safe(unit)} by {results.writers:,} writers{pages}"


def _rows(figures: HandFigures) -> Iterator[Row]:
    """Every figure, in the order in which one asks for them."""
    closed, retrieval, opened = figures.closed, figures.retrieval, figures.open_set
    verification = figures.verification
    yield "First answer right, one enrolled", closed.top1, False
    yield "Among the first five", closed.top5, False
    yield "First found right, leave one out", retrieval.top1, False
    yield "Among the first five found", retrieval.top5, False
    yield "Mean average precision", retrieval.mean_average_precision, False
    yield "Known against unknown (AUROC)", opened.auroc if opened else None, False
    for place, share in enumerate(FALSE_ALARMS):
        name = f"Found while {100 * share:g} % of strangers pass"
        yield name, opened.detections[place].rate if opened else None, False
    yield "Equal error rate of pairs", verification.equal_error if verification else None, False
    yield "AUC of pairs", verification.auroc if verification else None, False
    yield "Cllr, in bits", verification.cost if verification else None, True
    yield "The least Cllr (minCllr)", verification.cost_least if verification else None, True


def _value(estimate: Estimate | None, cost: bool) -> str:
    if estimate is None:
        return "–"
    return bits(estimate.value) if cost else percent(estimate.value)


def _reach(estimate: Estimate, cost: bool) -> str:
    return bits_interval(estimate) if cost else interval(estimate)


def _head_figures(hand: HandFigures) -> str:
    closed, retrieval, verification = hand.closed, hand.retrieval, hand.verification
    heads = [
        head_figure("Named right", closed.top1, f"One enrolled for each of {closed.writers:,} writers."),
        head_figure("Among the first five", closed.top5, "The same questions."),
        head_figure("Mean average precision", retrieval.mean_average_precision, "Leave one out."),
    ]
    if verification:
        heads += [
            head_figure("Equal error rate", verification.equal_error, "Pairs of one writer and of two."),
            head_figure("Cllr", verification.cost, "Bits; 1 is no answer, 0 is perfect.", cost=True),
        ]
    return f'<dl class="figures">{"".join(heads)}</dl>'


def _beside(results: HandResults) -> str:
    """The hand's figures beside the controls'."""
    rows = []
    for row in _side_by_side(results):
        cells = [
            "–" if estimate is None else f"{_value(estimate, cost)} <small>({_reach(estimate, cost)})</small>"
            for _, estimate, cost in row
        ]
        rows.append((safe(row[0][0]), *cells, f"{row[0][1].n:,}" if row[0][1] else "–"))
    heads = ("figure", *(each.name for each in results.all), "n")
    words = (
        "What the paper alone, and the pen’s tone and width alone, would have answered to the same questions: what a "
        "score gets without reading the hand. Only what the hand adds to them is told of the hand."
    )
    without = "No controls were measured: how much of this the paper or the pen alone would have told is not known."
    return section(
        "The hand beside its controls",
        paragraph(words if results.controls else without),
        table(heads, rows, len(heads) - 1),
    )


def _naming(results: HandResults) -> str:
    closed = results.hand.closed
    how = (
        f"From left to right more of the first answers are looked at, of {closed.writers:,} writers enrolled with one "
        f"{results.unit} each (cumulative match characteristic). Bands are 95 % intervals over writers."
    )
    plots = [plot(cmc_svg(results), "How soon the writer is named", how)]
    if results.hand.amounts:
        same = f"{results.hand.amounts[0].writers:,} writers, the same at every amount, asked from another page."
        plots.append(plot(amounts_svg(results), "How much text it takes", f"As many lines enrolled as asked; {same}"))
    return section("Whose hand, of those enrolled", f'<div class="plots">{"".join(plots)}</div>')


def _open_set(opened: OpenSet | None) -> str:
    if opened is None:
        return section("None of the known hands", paragraph("This was not measured."))
    words = (
        f"In each of {opened.draws} draws {opened.known:,} writers are known, one sample of each enrolled, and "
        f"{opened.unknown:,} are not. A known hand scores above an unknown one with a probability of "
        f"{percent(opened.auroc.value)} ({interval(opened.auroc)}). Thresholds in the table are taken from these very "
        "answers; one chosen beforehand is told apart."
    )
    rows = [
        (f"{100 * each.false_alarms:g} %", f"{each.threshold:.4g}", percent(each.rate.value), interval(each.rate))
        for each in opened.detections
    ]
    listed = table(("strangers that pass", "threshold", "known, named right", "95 %"), rows, 4)
    return section("None of the known hands", paragraph(words), listed, _at(opened.at))


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
    retrieval = results.hand.retrieval
    fixed = (
        "Intervals are 95 % and over writers, drawn whole with replacement: pages of one writer are alike and no "
        "independent samples. Who was enrolled is not drawn anew. A share of 0 or 1 has the interval of as many "
        "samples as writers.",
        "A writer’s samples from one page are never compared. Equal scores count against the figure. Pairs are of "
        f"{EACH} samples of a writer at most, drawn by lot, so that no writer of many pages makes up half of them.",
        f"Leave one out: all other pages of the writer are to be found; {retrieval.left_out:,} samples whose writer "
        "has no other page were not asked.",
        f"All of it for a program: {METRICS}, beside this page.",
    )
    told = dict.fromkeys(note for each in results.all for note in each.notes)
    return f"<footer>{bullets([*results.notes, *told, *fixed])}</footer>"
