"""Reading of images, and teaching of letters."""

from __future__ import annotations  # in help, the names of types and not what they stand for

from duktus.door.galleries import GalleryLike, as_gallery
from duktus.door.lessons import Images, Progress
from duktus.door.models import Model, ModelLike, usual_model
from duktus.door.reading import Layout
from duktus.door.sessions import Place
from duktus.models.runtime import Precision
from duktus.pages.reader import Turn
from duktus.pen.sources import Readable
from duktus.types import Readings, Taught


def read(  # noqa: PLR0913  # the options of one command, all but one by name
    image: Readable,
    *,
    model: ModelLike | None = None,
    gallery: GalleryLike | None = None,
    layout: Layout = "auto",
    turn: Turn = "auto",
    lines: Place | None = None,
    dpi: int | None = None,
    pattern: str = "",
    words: Place | None = None,
    language: bool = False,
    threads: int | None = None,
    precision: Precision = "float32",
) -> Readings:
    """Read what is written in an image.

    Args:
        image: a path, the bytes of a file, a file object, a Pillow image, an array (uint8, uint16, bool, or float in
            [0, 1]; (h, w), (h, w, 3) or (h, w, 4)), or a drawing; stroke files (InkML, JSON) too.
        model: a model, its name or its path; if not given "digits" for characters, "lines" for pages and lines,
            "numbers" for tables.
        gallery: a gallery of taught letters to read by, or its path; ``model`` is then its encoder.
        layout: "auto" finds the characters, row by row and from left to right; "one" takes the page for the image of
            one character; "page" finds the written lines and reads each; "table" reads a ruled table cell by cell;
            "line" takes the page for one line, such as a cell or an amount. A model of lines takes images with the
            proportions of a line for lines, and others for pages.
        turn: degrees by which a page or table is rotated clockwise before it is read: "0", "90", "180" or "270"; "auto"
            detects it. Boxes are in pixels of the page as given.
        lines: a PAGE or ALTO file with the positions of the lines of a page.
        dpi: dots per inch at which pages of PDF are rendered, 30 to 1200; 200 if not given.
        pattern: a regular expression that each line must match, such as ``"[0-9]{1,3}([.,][0-9]+)?"``; with a model of
            lines.
        words: a text file that lists every text a line may have, one entry per line; with a model of lines.
        language: apply the character n-gram that a model of lines carries: fewer errors, and slower.
        threads: cores that the network uses; None for all.
        precision: as in ``open_model``.

    Returns:
        A reading for each character in reading order, a tuple with ``text``. Boxes are in the image's pixels. A page
        without ink gives one reading, not accepted, with the reason "blank".

    Raises:
        ImageError: the image cannot be read. For many images use ``open_model(…).read_many(…)``, which yields errors.
        ModelError, GalleryError: the model or the gallery cannot be opened.

    >>> readings = read("examples/615_board.webp")
    >>> readings.text, readings[0].box
    ('615', Box(x=103, y=104, w=58, h=123))
    """
    if gallery is not None:
        return as_gallery(gallery, model, threads, precision).read(
            image, layout=layout, turn=turn, lines=lines, dpi=dpi, pattern=pattern, words=words, language=language
        )
    opened = (
        model if isinstance(model, Model) else Model(model or usual_model(layout), threads=threads, precision=precision)
    )
    return opened.read(
        image, layout=layout, turn=turn, lines=lines, dpi=dpi, pattern=pattern, words=words, language=language
    )


def teach(
    gallery: GalleryLike,
    images: Images,
    *,
    label: str | None = None,
    encoder: Place | None = None,
    replace: bool = False,
    progress: Progress | None = None,
) -> Taught:
    """Teach letters from drawings: the next reading with the gallery knows them.

    Args:
        gallery: a gallery, or the path of its file, which is created if missing.
        images: with a label, a drawing of one letter or several of them, as ``read`` takes images; without, a folder
            with one folder per letter (``ᚠ/01.png``) or with labels in file names (``ᚠ_01.png``), a table
            (file,label as .csv or .jsonl), or several such.
        label: what the drawings show.
        encoder: the model whose vectors the gallery keeps; the shipped one if not given.
        replace: where a drawing is stored under another label, take the new label.
        progress: called with how many drawings are done.

    Returns:
        What was added, what was known, and what could not be taught, with the reasons. Repeating a drawing changes
        nothing.

    Raises:
        ImageError, GalleryError: a single drawing cannot be taught, or the gallery cannot be written.

    >>> teach("runes.db", "drawings/").known
    6
    """
    return as_gallery(gallery, encoder).teach(images, label=label, replace=replace, progress=progress)
