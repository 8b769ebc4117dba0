"""A model measured on labelled images: the imaging functions that serve, one pass of the network, the figures."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.datasets.labelled import LabelledImages
from duktus.evaluation.metrics import NO_CHARACTER, Evaluation, evaluate_scores
from duktus.evaluation.pictures import Picture, to_page
from duktus.imaging.glyphs import GlyphFrame
from duktus.imaging.ink import InkSettings
from duktus.imaging.load import load_pages
from duktus.imaging.writing import single_glyph, stack_glyphs
from duktus.models.runtime import Session
from duktus.types import DataError, Glyphs, ImageError, ModelError, Page, Scores

PART = 512
"""Images that are decoded and framed before the network sees them: enough for full batches, little memory."""

_NAMED = 12
"""Labels that a note lists by name."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """A model's figures on labelled images.

    ``pictures`` holds the page of each mistake by its index in ``evaluation``; ``unreadable`` the errors of images
    that could not be read and are in no figure; ``notes`` what one has to know to understand the figures.
    """

    evaluation: Evaluation
    pictures: dict[int, Picture]
    unreadable: tuple[str, ...]
    notes: tuple[str, ...]


def measure_glyphs(session: Session, glyphs: Glyphs, labels: Sequence[str]) -> Evaluation:
    """Measure a classifier on glyphs that are framed already.

    Args:
        session: A glyph classifier.
        glyphs: (n, H, W, 1) in [0, 1], framed by the card's parameters.
        labels: (n,) what each shows; a label that the card does not list counts as no character.

    Raises:
        DataError: No glyph shows one of the card's labels.
        ModelError: The model is no glyph classifier, or the glyphs do not fit it.
        MissingExtraError: scikit-learn is not installed.
    """
    _classifier_frame(session)
    return _evaluate(session, session.run(glyphs), labels)


def measure_images(
    session: Session,
    data: LabelledImages,
    *,
    limit: int | None = None,
    report: Callable[[int, int], None] | None = None,
) -> Measurement:
    """Measure a classifier on labelled images, each the picture of one character.

    Args:
        session: A glyph classifier.
        data: The images; of a file with several pages the first counts.
        limit: Measure no more than so many, taken evenly from all.
        report: Called with how many images are done, and of how many.

    Raises:
        DataError: No image can be read, or none shows one of the card's labels.
        ModelError: The model is no glyph classifier.
        MissingExtraError: scikit-learn is not installed.
    """
    frame, ink = _classifier_frame(session), session.card.preprocessing.ink
    chosen = choose_evenly(len(data), limit)
    scores, kept, unreadable = _score(session, data, chosen, ink, frame, report)
    if not kept:
        raise DataError(f"expected images that can be read, received {len(unreadable)} that cannot: {unreadable[0]}")
    labels = [data.labels[i] for i in kept]
    evaluation = _evaluate(session, scores, labels)
    wrong = (mistake.index for mistake in (*evaluation.mistakes, *evaluation.intruders))
    pictures: dict[int, Picture] = {index: to_page(_first_page(data, kept[index])) for index in wrong}
    notes = _notes(session, labels, data, len(unreadable), len(chosen))
    return Measurement(evaluation, pictures, tuple(unreadable), tuple(notes))


def choose_evenly(n: int, limit: int | None) -> NDArray[np.intp]:
    """Return the indices of at most ``limit`` of ``n`` things, evenly from all, since data often lie label by label.

    >>> choose_evenly(10, 4).tolist(), choose_evenly(3, None).tolist()
    ([0, 2, 5, 7], [0, 1, 2])
    """
    count = n if limit is None else min(limit, n)
    return np.arange(count) * n // max(count, 1)


def _classifier_frame(session: Session) -> GlyphFrame:
    card = session.card
    frame = card.preprocessing.glyph
    if card.task != "glyph-classifier" or frame is None:
        raise ModelError(f"{card.name}: expected a glyph-classifier to measure, received a {card.task}; name another")
    return frame


def _evaluate(session: Session, scores: Scores, labels: Sequence[str]) -> Evaluation:
    card = session.card
    places = {label: place for place, label in enumerate(card.labels)}
    truth = np.array([places.get(label, NO_CHARACTER) for label in labels], np.intp)
    return evaluate_scores(scores, truth, card.labels, card.other, card.calibration)


def _score(
    session: Session,
    data: LabelledImages,
    chosen: NDArray[np.intp],
    ink: InkSettings,
    frame: GlyphFrame,
    report: Callable[[int, int], None] | None,
) -> tuple[Scores, list[int], list[str]]:
    """The scores of the chosen images that can be read, which those are, and the errors of the others."""
    scores: list[Scores] = []
    kept: list[int] = []
    unreadable: list[str] = []
    for part in _parts(chosen):
        glyphs = []
        for i in part:
            try:
                glyphs.append(single_glyph(_first_page(data, i), ink, frame))
                kept.append(i)
            except ImageError as error:
                unreadable.append(str(error))
        scores.append(session.run(stack_glyphs(glyphs, frame)))
        if report is not None:
            report(len(kept) + len(unreadable), len(chosen))
    return np.concatenate(scores) if scores else np.zeros((0, 0), np.float32), kept, unreadable


def _parts(chosen: NDArray[np.intp]) -> Iterator[list[int]]:
    for start in range(0, len(chosen), PART):
        yield chosen[start : start + PART].tolist()


def _first_page(data: LabelledImages, index: int) -> Page:
    return next(load_pages(data.images[index]))


def _notes(session: Session, labels: Sequence[str], data: LabelledImages, lost: int, chosen: int) -> Iterator[str]:
    if chosen < len(data):
        yield f"Measured on {chosen:,} of {len(data):,} images, taken evenly from all."
    if lost:
        yield f"Images that could not be read, and are in no figure: {lost:,}."
    unknown = sorted(set(labels) - set(session.card.labels))
    if unknown:
        named = ", ".join(unknown[:_NAMED]) + (" …" if len(unknown) > _NAMED else "")
        yield f"Images labelled {named} show none of the model's labels, and count as no character."
    if all(group is None for group in data.groups):
        yield "No groups (hands or pages) are known, so the intervals take each image for independent of the others."
