"""``duktus verify``: whether one hand wrote two documents, and how sure that is."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from duktus.cli.documents import hands_of, rounded, write_json
from duktus.cli.regions import WHOLE, WHOLE_SECOND, SecondWhere, Where
from duktus.cli.terminal import complain, visible

if TYPE_CHECKING:
    from duktus.types import Verdict


def verify(
    first: Annotated[str, Parameter(name="PAGE")],
    second: Annotated[str, Parameter(name="PAGE")],
    /,
    *,
    form: Annotated[Literal["table", "jsonl"], Parameter(name="--format")] = "table",
    where: Where = WHOLE,
    second_where: SecondWhere = WHOLE_SECOND,
    encoder: str = "hand-encoder",
) -> int:
    """Tell how much likelier one hand makes two documents than two hands do.

    Args:
        first: An image of handwriting; all its pages are taken for one document.
        second: Another.
        form: Sentences for people, or a record for programs.
        where: What to look at on the first image's pages.
        second_where: What to look at on the second image's pages.
        encoder: A model's name, or the path of a model file.
    """
    from duktus.hands.identification.reader import open_hands

    kept = where.read(), second_where.read()
    reader = open_hands(encoder)
    found = [
        each for image, where in zip((first, second), kept, strict=True) for each in hands_of(reader, [image], where)
    ]
    if len(found) != 2:
        complain(f"expected two images, received {len(found)}; name one image each, and no folders")
        return 1
    for file, _, error in found:
        if error:
            write_json({"file": file, "error": error}) if form == "jsonl" else complain(error)
    hands = [hand for _, hand, _ in found if hand is not None]
    if len(hands) < 2:
        return 1
    verdict = reader.verify(*hands)
    if form == "jsonl":
        told = rounded(asdict(verdict))
        write_json({"files": [first, second], **told, "ink": [round(each, 1) for each in verdict.ink]})
    else:
        _tell(verdict)
    return 0


def _tell(verdict: "Verdict") -> None:
    ratio = "none" if verdict.log10_lr is None else f"{verdict.log10_lr:+.2f}"
    low, high = verdict.bounds
    print(visible(verdict.statement))
    print(f"log10 likelihood ratio {ratio} (calibrated from {low:+.1f} to {high:+.1f}), likeness {verdict.score:.3f}")
    print(f"ink {verdict.ink[0]:.0f} and {verdict.ink[1]:.0f} text heights of contour")
    for limit in verdict.limits:
        print(f"limit: {visible(limit)}")
