"""Evaluation of a model, or of a gallery of taught letters or of hands, on labelled images."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from duktus.datasets.download import locate
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.lines.labelled import find_lines
from duktus.door.galleries import Gallery, GalleryLike
from duktus.door.models import Model, ModelLike
from duktus.door.reading import SEGMENTER
from duktus.door.sessions import Place
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.sqlite_file import is_gallery_file
from duktus.glyphs.evaluation.confusions import Letters, rank_wanted
from duktus.glyphs.evaluation.label_tables import wanted_lines
from duktus.glyphs.evaluation.measure import Lessons, Measurement, measure_reader
from duktus.glyphs.evaluation.report import summary_lines, to_record, write_report
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.teaching.teacher import Teacher
from duktus.hands.evaluation.classifier import measure_hand_classifier
from duktus.hands.evaluation.classifier_report import classifier_summary_lines, write_classifier_report
from duktus.hands.evaluation.gallery import measure_hand_gallery
from duktus.hands.evaluation.measure import measure_hand_encoder
from duktus.hands.evaluation.report import hand_summary_lines, write_hand_report
from duktus.hands.identification.reader import HandReader
from duktus.lines.evaluation.measure import measure_lines
from duktus.lines.evaluation.report import line_summary, to_line_record, write_line_report
from duktus.lines.reading.transcriber import TASK, Transcriber
from duktus.models.card import Card
from duktus.types import DataError, Evaluation
from duktus.written.segmenter import open_segmenter

Progress = Callable[[int, int], None]

MOST_NAMED = 12
"""Labels that a message lists."""


class _Data(NamedTuple):
    """What is measured on: the images, what to call them, how many at most, and who hears of progress."""

    images: LabelledImages
    source: str
    limit: int | None
    progress: Progress | None


def evaluate(
    model: ModelLike | GalleryLike,
    data: Place,
    *,
    encoder: Place | None = None,
    limit: int | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Evaluation:
    """Measure a model or a gallery on labelled images: accuracy, calibration and refusal with 95 % intervals.

    Hands are compared with two controls, paper alone and pen alone; a gallery of hands also by how it rejects other
    writers; a classifier of hands by patch, line and page, with the writers that are confused; a transcriber by error
    rates of characters and words, on lines with their texts. Needs the extra ``train``.

    Args:
        model: a model or a gallery, a shipped model's name, or the path of a model file or of a gallery.
        data: labelled images: a folder, a table, idx files, or the name of a data set that was fetched (mnist). What is
            in the gallery is left out. For hands the label is the writer, the group the page. For a transcriber
            ``name.png`` beside ``name.gt.txt``, a table with the columns file and text, pages with ALTO or PAGE files.
        encoder: the model whose vectors the gallery keeps; the shipped one of the gallery's encoder if not given.
        limit: measure on no more images than this, taken evenly from all.
        threads: cores to use; None for all.
        progress: called with how many images are done, and of how many.

    Returns:
        The figures; ``print`` shows them, ``report(folder)`` writes a page with the errors as pictures.

    Raises:
        DataError: no image can be read, or none shows a label that is known.
        MissingExtraError: a package of the extra ``train`` is missing.

    >>> evaluation = evaluate("runes.db", "more-drawings/")
    >>> print(evaluation.lines[0])
    Read right  100.00 %  (... %, n = 3)
    >>> evaluation.report("report").name
    'report.html'
    """
    folder = locate(Path(data))
    gallery = as_measured(model, encoder, threads)
    if isinstance(gallery, Model) and gallery.task == TASK:
        return _lines(gallery, folder, limit, progress)
    wanted = _Data(load_labelled(folder, part="test"), folder.name or str(folder), limit, progress)
    if isinstance(gallery, Gallery):
        model = Model(gallery.encoder_file, threads=threads)
        return (_hands if model.task == "hand-encoder" else _letters)(model, gallery, wanted)
    if gallery.task == "hand-classifier":
        return _closed(gallery, wanted)
    return (_hands if gallery.task == "hand-encoder" else _letters)(gallery, None, wanted)


def _lines(model: Model, place: Path, limit: int | None, progress: Progress | None) -> Evaluation:
    """Measure a transcriber on lines whose texts are known."""
    session, source = model.session, place.name or str(place)
    segmenter = open_segmenter(SEGMENTER, threads=session.threads)
    found = measure_lines(Transcriber(session), find_lines(place), segmenter, limit=limit, report=progress)
    return Evaluation(
        f"{model.name} on {source}",
        tuple(line_summary(found.figures)),
        to_line_record(found, model.name, source),
        lambda folder: write_line_report(found, model.card, folder, source=source),
        found.notes,
        found.unreadable,
    )


def as_measured(model: ModelLike | GalleryLike, encoder: Place | None, threads: int | None) -> Model | Gallery:
    """Return what a name or path stands for: a gallery's file is known by its first bytes."""
    if isinstance(model, (Model, Gallery)):
        return model
    return Gallery(model, encoder=encoder) if is_gallery_file(Path(model)) else Model(model, threads=threads)


def _check_labels(known: Sequence[str], data: _Data, title: str) -> None:
    """Raise DataError where no image shows what is known, for example runes for a model of digits."""
    if set(known).isdisjoint(data.images.labels):
        expected, received = _some(known), _some(data.images.classes)
        advice = "name a model or a gallery that knows these labels, or images of its own labels"
        raise DataError(
            f"{data.source}: expected images labelled {expected}, as {title} knows, received {received}; {advice}"
        )


def _some(labels: Sequence[str]) -> str:
    """Return the first labels as text."""
    more = f" and {len(labels) - MOST_NAMED} more" if len(labels) > MOST_NAMED else ""
    return ", ".join(labels[:MOST_NAMED]) + more


def _letters(model: Model, gallery: Gallery | None, data: _Data) -> Evaluation:
    """Measure a classifier of letters, or a gallery of taught ones."""
    figures, card, examples = _measure(model, gallery, data)
    letters = Letters(figures.confusions, rank_wanted(figures.evaluation, examples))
    found = figures.evaluation
    return Evaluation(
        f"{card.name} on {data.source}",
        (*summary_lines(found), *wanted_lines(letters.wanted)),
        to_record(found, card.name, data.source, figures.notes, letters),
        lambda folder: write_report(
            found, figures.pictures, card, folder, source=data.source, notes=figures.notes, letters=letters
        ),
        figures.notes,
        figures.unreadable,
    )


def _measure(model: Model, gallery: Gallery | None, data: _Data) -> tuple[Measurement, Card, dict[str, int] | None]:
    """Return the figures, the card that the report shows, and how many examples each label of a gallery has."""
    session, images = model.session, data.images
    if gallery is None:
        if model.task == "glyph-classifier":
            _check_labels(model.labels, data, model.name)
        return measure_reader(Reader(session), images, limit=data.limit, report=data.progress), model.card, None
    teacher = Teacher(session)
    with SqliteGallery(gallery.path, teacher.encoder) as store:
        reader = Reader(session, teacher.head(store))
        _check_labels(reader.labels, data, gallery.path.name)
        examples = {each.label: each.examples for each in store.labels()}
        lessons = Lessons(store, session)
        figures = measure_reader(reader, images, limit=data.limit, report=data.progress, lessons=lessons)
    name = f"{gallery.path.name}, by {model.name}"
    return figures, replace(model.card, name=name, labels=reader.labels, other=True), examples


def _hands(model: Model, gallery: Gallery | None, data: _Data) -> Evaluation:
    """Measure an encoder of hands, or a gallery of its."""
    session, images, source, limit, report = model.session, *data
    if gallery is None:
        found = measure_hand_encoder(session, images, source=source, limit=limit, report=report)
    else:
        with SqliteGallery(gallery.path, HandReader(session).encoder) as store:
            found = measure_hand_gallery(session, store, images, source=source, limit=limit, report=report)
        title = f"{gallery.path.name}, by {model.name}"
        found = replace(found, results=replace(found.results, title=title))
    results = found.results
    notes = (*results.notes, *dict.fromkeys(note for each in results.all for note in each.notes))
    return Evaluation(
        f"{results.title} on {source}",
        tuple(hand_summary_lines(results)),
        results.to_json(),
        partial(write_hand_report, results),
        notes,
        found.unreadable,
    )


def _closed(model: Model, data: _Data) -> Evaluation:
    """Measure a classifier of hands."""
    images, source, limit, report = data
    _check_labels(model.labels, data, model.name)
    found = measure_hand_classifier(model.session, images, source=source, limit=limit, report=report)
    results = found.results
    return Evaluation(
        f"{model.name} on {source}",
        tuple(classifier_summary_lines(results)),
        results.to_json(),
        partial(write_classifier_report, results, model.card),
        results.notes,
        found.unreadable,
    )
