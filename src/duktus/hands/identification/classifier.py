"""Whose hand, of the writers that a network was trained on: a closed set, by soft voting of a document's patches.

The way is ``pages -> lines -> strips -> patches -> scores -> votes -> Identification``. A page, a line or a word will
do. The network knows no other hand than its writers': another's document is recognised only by how little its
patches agree, which is weaker than a gallery's answer (``hands.py``).
"""

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.collage import Seen
from duktus.hands.identification.votes import LEAST, agreement, confidences, vote
from duktus.imaging.files.load import DocumentSource, load_pages
from duktus.imaging.frames.contours import ContourSettings, find_contours
from duktus.imaging.frames.strip import Patches, PatchFrame, lay_patches, patch_ink, strips_of
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.models.card import Calibration
from duktus.models.confidence import Probabilities
from duktus.models.runtime import Session
from duktus.types import DuktusError, Identification, Ink, Match, ModelError, Page, Scores
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import Job, Steps, answer_each

PAGES = 4
"""Documents that a process takes at once."""

MOST_PATCHES = 400
"""Patches of a page that the network scores, evenly from all: some twelve lines' worth."""

SURE = 0.5
"""A hand is named where its probability is above this."""

TWO = 0.75
"""Two hands that share this probability are both named where neither is sure."""

UNCALIBRATED = Calibration(temperature=1.0, threshold=0.0, accept=None, split="none")
"""What stands in for the calibration of a model that has none."""

MEASURED = ContourSettings()
"""How the amount of writing is measured, as encoders of hands measure it."""


@dataclass(frozen=True, eq=False)
class Ballot:
    """What a network says of the patches of a document.

    Attributes:
        scores: (n, classes) logits of patches.
        ink: (n,) how much of each is ink, in (0, 1].
        lines: (n,) the line that each comes from, counted over all pages.
        amounts: (lines,) how much is written in each line, in text heights of contour.
    """

    scores: Scores
    ink: NDArray[np.float64]
    lines: NDArray[np.intp]
    amounts: NDArray[np.float64]

    @property
    def amount(self) -> float:
        """How much is written in the document, in text heights of contour."""
        return float(self.amounts.sum())

    @property
    def votes(self) -> Scores:
        """(1, classes): what all patches say together; there must be one."""
        return vote(self.scores, np.zeros(len(self.scores), np.intp), self.ink).scores

    @classmethod
    def join(cls, ballots: Sequence["Ballot"]) -> Self:
        """Return the ballots of several documents as one's; there must be one."""
        starts = np.cumsum([0, *(len(each.amounts) for each in ballots)])
        return cls(
            np.concatenate([each.scores for each in ballots]),
            np.concatenate([each.ink for each in ballots]),
            np.concatenate([each.lines + start for each, start in zip(ballots, starts.tolist(), strict=False)]),
            np.concatenate([each.amounts for each in ballots]),
        )


class HandClassifier:
    """Names one of the writers that a network was trained on. Any thread may use it.

    Args:
        session: a classifier of hands.

    Attributes:
        labels: the writers.
        frame: how the network sees a line.
        calibration: how votes become probabilities, and which is enough.

    Raises:
        ModelError: the network is for another task, or its card does not say how patches are cut.
    """

    def __init__(self, session: Session) -> None:
        card = session.card
        if card.task != "hand-classifier":
            raise ModelError(f"{card.name}: expected a hand-classifier, received a {card.task}; name another model")
        if card.preprocessing.patches is None:
            raise ModelError(f"{card.name}: expected a card that says how patches are cut, found none; train it again")
        self._session = session
        self.labels = card.labels
        self.frame: PatchFrame = card.preprocessing.patches
        self.calibration: Calibration = card.calibration or UNCALIBRATED

    def look(self, pages: Iterable[Page], regions: Regions = EVERYWHERE) -> Ballot:
        """Score the patches of a document.

        Args:
            pages: of one document, one held at a time; a line or a word will do as a page.
            regions: of each page, what to look at.

        Raises:
            ImageError: a region lies beside a page.
        """
        return Ballot.join([self._nothing(), *(self._score(page, regions)[0] for page in pages)])

    def see(self, pages: Iterable[Page], regions: Regions = EVERYWHERE) -> tuple[Ballot, Seen]:
        """Return what ``look`` does, and the patches themselves, for what shows them.

        Raises:
            ImageError: a region lies beside a page.
        """
        ballots, patches = [self._nothing()], [np.zeros((0, *self.frame.shape), np.uint8)]
        for page in pages:
            ballot, cut = self._score(page, regions)
            ballots.append(ballot)
            patches.append(cut)
        ballot = Ballot.join(ballots)
        return ballot, Seen(np.concatenate(patches), ballot.scores, ballot.lines)

    def _score(self, page: Page, regions: Regions) -> tuple[Ballot, Patches]:
        """Score the patches of one page, and return them."""
        found = strips_of(page, self.frame, self._session.card.preprocessing.ink, regions)
        amounts = np.array([written(each.line.ink) for each in found])
        laid = [lay_patches(each.strip, self.frame) for each in found]
        lines = np.repeat(np.arange(len(laid)), list(map(len, laid)))
        if not len(lines):
            return self._nothing(), np.zeros((0, *self.frame.shape), np.uint8)
        chosen = _evenly(len(lines))
        patches = np.concatenate(laid)[chosen]
        scores = self._session.run((patches.astype(np.float32) * np.float32(1 / 255))[..., None])
        return Ballot(scores, patch_ink(patches, self.frame), lines[chosen], amounts), patches

    def _nothing(self) -> Ballot:
        scores = np.zeros((0, self._session.card.outputs or 0), np.float32)
        return Ballot(scores, np.zeros(0), np.zeros(0, np.intp), np.zeros(0))

    def look_at(self, source: DocumentSource, regions: Regions = EVERYWHERE) -> Ballot:
        """Score the patches of the document in an image file, or in several, all pages' regions taken together.

        Raises:
            ImageError: it cannot be read, or a region lies beside a page.
        """
        files = source if isinstance(source, tuple) else (source,)
        return self.look((page for file in files for page in load_pages(file)), regions)

    def look_at_many(
        self, sources: Iterable[DocumentSource], regions: Regions = EVERYWHERE
    ) -> Generator[Ballot | DuktusError]:
        """Yield the ballot of each of many documents, as ``look_at`` does, in order; errors stand in their place.

        Where there is work for more than a second or two, a process is started for each core that the model was opened
        with. Close the generator to stop early.
        """
        session = self._session
        job = Job(f"{__name__}:open_ballots", (session.content, session.name, regions))
        steps = answer_each(lambda source: self.look_at(source, regions))
        return answer_in_bulk(sources, steps, session.threads, pool_starter(job, session.threads), batch=PAGES)

    def identify(self, ballot: Ballot, top: int = 5) -> Identification:
        """Tell which of the writers a document's patches speak for, or that they speak for none enough.

        A match's ``score`` is the calibrated probability that the writer is it, if it is one of them at all;
        ``log10_lr`` is how much likelier that writer makes what was seen than the others of them do together.

        Args:
            ballot: the document's.
            top: how many matches to return.
        """
        if not len(ballot.scores) or not ballot.amount:
            return Identification((), False, "blank", 0.0)
        votes = ballot.votes
        chances = confidences(votes, np.array([ballot.amount]), self.calibration)[0]
        known = chances[: len(self.labels)]
        order = np.argsort(-known, kind="stable")
        ratios = self._log10_ratios(chances)[order]
        matches = tuple(
            Match(self.labels[i], float(known[i]), float(ratio), rank)
            for rank, (i, ratio) in enumerate(zip(order[:top].tolist(), ratios, strict=False), 1)
        )
        agreed = float(agreement(votes[:, : len(self.labels)])[0])
        reason = self._reason(known[order], agreed, [self.labels[i] for i in order[:2]])
        if ballot.amount < LEAST:
            reason = "too little ink"
        closed = f"a closed set: held against the {len(self.labels)} writers of {self._session.card.name} alone"
        return Identification(matches, not reason, reason, ballot.amount, (closed,))

    def _log10_ratios(self, chances: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log10 likelihood ratio of each writer against the others, all equally likely beforehand.

        None goes beyond one in as many comparisons as calibrated it: of documents with their own writer, and with the
        others.
        """
        others = np.array([np.delete(chances, i).sum() for i in range(len(self.labels))])
        with np.errstate(divide="ignore"):
            ratios = np.log10(chances[: len(self.labels)]) - np.log10(others) + np.log10(max(1, len(chances) - 1))
        same = self.calibration.n or 1
        return np.asarray(np.clip(ratios, -np.log10(same + 1), np.log10(same * max(1, len(chances) - 1) + 1)))

    def _reason(self, ranked: Probabilities, agreed: float, labels: list[str]) -> str:
        """Return why the first writer is not named; empty where it is.

        Args:
            ranked: all writers' chances, the greatest first; an output for none of them takes its share.
            agreed: how much the patches agree on the first.
            labels: the first two writers.
        """
        if ranked[0] > SURE:
            return "" if agreed >= self.calibration.threshold else "none of the known hands"
        if len(labels) > 1 and ranked[0] + ranked[1] >= TWO:
            return f"unsure: {labels[0]} or {labels[1]}"
        return "none of the known hands"


def open_ballots(content: bytes, name: str, regions: Regions) -> Steps:
    """Open a model file's content on one core; return the steps of ``HandClassifier.look_at_many``."""
    classifier = HandClassifier(Session(content, 1, name=name))
    return answer_each(lambda source: classifier.look_at(source, regions))


def written(ink: Ink) -> float:
    """Return how much is written in ink (h, w), in text heights of contour, at whatever resolution it was scanned."""
    return find_contours(ink, MEASURED).amount


def _evenly(count: int) -> NDArray[Any]:
    """Return the places of at most ``MOST_PATCHES`` of so many patches."""
    kept = min(count, MOST_PATCHES)
    return np.arange(kept) * count // max(kept, 1)
