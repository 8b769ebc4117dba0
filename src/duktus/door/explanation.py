"""Which ink decided what was read, or whose hand it is."""

from __future__ import annotations  # in help, the names of types and not what they stand for

import os
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from duktus.door.documents import EVERYWHERE, Boxes, regions_of
from duktus.door.galleries import Gallery, GalleryLike, as_gallery
from duktus.door.models import Model, ModelLike, as_model
from duktus.door.provenance import Shown, compare_hands, explain_hand, explain_vote
from duktus.door.sessions import CLASSIFIER, ENCODER
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.sqlite_file import is_gallery_file
from duktus.glyphs.reading.explanation import explain as explain_page
from duktus.glyphs.reading.explanation import nearest_examples
from duktus.glyphs.reading.explanation_page import MOST, render_explanation
from duktus.glyphs.reading.hypotheses import Layout
from duktus.glyphs.reading.stages import Stages, draw_stages, find_stages
from duktus.imaging.files.load import Source
from duktus.imaging.files.png import encode_png
from duktus.pen.sources import Readable
from duktus.reporting.label_drawings import Drawings
from duktus.types import DuktusError, Explanation, UsageError
from duktus.workers.bulk import answer_in_bulk, pool_starter
from duktus.workers.job import Job, Steps, answer_each


def explain(  # noqa: PLR0913  # the options of one command, all but one by name
    image: Readable,
    *,
    model: ModelLike | None = None,
    gallery: GalleryLike | None = None,
    against: Source | None = None,
    stages: bool = False,
    page: int = 1,
    layout: Layout = "auto",
    regions: Boxes = EVERYWHERE,
    without: Boxes = EVERYWHERE,
    second_regions: Boxes = EVERYWHERE,
    second_without: Boxes = EVERYWHERE,
) -> Explanation:
    """Show which ink decided what was read, or whose hand it is, as an HTML page that loads nothing.

    With a gallery of hands: which words of the page speak for the most likely hand and which against it, the forms that
    it shares with that hand's pages, and all that the answer was made from. With ``against``: the same for the hand of
    another document. With a model that was trained on writers: which of them each patch of the page goes to, and with
    ``against`` patches of both documents that go to one writer.

    Args:
        image: as ``read`` takes images.
        model: a model, its name or its path; "digits" if not given, or the encoder of the gallery or of hands.
        gallery: a gallery of taught letters, whose nearest examples are shown as well, or a gallery of enrolled hands.
        against: another document, with whose hand the page is compared; all its pages are taken together.
        stages: show in its place, as a PNG picture, how the page became glyphs: page, ink, writing, characters.
        page: which page, from 1, of a file with several.
        layout: as in ``read``.
        regions: the parts of the page to use, as (x, y, w, h) in pixels, with a gallery of hands or another document.
        without: the parts of the page to leave out.
        second_regions: the parts of the other document's pages to use.
        second_without: the parts of the other document's pages to leave out.

    Returns:
        An explanation, which notebooks show, and ``save`` writes.

    Raises:
        UsageError: arguments make no sense together.
        ImageError: an image cannot be read, or has no such page.

    >>> explanation = explain("examples/615_board.webp")
    >>> explanation.save("why.html").name
    'why.html'
    """
    call = partial(
        _explain,
        model=model,
        gallery=gallery,
        against=against,
        stages=stages,
        page=page,
        layout=layout,
        regions=regions,
        without=without,
        second_regions=second_regions,
        second_without=second_without,
    )
    given = (model, gallery, against)  # what is open here is not sent to another process
    starter = pool_starter(Job(f"{__name__}:open_call", (call,)), 1) if all(map(_is_named, given)) else None
    with closing(answer_in_bulk([image], answer_each(call), 1, starter, batch=1)) as found:
        explained = next(found)
    if isinstance(explained, DuktusError):
        raise explained
    assert isinstance(explained, Explanation), "a call answers, or has an error in its place"
    return explained


def open_call(call: Callable[[Any], Explanation]) -> Steps:
    """Return the steps of a process that explains, so that it can be ended where that takes too long."""
    return answer_each(call)


def _is_named(given: object) -> bool:
    return given is None or isinstance(given, (str, os.PathLike, bytes))


def _explain(  # noqa: PLR0913  # the options of one command
    image: Readable,
    *,
    model: ModelLike | None,
    gallery: GalleryLike | None,
    against: Source | None,
    stages: bool,
    page: int,
    layout: Layout,
    regions: Boxes,
    without: Boxes,
    second_regions: Boxes,
    second_without: Boxes,
) -> Explanation:
    where, other = regions_of(regions, without), regions_of(second_regions, second_without)
    model = None if model is None else as_model(model)
    voting = model is not None and model.task == CLASSIFIER
    of_hands = _is_of_hands(model, gallery) if gallery is not None and against is None else against is not None
    if voting and gallery is not None:
        raise UsageError("expected --gallery or a model that was trained on writers, received both; leave out one")
    parts = (bool(each.used or each.left_out) for each in (where, other))
    _check(stages, of_hands or voting, (gallery, against), *parts)
    if not (of_hands or voting):
        return _letters(image, model, gallery, stages, page, layout)

    shown = Shown(_whole(image), name_of(image), where)  # type: ignore[arg-type]  # a drawing is refused as an image
    session = as_model(model or ENCODER).session
    beside = None if against is None else Shown(_whole(against), name_of(against), other)
    if voting:
        return Explanation(explain_vote(shown, page, beside, session), shown.name)
    if beside is not None:
        return Explanation(compare_hands(shown, page, beside, session), shown.name)
    assert gallery is not None, "without another document only a gallery is of hands"
    return Explanation(explain_hand(shown, page, as_gallery(gallery).path, session), shown.name)


def name_of(image: Readable) -> str:
    """Return what an image is called: its file's name, or "image"."""
    return Path(image).name if isinstance(image, (str, os.PathLike)) else "image"


def _whole(source: Source) -> Source:
    """Return what can be read more than once."""
    return source.read() if hasattr(source, "read") and not isinstance(source, (str, bytes)) else source


def _is_of_hands(model: ModelLike | None, gallery: GalleryLike) -> bool:
    """Return whether a gallery is of hands: by the task of the model that is given, or else by its encoder's name."""
    return as_model(model).task == ENCODER if model is not None else as_gallery(gallery).is_of_hands


def _check(stages: bool, of_hands: bool, known: tuple[object, object], regions: bool, second: bool) -> None:
    gallery, against = known
    if second and against is None:
        raise UsageError("second regions are for another document; name it by --against")
    if gallery is not None and against is not None:
        raise UsageError("expected --gallery or --against, received both; a page is compared with one of them")
    if isinstance(against, (str, os.PathLike)) and is_gallery_file(Path(against)):
        raise UsageError(f"--against {against}: expected an image, received a gallery; name it by --gallery")
    if stages and of_hands:
        raise UsageError("--stages shows how characters are found; leave it out for hands")
    if regions and not of_hands:
        raise UsageError("regions are for hands; name a gallery of hands by --gallery, or a document by --against")


def _letters(
    image: Readable, model: ModelLike | None, gallery: GalleryLike | None, stages: bool, page: int, layout: Layout
) -> Explanation:

    opened = as_gallery(gallery, model) if gallery is not None else as_model(model or "digits")
    reader = opened.reader
    found = find_stages(reader, image, page, layout)
    drawings = _drawings(opened, found) if isinstance(opened, Gallery) else {}
    if stages:
        return Explanation(encode_png(draw_stages(found, name_of(image), drawings)), name_of(image))
    return Explanation(_page(opened, found, drawings, name_of(image)), name_of(image))


def _drawings(gallery: Gallery, stages: Stages) -> Drawings:
    """Return a drawing of each label that is shown of a page and that a font may lack."""
    readings = [character.reading for character in stages.characters]
    shown = {label for one in readings for label in (one.text, *(other.text for other in one.alternatives))}
    files = gallery.drawings(label for label in shown if not label.isascii())
    buffers = ((label, np.frombuffer(file, np.uint8)) for label, file in files.items())
    decoded = ((label, cv2.imdecode(buffer, cv2.IMREAD_GRAYSCALE)) for label, buffer in buffers)
    return {label: np.asarray(page, np.uint8) for label, page in decoded if page is not None}


def _page(opened: Model | Gallery, found: Stages, drawings: Drawings, name: str) -> bytes:

    if isinstance(opened, Gallery):
        with SqliteGallery(opened.path) as store:
            nearest = partial(nearest_examples, store, opened.session)
            explained = list(islice(explain_page(opened.reader, found, nearest), MOST))
    else:
        explained = list(islice(explain_page(opened.reader, found), MOST))
    return render_explanation(explained, found, name, drawings).encode("utf-8", "backslashreplace")
