"""``duktus teach`` and ``duktus enrol``: examples into a gallery, drawings of letters or pages by known writers."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import Bar, complain, counted
from duktus.door.hands import enrol as enrol_pages
from duktus.door.letters import teach as teach_drawings
from duktus.types import Taught, UsageError

Gallery = Annotated[Path, Parameter(name="GALLERY")]
Images = Annotated[list[Path], Parameter(name="IMAGE")]
Label = Annotated[str | None, Parameter(allow_leading_hyphen=True)]
Flag = Annotated[bool, Parameter(negative=())]


def teach(
    gallery: Gallery, images: Images, /, *, label: Label = None, encoder: str | None = None, replace: Flag = False
) -> int:
    """Teach letters from drawings: the next reading with the gallery knows them.

    Args:
        gallery: The gallery's file; it is created if missing.
        images: Drawings of one letter each, with --label; or folders and tables that hold the labels.
        label: What the images show.
        encoder: The model whose vectors the gallery keeps, a name or the path of a model file; glyph-encoder if not
            given.
        replace: Where a drawing is stored under another label, take the new label.
    """
    for place in images:
        if label is not None and place.is_dir():
            raise UsageError(f"{place}: --label is for images; expected images, received a folder")
        _check_labelled(place, label, "--label", "labels")
    with Bar("teaching") as bar:
        taught = teach_drawings(gallery, images, label=label, encoder=encoder, replace=replace, progress=bar.show)
    return _report(taught, f"{counted(taught.added, 'example')} taught", "label", replace)


def enrol(
    gallery: Gallery,
    images: Images,
    /,
    *,
    writer: Label = None,
    together: Flag = False,
    encoder: str | None = None,
    replace: Flag = False,
) -> int:
    """Enrol hands from pages: 'duktus identify' with the gallery knows them from then on.

    Args:
        gallery: The gallery's file; it is created if missing.
        images: Pages of handwriting, with --writer; or folders and tables that hold the writers' names.
        writer: The writer of the images.
        together: The images of a folder, or those with one value in a table's column 'document', are one document.
        encoder: The model whose vectors the gallery keeps, a name or the path of a model file; hand-encoder if not
            given.
        replace: Where a page is enrolled under another name, take the new name.
    """
    for place in images:
        _check_labelled(place, writer, "--writer", "writers' names")
    with Bar("enrolling") as bar:
        taught = enrol_pages(
            gallery, images, writer=writer, together=together, encoder=encoder, replace=replace, progress=bar.show
        )
    return _report(taught, f"{counted(taught.added, 'page')} enrolled", "name", replace)


def _check_labelled(place: Path, label: str | None, option: str, what: str) -> None:
    """Raise UsageError where an image is given and nothing says what it shows."""
    from duktus.datasets.tables import TABLE_SUFFIXES

    if label is None and place.is_file() and place.suffix.lower() not in (*TABLE_SUFFIXES, ".zip"):
        raise UsageError(f"{place}: expected {option}, or a folder or table that holds the {what}")


def _report(taught: Taught, done: str, name: str, replace: bool) -> int:
    """Say what became of the examples; return the exit code."""
    for message in (*taught.failed, *taught.conflicts, *taught.notes):
        complain(message)
    complain(f"{done}, {taught.known:,} already known, {len(taught.conflicts):,} known under another {name}")
    return 1 if taught.failed or (taught.conflicts and not replace) else 0
