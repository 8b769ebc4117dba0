"""``duktus read``: what is written in images."""

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeAlias, cast

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Answer, answer_each
from duktus.cli.into import FileFormat, Into, read_into, settings_of
from duktus.cli.readings import readings_of
from duktus.cli.records import Layout as Records
from duktus.cli.records import Table, write_answers, write_workbook
from duktus.cli.terminal import Bar, complain, counted, is_terminal, visible
from duktus.door import __version__
from duktus.door.galleries import Gallery, open_gallery
from duktus.door.models import Model, open_model, usual_model
from duktus.door.reading import SURE, Layout, is_doubtful, is_joined
from duktus.lines.reading.transcriber import TASK
from duktus.pages.output import DocumentFormat, write_documents
from duktus.pages.reader import Turn
from duktus.types import Readings, UsageError
from duktus.types.units import Unit

Format: TypeAlias = Literal["table", "text", "jsonl", "csv", "xlsx", "page", "alto", "hocr"]

DOCUMENTS = ("page", "alto", "hocr")
"""Formats that hold lines with their places."""


@Parameter(name="*")
@dataclass(frozen=True)
class Output:
    """What is written, and where.

    Attributes:
        form: A table to look at, a row per line, "?" where refused; text alone; records for programs (jsonl, csv,
            xlsx); or documents of pages: PAGE-XML 2019-07-15, ALTO 4.4, hOCR.
        by: The unit of a record. By default one per character in jsonl, or one per line where lines are read; one per
            line or number in csv and xlsx.
        out: A folder for results, one finished file per input. The same command resumes after an interruption, and
            reads changed inputs again.
        delimiter: What separates the cells of CSV: ";" where commas are decimal.
    """

    form: Annotated[Format, Parameter(name="--format")] = "table"
    by: Unit | None = None
    out: Path | None = None
    delimiter: str = ","


@Parameter(name="*")
@dataclass(frozen=True)
class Sheets:
    """How pages are segmented and read.

    Attributes:
        layout: "auto" finds the characters of each page; "one" takes each page for the image of one; "page" reads
            written lines; "table" reads ruled tables cell by cell; "line" takes each page for one line. A model of
            lines takes images with the proportions of a line for lines, and others for pages.
        lines: A PAGE or ALTO file that says where lines run, or a folder with a file for each image, of its name.
        turn: Degrees by which pages are rotated clockwise before they are read; "auto" detects it.
        dpi: Dots per inch at which pages of PDF are rendered.
        pattern: A regular expression that each line must match, such as '[0-9]{1,3}([.,][0-9]+)?'; with a model of
            lines.
        words: A text file that lists every text a line may have, one entry per line; with a model of lines.
        language: Apply the character n-gram that a model of lines carries: fewer errors, and slower.
    """

    layout: Layout = "auto"
    lines: Path | None = None
    turn: Turn = "auto"
    dpi: Annotated[int | None, Parameter(validator=Number(gte=30, lte=1200))] = None
    pattern: Annotated[str, Parameter(allow_leading_hyphen=True)] = ""
    words: Path | None = None
    language: Annotated[bool, Parameter(negative=())] = False


@Parameter(name="*")
@dataclass(frozen=True)
class Doubts:
    """What a person should check.

    Attributes:
        review: A table (.csv) to write of doubtful characters, with their images in a folder beside it. Fill in its
            column 'label'; 'duktus teach' then reads it. Of pages and tables it has all lines and cells, the doubtful
            first, and an HTML page to correct them in; 'duktus apply' then reads it.
        sure: Characters that are accepted with at least this confidence, and well ahead of the next, need no review.
    """

    review: Path | None = None
    sure: Annotated[float, Parameter(validator=Number(gte=0, lte=1))] = SURE


@Parameter(name="*")
@dataclass(frozen=True)
class Speed:
    """How it is computed.

    Attributes:
        precision: int8 is more than twice as fast for a network, where an int8-quantised copy lies beside the model
            (see 'duktus models quantize'); bfloat16 about twice on processors that compute in it, and needs the extra
            'fast'.
        threads: Processor cores to use; all of them if not given. With 1, no further process is started.
    """

    precision: Literal["float32", "int8", "bfloat16"] = "float32"
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None


def read(
    images: Annotated[list[str], Parameter(name="IMAGE")],
    /,
    *,
    model: str = "",
    gallery: Path | None = None,
    output: Output = Output(),
    sheets: Sheets = Sheets(),
    doubts: Doubts = Doubts(),
    speed: Speed = Speed(),
) -> int:
    """Read what is written in images, folders of images and stroke files.

    Args:
        images: Image or stroke files, folders (with all below them), or - for standard input.
        model: A model's name (see 'duktus models'), or the path of a model file; if not given, digits for characters,
            lines for pages and lines, numbers for tables.
        gallery: A gallery of taught letters to read by (see 'duktus teach'); the model is then its encoder.
        output: What is written, and where.
        sheets: How pages are segmented and read.
        doubts: What a person is to look at.
        speed: How it is computed.
    """
    layout = _layout(output, sheets)
    _check(output, images)
    opened = _open(model or ("" if gallery else usual_model(layout)), gallery, speed)
    run = partial(
        opened.read_many,
        layout=layout, review=doubts.review, sure=doubts.sure, turn=sheets.turn, lines=sheets.lines, dpi=sheets.dpi,
        pattern=sheets.pattern, words=sheets.words, language=sheets.language,
    )  # fmt: skip
    whole = layout in ("page", "table", "line") or opened.of_lines[0].card.task == TASK
    unit: Unit = output.by or ("line" if output.form in ("csv", "xlsx") else "character")
    written = readings_of("line" if whole and unit == "character" else unit)
    table = Table(output.delimiter, marked=True)
    if output.out is not None:
        depends = settings_of(*_content(opened), layout, output.form, unit, output.delimiter, sheets, doubts.sure)
        lines = "" if sheets.lines is None else str(sheets.lines)
        into = Into(output.out, cast(FileFormat, output.form), written, table, depends, lines)
        return 0 if read_into(images, into, run) else 1
    tally = _Tally(doubts.sure if doubts.review else None)
    with Bar("reading", wanted=not is_terminal(sys.stdout)) as bar:
        answers = answer_each(images, run, bar)
        done = _write(tally.watched(answers), output.form, written, table)
    if doubts.review:
        _tell(doubts.review, tally.doubtful, whole=whole)
    if tally.joined:
        complain(f"{counted(tally.joined, 'page')} of joined writing; --layout page reads lines")
    return 0 if done else 1


class _Tally:
    """Counts pages of joined writing as they pass, and doubtful readings where a bound is given."""

    def __init__(self, sure: float | None) -> None:
        self._sure, self.doubtful, self.joined = sure, 0, 0

    def watched(self, answers: Iterable[Answer[Readings]]) -> Iterator[Answer[Readings]]:
        """Yield answers as they come."""
        for answer in answers:
            found = answer.found or ()
            if self._sure is not None:
                self.doubtful += sum(is_doubtful(reading, self._sure) for reading in found)
            self.joined += sum(is_joined(reading) for reading in found)
            yield answer


def _write(answers: Iterable[Answer[Readings]], form: Format, layout: Records[Readings], table: Table) -> bool:
    """Write answers to standard output; return whether all files could be read."""
    if form == "xlsx":
        return write_workbook(answers, layout)
    if form in ("table", "jsonl", "csv"):
        return write_answers(answers, form, layout, table)
    return _write_documents(answers, cast(DocumentFormat, form))


def _layout(output: Output, sheets: Sheets) -> Layout:
    """Return how pages are taken: documents of lines, and lines that are given, ask for lines."""
    if sheets.layout == "auto" and (output.form in DOCUMENTS or sheets.lines is not None):
        return "page"
    if sheets.layout == "one" and (output.form in DOCUMENTS or sheets.lines is not None):
        raise UsageError(f"--layout one reads single characters; --format {output.form} and --lines are of lines.")
    return sheets.layout


def _check(output: Output, images: list[str]) -> None:
    """Raise UsageError where what is requested cannot be written."""
    if len(output.delimiter) != 1 or output.delimiter in '\r\n"':
        raise UsageError(f"--delimiter: expected one character, received {output.delimiter!r}.")
    if output.out is not None and output.form in ("table", "xlsx"):
        raise UsageError(
            "--out: expected --format jsonl, csv, text, page, alto or hocr, a file of which each input has."
        )
    several = len(images) > 1 or any(os.path.isdir(image) for image in images)
    if output.out is None and output.form in DOCUMENTS and several:
        raise UsageError(f"--format {output.form}: expected one image, or a folder for the documents of many (--out).")


def _content(opened: Gallery | Model) -> list[object]:
    """Return what a reader's answers depend on: its network, and what was taught."""
    session, head = opened.of_lines
    taught = () if head is None else (head.labels, head.linear.tobytes(), head.constant.tobytes())
    return [session.content, session.precision, *taught]


def _write_documents(answers: Iterable[Answer[Readings]], form: DocumentFormat) -> bool:
    """Write documents to standard output; return whether all files could be read."""
    failed = False
    for answer in answers:
        if answer.found is None:
            complain(answer.error)
            failed = True
            continue
        documents = write_documents(answer.file, answer.found, form, __version__)
        if len(documents) > 1:
            name = visible(answer.file)
            complain(f"{name}: PAGE holds one page a document, and there are {len(documents)}; name a folder (--out)")
            failed = True
            continue
        for document in documents:
            sys.stdout.write(document)
        for sheet in answer.found.sheets:
            for note in sheet.notes:
                complain(f"{answer.file}, page {sheet.number}: {note}")
            failed |= not sheet.width
        sys.stdout.flush()
    return not failed


def _tell(review: Path, doubtful: int, *, whole: bool) -> None:
    """Say what a review holds, and what to do with it."""
    if whole:
        page = review.with_suffix(".html")
        complain(f"{counted(doubtful, 'doubtful number')}; correct them in {page}, then 'duktus apply {review} TABLE'")
        return
    advice = "; say in its column 'label' what they are, then teach it" if doubtful else ""
    complain(f"{counted(doubtful, 'doubtful character')} in {review}{advice}")


def _open(model: str, gallery: Path | None, speed: Speed) -> Gallery | Model:
    """Return what reads: by what a gallery was taught, or by a trained network."""
    if gallery is not None:
        return open_gallery(gallery, encoder=model or None, threads=speed.threads, precision=speed.precision)
    return open_model(model, threads=speed.threads, precision=speed.precision)
