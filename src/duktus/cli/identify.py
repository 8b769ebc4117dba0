"""``duktus identify``: whose hand a page is in, of those that a gallery knows or a network was trained on."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.documents import DocumentAnswer, hands_of, write_identifications
from duktus.cli.records import Format
from duktus.cli.regions import WHOLE, Where
from duktus.cli.terminal import Bar, UsageError, is_terminal
from duktus.types import Identification

if TYPE_CHECKING:
    from duktus.imaging.layout.regions import Regions

    Asking = Callable[[list[str], Regions, int], Generator[DocumentAnswer]]

ENCODER = "hand-encoder"

Seen = TypeVar("Seen")


def identify(
    images: Annotated[list[str], Parameter(name="IMAGE")],
    /,
    *,
    gallery: Path | None = None,
    model: str | None = None,
    top: Annotated[int, Parameter(validator=Number(gte=1))] = 5,
    form: Annotated[Format, Parameter(name="--format")] = "table",
    where: Where = WHOLE,
    encoder: str = ENCODER,
) -> int:
    """Tell whose hand documents are in, or that it is none of those that are known.

    Known are the hands of a gallery, which can say "none of the known hands", or the writers that a network was trained
    on, which is a closed set. One of both must be named.

    Args:
        images: Images of handwriting, folders (with all below them), or - for standard input. All pages of a file are
            taken for one document.
        gallery: The gallery of enrolled hands (see 'duktus enrol').
        model: A classifier of hands: the path of a model file that 'duktus train recipes/hands.toml' wrote.
        top: How many hands to name, the likest first.
        form: A table for people, or records for programs.
        where: What to look at on the pages.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file.
    """
    import sys

    kept = where.read()
    found = _open(gallery, model, encoder)(images, kept, top)
    with closing(found), Bar("identifying", wanted=not is_terminal(sys.stdout)) as bar:
        return 0 if write_identifications(_counted(found, bar), form) else 1


def _open(gallery: Path | None, model: str | None, encoder: str) -> "Asking":
    """Return what answers whose hand documents are in; a model or a gallery that cannot be opened is told at once."""
    if gallery is not None and model is None:
        return _by_gallery(gallery, encoder)
    if model is None or gallery is not None:
        received = "neither" if model is None else "both"
        raise UsageError(f"expected --gallery with enrolled hands or --model with trained ones, received {received}.")
    if encoder != ENCODER:
        raise UsageError("expected --encoder beside --gallery alone, received it beside --model; leave it out.")
    return _by_model(model)


def _by_gallery(gallery: Path, encoder: str) -> "Asking":
    """Hold documents against the hands of a gallery."""
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.hands.identification.reader import open_hands

    reader = open_hands(encoder)
    with SqliteGallery(gallery, reader.encoder) as opened:
        known = reader.known(opened)
    return lambda images, kept, top: _answers(
        hands_of(reader, images, kept), lambda hand: reader.identify(hand, known, top)
    )


def _by_model(model: str) -> "Asking":
    """Ask a trained network about documents."""
    from duktus.hands.identification.classifier import open_hand_classifier

    reader = open_hand_classifier(model)
    return lambda images, kept, top: _answers(
        hands_of(reader, images, kept), lambda ballot: reader.identify(ballot, top)
    )


def _answers(
    hands: Generator[tuple[str, Seen | None, str]], identify_one: Callable[[Seen], Identification]
) -> Generator[DocumentAnswer]:
    with closing(hands):
        for file, hand, error in hands:
            yield DocumentAnswer(file, None if hand is None else identify_one(hand), error)


def _counted(answers: Generator[DocumentAnswer], bar: Bar) -> Iterator[DocumentAnswer]:
    for count, answer in enumerate(answers, 1):
        bar.show(count)
        yield answer
