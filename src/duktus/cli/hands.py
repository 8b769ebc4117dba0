"""``duktus identify``, ``verify`` and ``search``: whose hand."""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Answer, Input, answer_each, find_inputs
from duktus.cli.records import Format, Layout, harmless_row, write_answers, write_json
from duktus.cli.regions import WHOLE, WHOLE_SECOND, SecondWhere, Where
from duktus.cli.terminal import Bar, complain, is_terminal, print_columns, stream_columns, visible
from duktus.door import hands
from duktus.door.galleries import Gallery
from duktus.door.records import identification_record, ranking_records, verdict_record
from duktus.door.sessions import ENCODER, limits_of
from duktus.types import JSON, DuktusError, Identification, ImageError, UsageError, Verdict

Top = Annotated[int, Parameter(validator=Number(gte=1))]

CSV_COLUMNS = ("file", "rank", "label", "score", "log10_lr", "accepted", "reason", "ink", "notes", "error")


def identify(  # noqa: PLR0913  # the options of one command
    images: Annotated[list[str], Parameter(name="IMAGE")],
    /,
    *,
    gallery: Path | None = None,
    model: str | None = None,
    top: Top = 5,
    prior: Annotated[float | None, Parameter(validator=Number(gt=0, lt=1))] = None,
    together: Annotated[bool, Parameter(negative=())] = False,
    form: Annotated[Format, Parameter(name="--format")] = "table",
    where: Where = WHOLE,
    encoder: str | None = None,
) -> int:
    """Identify the writer of documents, or say that none of the known hands wrote them.

    The known hands are those of a gallery, which can answer "none of the known hands", or the writers that a network
    was trained on, a closed set. Name one of the two.

    Args:
        images: Images of handwriting, folders (with all below them), or - for standard input. All pages of a file are
            one document.
        gallery: The gallery of enrolled hands (see 'duktus enrol').
        model: A classifier of hands: the path of a model file that 'duktus train recipes/hands.toml' wrote.
        top: How many candidates to list, the most probable first.
        prior: The prior probability that a document is by one of the gallery's hands; 0.5 if not given.
        together: All images are one document; of folders, all images of a folder.
        form: A table to look at, or records for programs.
        where: What to look at on the pages.
        encoder: The model whose vectors the gallery keeps, a name or the path of a model file; hand-encoder if not
            given.
    """
    if encoder is not None and model is not None and gallery is None:
        raise UsageError("expected --encoder beside --gallery alone, received it beside --model; leave it out.")
    used, left_out = where.boxes()
    opened = hands.opened_hands(gallery, model, encoder)
    options: dict[str, Any] = {"top": top, "regions": used, "without": left_out}
    if prior is not None:
        if not isinstance(opened, Gallery):
            raise UsageError("expected --prior beside --gallery, received it beside --model; leave it out.")
        options["prior"] = prior
    with Bar("identifying", wanted=not is_terminal(sys.stdout)) as bar:
        answers = answer_each(images, lambda named: opened.identify_many(named, **options), bar, together=together)
        return 0 if write_answers(answers, form, IDENTIFICATIONS) else 1


def verify(
    first: Annotated[str, Parameter(name="PAGE")],
    second: Annotated[str, Parameter(name="PAGE")],
    /,
    *,
    form: Annotated[Literal["table", "jsonl"], Parameter(name="--format")] = "table",
    where: Where = WHOLE,
    second_where: SecondWhere = WHOLE_SECOND,
    limits: Annotated[bool, Parameter(negative=())] = False,
    encoder: str = ENCODER,
) -> int:
    """Tell how much likelier one hand makes two documents than two hands do.

    Args:
        first: An image of handwriting; all its pages are taken for one document.
        second: Another.
        form: Sentences for people, or a record for programs.
        where: What to look at on the first image's pages.
        second_where: What to look at on the second image's pages.
        limits: Say too what limits the method, whatever the pages.
        encoder: A model's name, or the path of a model file.
    """
    regions = (*where.boxes(), *second_where.boxes())
    found = list(find_inputs((first, second)))
    if len(found) != 2:
        complain(f"expected two images, received {len(found)}; name one image each, and no folders")
        return 1
    broken = [each for each in found if each.error]
    if broken:
        for each in broken:
            _fail(each.file, each.error, form)
        return 1
    try:
        verdict = hands.verify(
            found[0].source,
            found[1].source,
            **dict(zip(("regions", "without", "second_regions", "second_without"), regions, strict=True)),
            encoder=encoder,
        )
    except DuktusError as error:
        if error.image is None:
            raise
        _fail(_file_of(error, found), str(error), form)
        return 1
    if form == "jsonl":
        write_json(verdict_record((first, second), verdict))
    else:
        _tell(verdict, limits_of(encoder), limits=limits)
    return 0


def search(
    page: Annotated[str, Parameter(name="PAGE")],
    /,
    *,
    gallery: Path,
    top: Top = 20,
    form: Annotated[Format, Parameter(name="--format")] = "table",
    where: Where = WHOLE,
    encoder: str | None = None,
) -> int:
    """List the documents of a gallery by likeness of hand.

    Args:
        page: An image of handwriting; all its pages are taken for one document.
        gallery: The gallery of enrolled pages (see 'duktus enrol').
        top: How many documents to list, the most alike first.
        form: A table for people, or records for programs, one a document.
        where: What to look at on the pages.
        encoder: The model whose vectors the gallery keeps, a name or the path of a model file; hand-encoder if not
            given.
    """
    used, left_out = where.boxes()
    given = next(iter(find_inputs([page])))
    try:
        if given.error:
            raise ImageError(given.error)
        ranked = hands.search(given.source, gallery=gallery, top=top, regions=used, without=left_out, encoder=encoder)
    except ImageError as error:
        _fail(page, str(error), form)
        return 1
    if not ranked:
        complain(f"{page}: nothing is written on it")
    found = list(ranking_records(ranked))
    if form == "jsonl":
        for each in found:
            write_json(each)
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, ("content", "label", "source", "score", "rank"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(map(harmless_row, found))
    else:
        rows = [(str(each["rank"]), f"{each['score']:.3f}", each["label"], each["source"]) for each in found]
        print_columns([("rank", "similarity", "label", "source"), *rows])
    return 0


def _fail(file: str, error: str, form: Format) -> None:
    if form == "jsonl":
        write_json({"file": file, "error": error})
    else:
        complain(error)


def _file_of(error: DuktusError, found: list[Input]) -> str:
    return next((each.file for each in found if each.source is error.image), found[0].file)


def _tell(verdict: Verdict, method: frozenset[str], *, limits: bool) -> None:
    """Put a verdict into sentences: always what concerns these pages, and the limits of the method on request."""
    from duktus.hands.identification.notes import amount_in_words

    ratio = "none" if verdict.log10_lr is None else f"{verdict.log10_lr:+.2f}"
    low, high = verdict.bounds
    print(visible(verdict.statement))
    print(f"log10 likelihood ratio {ratio} (calibrated from {low:+.1f} to {high:+.1f}), similarity {verdict.score:.3f}")
    first, second = (f"{ink:.0f} text heights of contour ({amount_in_words(ink)})" for ink in verdict.ink)
    print(f"ink {first} and {second}")
    print("\n".join(f"note: {visible(each)}" for each in verdict.limits if each not in method) or "note: none")
    if limits:
        print("\n".join(f"limit: {visible(each)}" for each in verdict.limits if each in method))
    else:
        print("The limits of the method itself: --limits.")


def records(answer: Answer[Identification]) -> Iterator[JSON]:
    """Yield the record of an answer, as ``--format jsonl`` promises it to programs."""
    found = answer.found
    yield {"file": answer.file, "error": answer.error} if found is None else identification_record(answer.file, found)


def _flat(record: JSON) -> Iterator[JSON]:
    """Yield one row per match."""
    common = record | {"notes": "; ".join(record.get("notes", ()))}
    if "accepted" in common:
        common["accepted"] = str(common["accepted"]).lower()
    for match in common.pop("matches", None) or [{}]:
        yield common | match


def _write_table(answers: Iterable[Answer[Identification]]) -> None:
    rows = (row for answer in answers for row in _rows(answer))
    stream_columns(("file", "hand", "similarity", "log10 LR", "ink", ""), rows)


def _rows(answer: Answer[Identification]) -> Iterator[tuple[str, ...]]:
    file, found = visible(answer.file), answer.found
    if found is None:
        yield file, "", "", "", "", f"error: {visible(answer.error)}"
        return
    remarks = visible("; ".join(text for text in (found.reason, *found.notes) if text))
    if not found.matches:
        yield file, "", "", "", f"{found.ink:.0f}", remarks
    for match in found.matches:
        numbers = visible(match.label), f"{match.score:.3f}", f"{match.log10_lr:+.2f}"
        first = match.rank == 1
        yield file if first else "", *numbers, f"{found.ink:.0f}" if first else "", remarks if first else ""


IDENTIFICATIONS = Layout(records, CSV_COLUMNS, _flat, _write_table)
"""How answers about hands are written."""
