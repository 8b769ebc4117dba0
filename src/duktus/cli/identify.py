"""``duktus identify``: whose hand a page is in, of those that a gallery knows."""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.documents import DocumentAnswer, hands_of, write_identifications
from duktus.cli.records import Format
from duktus.cli.regions import WHOLE, Where
from duktus.cli.terminal import Bar, is_terminal

if TYPE_CHECKING:
    from duktus.recognition.candidates import Known
    from duktus.recognition.hands import Hand, HandReader

    Hands = Generator[tuple[str, Hand | None, str]]


def identify(
    images: Annotated[list[str], Parameter(name="IMAGE")],
    /,
    *,
    gallery: Path,
    top: Annotated[int, Parameter(validator=Number(gte=1))] = 5,
    form: Annotated[Format, Parameter(name="--format")] = "table",
    where: Where = WHOLE,
    encoder: str = "hand-encoder",
) -> int:
    """Tell whose hand documents are in, or that it is none of those that a gallery knows.

    Args:
        images: Images of handwriting, folders (with all below them), or - for standard input. All pages of a file are
            taken for one document.
        gallery: The gallery of enrolled hands (see 'duktus enrol').
        top: How many hands to name, the likest first.
        form: A table for people, or records for programs.
        where: What to look at on the pages.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file.
    """
    import sys

    from duktus.gallery.sqlite import SqliteGallery
    from duktus.recognition.hands import open_hands

    kept = where.read()
    reader = open_hands(encoder)
    with SqliteGallery(gallery, reader.encoder) as opened:
        known = reader.known(opened)
    with Bar("identifying", wanted=not is_terminal(sys.stdout)) as bar:
        return (
            0 if write_identifications(_answers(reader, known, hands_of(reader, images, kept), top, bar), form) else 1
        )


def _answers(reader: "HandReader", known: "Known", hands: "Hands", top: int, bar: Bar) -> Iterator[DocumentAnswer]:
    with closing(hands):
        for count, (file, hand, error) in enumerate(hands, 1):
            bar.show(count)
            yield DocumentAnswer(file, None if hand is None else reader.identify(hand, known, top), error)
