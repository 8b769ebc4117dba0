"""``duktus gallery``: what a gallery holds, and its upkeep."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from duktus.cli.terminal import UsageError, complain, print_columns, visible

if TYPE_CHECKING:
    from duktus.gallery.store import Conflict
    from duktus.gallery.store import Gallery as Store

_EXAMPLES = """
Examples:
  duktus gallery list runes.db
  duktus gallery rename runes.db feoh fehu   a new name
  duktus gallery merge hands.db "A. K." Anna  all pages of both are Anna's
  duktus gallery remove runes.db ᚠ
  duktus gallery export runes.db runes.zip   to hand on; any program reads it
  duktus gallery import mine.db runes.zip
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
    from duktus.gallery.sqlite import SqliteGallery

    with SqliteGallery(gallery) as opened:
        found = opened.labels()
        rows = [(each.label, str(each.examples), f"{each.newest:%Y-%m-%d %H:%M}") for each in found]
        print_columns([("label", "examples", "newest"), *rows])
        complain(f"{sum(each.examples for each in found):,} examples of {len(found):,} labels, by {opened.encoder}")


@app.command
def remove(gallery: Gallery, label: Label, /) -> int:
    """Forget a label with all its examples.

    Args:
        gallery: The gallery's file.
        label: The label.
    """
    from duktus.gallery.sqlite import SqliteGallery

    with SqliteGallery(gallery) as opened:
        count = opened.remove_label(label)
    return _told(count, gallery, label, "removed")


@app.command
def rename(gallery: Gallery, label: Label, to: NewLabel, /) -> int:
    """Give a label a new name; one that exists is refused, for that would merge two (see 'duktus gallery merge').

    Args:
        gallery: The gallery's file.
        label: The label.
        to: Its new name.
    """
    from duktus.gallery.sqlite import SqliteGallery

    with SqliteGallery(gallery) as opened:
        count = opened.rename(label, to)
    return _told(count, gallery, label, f"now under {to!r}")


@app.command
def merge(gallery: Gallery, label: Label, into: Existing, /) -> int:
    """Put all examples of a label under another that exists: two names turned out to be one letter or one hand.

    Which example stood under which name is not kept; 'duktus gallery export' makes a copy first.

    Args:
        gallery: The gallery's file.
        label: The label that goes.
        into: The label that stays.
    """
    from duktus.gallery.sqlite import SqliteGallery
    from duktus.gallery.store import as_label

    if as_label(label) == as_label(into):
        raise UsageError(f"expected two labels to merge, received {label!r} twice")
    with SqliteGallery(gallery) as opened:
        count = opened.merge(label, into)
    return _told(count, gallery, label, f"now under {into!r}")


@app.command
def export(gallery: Gallery, out: Annotated[Path, Parameter(name="OUT")], /) -> None:
    """Write a gallery as a zip file of PNG pictures, their labels and vectors.

    Args:
        gallery: The gallery's file.
        out: The zip file; one that is there is replaced.
    """
    from duktus.gallery.portable import export_gallery
    from duktus.gallery.sqlite import SqliteGallery

    with SqliteGallery(gallery) as opened:
        count = export_gallery(opened, out)
    complain(f"{count:,} examples written")
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
    from duktus.gallery.portable import import_gallery, read_export
    from duktus.gallery.sqlite import SqliteGallery

    exported = read_export(source)
    with SqliteGallery.create(gallery, exported.encoder) as opened:
        done = import_gallery(opened, exported, replace=replace)
        emptied = find_emptied(opened, done.conflicts)
    for conflict in done.conflicts:
        complain(f"{conflict.content[:12]}: is there as {conflict.label!r}, was offered as {conflict.offered!r}")
    for message in emptied:
        complain(message)
    complain(f"{done.added:,} examples added, {done.known:,} were there, {len(done.conflicts):,} under another label")
    return 1 if done.conflicts and not replace else 0


def find_emptied(gallery: "Store", conflicts: "Iterable[Conflict]") -> list[str]:
    """Return a sentence for each label whose last example went to another, of those that conflicts name."""
    kept = {each.label for each in gallery.labels()}
    gone = {each.label for each in conflicts} - kept
    return [f"{label!r} has nothing left in the gallery and is known no more" for label in sorted(gone)]


def _told(count: int, gallery: Path, label: str, done: str) -> int:
    if not count:
        complain(f"{gallery}: expected a label of this gallery, received {label!r}; 'duktus gallery list' shows them")
        return 1
    complain(f"{count:,} examples of {label!r} {done}")
    return 0
