"""Whose hand: documents enrolled, identified, verified in pairs, and searched for."""

import os
from typing import TYPE_CHECKING

from duktus.door.documents import EVERYWHERE, PRIOR, Boxes, look_at, regions_of
from duktus.door.galleries import Gallery, as_gallery
from duktus.door.lessons import Images, Progress
from duktus.door.models import Model, as_model
from duktus.door.sessions import ENCODER, open_hands
from duktus.types import Identification, Ranking, Taught, UsageError, Verdict

if TYPE_CHECKING:
    from duktus.imaging.files.load import DocumentSource, Source


def enrol(
    gallery: Gallery | str | os.PathLike[str],
    images: Images,
    *,
    writer: str | None = None,
    together: bool = False,
    encoder: str | os.PathLike[str] | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> Taught:
    """Enrol hands from pages: the next identification with the gallery knows them. One page a writer is enough.

    Args:
        gallery: a gallery, or the path of its file, which is made where there is none.
        images: with a writer, pages of handwriting or folders of them; without, a folder with a folder a writer, a
            table (file,label[,group]), or several such.
        writer: whose hand the pages show.
        together: images of one writer are one document: those of a folder, or of a table's column ``document``.
        encoder: the model whose vectors the gallery keeps; the one that comes with Duktus if not given.
        replace: where a page is there under another name, take the new one.
        progress: called with how many pages are done.

    Returns:
        What was added, what was known, and what could not be enrolled, with the reasons.

    Raises:
        ImageError, GalleryError: a single page cannot be enrolled, or the gallery cannot be written.

    >>> enrol("hands.db", "letters/").known
    2
    """
    return as_gallery(gallery, encoder).enrol(
        images, writer=writer, together=together, replace=replace, progress=progress
    )


def identify(  # noqa: PLR0913  # the options of the command
    image: "DocumentSource",
    *,
    gallery: Gallery | str | os.PathLike[str] | None = None,
    model: Model | str | os.PathLike[str] | None = None,
    top: int = 5,
    prior: float = PRIOR,
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    encoder: str | os.PathLike[str] | None = None,
) -> Identification:
    """Tell whose hand a document is in, or that it is none of those that are known.

    Known are the hands of a gallery, which can say "none of the known hands", or the writers that a network was trained
    on, which is a closed set. One of the two must be given.

    Args:
        image: a document, as ``read`` takes images, or several images of one as a tuple; all pages are taken together.
        gallery: a gallery of enrolled hands, or its path.
        model: a classifier of hands, as ``train("recipes/hands.toml")`` makes it, or its path.
        top: how many hands to return, the most likely first.
        prior: the probability, before the document is looked at, that it is in one of the gallery's hands.
        regions: the parts of each page to use, as (x, y, w, h) in pixels; all of it where none is given.
        without: the parts of each page to leave out.
        encoder: the model whose vectors the gallery keeps; the one that comes with Duktus if not given.

    Returns:
        The matches, whether the first is accepted, and the reason where it is not.

    Raises:
        ImageError: the image cannot be read. For many use ``open_gallery(…).identify_many(…)``, which yields errors.
        UsageError: neither or both of ``gallery`` and ``model`` are given.
        GalleryError, ModelError: the gallery or the model cannot be used.

    >>> identify("letter.png", gallery="hands.db").matches[0].label
    'Anna'
    """
    opened = opened_hands(gallery, model, encoder)
    if isinstance(opened, Gallery):
        return opened.identify(image, top=top, prior=prior, regions=regions, without=without)
    return opened.identify(image, top=top, regions=regions, without=without)


def opened_hands(
    gallery: Gallery | str | os.PathLike[str] | None,
    model: Model | str | os.PathLike[str] | None,
    encoder: str | os.PathLike[str] | None,
) -> Gallery | Model:
    """Return what identifies: a gallery of hands, or a classifier of hands."""
    if gallery is not None and model is None:
        return as_gallery(gallery, encoder)
    if model is None or gallery is not None:
        received = "neither" if model is None else "both"
        raise UsageError(
            f"expected a gallery of enrolled hands or a model (a classifier of hands), received {received}"
        )
    return as_model(model)


def verify(
    first: "DocumentSource",
    second: "DocumentSource",
    *,
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    second_regions: Boxes = EVERYWHERE,
    second_without: Boxes = EVERYWHERE,
    encoder: str | os.PathLike[str] = ENCODER,
) -> Verdict:
    """Tell how much likelier one hand makes two documents than two hands do.

    Args:
        first: a document, as ``read`` takes images; all its pages are taken together.
        second: another.
        regions: the parts of the first document's pages to use, as (x, y, w, h) in pixels.
        without: the parts of the first document's pages to leave out.
        second_regions: the parts of the second document's pages to use.
        second_without: the parts of the second document's pages to leave out.
        encoder: a model, or its path.

    Returns:
        A calibrated log10 likelihood ratio, its bounds, its words, and what it does not cover.

    Raises:
        ImageError: a document cannot be read, or a region is not on a page; ``error.image`` says which.

    >>> verdict = verify("letter.png", "letters/Anna/1.png")
    >>> verdict.log10_lr > 0
    True
    """
    reader = open_hands(encoder)
    parts = (regions_of(regions, without), regions_of(second_regions, second_without))
    seen = [look_at(reader, source, part) for source, part in zip((first, second), parts, strict=True)]
    return reader.verify(*seen)


def search(
    image: "Source",
    *,
    gallery: Gallery | str | os.PathLike[str],
    top: int = 20,
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    encoder: str | os.PathLike[str] | None = None,
) -> Ranking:
    """Rank the documents of a gallery by likeness of hand.

    Args:
        image: the queried document, as ``read`` takes images; all its pages are taken together.
        gallery: a gallery of enrolled hands, or its path.
        top: how many documents to return, the most alike first.
        regions: the parts of each page to use, as (x, y, w, h) in pixels.
        without: the parts of each page to leave out.
        encoder: the model whose vectors the gallery keeps; the one that comes with Duktus if not given.

    Returns:
        Label, source and likeness of each; nothing where the queried document is blank.

    Raises:
        ImageError: the image cannot be read.
        GalleryError: the gallery cannot be opened, or is empty.

    >>> [each.label for each in search("letter.png", gallery="hands.db", top=1)]
    ['Anna']
    """
    return as_gallery(gallery, encoder).search(image, top=top, regions=regions, without=without)
