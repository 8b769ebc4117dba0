"""What is written: pictures in, readings out."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from duktus.imaging.glyphs import GlyphFrame
from duktus.imaging.writing import stack_glyphs
from duktus.models.card import Calibration, Card
from duktus.models.file import open_model_file
from duktus.models.runtime import Precision, Session
from duktus.recognition.confidence import Decision, decide
from duktus.recognition.looks import UNSURE, Layout, Look, Ways, first_look, look_again
from duktus.recognition.segment import Path, best_path
from duktus.recognition.sources import Picture, Readable, load_pictures
from duktus.types import Box, ModelError, Reading, Scores

BLANK = "blank"
"""Why a page without ink has no text."""

TOO_WIDE = 1.25
"""A character wider than this, in heights of its row, is looked at again even where it was accepted."""

UNCALIBRATED = Calibration(temperature=1.0, threshold=0.5, accept=None, split="none")
"""What stands in for the calibration of a model that has none."""


@dataclass(frozen=True)
class Draft:
    """A picture that has been looked at once and awaits the network."""

    picture: Picture
    look: Look


@dataclass(frozen=True)
class _Answer:
    """What one look says: the path, and the decision for each of its arcs."""

    look: Look
    path: Path
    decisions: tuple[Decision, ...]

    @property
    def doubted(self) -> tuple[int, ...]:
        """The arcs that were not accepted."""
        return tuple(arc for arc, one in zip(self.path.arcs, self.decisions, strict=True) if not one.accepted)

    @property
    def certain(self) -> bool:
        """Whether there is no reason to look again."""
        lattice = self.look.lattice
        wide = any(lattice.arcs[arc].weight > TOO_WIDE for arc in self.path.arcs)
        return not wide and not self.doubted and self.look.writing.certainty >= UNSURE


class Reader:
    """Reads pictures with one trained network. Any thread may use it; ``open_model`` makes one.

    Args:
        session: a network that classifies glyphs.

    Raises:
        ModelError: the network is for another task.
    """

    def __init__(self, session: Session) -> None:
        card = session.card
        if card.task != "glyph-classifier" or card.preprocessing.glyph is None:
            raise ModelError(f"{card.name}: expected a glyph-classifier, received a {card.task}; name another model")
        self.card: Card = card
        self._session = session
        self._frame: GlyphFrame = card.preprocessing.glyph
        self._calibration = card.calibration or UNCALIBRATED

    def read(self, image: Readable, *, layout: Layout = "auto") -> tuple[Reading, ...]:
        """Read what is written in an image, on all its pages one after the other.

        Args:
            image: a path, bytes, a file object, a Pillow image, an array, or a drawing; a stroke file too.
            layout: "auto" finds the characters, row by row and from left to right; "one" takes the page for the
                picture of one character.

        Returns:
            A reading for each character, its box in the image's pixels (of a drawing: in the units of its points);
            one that is not accepted, with the reason "blank", for a page without ink.

        Raises:
            ImageError: the image cannot be read.
            StrokeError: the stroke file holds no drawing.
        """
        return tuple(reading for _, readings in self.read_pages(image, layout=layout) for reading in readings)

    def read_pages(self, image: Readable, *, layout: Layout = "auto") -> Iterator[tuple[int, tuple[Reading, ...]]]:
        """Yield each page's number, from 1, and its readings, as ``read`` returns them; one page is held at a time."""
        for number, picture in enumerate(load_pictures(image), 1):
            yield number, self.settle([self.draft(picture, layout)], layout)[0]

    def draft(self, picture: Picture, layout: Layout) -> Draft:
        """Look at a picture for the first time; any thread may do so, the network is not asked."""
        return Draft(picture, first_look(picture.page, self._ways(layout)))

    def settle(self, drafts: Sequence[Draft], layout: Layout) -> list[tuple[Reading, ...]]:
        """Read pictures that were looked at, all in one batch, those in doubt once more in another."""
        answers = self._ask([draft.look for draft in drafts])
        again = [i for i, answer in enumerate(answers) if not answer.certain]
        looks = {i: list(look_again(drafts[i].picture.page, answers[i].look, answers[i].doubted, self._ways(layout))) for i in again}
        further = iter(self._ask([look for i in again for look in looks[i]]))
        for i in again:
            answers[i] = _better([answers[i], *(next(further) for _ in looks[i])])
        return [_readings(draft.picture, answer) for draft, answer in zip(drafts, answers, strict=True)]

    def _ways(self, layout: Layout) -> Ways:
        return Ways(self.card.preprocessing.ink, self._frame, layout)

    def _ask(self, looks: Sequence[Look]) -> list[_Answer]:
        """Put the arcs of several looks to the network in one batch."""
        glyphs = [glyph for look in looks for glyph in look.lattice.glyphs]
        scores = self._session.run(stack_glyphs(glyphs, self._frame))
        answers, at = [], 0
        for look in looks:
            count = len(look.lattice.glyphs)
            answers.append(self._answer(look, scores[at : at + count]))
            at += count
        return answers

    def _answer(self, look: Look, scores: Scores) -> _Answer:
        labels, scale = self.card.labels, self._calibration
        if not len(scores):
            return _Answer(look, Path((), -np.inf), ())
        path = best_path(look.lattice, scores, len(labels), scale.temperature)
        chosen = scores[list(path.arcs)]
        return _Answer(
            look, path, tuple(decide(chosen, labels, temperature=scale.temperature, threshold=scale.threshold))
        )


def open_model(
    name_or_path: str | os.PathLike[str] = "digits", *, threads: int | None = None, precision: Precision = "float32"
) -> Reader:
    """Open a model for reading.

    Args:
        name_or_path: a shipped model's name, or the path of a model file.
        threads: cores that the network uses; None for all that this process may use.
        precision: "bfloat16" is about twice as fast where the processor computes in it (the extra ``fast``).

    Raises:
        ModelError: there is no such model, the file is broken, or it is for another task.
    """
    return Reader(open_model_file(name_or_path, threads, precision))


def _better(answers: list[_Answer]) -> _Answer:
    """Return the answer that explains its ink best; the first of equals."""
    return max(answers, key=lambda answer: answer.path.score)


def _readings(picture: Picture, answer: _Answer) -> tuple[Reading, ...]:
    if not answer.path.arcs:
        return (Reading("", 0.0, False, BLANK, (), picture.bounds),)
    boxes = (answer.look.lattice.arcs[arc].box for arc in answer.path.arcs)
    return tuple(Reading(*one, picture.outward(box)) for one, box in zip(answer.decisions, boxes, strict=True))
