"""Identification of writers: documents enrolled, identified, verified in pairs, and searched for."""

from __future__ import annotations  # in help, the names of types and not what they stand for

from duktus.door.documents import EVERYWHERE, PRIOR, Boxes, look_at, regions_of
from duktus.door.galleries import Gallery, GalleryLike, as_gallery
from duktus.door.lessons import Images, Progress
from duktus.door.models import Model, ModelLike, as_model
from duktus.door.sessions import ENCODER, Place, open_hands
from duktus.imaging.files.load import DocumentSource, Source
from duktus.types import Identification, Ranking, Taught, UsageError, Verdict


def enrol(
    gallery: GalleryLike,
    images: Images,
    *,
    writer: str | None = None,
    together: bool = False,
    encoder: Place | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> Taught:
    """Enrol hands from pages: the next identification with the gallery knows them. One page per writer is enough.

    Args:
        gallery: a gallery, or the path of its file, which is created if missing.
        images: with a writer, pages of handwriting or folders of them; without, a folder with one folder per writer, a
            table (file,label[,group]), or several such.
        writer: the writer of the pages.
        together: the images of a folder, or those with one value in a table's column ``document``, are one document.
        encoder: the model whose vectors the gallery keeps; the shipped one if not given.
        replace: where a page is enrolled under another name, take the new name.
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
    image: DocumentSource,
    *,
    gallery: GalleryLike | None = None,
    model: ModelLike | None = None,
    top: int = 5,
    prior: float = PRIOR,
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    encoder: Place | None = None,
) -> Identification:
    """Identify the writer of a document, or say that none of the known hands wrote it.

    The known hands are those of a gallery, which can answer "none of the known hands", or the writers that a network
    was trained on, a closed set. One of the two must be given.

    Args:
        image: a document, as ``read`` takes images, or several images of one as a tuple; all pages are one document.
        gallery: a gallery of enrolled hands, or its path.
        model: a classifier of hands, as ``train("recipes/hands.toml")`` makes it, or its path.
        top: how many hands to return, the most probable first.
        prior: the prior probability that the document is by one of the gallery's hands.
        regions: the parts of each page to use, as (x, y, w, h) in pixels; all of it where none is given.
        without: the parts of each page to leave out.
        encoder: the model whose vectors the gallery keeps; the shipped one if not given.

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
    return opened.identify(image, top=top, prior=prior, regions=regions, without=without)


def opened_hands(gallery: GalleryLike | None, model: ModelLike | None, encoder: Place | None) -> Gallery | Model:
    """Return what identifies: a gallery of hands, or a classifier of hands."""
    if gallery is not None and model is None:
        return as_gallery(gallery, encoder)
    if model is None or gallery is not None:
        received = "neither" if model is None else "both"
        raise UsageError(f"expected a gallery of hands or a model (a classifier of hands), received {received}")
    return as_model(model)


def verify(
    first: DocumentSource,
    second: DocumentSource,
    *,
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    second_regions: Boxes = EVERYWHERE,
    second_without: Boxes = EVERYWHERE,
    encoder: Place = ENCODER,
) -> Verdict:
    """Compare the hands of two documents: the likelihood ratio of one writer against two.

    Args:
        first: a document, as ``read`` takes images; all its pages are one document.
        second: another.
        regions: the parts of the first document's pages to use, as (x, y, w, h) in pixels.
        without: the parts of the first document's pages to leave out.
        second_regions: the parts of the second document's pages to use.
        second_without: the parts of the second document's pages to leave out.
        encoder: a model, or its path.

    Returns:
        A calibrated log10 likelihood ratio, its bounds, its verbal equivalent, and its limits.

    Raises:
        ImageError: a document cannot be read, or a region is not on a page; ``error.image`` says which.

    >>> verdict = verify("letter.png", "letters/Anna/1.png")
    >>> verdict.log10_lr > 0
    True
    """
    reader = open_hands(encoder)
    seen = look_at(reader, first, regions_of(regions, without))
    return reader.verify(seen, look_at(reader, second, regions_of(second_regions, second_without)))


def search(
    image: Source,
    *,
    gallery: GalleryLike,
    top: int = 20,
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    encoder: Place | None = None,
) -> Ranking:
    """Rank the documents of a gallery by similarity of hand.

    Args:
        image: the queried document, as ``read`` takes images; all its pages are one document.
        gallery: a gallery of enrolled hands, or its path.
        top: how many documents to return, the most similar first.
        regions: the parts of each page to use, as (x, y, w, h) in pixels.
        without: the parts of each page to leave out.
        encoder: the model whose vectors the gallery keeps; the shipped one if not given.

    Returns:
        Label, source and similarity of each; nothing where the queried document is blank.

    Raises:
        ImageError: the image cannot be read.
        GalleryError: the gallery cannot be opened, or is empty.

    >>> [each.label for each in search("letter.png", gallery="hands.db", top=1)]
    ['Anna']
    """
    return as_gallery(gallery, encoder).search(image, top=top, regions=regions, without=without)
