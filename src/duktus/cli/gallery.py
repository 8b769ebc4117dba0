"""``duktus gallery``: what a gallery holds, and its upkeep."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from duktus.cli.terminal import complain, counted, print_columns, visible
from duktus.door.galleries import open_gallery

_EXAMPLES = """
Examples:
  duktus gallery list runes.db
  duktus gallery rename runes.db feoh fehu   a new name
  duktus gallery merge hands.db "A. K." Anna  all pages of both are Anna's
  duktus gallery remove runes.db ᚠ
  duktus gallery export runes.db runes.zip   to pass on; any program reads it
  duktus gallery import mine.db runes.zip
  duktus gallery check runes.db              whether all of it is whole
  duktus gallery check runes.db --repair new.db
"""

app = App(
    name="gallery",
    help="What a gallery of taught letters or enrolled hands holds, and its upkeep.",
    help_format="plaintext",
    help_epilogue=_EXAMPLES,
)

Gallery = Annotated[Path, Parameter(name="GALLERY")]
Label = Annotated[str, Parameter(name="LABEL", allow_leading_hyphen=True)]
NewLabel = Annotated[str, Parameter(name="TO", allow_leading_hyphen=True)]
Existing = Annotated[str, Parameter(name="INTO", allow_leading_hyphen=True)]


@app.command(name="list")
def list_labels(gallery: Gallery, /) -> None:
    """List a gallery's labels, how many examples each has, and when the newest was added.

    Args:
        gallery: The gallery's file.
    """
    opened = open_gallery(gallery)
    found = opened.labels()
    rows = [(each.label, str(each.examples), f"{each.newest:%Y-%m-%d %H:%M}") for each in found]
    print_columns([("label", "examples", "newest"), *rows])
    total = counted(sum(each.examples for each in found), "example")
    complain(f"{total} of {counted(len(found), 'label')}, by {opened.encoder}")


@app.command
def remove(gallery: Gallery, label: Label, /) -> int:
    """Remove a label with all its examples.

    Args:
        gallery: The gallery's file.
        label: The label.
    """
    return _report(open_gallery(gallery).remove(label), gallery, label, "removed")


@app.command
def rename(gallery: Gallery, label: Label, to: NewLabel, /) -> int:
    """Give a label a new name; one that exists is refused, for that would merge two (see 'duktus gallery merge').

    Args:
        gallery: The gallery's file.
        label: The label.
        to: Its new name.
    """
    return _report(open_gallery(gallery).rename(label, to), gallery, label, f"now under {to!r}")


@app.command
def merge(gallery: Gallery, label: Label, into: Existing, /) -> int:
    """Put all examples of a label under another that exists: two names turned out to be one letter or one hand.

    Which example stood under which name is not kept; 'duktus gallery export' makes a copy first.

    Args:
        gallery: The gallery's file.
        label: The label that goes.
        into: The label that stays.
    """
    return _report(open_gallery(gallery).merge(label, into), gallery, label, f"now under {into!r}")


@app.command
def export(gallery: Gallery, out: Annotated[Path, Parameter(name="OUT")], /) -> None:
    """Write a gallery as a zip file of PNG pictures, their labels and vectors.

    Args:
        gallery: The gallery's file.
        out: The zip file; one that is there is replaced.
    """
    complain(f"{counted(open_gallery(gallery).export(out), 'example')} written")
    print(visible(str(out)))


@app.command(name="import")
def import_examples(
    gallery: Gallery,
    source: Annotated[Path, Parameter(name="EXPORT")],
    /,
    *,
    replace: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Add the examples of an exported gallery; a gallery that is not there is made.

    Args:
        gallery: The gallery's file.
        source: What 'duktus gallery export' wrote.
        replace: Where a picture is there under another label, take the label of the export.
    """
    done = open_gallery(gallery).import_examples(source, replace=replace)
    for message in (*done.conflicts, *done.notes):
        complain(message)
    known = f"{done.known:,} already known, {len(done.conflicts):,} known under another label"
    complain(f"{counted(done.added, 'example')} added, {known}")
    return 1 if done.conflicts and not replace else 0


@app.command
def check(gallery: Gallery, /, *, repair: Path | None = None) -> int:
    """Look over all of a gallery; with --repair, copy what is whole of a damaged one into a new one.

    Args:
        gallery: The gallery's file; it stays as it is.
        repair: The new gallery's file.
    """
    found = open_gallery(gallery).check(repair)
    for problem in found.problems:
        complain(f"{gallery}: {problem}")
    print(f"{counted(found.examples, 'example')} whole{'' if repair is None else f', now in {visible(str(repair))}'}")
    return 0 if found.passed or repair is not None else 1


def _report(count: int, gallery: Path, label: str, done: str) -> int:
    if not count:
        complain(f"{gallery}: expected a label of this gallery, received {label!r}; 'duktus gallery list' shows them")
        return 1
    complain(f"{counted(count, 'example')} of {label!r} {done}")
    return 0
