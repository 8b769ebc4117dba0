"""``duktus evaluate``: how good a model, or a gallery of taught letters, is on labelled images."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.terminal import Bar, complain, visible

if TYPE_CHECKING:
    from duktus.datasets.labelled import LabelledImages
    from duktus.evaluation.confusions import Letters
    from duktus.evaluation.measure import Measurement
    from duktus.models.card import Card
    from duktus.models.runtime import Session


class _Measured(NamedTuple):
    """The figures of a model or of a gallery: what to call it, and how many examples each of its labels has."""

    figures: "Measurement"
    card: "Card"
    examples: dict[str, int] | None


def evaluate(
    model: Annotated[str, Parameter(name="MODEL|GALLERY")],
    data: Annotated[Path, Parameter(name="DATA")],
    /,
    *,
    report: Annotated[Path | None, Parameter(name="--report")] = None,
    encoder: str = "glyph-encoder",
    limit: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> int:
    """Measure a model or a gallery on labelled images: accuracy, calibration and refusal with 95 % intervals.

    Of an encoder of hands: naming, retrieval, strangers and pairs, beside what the paper or the pen alone would tell.
    Of a classifier of hands: patches, lines and pages given to the right writer, and which writers are mixed up.

    Args:
        model: A model's name (see 'duktus models'), the path of a model file, or that of a gallery of taught letters.
        data: Labelled images: a folder, a table, idx files, or the name of a data set that was fetched (mnist).
            Images that taught the gallery are left out. For hands the label is the writer, the group the page.
        report: A folder for report.html, a page to look at with the errors as pictures, and metrics.json.
        encoder: The model whose vectors the gallery keeps.
        limit: Measure on no more than so many, taken evenly from all.
        threads: Processor cores to use; all of them if not given.
    """
    from duktus.evaluation.confusions import Letters, rank_wanted
    from duktus.evaluation.confusions_page import wanted_lines
    from duktus.evaluation.report import summary_lines
    from duktus.gallery.sqlite_file import is_gallery_file
    from duktus.models.file import open_model_file

    images, source = _load(data)
    with Bar("measuring") as bar:
        if is_gallery_file(model):
            found = _measure_gallery(Path(model), encoder, images, limit, threads, bar)
        elif (session := open_model_file(model, threads)).card.task == "hand-encoder":
            return _evaluate_hands(session, images, source, limit, report, bar)
        elif session.card.task == "hand-classifier":
            return _evaluate_closed(session, images, source, limit, report, bar)
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
    from duktus.evaluation.report import write_report

    figures = found.figures
    page = write_report(
        figures.evaluation, figures.pictures, found.card, folder, source=source, notes=figures.notes, letters=letters
    )
    return str(page)


def _evaluate_hands(
    session: "Session", images: "LabelledImages", source: str, limit: int | None, report: Path | None, bar: Bar
) -> int:
    """Measure an encoder of hands; return the exit code."""
    from duktus.evaluation.hand_measure import measure_hand_encoder
    from duktus.evaluation.hand_report import hand_summary_lines, write_hand_report

    found = measure_hand_encoder(session, images, source=source, limit=limit, report=bar.show)
    print("\n".join(map(visible, hand_summary_lines(found.results))))
    if report is not None:
        print(visible(str(write_hand_report(found.results, report))))
    told = dict.fromkeys(note for each in found.results.all for note in each.notes)
    for line in (*found.unreadable, *found.results.notes, *told):
        complain(line)
    return 1 if found.unreadable else 0


def _evaluate_closed(
    session: "Session", images: "LabelledImages", source: str, limit: int | None, report: Path | None, bar: Bar
) -> int:
    """Measure a classifier of hands; return the exit code."""
    from duktus.evaluation.closed_measure import measure_hand_classifier
    from duktus.evaluation.closed_report import closed_summary_lines, write_closed_report

    found = measure_hand_classifier(session, images, source=source, limit=limit, report=bar.show)
    print("\n".join(map(visible, closed_summary_lines(found.results))))
    if report is not None:
        print(visible(str(write_closed_report(found.results, session.card, report))))
    for line in (*found.unreadable, *found.results.notes):
        complain(line)
    return 1 if found.unreadable else 0


def _measure_model(session: "Session", images: "LabelledImages", limit: int | None, bar: Bar) -> _Measured:
    from duktus.evaluation.measure import measure_images

    return _Measured(measure_images(session, images, limit=limit, report=bar.show), session.card, None)


def _measure_gallery(
    path: Path, encoder: str, images: "LabelledImages", limit: int | None, threads: int | None, bar: Bar
) -> _Measured:
    from duktus.evaluation.measure import Lessons, measure_reader
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.models.file import open_model_file
    from duktus.recognition.reader import Reader
    from duktus.recognition.teaching import Teacher

    session = open_model_file(encoder, threads)
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
    from duktus.datasets.download import DATASETS
    from duktus.datasets.labelled import load_labelled
    from duktus.datasets.places import find_data

    folder = find_data(data.name) if str(data) in DATASETS and not data.exists() else data
    return load_labelled(folder, part="test"), folder.name or str(folder)
