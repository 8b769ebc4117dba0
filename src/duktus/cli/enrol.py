"""``duktus enrol``: hands into a gallery, from pages by known writers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.gallery import find_emptied
from duktus.cli.terminal import Bar, UsageError, complain


def enrol(
    gallery: Annotated[Path, Parameter(name="GALLERY")],
    images: Annotated[list[Path], Parameter(name="IMAGE")],
    /,
    *,
    writer: Annotated[str | None, Parameter(allow_leading_hyphen=True)] = None,
    encoder: str = "hand-encoder",
    replace: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Enrol hands from pages: 'duktus identify' with the gallery knows them from then on.

    Args:
        gallery: The gallery's file; it is made where there is none.
        images: Pages of handwriting, with --writer; or folders and tables that hold the writers' names.
        writer: Whose hand the images show.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file.
        replace: Where a page is there under another name, take the new one.
    """
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.gallery.store import Conflict
    from duktus.hands.identification.documents import documents_of
    from duktus.hands.identification.reader import open_hands

    reader = open_hands(encoder)
    failed: list[str] = []
    totals, conflicts = [0, 0, 0], list[Conflict]()
    with SqliteGallery.create(gallery, reader.encoder) as opened, Bar("enrolling") as bar:
        documents = documents_of((each for place in images for each in _named(place, writer)), failed)
        for added in reader.enrol(opened, documents, failed, replace=replace):
            conflicts += added.conflicts
            sources = {each.content: each.source for each in opened.get(one.content for one in added.conflicts)}
            for conflict in added.conflicts:
                page = sources.get(conflict.content, conflict.content[:12])
                complain(f"{page}: is enrolled as {conflict.label!r}, was given as {conflict.offered!r}")
            totals = [sum(pair) for pair in zip(totals, (added.added, added.known, len(added.conflicts)), strict=True)]
            bar.show(sum(totals))
        emptied = find_emptied(opened, conflicts)
    for message in (*failed, *emptied):
        complain(message)
    done, known, renamed = totals
    complain(f"{done:,} pages enrolled, {known:,} were known, {renamed:,} known under another name")
    return 1 if failed or (conflicts and not replace) else 0


def _named(place: Path, writer: str | None) -> Iterator[tuple[Path | bytes, str, str]]:
    """Yield the images of one place with their writers, and what messages call them."""
    from duktus.datasets.labelled import load_labelled
    from duktus.imaging.files.load import is_supported

    if writer is not None and place.is_dir():
        found = sorted(path for path in place.iterdir() if is_supported(path.name))
        if not found:
            raise UsageError(f"{place}: expected images in the folder, found none")
        yield from ((path, writer, str(path)) for path in found)
    elif writer is not None:
        yield place, writer, str(place)
    elif place.is_file() and place.suffix.lower() not in (".csv", ".jsonl", ".tsv", ".ndjson"):
        raise UsageError(f"{place}: expected --writer, or a folder or table that holds the writers' names")
    else:
        labelled = load_labelled(place)
        for index, label in enumerate(labelled.labels):
            image = labelled.images[index]
            yield image if isinstance(image, (Path, bytes)) else bytes(image), label, labelled.name(index)
