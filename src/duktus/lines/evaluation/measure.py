"""How well lines are read: error rates of characters and words, whole lines, what is accepted, what is confused."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.lines.labelled import LabelledLine
from duktus.datasets.split import choose_evenly
from duktus.lines.evaluation.edits import Edit, distance, edits, plain_text
from duktus.lines.evaluation.inks import LineInk, find_inks
from duktus.lines.reading.options import GREEDY, Decoding
from duktus.lines.reading.transcriber import Transcriber
from duktus.reporting.files import without_nan
from duktus.reporting.intervals import Estimate, bootstrap, wilson
from duktus.reporting.pictures import to_page
from duktus.types import DataError, Transcript
from duktus.written.segmenter import Segmenter

WORST, MIXED = 24, 40
"""Lines read worst, and confusions, that are kept."""

TOGETHER = 128
"""Lines that are read together."""

TALLEST = 96
"""Rows of the picture of a line in a report, at most."""


@dataclass(frozen=True, eq=False)
class Misread:
    """A line that was not read as it was transcribed, and its ink (h, w) as darkness, uint8."""

    text: str
    read: str
    source: str
    errors: int
    picture: NDArray[np.uint8]


@dataclass(frozen=True)
class LineFigures:
    """How well lines were read.

    Attributes:
        characters: wrong, lost and added characters over those that stand there; above 1 where more are added.
        words: the same of words.
        exact: lines read without an error.
        accepted: lines that were accepted.
        sure: accepted lines that were read without an error, of those accepted.
        confused: what stood there and what was read, with how often, the most frequent first.
        worst: lines with the most errors for their length.
        groups: pages, writers or documents that were drawn for the intervals.
    """

    characters: Estimate
    words: Estimate
    exact: Estimate
    accepted: Estimate
    sure: Estimate
    confused: tuple[tuple[Edit, int], ...]
    worst: tuple[Misread, ...]
    groups: int

    def to_json(self) -> dict[str, Any]:
        """Return all but the pictures."""
        rates = ("characters", "words", "exact", "accepted", "sure")
        return {
            **{name: without_nan(asdict(getattr(self, name))) for name in rates},
            "groups": self.groups,
            "confused": [[edit.truth, edit.read, count] for edit, count in self.confused],
            "worst": [[each.text, each.read, each.source] for each in self.worst],
        }


@dataclass(frozen=True)
class LineMeasurement:
    """Figures, and what stands beside them: images that could not be read, and notes on what was measured."""

    figures: LineFigures
    unreadable: tuple[str, ...]
    notes: tuple[str, ...]


def measure_lines(
    transcriber: Transcriber,
    lines: Sequence[LabelledLine],
    segmenter: Segmenter | None,
    *,
    decoding: Decoding = GREEDY,
    limit: int | None = None,
    report: Callable[[int, int], None] | None = None,
) -> LineMeasurement:
    """Read lines whose texts are known, and count what is wrong.

    Texts are compared as they are trained on: composed characters, one kind of quotation mark and dash, single spaces.

    Args:
        transcriber: what is measured.
        lines: with their texts; those of one image follow each other.
        segmenter: as pages are read with it.
        decoding: how scores become text.
        limit: no more than so many lines, taken evenly from all.
        report: called with how many lines are done, and of how many.

    Raises:
        DataError: no image can be read.
    """
    chosen = [lines[i] for i in choose_evenly(len(lines), limit)]
    unreadable: list[str] = []
    inks = find_inks(chosen, transcriber.session.card.preprocessing.ink, segmenter, unreadable)
    answers: list[tuple[LineInk, Transcript]] = []
    while some := list(islice(inks, TOGETHER)):
        answers += zip(some, transcriber.read([each.ink for each in some], decoding), strict=True)
        if report is not None:
            report(len(answers), len(chosen))
    if not answers:
        raise DataError(f"expected images that can be read, received {len(unreadable)} that cannot: {unreadable[:1]}")
    known, notes = set(transcriber.labels), []
    unknown = Counter(c for each, _ in answers for c in plain_text(each.line.text) if c not in known)
    if unknown:
        listed = " ".join(f"{character} ×{count}" for character, count in unknown.most_common(12))
        notes.append(f"characters that the model does not know count as errors: {listed}")
    return LineMeasurement(count_errors(answers), tuple(unreadable), tuple(notes))


def count_errors(answers: Sequence[tuple[LineInk, Transcript]]) -> LineFigures:
    """Return the figures of lines that were read; intervals draw whole groups anew."""
    texts = [(plain_text(each.line.text), answer.text) for each, answer in answers]
    of_characters = np.array([(distance(truth, read), len(truth)) for truth, read in texts])
    of_words = np.array([(distance(t.split(), r.split()), len(t.split())) for t, r in texts])
    numbers = np.unique([each.line.group for each, _ in answers], return_inverse=True)[1]
    right = of_characters[:, 0] == 0
    accepted = np.array([answer.accepted for _, answer in answers])
    confused = Counter(edit for truth, read in texts for edit in edits(truth, read))
    order = np.argsort(-of_characters[:, 0] / np.maximum(1, of_characters[:, 1]), kind="stable")
    return LineFigures(
        _rate(of_characters, numbers),
        _rate(of_words, numbers),
        wilson(int(right.sum()), len(right)),
        wilson(int(accepted.sum()), len(accepted)),
        wilson(int((right & accepted).sum()), int(accepted.sum())),
        tuple(confused.most_common(MIXED)),
        tuple(
            _misread(answers[i][0], texts[i], int(of_characters[i, 0]))
            for i in order[:WORST].tolist()
            if of_characters[i, 0]
        ),
        int(numbers.max()) + 1,
    )


def _misread(each: LineInk, texts: tuple[str, str], errors: int) -> Misread:
    longest = TALLEST * max(1.0, each.ink.shape[1] / each.ink.shape[0])
    return Misread(texts[0], texts[1], each.line.image.name, errors, to_page(each.ink, round(longest)))


def _rate(counts: NDArray[np.int64], groups: NDArray[np.intp]) -> Estimate:
    """Return errors over what stands there, (n, 2), with an interval over groups; ``n`` counts what stands there."""
    sums = np.zeros((int(groups.max()) + 1, 2))
    np.add.at(sums, groups, counts)

    def rate(chosen: NDArray[np.intp]) -> float:
        errors, length = sums[chosen].sum(axis=0)
        return float(errors / max(1.0, length))

    found = bootstrap(rate, len(sums), rng=np.random.default_rng(0))
    return Estimate(found.value, found.low, found.high, int(counts[:, 1].sum()))
