"""Records as a page to read: the claim, the hardware and the number of trials first, then tables of ratios."""

from collections.abc import Iterable, Iterator, Mapping

from benchmarks.results import Record, Row, Scale
from duktus.reporting.intervals import Estimate

HEADINGS = ("what", "peer", "Duktus", "95 % interval", "ratio", "target", "met", "n", "command")

LEGEND = """\
`peer` is the published recipe, or what a section names instead, measured in the same run. `ratio` says how many times \
better Duktus is: the peer's errors over ours, its time or memory over ours, our images a second over its. Shares have \
Wilson's score interval; times are medians of runs in turns with the interval of order statistics; both at 95 %. \
A reading counts by its text, whether it was accepted or not, unless a row says so. The columns' commands are short \
for `python -m benchmarks.run` with these words behind it, or `make bench ARGS="…"`.\
"""


def render(records: Mapping[str, Record]) -> str:
    """Return RESULTS.md from the records of all sections that have run."""
    parts = ["# Duktus beside the published recipes", *_head(records), LEGEND]
    headlines = [(row, record) for record in records.values() for row in record.outcome.rows if row.headline]
    if headlines:
        parts += ["## Targets", _table(headlines)]
    for record in records.values():
        parts += [f"## {record.title}", *record.outcome.notes]
        parts += [_table((row, record) for row in record.outcome.rows)] if record.outcome.rows else []
        notes = [f"- {row.what}: {row.note}" for row in record.outcome.rows if row.note]
        parts += ["\n".join(notes)] if notes else []
        parts.append(f"`{record.command}`: {record.seconds:.0f} s, {record.date}.")
    return "\n\n".join(parts) + "\n"


def figure(estimate: Estimate | None, scale: Scale) -> str:
    """Return a figure with its unit.

    >>> figure(Estimate(0.9975, 0.99, 1.0, 10000), "share"), figure(Estimate(12345.6, 1, 2, 7), "images/s")
    ('99.75 %', '12,346 images/s')
    """
    return "–" if estimate is None else f"{_number(estimate.value, scale)} {_unit(scale)}"


def interval(estimate: Estimate | None, scale: Scale) -> str:
    """Return a figure's interval, its unit left out."""
    return "–" if estimate is None else f"{_number(estimate.low, scale)} to {_number(estimate.high, scale)}"


def target_text(row: Row) -> str:
    """Return a row's target, nothing without one."""
    if row.target is None:
        return ""
    sign = "≥" if row.target.at_least else "≤"
    if row.target.of == "ratio":
        return f"{sign} {row.target.value:g}×"
    value = row.target.value * (100 if row.scale in ("share", "error", "points") else 1)
    return f"{sign} {value:g} {_unit(row.scale)}"


def _head(records: Mapping[str, Record]) -> Iterator[str]:
    rows = [row for record in records.values() for row in record.outcome.rows]
    judged = [row for row in rows if row.headline and row.met is not None]
    claims = [_claim(row) for row in rows if row.claim and row.ours and (row.peer or row.ratio)]
    kept = sum(bool(row.met) for row in judged)
    yield " ".join([f"**{kept} of {len(judged)} targets are met.**", *claims])
    machines = {tuple(record.machine.items()): record.date for record in records.values()}
    for machine, date in machines.items():
        yield "  \n".join([*(f"{name}: {value}" for name, value in machine), f"measured: {date}"])


def _claim(row: Row) -> str:
    texts = {"ours": figure(row.ours, row.scale), "peer": figure(row.peer, row.scale), "ratio": _ratio(row)}
    return row.claim.format(**texts)


def _table(rows: Iterable[tuple[Row, Record]]) -> str:
    lines = [HEADINGS, ("---",) * len(HEADINGS), *(_cells(row, record) for row, record in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row: Row, record: Record) -> tuple[str, ...]:
    measured = row.ours or row.peer
    met = "" if row.met is None else "yes" if row.met else "**no**"
    count = f"{measured.n:,}" if measured else "–"
    command = record.command.removeprefix("python -m benchmarks.run ")
    ours = (figure(row.ours, row.scale), interval(measured, row.scale))
    return (row.what, figure(row.peer, row.scale), *ours, _ratio(row), target_text(row), met, count, f"`{command}`")


def _ratio(row: Row) -> str:
    if row.advantage is None:
        return ""
    value = "∞" if row.advantage == float("inf") else f"{_significant(row.advantage)}×"
    return value if row.ratio is None else f"{value} ({_significant(row.ratio.low)} to {_significant(row.ratio.high)})"


def _number(value: float, scale: Scale) -> str:
    match scale:
        case "share" | "error":
            return f"{100 * value:.2f}"
        case "points":
            return f"{100 * value:.3f}"
        case "images/s" | "MB":
            return f"{value:,.0f}" if value >= 100 else _significant(value)
        case "seconds" | "bits":
            return _significant(value)


def _unit(scale: Scale) -> str:
    return {"share": "%", "error": "%", "seconds": "s"}.get(scale, scale)


def _significant(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
