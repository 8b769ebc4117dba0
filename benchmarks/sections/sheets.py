"""Whose hand, on people's own sheets: one page enrolled, another asked, >= 97 %; and many hands in one gallery."""

import csv
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus import enrol, open_gallery
from duktus.datasets.labelled import LabelledImages
from duktus.datasets.places import find_data
from duktus.hands.evaluation.documents import encode_pages
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.reporting.intervals import Estimate, wilson
from duktus.types import DuktusError, Identification

TARGETS = {"copiste": 0.97, "csafe": 0.98, "awic": 0.972}
TITLES = {
    "copiste": "volunteers' sheets, most on guide lines",
    "csafe": "ballpoint pages at 72 and 300 dots",
    "awic": "Arabic paragraphs",
}

STRANGERS = 40
"""Volunteers with one sheet who are left out of the gallery of many hands and asked."""

NOTE = (
    "A page is held against all others of its set, and named right where the most similar is its writer's; of the "
    "Arabic paragraphs the third text is asked among the first two of all writers. Volunteers with two sheets trained "
    "nothing. The gallery of many hands holds one page each of the volunteers, the wills and the Arabic writers; asked "
    "are the second sheets of its volunteers, sheets of volunteers who are not in it, and an eighth of its own pages."
)


class Sheet(NamedTuple):
    """A page, its writer, and the part of its set that it belongs to."""

    path: Path
    writer: str
    part: str


def run(setting: Setting) -> Outcome:
    """Measure each set, then a gallery of them.

    Raises:
        DataError: a set is missing.
    """
    session = open_model_file(setting.hands)
    rows = [_named(name, session, setting) for name in TITLES]
    return Outcome((*rows, *_many_hands(setting)), (NOTE,))


def list_sheets(name: str) -> list[Sheet]:
    """Return the pages of a set with their writers.

    Args:
        name: "copiste", "csafe", "awic" or "testaments".

    Raises:
        DataError: the set is missing.
    """
    place = find_data(name)
    if name == "csafe":
        return [Sheet(path, path.parent.name, "") for path in sorted(place.glob("*/*.png"))]
    folder = "" if name == "awic" else "pages"
    writer, part = {"copiste": ("volunteer", "sheet"), "testaments": ("will", "page"), "awic": ("writer", "part")}[name]
    with (place / "pages.csv").open(encoding="utf-8", newline="") as lines:
        return [Sheet(place / folder / row["file"], row[writer], row[part]) for row in csv.DictReader(lines)]


def _named(name: str, session: Session, setting: Setting) -> Row:
    """Return how often the most similar other page is by a page's own writer."""
    sheets = [sheet for sheet in list_sheets(name) if sheet.writer != "0"][: setting.limit]
    setting.report(f"{name}: {len(sheets)} pages")
    images = LabelledImages(
        tuple(sheet.path for sheet in sheets), tuple(sheet.writer for sheet in sheets), (None,) * len(sheets)
    )
    seen = encode_pages(session, images)
    sheets = [sheets[places[0]] for places in seen.images]
    writers, asked = np.array([sheet.writer for sheet in sheets]), np.array([sheet.part == "test" for sheet in sheets])
    likeness = seen.vectors @ seen.vectors.T
    np.fill_diagonal(likeness, -2)
    if asked.any():
        likeness[:, asked] = -2
    else:
        counts = Counter(writers)
        asked = np.array([counts[writer] > 1 for writer in writers])
    right = writers[likeness.argmax(1)][asked] == writers[asked]
    target = Target(TARGETS[name])
    return Row(
        f"{TITLES[name]}: named right, one page by one",
        "share",
        wilson(int(right.sum()), len(right)),
        target=target,
        headline=True,
    )


def _many_hands(setting: Setting) -> list[Row]:
    """Return what a gallery of many hands answers: known hands, strangers, and its own pages."""
    volunteers = list_sheets("copiste")
    counts = Counter(sheet.writer for sheet in volunteers)
    single = [sheet for sheet in volunteers if counts[sheet.writer] == 1]
    strangers, first = single[:STRANGERS], dict[str, Sheet]()
    others = [sheet for sheet in (*list_sheets("testaments"), *list_sheets("awic")) if sheet.part != "test"]
    for sheet in (*volunteers, *others):
        first.setdefault(f"{sheet.path.parent.parent.name} {sheet.writer}", sheet)
    enrolled = {label: sheet for label, sheet in first.items() if sheet not in strangers}
    enrolled = dict(list(enrolled.items())[: setting.limit])
    label_of = {sheet.path: label for label, sheet in enrolled.items()}
    known = [sheet for sheet in volunteers if counts[sheet.writer] > 1 and sheet.path not in label_of]
    with tempfile.TemporaryDirectory() as folder:
        table, gallery = Path(folder) / "pages.csv", Path(folder) / "hands.db"
        lines = ["file,label", *(f'"{sheet.path}",{label}' for label, sheet in enrolled.items())]
        table.write_text("\n".join(lines), encoding="utf-8")
        setting.report(f"enrolling {len(enrolled)} hands")
        failed = " ".join(enrol(gallery, [table], encoder=setting.hands).failed)
        enrolled = {label: sheet for label, sheet in enrolled.items() if str(sheet.path) not in failed}
        hands = open_gallery(gallery)
        answers = [
            list(hands.identify_many([sheet.path for sheet in sheets[: setting.limit]]))
            for sheets in (known, strangers, list(enrolled.values())[::8])
        ]
    of = f"of {len(enrolled)} hands"
    names = [f"copiste {sheet.writer}" for sheet in known[: setting.limit]]
    own = [label_of[sheet.path] for sheet in list(enrolled.values())[::8][: setting.limit]]
    return [
        Row(f"known, {of}: accepted and named right", "share", _hits(answers[0], names), target=Target(0.9)),
        Row(f"strangers to a gallery {of}: refused", "share", _refused(answers[1]), target=Target(0.99)),
        Row(f"a page that is in a gallery {of}: named", "share", _hits(answers[2], own), target=Target(1.0)),
    ]


def _hits(answers: Sequence[Identification | DuktusError], names: Sequence[str]) -> Estimate:
    """Return how often a document was accepted and named right."""
    right = [
        isinstance(answer, Identification) and answer.accepted and answer.matches[0].label == name
        for answer, name in zip(answers, names, strict=True)
    ]
    return wilson(sum(right), len(right))


def _refused(answers: Sequence[Identification | DuktusError]) -> Estimate:
    """Return how often no hand was accepted."""
    refused = [isinstance(answer, DuktusError) or not answer.accepted for answer in answers]
    return wilson(sum(refused), len(refused))
