"""``duktus read``: what is written in images."""

import sys
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Answer, answer_each
from duktus.cli.readings import READINGS
from duktus.cli.records import Format, write_answers
from duktus.cli.terminal import Bar, complain, counted, is_terminal
from duktus.door.galleries import Gallery, open_gallery
from duktus.door.models import Model, open_model
from duktus.door.reading import SURE, Layout, is_doubtful
from duktus.types import DuktusError, Readings


@Parameter(name="*")
@dataclass(frozen=True)
class Doubts:
    """What a person is to look at.

    Attributes:
        review: A table (.csv) to make of doubtful characters, with their pictures in a folder beside it. Say in its
            column 'label' what they are; 'duktus teach' then takes it.
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
    form: Annotated[Format, Parameter(name="--format")] = "table",
    layout: Layout = "auto",
    doubts: Doubts = Doubts(),
    speed: Speed = Speed(),
) -> int:
    """Read what is written in images, folders of images and stroke files.

    Args:
        images: Image or stroke files, folders (with all below them), or - for standard input.
        model: A model's name (see 'duktus models'), or the path of a model file; digits if not given.
        gallery: A gallery of taught letters to read by (see 'duktus teach'); the model is then its encoder.
        form: A table for people, a row a written line, "?" where refused; or records for programs, one a character.
        layout: Find the characters of each page, or take each page for the picture of one.
        doubts: What a person is to look at.
        speed: How it is computed.
    """
    opened = _open(model, gallery, speed)
    doubtful = 0

    def run(sources: Iterable[str | bytes]) -> Generator[Readings | DuktusError]:
        return opened.read_many(sources, layout=layout, review=doubts.review, sure=doubts.sure)

    def watched(answers: Iterable[Answer[Readings]]) -> Iterator[Answer[Readings]]:
        nonlocal doubtful
        for answer in answers:
            doubtful += sum(is_doubtful(reading, doubts.sure) for reading in answer.found or ())
            yield answer

    with Bar("reading", wanted=not is_terminal(sys.stdout)) as bar:
        answers = answer_each(images, run, bar)
        done = write_answers(watched(answers) if doubts.review else answers, form, READINGS)
    if doubts.review:
        advice = "; say in its column 'label' what they are, then teach it" if doubtful else ""
        complain(f"{counted(doubtful, 'doubtful character')} in {doubts.review}{advice}")
    return 0 if done else 1


def _open(model: str, gallery: Path | None, speed: Speed) -> Gallery | Model:
    """Return what reads: by what a gallery was taught, or by a trained network."""
    if gallery is not None:
        return open_gallery(gallery, encoder=model or None, threads=speed.threads, precision=speed.precision)
    return open_model(model or "digits", threads=speed.threads, precision=speed.precision)
