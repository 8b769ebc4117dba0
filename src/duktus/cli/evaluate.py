"""``duktus evaluate``: how good a model, or a gallery of taught letters or of hands, is on labelled images."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.terminal import Bar, complain, visible
from duktus.door import evaluation


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

    Hands are compared with two controls, paper alone and pen alone; a gallery of hands also by how it rejects other
    writers; a classifier of hands by patch, line and page, with the writers that are confused; a transcriber by error
    rates of characters and words, on lines with their texts.

    Args:
        model: A model's name (see 'duktus models'), the path of a model file, or that of a gallery of taught letters or
            of hands.
        data: Labelled images: a folder, a table, idx files, or the name of a data set that was fetched (mnist).
            What is in the gallery is left out. For hands the label is the writer, the group the page. For a transcriber
            name.png beside name.gt.txt, a table with the columns file and text, or pages with ALTO or PAGE files.
        report: A folder for report.html, a page that shows the errors as pictures, and metrics.json.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file. If not given, the
            shipped model of the name that the gallery knows.
        limit: Measure on at most this many images, taken evenly from all.
        threads: Processor cores to use; all of them if not given.
    """
    with Bar("measuring") as bar:
        found = evaluation.evaluate(model, data, encoder=encoder, limit=limit, threads=threads, progress=bar.show)
    print("\n".join(map(visible, found.lines)))
    if report is not None:
        print(visible(str(found.report(report))))
    for line in (*found.unreadable, *found.notes):
        complain(line)
    return 1 if found.unreadable else 0
