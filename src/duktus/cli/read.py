"""``duktus read``: what is written in images."""

from collections import deque
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Input, find_inputs
from duktus.cli.records import Answer, Format, write_answers
from duktus.cli.terminal import Bar, is_terminal

if TYPE_CHECKING:
    from duktus.recognition.reader import Reader


def read(
    images: Annotated[list[str], Parameter(name="IMAGE")],
    /,
    *,
    model: str = "digits",
    form: Annotated[Format, Parameter(name="--format")] = "table",
    layout: Literal["auto", "one"] = "auto",
    precision: Literal["float32", "bfloat16"] = "float32",
    threads: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> int:
    """Read what is written in images, folders of images and stroke files.

    A file that cannot be read is answered by a record of its error; the rest goes on, and the exit code is 1.

    Args:
        images: Image or stroke files, folders (with all below them), or - for standard input.
        model: A model's name (see 'duktus models'), or the path of a model file.
        form: A table for people (one row a written line, "?" for what was refused), or records for programs, one
            each glyph: JSON lines, or CSV.
        layout: Find the characters of each page (auto), or take each page for the picture of one character (one).
        precision: bfloat16 is about twice as fast on processors that compute in it, and needs the extra 'fast'.
        threads: Processor cores to use; all of them if not given.
    """
    import sys

    from duktus.recognition.reader import open_model

    reader = open_model(model, threads=threads, precision=precision)
    with Bar("reading", wanted=not is_terminal(sys.stdout)) as bar, closing(_answers(reader, images, layout)) as answers:
        return 0 if write_answers(_counted(answers, bar), form) else 1
