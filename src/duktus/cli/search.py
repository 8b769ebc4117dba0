"""``duktus search``: the documents of a gallery that are most like a page, by hand."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.documents import hands_of, rounded, write_json
from duktus.cli.records import Format
from duktus.cli.terminal import complain, print_columns


def search(
    page: Annotated[str, Parameter(name="PAGE")],
    /,
    *,
    gallery: Path,
    top: Annotated[int, Parameter(validator=Number(gte=1))] = 20,
    form: Annotated[Format, Parameter(name="--format")] = "table",
    encoder: str = "hand-encoder",
) -> int:
    """List the documents of a gallery by likeness of hand.

    Args:
        page: An image of handwriting; all its pages are taken for one document.
        gallery: The gallery of enrolled pages (see 'duktus enrol').
        top: How many documents to list, the most alike first.
        form: A table for people, or records for programs, one a document.
        encoder: The model whose vectors the gallery keeps: a name, or the path of a model file.
    """
    import csv
    import sys

    from duktus.gallery.sqlite import SqliteGallery
    from duktus.hands.identification.reader import open_hands

    reader = open_hands(encoder)
    with SqliteGallery(gallery, reader.encoder) as opened:
        _, hand, error = next(iter(hands_of(reader, [page])))
        if hand is None:
            complain(error)
            return 1
        if not hand.ink:
            complain(f"{page}: nothing is written on it")
        found = [rounded(asdict(each)) for each in reader.search(hand, opened, top)]
    if form == "jsonl":
        for each in found:
            write_json(each)
    elif form == "csv":
        writer = csv.DictWriter(sys.stdout, ("content", "label", "source", "score", "rank"), lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)
    else:
        rows = [(str(each["rank"]), f"{each['score']:.3f}", each["label"], each["source"]) for each in found]
        print_columns([("rank", "likeness", "label", "source"), *rows])
    return 0
