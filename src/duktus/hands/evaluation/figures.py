"""All figures about hands of one way of scoring, and those of the hand beside its controls."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

import numpy as np

from duktus.hands.evaluation.amounts import ByAmount
from duktus.hands.evaluation.open_set import UNDECIDED, Decision, OpenSet, open_set
from duktus.hands.evaluation.retrieval import ClosedSet, Matrix, Retrieval, closed_set, retrieve
from duktus.hands.evaluation.verification import Pairs, Verification, make_pairs, measure_pairs
from duktus.reporting.clusters import TIMES
from duktus.reporting.files import without_nan
from duktus.types import JSON, DataError

Figures = TypeVar("Figures")

SEED = 0
"""Of all draws."""

UNBOUNDED = (-np.inf, np.inf)

PAPER, TONE = "paper alone", "tone and width alone"
"""Names of the two controls (``controls.py``)."""


@dataclass(frozen=True)
class HandFigures:
    """What one way of scoring pages is worth; what could not be measured is None, and ``notes`` say why."""

    name: str
    closed: ClosedSet
    retrieval: Retrieval | None
    open_set: OpenSet | None
    verification: Verification | None
    amounts: ByAmount | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class HandResults:
    """An evaluation of hands on one set.

    Attributes:
        title: what was measured, for example the encoder's name.
        source: the set and its split, in words.
        unit: what a sample is: "page", "line" or "word".
        samples: how many there are, by how many ``writers`` on how many ``pages``.
        hand: the figures of the hand.
        controls: those of the paper alone, and of the pen's tone and width alone.
        notes: sentences on how the figures came about.
        limits: sentences on what they do not say.
    """

    title: str
    source: str
    unit: str
    samples: int
    writers: int
    pages: int
    hand: HandFigures
    controls: tuple[HandFigures, ...] = ()
    notes: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[HandFigures, ...]:
        """The hand's figures, then the controls'."""
        return (self.hand, *self.controls)

    def to_json(self) -> JSON:
        """Return everything as a JSON object."""
        record: JSON = without_nan(asdict(self))
        return record


@dataclass(frozen=True, eq=False)
class ServedScores:
    """The scores that serving gives pairs of pages, (n, n) each, more = more similar.

    Attributes:
        naming: of a query page (rows) and an enrolled one (columns): answers are ranked, and accepted, by it.
        searching: documents are ranked by it.
        ratios: log10 likelihood ratios of the two, calibrated on other writers.
        bounds: the ratios beyond which nothing is said.
    """

    naming: Matrix
    searching: Matrix
    ratios: Matrix
    bounds: tuple[float, float]


def measure_hands(
    name: str,
    scores: Matrix | ServedScores,
    writers: Sequence[str],
    pages: Sequence[str | None] | None = None,
    *,
    decision: Decision = UNDECIDED,
    times: int = TIMES,
) -> HandFigures:
    """Measure one way of scoring on all protocols but the amount of text.

    All draws are the same in every call, so the hand and its controls get the same queries.

    Args:
        name: of the way of scoring, for example ``PAPER``.
        scores: (n, n), more = more similar; or what serving says, with its ratios.
        writers: (n,) who wrote each.
        pages: (n,) where each comes from, None where that is not known.
        decision: which answers are accepted where the writer may be unknown.
        times: resamples behind an interval.

    Raises:
        DataError: the sizes do not fit, or there are no two writers, or none has two pages.
        MissingExtraError: scikit-learn is not installed.
    """
    notes: list[str] = []
    served = scores if isinstance(scores, ServedScores) else ServedScores(scores, scores, scores, UNBOUNDED)

    def rng(protocol: int) -> np.random.Generator:
        return np.random.default_rng((SEED, protocol))

    def verify(pairs: Pairs) -> Verification:
        calibrated = isinstance(scores, ServedScores)
        return measure_pairs(pairs, rng=rng(4), calibrated=calibrated, bounds=served.bounds, times=times)

    return HandFigures(
        name,
        closed_set(served.naming, writers, pages, rng=rng(0), times=times),
        retrieve(served.searching, writers, pages, rng=rng(1), times=times),
        attempt(
            "The open set",
            lambda: open_set(served.naming, writers, pages, rng=rng(2), decision=decision, times=times),
            notes,
        ),
        attempt("Verification", lambda: verify(make_pairs(served.ratios, writers, pages, rng=rng(3))), notes),
        notes=tuple(notes),
    )


def attempt(what: str, measure: Callable[[], Figures], notes: list[str]) -> Figures | None:
    """Return a figure, or None and leave a note on why there is none."""
    try:
        return measure()
    except DataError as error:
        notes.append(f"{what} was not measured: {error}.")
        return None
