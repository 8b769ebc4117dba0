"""``duktus explain``: why a page was read as it was."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import Input, find_inputs
from duktus.cli.regions import WHOLE, WHOLE_SECOND, SecondWhere, Where
from duktus.cli.terminal import STANDARD_INPUT, visible
from duktus.door import explanation
from duktus.types import DuktusError, UsageError


@Parameter(name="*")
@dataclass(frozen=True)
class Letters:
    """How letters are explained.

    Attributes:
        stages: Write an image of the stages instead: page, ink, handwriting, characters, answers.
        layout: Find the characters of the page, or take the page for the image of one.
    """

    stages: Annotated[bool, Parameter(negative=())] = False
    layout: Literal["auto", "one"] = "auto"


@Parameter(name="*")
@dataclass(frozen=True)
class Held:
    """What the page is compared with.

    Attributes:
        gallery: A gallery of taught letters; shows the examples most similar to each character as well. Or a
            gallery of enrolled hands (see 'duktus enrol').
        against: Another image of handwriting to compare the page with; all its pages are one document.
        second_where: What to look at on the other document's pages.
    """

    gallery: Path | None = None
    against: str = ""
    second_where: SecondWhere = WHOLE_SECOND


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
    """Show which ink decided a reading or an identification, as an HTML page, and print its path.

    With a gallery of hands: which words of the page support the most probable hand and which do not, the forms that
    it shares with that hand's pages, and everything that the answer was computed from. With --against: the same for the
    hand of another document. With a model that was trained on writers: which of them each patch is attributed to.

    Args:
        image: An image or stroke file, or - for standard input.
        letters: How letters are explained.
        out: The file to write; by default the image's name with .explained.html or .stages.png, in this folder.
        page: Which page, of a file with several.
        model: A model's name (see 'duktus models'), or the path of a model file; digits if not given.
        held: What the page is compared with.
        where: What to look at on the page, with a gallery of hands or another document.
    """
    if image == held.against == STANDARD_INPUT:
        raise UsageError("expected two images, received standard input for both; name a file for one of them")
    used, left_out = where.boxes()
    second_used, second_left_out = held.second_where.boxes()
    source = _source(image)
    found = explanation.explain(
        source,
        model=model or None,
        gallery=held.gallery,
        against=_source(held.against) if held.against else None,
        stages=letters.stages,
        page=page,
        layout=letters.layout,
        regions=used,
        without=left_out,
        second_regions=second_used,
        second_without=second_left_out,
    )
    name = "standard-input" if isinstance(source, bytes) else Path(source).stem
    target = out or Path(f"{name}.{'stages.png' if letters.stages else 'explained.html'}")
    try:
        found.save(target)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DuktusError(f"{target}: the file cannot be written ({reason}); name another by --out") from error
    print(visible(str(target)))


def _source(named: str) -> str | bytes:
    given = next(iter(find_inputs([named]))) if not os.path.isdir(named) else Input(named)
    if given.error:
        raise DuktusError(given.error)
    return given.source
