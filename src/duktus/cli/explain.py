"""``duktus explain``: why a page was read as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.explain_hand import Shown, compare_hands, explain_hand, is_gallery, is_of_hands
from duktus.cli.inputs import read_standard_input
from duktus.cli.regions import WHOLE, WHOLE_SECOND, SecondWhere, Where
from duktus.cli.terminal import STANDARD_INPUT, UsageError, visible
from duktus.types import DuktusError, Ink

if TYPE_CHECKING:
    from collections.abc import Callable

    from duktus.glyphs.reading.explanation import Neighbour
    from duktus.glyphs.reading.reader import Reader
    from duktus.glyphs.reading.stages import Stages

    Nearest = Callable[[Ink], tuple[Neighbour, ...]] | None


@Parameter(name="*")
@dataclass(frozen=True)
class Letters:
    """How letters are explained.

    Attributes:
        stages: Show in its place, as a picture, how the page became glyphs: page, ink, writing, characters, answers.
        layout: Find the characters of the page, or take the page for the picture of one.
    """

    stages: Annotated[bool, Parameter(negative=())] = False
    layout: Literal["auto", "one"] = "auto"


@Parameter(name="*")
@dataclass(frozen=True)
class Held:
    """What the page is held against.

    Attributes:
        gallery: A gallery of taught letters; shows the examples that are most like each character as well. Or a
            gallery of enrolled hands (see 'duktus enrol').
        against: Another image of handwriting, whose hand the page is held against; all its pages are taken together.
        second_where: What to look at on the other document's pages.
    """

    gallery: Path | None = None
    against: str = ""
    second_where: SecondWhere = WHOLE_SECOND

    def check(self, image: str, letters: Letters) -> None:
        """Raise UsageError where another document is named beside what makes no sense with it, or only its regions."""
        if not self.against:
            if self.second_where != WHOLE_SECOND:
                told = "--second-regions and --second-without are for another document"
                raise UsageError(f"{told}; name it by --against")
            return
        if self.gallery is not None:
            raise UsageError("expected --gallery or --against, received both; a page is held against one of them")
        if letters.stages:
            raise UsageError("--stages shows how characters are found; leave it out with --against")
        if image == self.against == STANDARD_INPUT:
            raise UsageError("expected two images, received standard input for both; name a file for one of them")
        if is_gallery(self.against):
            raise UsageError(f"--against {self.against}: expected an image, received a gallery; name it by --gallery")


def explain(
    image: Annotated[str, Parameter(name="IMAGE")],
    /,
    *,
    letters: Letters = Letters(),
    out: Path | None = None,
    page: Annotated[int, Parameter(validator=Number(gte=1))] = 1,
    model: str = "",
    held: Held = Held(),
    where: Where = WHOLE,
) -> None:
    """Show which ink decided what was read, or whose hand it is, as an HTML page, and print where that lies.

    With a gallery of hands: which words of the page speak for the likest hand and which against it, the forms that
    it shares with that hand's pages, and all that the answer was made from. With --against: the same for the hand of
    another document.

    Args:
        image: An image or stroke file, or - for standard input.
        letters: How letters are explained.
        out: The file to write; by default the image's name with .explained.html or .stages.png, in this folder.
        page: Which page, of a file with several.
        model: A model's name (see 'duktus models'), or the path of a model file; digits if not given.
        held: What the page is held against.
        where: What to look at on the page, with a gallery of hands or another document.
    """
    kept, gallery = where.read(), held.gallery
    held.check(image, letters)
    source = read_standard_input() if image == STANDARD_INPUT else image
    name = _name_of(source)
    shown = Shown(source, name, kept)
    if held.against:
        content = compare_hands(shown, page, _second(held), model)
    elif gallery is not None and is_of_hands(gallery, model):
        if letters.stages:
            raise UsageError("--stages shows how characters are found; leave it out with a gallery of hands")
        content = explain_hand(shown, page, gallery, model)
    elif where != WHOLE:
        raise UsageError("--regions and --without are for hands; name a gallery of hands by --gallery, or --against")
    else:
        content = _explain_characters(source, name, page, model, gallery, letters)
    target = out or Path(f"{Path(name).stem}.{'stages.png' if letters.stages else 'explained.html'}")
    try:
        target.write_bytes(content)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DuktusError(f"{target}: the file cannot be written ({reason}); name another by --out") from error
    print(visible(str(target)))


def _second(held: Held) -> Shown:
    source = read_standard_input() if held.against == STANDARD_INPUT else held.against
    return Shown(source, _name_of(source), held.second_where.read())


def _name_of(source: str | bytes) -> str:
    return "standard-input" if isinstance(source, bytes) else Path(source).name


def _explain_characters(
    source: str | bytes, name: str, page: int, model: str, gallery: Path | None, letters: Letters
) -> bytes:
    from duktus.glyphs.reading.stages import find_stages

    with _opened(model, gallery) as (reader, nearest):
        found = find_stages(reader, source, page, letters.layout)
        return _picture(found, name) if letters.stages else _page(reader, found, nearest, name)


@contextmanager
def _opened(model: str, gallery: Path | None) -> "Iterator[tuple[Reader, Nearest]]":
    """Give the reader and, where letters were taught, what finds the examples most like a glyph."""
    from duktus.glyphs.reading.reader import Reader
    from duktus.models.file import open_model_file

    if gallery is None:
        yield Reader(open_model_file(model or "digits")), None
        return
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.glyphs.reading.explanation import nearest_examples
    from duktus.glyphs.teaching.teacher import Teacher

    session = open_model_file(model or "glyph-encoder")
    teacher = Teacher(session)
    with SqliteGallery(gallery, teacher.encoder) as opened:
        yield Reader(session, teacher.head(opened)), partial(nearest_examples, opened, session)


def _picture(found: "Stages", name: str) -> bytes:
    from duktus.glyphs.reading.stages import draw_stages
    from duktus.imaging.files.png import encode_png

    return encode_png(draw_stages(found, visible(name)))


def _page(reader: "Reader", found: "Stages", nearest: "Nearest", name: str) -> bytes:
    from duktus.glyphs.reading.explanation import explain as explain_page
    from duktus.glyphs.reading.explanation_page import MOST, render_explanation

    explained = list(islice(explain_page(reader, found, nearest), MOST))
    return render_explanation(explained, found, visible(name)).encode("utf-8", "backslashreplace")
