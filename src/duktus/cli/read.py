"""``duktus read``: what is written in images."""

import os
import sys
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Input, find_inputs
from duktus.cli.records import Answer, Format, write_answers
from duktus.cli.terminal import Bar, is_terminal
from duktus.types import DuktusError

if TYPE_CHECKING:
    from duktus.models.runtime import Precision
    from duktus.recognition.reader import Reader

Layout: TypeAlias = Literal["auto", "one"]


def read(
    images: Annotated[list[str], Parameter(name="IMAGE")],
    /,
    *,
    model: str = "",
    gallery: Path | None = None,
    form: Annotated[Format, Parameter(name="--format")] = "table",
    layout: Layout = "auto",
    precision: Literal["float32", "bfloat16"] = "float32",
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> int:
    """Read what is written in images, folders of images and stroke files.

    Args:
        images: Image or stroke files, folders (with all below them), or - for standard input.
        model: A model's name (see 'duktus models'), or the path of a model file; digits if not given.
        gallery: A gallery of taught letters to read by (see 'duktus teach'); the model is then its encoder.
        form: A table for people, a row a written line, "?" where refused; or records for programs, one a character.
        layout: Find the characters of each page, or take each page for the picture of one.
        precision: bfloat16 is faster on processors that compute in it, and needs the extra 'fast'.
        threads: Processor cores to use; all of them if not given. With 1, no further process is started.
    """
    reader = _open(model, gallery, threads, precision)
    with Bar("reading", wanted=not is_terminal(sys.stdout)) as bar:
        return 0 if write_answers(_counted(_answers(reader, images, layout), bar), form) else 1


def _open(model: str, gallery: Path | None, threads: int | None, precision: "Precision") -> "Reader":
    """Return a reader by a trained network, or by what a gallery was taught."""
    if gallery is not None:
        from duktus.recognition.teaching import open_taught

        return open_taught(gallery, encoder=model or "glyph-encoder", threads=threads, precision=precision)
    from duktus.recognition.reader import open_model

    return open_model(model or "digits", threads=threads, precision=precision)


def _answers(reader: "Reader", images: list[str], layout: Layout) -> Generator[Answer]:
    """The answer to each input, in order; what is no file to read has its error in its place."""
    waiting: deque[Input] = deque()
    with closing(reader.read_many(_Sources(images, waiting), layout=layout)) as results:
        for result in results:
            while waiting[0].error:
                found = waiting.popleft()
                yield Answer(found.file, error=found.error)
            file = waiting.popleft().file
            yield Answer(file, error=_named(result, file)) if isinstance(result, DuktusError) else Answer(file, result)
    yield from (Answer(found.file, error=found.error) for found in waiting)


class _Sources:
    """What is to be read, and of whatever was come by, in ``waiting``, whose answer it will be.

    The length is told as a hint, for which folders in folders count as one: whoever reads prepares for so much.
    """

    def __init__(self, images: list[str], waiting: deque[Input]) -> None:
        self._images, self._waiting = images, waiting

    def __iter__(self) -> Iterator[str | bytes]:
        for found in find_inputs(self._images):
            self._waiting.append(found._replace(content=None))
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
