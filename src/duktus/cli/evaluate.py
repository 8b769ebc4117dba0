"""``duktus evaluate``: how good a model, or a gallery of taught letters or of hands, is on labelled images."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.terminal import Bar, complain, visible

if TYPE_CHECKING:
    from duktus.datasets.labelled import LabelledImages
    from duktus.glyphs.evaluation.confusions import Letters
    from duktus.glyphs.evaluation.measure import Measurement
    from duktus.hands.evaluation.measure import HandMeasurement
    from duktus.models.card import Card
    from duktus.models.runtime import Session


class _Measured(NamedTuple):
    """The figures of a model or of a gallery: what to call it, and how many examples each of its labels has."""

    figures: "Measurement"
    card: "Card"
    examples: dict[str, int] | None


class _Asked(NamedTuple):
    """What is measured on: the images, what to call them, and how many at most."""

    images: "LabelledImages"
    source: str
    limit: int | None


def evaluate(
    model: Annotated[str, Parameter(name="MODEL|GALLERY")],
    data: Annotated[Path, Parameter(name="DATA")],
    /,
    *,
    report: Annotated[Path | None, Parameter(name="--report")] = None,
    encoder: str | None = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> int:
    """Measure a model or a gallery on labelled images: accuracy, calibration and refusal with 95 % intervals.

    Hands are measured beside what the paper or the pen alone would tell; of a gallery, if it refuses other writers; of
    a classifier of hands, patches, lines and pages, and which writers are confused.

    Args:
        model: A model's name (see 'duktus models'), the path of a model file, or that of a gallery of taught letters or
            of hands.
        data: Labelled images: a folder, a table, idx files, or the name of a data set that was fetched (mnist).
            What is in the gallery is left out. For hands the label is the writer, the group the page.
        report: A folder for report.html, a page to look at with the errors as pictures, and metrics.json.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file. If not given, the
            shipped model of the name that the gallery knows.
        limit: Measure on no more than so many, taken evenly from all.
        threads: Processor cores to use; all of them if not given.
    """
    from duktus.gallery.sqlite_file import is_gallery_file
    from duktus.glyphs.evaluation.confusions import Letters, rank_wanted
    from duktus.glyphs.evaluation.label_tables import wanted_lines
    from duktus.glyphs.evaluation.report import summary_lines
    from duktus.models.file import open_model_file

    images, source = _load(data)
    with Bar("measuring") as bar:
        gallery = Path(model) if is_gallery_file(model) else None
        session = open_model_file(_encoder(gallery, encoder) if gallery else model, threads)
        if session.card.task == "hand-encoder":
            return _evaluate_hands(session, gallery, _Asked(images, source, limit), report, bar)
        if session.card.task == "hand-classifier" and not gallery:
            return _evaluate_classifier(session, _Asked(images, source, limit), report, bar)
        if gallery:
            found = _measure_gallery(gallery, session, images, limit, bar)
        else:
            found = _measure_model(session, images, limit, bar)
    figures = found.figures
    letters = Letters(figures.confusions, rank_wanted(figures.evaluation, found.examples))
    lines = [*summary_lines(figures.evaluation), *wanted_lines(letters.wanted)]
    print("\n".join(map(visible, lines)))
    if report is not None:
        print(visible(_write(found, letters, source, report)))
    for line in (*figures.unreadable, *figures.notes):
        complain(line)
    return 1 if figures.unreadable else 0


def _write(found: _Measured, letters: "Letters", source: str, folder: Path) -> str:
    """Write the report; return where its page lies."""
    from duktus.glyphs.evaluation.report import write_report

    figures = found.figures
    page = write_report(
        figures.evaluation, figures.pictures, found.card, folder, source=source, notes=figures.notes, letters=letters
    )
    return str(page)


def _evaluate_hands(session: "Session", gallery: Path | None, asked: "_Asked", report: Path | None, bar: Bar) -> int:
    """Measure an encoder of hands, or a gallery of its; return the exit code."""
    from duktus.hands.evaluation.report import hand_summary_lines, write_hand_report

    found = _measure_hands(session, gallery, asked, bar)
    print("\n".join(map(visible, hand_summary_lines(found.results))))
    if report is not None:
        print(visible(str(write_hand_report(found.results, report))))
    told = dict.fromkeys(note for each in found.results.all for note in each.notes)
    for line in (*found.unreadable, *found.results.notes, *told):
        complain(line)
    return 1 if found.unreadable else 0


def _evaluate_classifier(session: "Session", asked: "_Asked", report: Path | None, bar: Bar) -> int:
    """Measure a classifier of hands; return the exit code."""
    from duktus.hands.evaluation.classifier import measure_hand_classifier
    from duktus.hands.evaluation.classifier_report import classifier_summary_lines, write_classifier_report

    images, source, limit = asked
    found = measure_hand_classifier(session, images, source=source, limit=limit, report=bar.show)
    print("\n".join(map(visible, classifier_summary_lines(found.results))))
    if report is not None:
        print(visible(str(write_classifier_report(found.results, session.card, report))))
    for line in (*found.unreadable, *found.results.notes):
        complain(line)
    return 1 if found.unreadable else 0


def _measure_hands(session: "Session", gallery: Path | None, asked: "_Asked", bar: Bar) -> "HandMeasurement":
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.hands.evaluation.gallery import measure_hand_gallery
    from duktus.hands.evaluation.measure import measure_hand_encoder
    from duktus.hands.identification.reader import HandReader

    images, source, limit = asked
    if gallery is None:
        return measure_hand_encoder(session, images, source=source, limit=limit, report=bar.show)
    with SqliteGallery(gallery, HandReader(session).encoder) as opened:
        found = measure_hand_gallery(session, opened, images, source=source, limit=limit, report=bar.show)
    title = f"{gallery.name}, by {session.card.name}"
    return replace(found, results=replace(found.results, title=title))


def _encoder(gallery: Path, encoder: str | None) -> str:
    """The model whose vectors a gallery keeps, as far as its name tells."""
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.models.file import shipped_names

    if encoder is not None:
        return encoder
    with SqliteGallery(gallery) as opened:
        return opened.encoder.name if opened.encoder.name in shipped_names() else "glyph-encoder"


def _measure_model(session: "Session", images: "LabelledImages", limit: int | None, bar: Bar) -> _Measured:
    from duktus.glyphs.evaluation.measure import measure_images

    return _Measured(measure_images(session, images, limit=limit, report=bar.show), session.card, None)


def _measure_gallery(
    path: Path, session: "Session", images: "LabelledImages", limit: int | None, bar: Bar
) -> _Measured:
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.glyphs.evaluation.measure import Lessons, measure_reader
    from duktus.glyphs.reading.reader import Reader
    from duktus.glyphs.teaching.teacher import Teacher

    teacher = Teacher(session)
    with SqliteGallery(path, teacher.encoder) as gallery:
        reader = Reader(session, teacher.head(gallery))
        examples = {each.label: each.examples for each in gallery.labels()}
        lessons = Lessons(gallery, session)
        figures = measure_reader(reader, images, limit=limit, report=bar.show, lessons=lessons)
    card = replace(session.card, name=f"{path.name}, by {session.card.name}", labels=reader.labels, other=True)
    return _Measured(figures, card, examples)


def _load(data: Path) -> tuple["LabelledImages", str]:
    """The labelled images and what to call them; a name that is no path is that of a data set."""
    from duktus.datasets.download import locate
    from duktus.datasets.labelled import load_labelled

    folder = locate(data)
    return load_labelled(folder, part="test"), folder.name or str(folder)
