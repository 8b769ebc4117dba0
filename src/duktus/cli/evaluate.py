"""``duktus evaluate``: how good a model is on labelled images."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.terminal import Bar, complain, visible

if TYPE_CHECKING:
    from duktus.datasets.labelled import LabelledImages


def evaluate(
    model: Annotated[str, Parameter(name="MODEL")],
    data: Annotated[Path, Parameter(name="DATA")],
    /,
    *,
    report: Annotated[Path | None, Parameter(name="--report")] = None,
    limit: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> int:
    """Measure a model on labelled images: accuracy, calibration and refusal, each with its 95 % interval.

    Args:
        model: A model's name (see 'duktus models'), or the path of a model file.
        data: Labelled images: a folder, a table, idx files, or the name of a data set that was fetched (mnist).
        report: A folder for report.html, a page to look at with the errors as pictures, and metrics.json.
        limit: Measure on no more than so many images, taken evenly from all.
        threads: Processor cores to use; all of them if not given.
    """
    from duktus.evaluation.measure import measure_images
    from duktus.evaluation.report import summary_lines, write_report
    from duktus.models.file import open_model_file

    session = open_model_file(model, threads)
    images, source = _load(data)
    with Bar("measuring") as bar:
        measured = measure_images(session, images, limit=limit, report=bar.show)
    print("\n".join(map(visible, summary_lines(measured.evaluation))))
    if report is not None:
        page = write_report(
            measured.evaluation, measured.pictures, session.card, report, source=source, notes=measured.notes
        )
        print(visible(str(page)))
    for line in (*measured.unreadable, *measured.notes):
        complain(line)
    return 1 if measured.unreadable else 0


def _load(data: Path) -> tuple["LabelledImages", str]:
    """The labelled images and what to call them; a name that is no path is that of a data set."""
    from duktus.datasets.download import DATASETS
    from duktus.datasets.labelled import load_labelled
    from duktus.datasets.places import find_data

    folder = find_data(data.name) if str(data) in DATASETS and not data.exists() else data
    return load_labelled(folder, part="test"), folder.name or str(folder)
