"""``duktus read``: what is written in images."""

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Input, find_inputs
from duktus.cli.records import Answer, Format, write_answers
from duktus.cli.terminal import Bar, complain, is_terminal
from duktus.types import DuktusError

if TYPE_CHECKING:
    from duktus.glyphs.reading.batches import Pages
    from duktus.glyphs.reading.reader import Reader

Layout: TypeAlias = Literal["auto", "one"]

Look: TypeAlias = Callable[[Input, "Pages"], None]
"""What is done with an input once it was read."""


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
    sure: Annotated[float, Parameter(validator=Number(gte=0, lte=1))] = 0.9


@Parameter(name="*")
@dataclass(frozen=True)
class Speed:
    """How it is computed.

    Attributes:
        precision: int8 is more than twice as fast for a network, where a model has a copy in whole numbers beside it
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
    reader = _open(model, gallery, speed)
    with Bar("reading", wanted=not is_terminal(sys.stdout)) as bar, _reviewing(reader, doubts, layout) as look:
        return 0 if write_answers(_counted(_answers(reader, images, layout, look), bar), form) else 1


def _open(model: str, gallery: Path | None, speed: Speed) -> "Reader":
    """Return a reader by a trained network, or by what a gallery was taught."""
    if gallery is not None:
        from duktus.glyphs.teaching.teacher import open_taught

        return open_taught(gallery, encoder=model or "glyph-encoder", threads=speed.threads, precision=speed.precision)
    from duktus.glyphs.reading.reader import open_model

    return open_model(model or "digits", threads=speed.threads, precision=speed.precision)


@contextmanager
def _reviewing(reader: "Reader", doubts: Doubts, layout: Layout) -> Iterator[Look | None]:
    """Give what puts the doubtful characters of an input into a table; nothing where none is asked for."""
    if doubts.review is None:
        yield None
        return
    from duktus.glyphs.reading.review import ReviewTable, doubt_of, find_doubtful

    with ReviewTable(doubts.review) as table:

        def look(found: Input, pages: "Pages") -> None:
            # What is sure, as most is, need not be opened again for its ink.
            if any(doubt_of(reading, doubts.sure) for _, readings in pages for reading in readings):
                image = found.file if found.content is None else found.content
                table.add(found.file, find_doubtful(reader, image, layout=layout, sure=doubts.sure))

        yield look
        advice = "; say in its column 'label' what they are, then teach it" if table.rows else ""
        complain(f"{table.rows:,} doubtful characters in {doubts.review}{advice}")


def _answers(reader: "Reader", images: list[str], layout: Layout, look: Look | None) -> Generator[Answer]:
    """The answer to each input, in order; what is no file to read has its error in its place."""
    waiting: deque[Input] = deque()
    with closing(reader.read_many(_Sources(images, waiting), layout=layout)) as results:
        for result in results:
            while waiting[0].error:
                found = waiting.popleft()
                yield Answer(found.file, error=found.error)
            found = waiting.popleft()
            yield _answer(found, result, look)
    yield from (Answer(found.file, error=found.error) for found in waiting)


def _answer(found: Input, result: "Pages | DuktusError", look: Look | None) -> Answer:
    if isinstance(result, DuktusError):
        return Answer(found.file, error=_named(result, found.file))
    if look is not None:
        look(found, result)
    return Answer(found.file, result)


class _Sources:
    """What is to be read, and of whatever was come by, in ``waiting``, whose answer it will be.

    The length is told as a hint, for which folders in folders count as one: whoever reads prepares for so much.
    """

    def __init__(self, images: list[str], waiting: deque[Input]) -> None:
        self._images, self._waiting = images, waiting

    def __iter__(self) -> Iterator[str | bytes]:
        for found in find_inputs(self._images):
            self._waiting.append(found)
            if not found.error:
                yield found.file if found.content is None else found.content

    def __length_hint__(self) -> int:
        return sum(map(_entries, self._images))


def _entries(image: str) -> int:
    try:
        return len(os.listdir(image))
    except (OSError, ValueError):
        return 1


def _named(error: DuktusError, file: str) -> str:
    """The error's message, which knows the content of standard input as bytes alone."""
    return f"standard input: {str(error).removeprefix('bytes: ')}" if file == "-" else str(error)


def _counted(answers: Generator[Answer], bar: Bar) -> Iterator[Answer]:
    with closing(answers):
        for count, answer in enumerate(answers, 1):
            bar.show(count)
            yield answer
