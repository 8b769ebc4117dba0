"""A model measured on labelled images: the imaging functions that serve, one pass of the network, the figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.gallery.store import Gallery
from duktus.glyphs.evaluation.confusions import Confusion, find_confusions
from duktus.glyphs.evaluation.metrics import NO_CHARACTER, Evaluation, evaluate_scores
from duktus.glyphs.reading.reader import Reader
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.glyph import single_glyph, stack_glyphs
from duktus.models.runtime import Session
from duktus.reporting.label_drawings import may_lack_font
from duktus.reporting.notes import notes_on_images
from duktus.reporting.pictures import Picture, to_page
from duktus.reporting.progress import Report
from duktus.types import DataError, Glyphs, ImageError, Page, Scores

SAME = 0.985
"""Cosine to an example from which an image may show the same drawing: 94 of 100 cut-outs of a page's letters
are as like to it, and none of 200 letters to those of other hands."""

PART = 512
"""Images that are decoded and framed before the network sees them: enough for full batches, little memory."""

_NAMED = 12
"""Labels that a note names."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """A model's figures on labelled images.

    ``confusions`` are the pairs of labels that are confused. ``pictures`` holds the page of each mistake, and of what
    the confusions show, by its index in ``evaluation``; ``unreadable`` the errors of images that could not be read and
    are in no figure; ``notes`` what one has to know to understand the figures.
    """

    evaluation: Evaluation
    confusions: tuple[Confusion, ...]
    pictures: Mapping[int, Picture]
    unreadable: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Lessons:
    """The examples of a gallery's reader, which must not be measured on.

    Args:
        gallery: its examples.
        session: the encoder of their vectors.
    """

    gallery: Gallery
    session: Session

    def has(self, page: Page) -> bool:
        """Return whether a page is an example."""
        content = fingerprint(np.ascontiguousarray(page))
        return content in self.gallery.known([content])

    def resemble(self, glyphs: Glyphs) -> list[bool]:
        """Return which of (n, H, W, 1) glyphs may show an example's drawing in another picture."""
        if not len(glyphs):
            return []
        scores = self.gallery.nearest(self.session.run(glyphs), 1).scores
        return [bool(score >= SAME) for score in scores[:, 0]]


@dataclass(eq=False)
class _Scored:
    """The scores of images, which those are, which are near-duplicates of examples, errors, how many are examples."""

    scores: list[Scores] = field(default_factory=list)
    kept: list[int] = field(default_factory=list)
    alike: list[bool] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    taught: int = 0


def measure_reader(
    reader: Reader,
    data: LabelledImages,
    *,
    limit: int | None = None,
    report: Report | None = None,
    lessons: Lessons | None = None,
) -> Measurement:
    """Measure a reader, by a trained network or by a gallery, on labelled images, each the picture of one character.

    Args:
        reader: What is measured.
        data: The images; of a file with several pages the first counts.
        limit: Measure no more than so many, taken evenly from all.
        report: Called with how many images are done, and of how many.
        lessons: The reader's examples: such images are left out, near-duplicates are reported.

    Raises:
        DataError: No image can be read, or none shows one of the reader's labels.
        MissingExtraError: scikit-learn is not installed.
    """
    chosen = choose_evenly(len(data), limit)
    found = _score(reader, data, chosen, report, lessons)
    if not found.kept:
        received = f"{len(found.unreadable)} that cannot: {found.unreadable[0]}" if found.unreadable else "none"
        if found.taught:
            received = f"{found.taught} that taught the labels, which must not be measured on; give others"
        raise DataError(f"expected images that can be read, received {received}")
    labels, scores = [data.labels[i] for i in found.kept], np.concatenate(found.scores)
    places = {label: place for place, label in enumerate(reader.labels)}
    truth = np.array([places.get(label, NO_CHARACTER) for label in labels], np.intp)
    other = scores.shape[1] > len(reader.labels)
    evaluation = evaluate_scores(scores, truth, reader.labels, other, reader.card.calibration, alike=reader.alike)
    scale = evaluation.calibration.temperature
    confusions = find_confusions(scores, truth, reader.labels, scale, alike=reader.alike)
    pictures = {i: to_page(_first_page(data, found.kept[i])) for i in sorted(_shown(evaluation, confusions))}
    notes = [*_notes(reader, labels, data, found, len(chosen)), *_note_alike(scores, truth, found.alike)]
    return Measurement(evaluation, confusions, pictures, tuple(found.unreadable), tuple(notes))


def _shown(evaluation: Evaluation, confusions: Iterable[Confusion]) -> set[int]:
    """Return the samples whose pictures a report shows: mistakes, confusions, and labels that a font may lack."""
    named = zip(evaluation.labels, evaluation.examples, strict=True)
    shown = [mistake.index for mistake in (*evaluation.mistakes, *evaluation.intruders)]
    shown += [i for each in confusions for i in (*each.examples, *each.typical) if i is not None]
    return {*shown, *(i for name, i in named if i is not None and may_lack_font(name))}


def _score(
    reader: Reader, data: LabelledImages, chosen: NDArray[np.intp], report: Report | None, lessons: Lessons | None
) -> _Scored:
    """Read the chosen images in parts of bounded size."""
    found, ink = _Scored(), reader.card.preprocessing.ink
    for start in range(0, len(chosen), PART):
        glyphs = []
        for i in chosen[start : start + PART].tolist():
            try:
                page = _first_page(data, i)
                if lessons is not None and lessons.has(page):
                    found.taught += 1
                    continue
                glyphs.append(single_glyph(page, ink, reader.frame))
                found.kept.append(i)
            except ImageError as error:
                found.unreadable.append(str(error))
        batch = stack_glyphs(glyphs, reader.frame)
        found.scores.append(reader.scores(batch))
        found.alike += lessons.resemble(batch) if lessons is not None else []
        if report is not None:
            report(len(found.kept) + len(found.unreadable) + found.taught, len(chosen))
    return found


def _first_page(data: LabelledImages, index: int) -> Page:
    return next(load_pages(data.images[index]))


def _notes(reader: Reader, labels: Sequence[str], data: LabelledImages, found: _Scored, chosen: int) -> Iterator[str]:
    if found.taught:
        yield f"Images that taught the labels, and are in no figure: {found.taught:,}."
    unknown = sorted(set(labels) - set(reader.labels))
    if unknown:
        named = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
        yield f"Images labelled {named} show none of the model's labels, and count as out-of-alphabet."
    ungrouped = "No groups (hands or pages) are known, so the intervals treat images as independent of each other."
    yield from notes_on_images(data, chosen, len(found.unreadable), ungrouped)


def _note_alike(scores: Scores, truth: NDArray[np.intp], alike: list[bool]) -> Iterator[str]:
    """Yield the accuracy without near-duplicates of examples."""
    doubtful = np.array(alike, bool)
    if doubtful.any():
        others = (truth != NO_CHARACTER) & ~doubtful
        right = int((scores[others, :-1].argmax(axis=1) == truth[others]).sum())
        said = f"Near-duplicates of examples, which may show the same drawing: {int(doubtful.sum()):,}"
        yield f"{said}; without them {right:,} of {int(others.sum()):,} are right."
