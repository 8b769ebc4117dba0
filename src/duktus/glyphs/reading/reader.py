"""What is written: pictures in, readings out."""

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, islice, pairwise

import numpy as np

from duktus.glyphs.reading.batches import Pages, image_steps
from duktus.glyphs.reading.case import settle_case
from duktus.glyphs.reading.head import Head
from duktus.glyphs.reading.hypotheses import (
    Hypothesis,
    HypothesisSettings,
    Layout,
    first_hypothesis,
    further_hypotheses,
)
from duktus.glyphs.reading.lattice import arc_gains, best_path
from duktus.glyphs.reading.marks import place_characters
from duktus.glyphs.reading.selection import Answer, best_answer, find_joined, refuse_implausible
from duktus.imaging.frames.glyph import GlyphFrame, stack_glyphs
from duktus.models.card import Calibration, Card
from duktus.models.confidence import Alike, alike_columns, decide
from duktus.models.file import open_model_file
from duktus.models.runtime import Precision, Session
from duktus.pen.sources import Picture, Readable, load_pictures
from duktus.types import DuktusError, Glyphs, Ink, ModelError, Reading, Scores
from duktus.types.pages import join_boxes
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import Job, Steps

_HANDS = {
    "hand-classifier": ", or ask whose hand it is: 'duktus identify IMAGE --model FILE'",
    "hand-encoder": ", or ask whose hand it is: 'duktus identify IMAGE --gallery GALLERY'",
}
"""What a model of hands is for, by its task."""

DIGITS = frozenset("0123456789")

UNCALIBRATED = Calibration(temperature=1.0, threshold=0.5, accept=None, split="none")
"""What stands in for the calibration of a model that has none."""


@dataclass(frozen=True)
class Draft:
    """A picture with its first hypothesis, which awaits the network."""

    picture: Picture
    hypothesis: Hypothesis


class Reader:
    """Reads pictures with one trained network. Any thread may use it; ``open_model`` makes one.

    Args:
        session: a network that classifies glyphs; with a head, one that encodes them.
        head: what a gallery of taught letters makes of an encoder's vectors.

    Attributes:
        session, head: as given.
        card: the network's.
        labels: what can be read.
        frame: in which the network sees a glyph.
        calibration: how its scores become confidences, and which confidence is enough.
        alike: groups of labels, by their places, that one shape may show.

    Raises:
        ModelError: the network is for another task.
    """

    def __init__(self, session: Session, head: Head | None = None) -> None:
        card = session.card
        task = "glyph-encoder" if head else "glyph-classifier"
        if card.task != task or card.preprocessing.glyph is None:
            advice = f"name another model{_HANDS.get(card.task, '')}"
            raise ModelError(f"{card.name}: expected a {task}, received a {card.task}; {advice}")
        self.card: Card = card
        self.labels = head.labels if head else card.labels
        self.session, self.head = session, head
        self.frame: GlyphFrame = card.preprocessing.glyph
        self.calibration: Calibration = card.calibration or UNCALIBRATED
        self.alike: Alike = () if head else alike_columns(card.labels, card.alike)
        # A taught alphabet names its letters as it likes, and a ring may be a part of them.
        self._latin = not head and DIGITS.issubset(self.labels) and all(map(_is_latin, self.labels))

    def read(self, image: Readable, *, layout: Layout = "auto") -> tuple[Reading, ...]:
        """Read what is written in an image, on all its pages one after the other.

        Args:
            image: a path, bytes, a file object, a Pillow image, an array, or a drawing; a stroke file too.
            layout: "auto" finds the characters, row by row and from left to right; "one" takes the page for the
                picture of one character.

        Returns:
            A reading for each character, its box in the image's pixels (of a drawing: in the units of its points);
            one without text that is not accepted, for a page without ink ("blank"), and around the words of one that
            "looks like joined writing".

        Raises:
            ImageError: the image cannot be read.
            StrokeError: the stroke file holds no drawing.
        """
        return tuple(reading for _, readings in self.read_pages(image, layout=layout) for reading in readings)

    def read_pages(self, image: Readable, *, layout: Layout = "auto") -> Iterator[tuple[int, tuple[Reading, ...]]]:
        """Yield each page's number, from 1, and its readings, as ``read`` returns them; one page is held at a time."""
        for number, picture in enumerate(load_pictures(image), 1):
            yield number, self.settle([self.draft(picture, layout)], layout)[0]

    def read_many(self, images: Iterable[Readable], *, layout: Layout = "auto") -> Generator[Pages | DuktusError]:
        """Yield what is written in each of many images, in order, at constant memory.

        Where there is work for more than a second or two, a process is started for each core that the model was opened
        with; until these are there, and for less, decoding and segmenting run in threads while the network reads.
        Images are taken as they are needed. Close the generator to stop early: that ends the processes.

        Args:
            images: as ``read`` takes them. Paths, bytes, arrays, Pillow images and drawings go to the processes; file
                objects and standard input are read in this one.
            layout: as in ``read``.

        Yields:
            For each image its pages, as ``read_pages`` yields them; the error in their place where it cannot be read,
            or where the process that read it died.
        """
        session = self.session
        job = Job(f"{__name__}:open_steps", (session.content, session.name, session.precision, layout, self.head))
        return answer_in_bulk(images, self.steps(layout), session.threads, pool_starter(job, session.threads))

    def scores(self, glyphs: Glyphs) -> Scores:
        """Return the logits (n, labels) of glyphs, or (n, labels + 1) where the last is for none of the labels.

        Args:
            glyphs: (n, H, W, 1) in the reader's frame.
        """
        outputs = self.session.run(glyphs)
        return self.head.scores(outputs) if self.head else outputs

    def steps(self, layout: Layout) -> Steps:
        """Return the steps that read batches of images in one layout."""
        return image_steps(lambda picture: self.draft(picture, layout), lambda drafts: self.settle(drafts, layout))

    def draft(self, picture: Picture, layout: Layout) -> Draft:
        """Make the first hypothesis of a picture; any thread may do so, the network is not run."""
        return Draft(picture, first_hypothesis(picture.page, self._settings(layout)))

    def settle(self, drafts: Sequence[Draft], layout: Layout) -> list[tuple[Reading, ...]]:
        """Read drafted pictures in one batch; return the readings of each."""
        answers = zip(drafts, self.answer(drafts, layout), strict=True)
        numbers = self.of_numbers and layout == "auto"
        groups = self.card.alike if self.alike and layout == "auto" else ()
        return [_readings(draft.picture, answer, groups, numbers=numbers) for draft, answer in answers]

    @property
    def of_numbers(self) -> bool:
        """Whether all that can be read are digits: a mark between them then changes what a number says."""
        return DIGITS.issuperset(self.labels)

    def answer(self, drafts: Sequence[Draft], layout: Layout) -> list[Answer]:
        """Answer drafted pictures in one batch, those in doubt by further hypotheses in another; return the best.

        Boxes are in pixels of the pictures' pages, which may be reduced.
        """
        first = [draft.hypothesis for draft in drafts]
        scores = self.scores(stack_glyphs(_glyphs(first), self.frame))
        answers = self._decide(first, scores)
        if layout == "auto":
            answers = [find_joined(answer) for answer in answers]
        again = [i for i, answer in enumerate(answers) if not answer.certain]
        settings, ends = self._settings(layout), _ends(first)
        hypotheses = [list(self._further(drafts[i].picture, answers[i], settings)) for i in again]
        known = {glyph.tobytes(): row for i in again for row, glyph in enumerate(first[i].lattice.glyphs, ends[i])}
        further = iter(self._score_anew([hypothesis for some in hypotheses for hypothesis in some], scores, known))
        for i, some in zip(again, hypotheses, strict=True):
            answers[i] = best_answer([answers[i], *islice(further, len(some))])
        return [refuse_implausible(answer) for answer in answers]

    def _further(self, picture: Picture, answer: Answer, settings: HypothesisSettings) -> Iterator[Hypothesis]:
        lost = len(answer.refused) == len(answer.decisions)
        known = replace(settings, drawn=picture.drawn)
        return further_hypotheses(picture.page, answer.hypothesis, answer.refused, lost, known)

    def _settings(self, layout: Layout) -> HypothesisSettings:
        return HypothesisSettings(self.card.preprocessing.ink, self.frame, layout, latin=self._latin)

    def _score_anew(self, hypotheses: Sequence[Hypothesis], scores: Scores, known: dict[bytes, int]) -> list[Answer]:
        """Score the arcs of further hypotheses, each glyph once.

        ``known`` are the glyphs that were scored before, and the row of ``scores`` of each.
        """
        glyphs = {glyph.tobytes(): glyph for glyph in _glyphs(hypotheses)}
        new = {key: glyph for key, glyph in glyphs.items() if key not in known}
        rows = known | {key: row for row, key in enumerate(new, len(scores))}
        scores = np.concatenate((scores, self.scores(stack_glyphs(list(new.values()), self.frame))))
        return self._decide(hypotheses, scores[[rows[glyph.tobytes()] for glyph in _glyphs(hypotheses)]])

    def _decide(self, hypotheses: Sequence[Hypothesis], scores: Scores) -> list[Answer]:
        """Return the answers of several hypotheses by the scores of all their arcs, (arcs, outputs)."""
        labels, scale = self.labels, self.calibration
        gains = arc_gains(scores, len(labels), scale.temperature, self.alike)
        ends = _ends(hypotheses)
        spans = zip(hypotheses, pairwise(ends), strict=True)
        paths = [best_path(each.lattice, gains[a:b]) for each, (a, b) in spans]
        chosen = [at + arc for at, path in zip(ends, paths, strict=False) for arc in path.arcs]
        decided = decide(
            scores[chosen], labels, temperature=scale.temperature, threshold=scale.threshold, alike=self.alike
        )
        made = iter(decided)
        found = zip(hypotheses, paths, strict=True)
        return [Answer(hypothesis, path, tuple(islice(made, len(path.arcs)))) for hypothesis, path in found]


def open_model(
    name_or_path: str | os.PathLike[str] = "digits", *, threads: int | None = None, precision: Precision = "float32"
) -> Reader:
    """Open a model for reading.

    Args:
        name_or_path: a shipped model's name, or the path of a model file.
        threads: cores to use, by the network and by ``read_many``, which starts no processes for 1; None for all that
            this process may use.
        precision: "int8" takes the model's int8-quantised copy, more than twice as fast; "bfloat16" is about twice
            as fast where the processor computes in it (the extra ``fast``).

    Raises:
        ModelError: there is no such model, the file is broken, or it is for another task.
    """
    return Reader(open_model_file(name_or_path, threads, precision))


def open_steps(content: bytes, name: str, precision: Precision, layout: Layout, head: Head | None) -> Steps:
    """Open a model file's content on one core; return the steps that read batches of images (``Reader.steps``)."""
    return Reader(Session(content, 1, precision, name=name), head).steps(layout)


def _is_latin(label: str) -> bool:
    """Tell whether a label is a digit or a Latin letter: none has a ring around it or a line under it."""
    return len(label) == 1 and label.isascii() and label.isalnum()


def _glyphs(hypotheses: Sequence[Hypothesis]) -> list[Ink]:
    return [glyph for hypothesis in hypotheses for glyph in hypothesis.lattice.glyphs]


def _ends(hypotheses: Sequence[Hypothesis]) -> list[int]:
    """Return where the glyphs of each hypothesis begin among those of all, and last how many these are."""
    return [0, *accumulate(len(hypothesis.lattice.glyphs) for hypothesis in hypotheses)]


def _readings(
    picture: Picture, answer: Answer, alike: Sequence[Sequence[str]], *, numbers: bool
) -> tuple[Reading, ...]:
    if not answer.path.arcs:
        around = picture.outward(join_boxes(list(answer.words))) if answer.words else picture.bounds
        return (Reading("", 0.0, False, answer.reason, (), around),)
    placed = settle_case(place_characters(answer, numbers=numbers), alike)
    return tuple(Reading(*each.decision, picture.outward(each.box), line=max(0, each.row)) for each in placed)
