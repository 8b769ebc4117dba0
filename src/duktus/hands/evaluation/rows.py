"""The figures about hands one by one, the hand's beside its controls': as a table's rows and as plain lines."""

from collections.abc import Iterator, Sequence

from duktus.hands.evaluation.figures import HandFigures, HandResults
from duktus.hands.evaluation.open_set import FALSE_ALARMS, OpenSet
from duktus.reporting.intervals import Estimate
from duktus.reporting.page import bits, bits_interval, interval, percent

Row = tuple[str, Estimate | None, bool]
"""A figure's name, the figure (None: not measured), and whether it is a cost in bits."""


def side_by_side(results: HandResults) -> list[tuple[Row, ...]]:
    """Return each figure that the hand has with those of the controls."""
    amounts = tuple(each.pieces for each in results.hand.amounts.at) if results.hand.amounts else ()
    every = zip(*(_rows(each, amounts) for each in results.all), strict=True)
    return [row for row in every if row[0][1] is not None and row[0][1].n]


def hand_summary_lines(results: HandResults) -> list[str]:
    """Return every figure of the hand with its interval, and those of the controls behind it, as plain lines."""
    rows = side_by_side(results)
    width = max((len(row[0][0]) for row in rows), default=0)
    return [_summary(row, [each.name for each in results.controls], width) for row in rows]


def value(estimate: Estimate | None, cost: bool) -> str:
    """Return a figure as text."""
    if estimate is None:
        return "–"
    return bits(estimate.value) if cost else percent(estimate.value)


def reach(estimate: Estimate, cost: bool) -> str:
    """Return a figure's interval as text."""
    return bits_interval(estimate) if cost else interval(estimate)


def _summary(row: tuple[Row, ...], controls: Sequence[str], width: int) -> str:
    (name, estimate, cost), *others = row
    beside = "".join(
        f"; {control} {value(other, cost)}" for control, (_, other, _) in zip(controls, others, strict=True)
    )
    around = f"({reach(estimate, cost)}, n = {estimate.n:,})" if estimate else ""
    return f"{name:<{width}}  {value(estimate, cost):>8}  {around}{beside}"


def _rows(figures: HandFigures, amounts: Sequence[int]) -> Iterator[Row]:
    """Every figure, in the order in which one asks for them; the same ones for the hand and its controls."""
    closed, retrieval, verification = figures.closed, figures.retrieval, figures.verification
    yield "First answer right, one enrolled" if closed.draws else "First answer right", closed.top1, False
    yield "Among the first five", closed.top5, False
    found = {each.pieces: each.top1 for each in figures.amounts.at} if figures.amounts else {}
    unit = figures.amounts.unit if figures.amounts else ""
    for pieces in amounts:
        yield f"First answer right, {pieces} {unit}{'s' * (pieces > 1)} by as many", found.get(pieces), False
    yield "First found right, leave one out", retrieval.top1 if retrieval else None, False
    yield "Among the first five found", retrieval.top5 if retrieval else None, False
    yield "Mean average precision", retrieval.mean_average_precision if retrieval else None, False
    yield from _open_rows(figures.open_set)
    yield "Equal error rate of pairs", verification.equal_error if verification else None, False
    yield "AUC of pairs", verification.auroc if verification else None, False
    yield "Cllr, in bits", verification.cost if verification else None, True
    yield "The least Cllr (minCllr)", verification.cost_least if verification else None, True


def _open_rows(opened: OpenSet | None) -> Iterator[Row]:
    at = opened.at if opened else None
    yield "Known, accepted and named right", at.found if at else None, False
    yield "Known, accepted and named wrong", at.misnamed if at else None, False
    yield "Unknown, refused", at.refused if at else None, False
    yield "Known against unknown (AUROC)", opened.auroc if opened else None, False
    rates = {each.false_alarms: each.rate for each in opened.detections} if opened else {}
    for share in FALSE_ALARMS:
        yield f"Found while {100 * share:g} % of strangers pass", rates.get(share), False
