"""What was measured: rows with a figure, its interval, what stands beside it, and the target; kept as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, asdict, dataclass, field
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Literal, TypeAlias

from scipy.stats import t

from duktus.reporting.intervals import Estimate, wilson
from duktus.types import JSON, DataError

Scale: TypeAlias = Literal["share", "error", "seconds", "MB", "images/s", "points", "bits"]
"""What a figure is: a share of right answers; a share of wrong ones; a time; a size; a rate; percentage
points lost; a cost in bits."""

FORMAT = 1


@dataclass(frozen=True)
class Target:
    """The bound that a row's figure, or its ratio to the peer's, is to keep."""

    value: float
    at_least: bool = True
    of: Literal["figure", "ratio"] = "figure"


@dataclass(frozen=True)
class Row:
    """One line of a table.

    Attributes:
        what: was measured.
        scale: of both figures.
        ours: the figure of Duktus; None where it could not be had, or stands for the peer alone.
        peer: the figure of what it is held against, from the same run.
        ratio: with its interval, where pairs of runs give one; else it follows from the two figures.
        target: what the project set itself.
        headline: whether the row stands in the first table.
        claim: a sentence for the head of the report, with places for {ours}, {peer} and {ratio}.
        note: what one has to know to understand the row.
    """

    what: str
    scale: Scale
    ours: Estimate | None
    peer: Estimate | None = None
    _: KW_ONLY
    ratio: Estimate | None = None
    target: Target | None = None
    headline: bool = False
    claim: str = ""
    note: str = ""

    @property
    def advantage(self) -> float | None:
        """How many times better than the peer: fewer errors, less time, less memory, more images; None without one."""
        if self.ratio is not None:
            return self.ratio.value
        if self.ours is None or self.peer is None or self.scale == "points":
            return None
        ours, peer = self.ours.value, self.peer.value
        if self.scale == "share":
            ours, peer = 1 - ours, 1 - peer
        better, worse = (peer, ours) if self.scale == "images/s" else (ours, peer)
        return worse / better if better > 0 else float("inf") if worse > 0 else 1.0

    @property
    def met(self) -> bool | None:
        """Whether the target was kept; None without one."""
        if self.target is None:
            return None
        value = self.advantage
        if self.target.of == "figure":
            value = self.ours.value if self.ours else None
        if value is None:
            return False
        return value >= self.target.value if self.target.at_least else value <= self.target.value


@dataclass(frozen=True)
class Outcome:
    """What one section found: its rows, sentences that belong to them, and what else is worth keeping."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    details: JSON = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """An outcome with when, where and by which command it was measured."""

    title: str
    outcome: Outcome
    command: str
    date: str
    seconds: float
    machine: Mapping[str, str]


def share(hits: int, n: int) -> Estimate | None:
    """Return a share with its interval; None of nothing."""
    return wilson(hits, n) if n else None


def mean_of_draws(shares: Sequence[float], answers: int) -> Estimate:
    """Return the mean of a few repeated draws with the interval of Student's t (1908) over them.

    It is widened to hold the score interval of all answers as if they were of one draw, so that it keeps a width where
    all draws agree, and ends at 0 and 1.

    Args:
        shares: of right answers, one for each draw.
        answers: in each draw.

    >>> mean_of_draws([0.5, 0.7, 0.6], 100)
    Estimate(value=0.6, low=0.35..., high=0.84..., n=3)
    """
    n, mean = len(shares), fmean(shares)
    reach = float(t.ppf(0.975, n - 1)) * stdev(shares) / n**0.5 if n > 1 else 0.0
    pooled = wilson(round(mean * n * answers), n * answers)
    return Estimate(mean, max(0.0, min(mean - reach, pooled.low)), min(1.0, max(mean + reach, pooled.high)), n)


def exactly(value: float) -> Estimate:
    """Return a figure that was measured once and has no spread."""
    return Estimate(value, value, value, 1)


def load_records(path: Path) -> dict[str, Record]:
    """Return the records of earlier runs by section; none where there is no file.

    Raises:
        DataError: the file is not one that ``save_records`` wrote.
    """
    if not path.exists():
        return {}
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}")
        return {name: _record(entry) for name, entry in content["sections"].items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: expected results of format {FORMAT}, received {error!r}; delete it") from error


def save_records(path: Path, records: Mapping[str, Record]) -> None:
    """Write all records, as JSON that a person can read."""
    content = {"format": FORMAT, "sections": {name: asdict(record) for name, record in records.items()}}
    text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _record(entry: dict[str, Any]) -> Record:
    outcome = entry.pop("outcome")
    rows = tuple(map(_row, outcome.pop("rows")))
    return Record(outcome=Outcome(rows, tuple(outcome["notes"]), outcome["details"]), **entry)


def _row(entry: dict[str, Any]) -> Row:
    for name in ("ours", "peer", "ratio"):
        entry[name] = Estimate(**entry[name]) if entry[name] else None
    target = entry.pop("target")
    return Row(**entry, target=Target(**target) if target else None)
