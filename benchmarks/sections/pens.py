"""Pens that trained nothing: digits cut from cheques and of Semeion, photographed letters, Hebrew taught by ten."""

import csv
import tempfile
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import cv2
import numpy as np

from benchmarks.results import Outcome, Row, Target, share
from benchmarks.setting import Setting
from duktus import Gallery, Model, open_gallery, open_model, teach
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.glyphs.training.pens import ONE_SHAPE
from duktus.models.file import shipped_names
from duktus.reporting.intervals import Estimate
from duktus.types import DataError, Page, Readings

NOTE = (
    "Digits of cheques are cut out by their boxes, a twentieth of the height left around them. Semeion's are shown "
    "black on white at 16 pixels with two of margin. 'Told' is with `--layout one`. What failed in both sets was "
    "looked at when the forms of the pen were drawn. Case is folded for c k m p s u v w x y z, and 0 O o and 1 l I are "
    "one. Hebrew is taught by the first ten drawers, a letter each, and the other drawers' letters are read; alike are "
    "vav, yod and final nun, resh and final kaf, final pe and final tsadi."
)

HEBREW = ("\u05d5\u05d9\u05df", "\u05e8\u05da", "\u05e3\u05e5")
"""Letters that look alike: vav, yod and final nun; resh and final kaf; final pe and final tsadi."""

TEACHERS = 10
"""Drawers of Hebrew letters who teach."""

RIM = 0.05
"""Height of what is left around a cut-out digit, as a share of the digit's."""

Sample = tuple[Page, str]
Layout = Literal["auto", "one"]
LAYOUTS: tuple[Layout, ...] = ("one", "auto")


class _Drawn(NamedTuple):
    """A picture of a letter, ``<letter>/<drawer>_<number>.png``."""

    letter: str
    drawer: int
    file: Path

    @classmethod
    def of(cls, file: Path) -> "_Drawn":
        return cls(unicodedata.normalize("NFC", file.parent.name), int(file.stem.split("_")[0]), file)


def run(setting: Setting) -> Outcome:
    """Measure each set with the models that are there."""
    rows = [*_digits(setting)]
    if "letters" in shipped_names():
        rows += _letters(setting)
    return Outcome((*rows, *_hebrew(setting)), (NOTE,))


def _digits(setting: Setting) -> list[Row]:
    reader = open_model(setting.model, threads=setting.workers)
    rows = list[Row]()
    for name, samples, told, untold in (
        ("digits cut from cheques", _cheques(find_data("cheques")), 0.96, 0.94),
        ("Semeion's digits", _semeion(find_data("semeion")), 0.98, 0.98),
    ):
        some = [samples[i] for i in choose_evenly(len(samples), setting.limit)]
        one, free = (_share(reader, some, layout, str) for layout in LAYOUTS)
        rows.append(Row(f"{name}, told that it is one", "share", one, target=Target(told)))
        rows.append(Row(name, "share", free, target=Target(untold)))
    return rows


def _letters(setting: Setting) -> list[Row]:
    reader = open_model("letters", threads=setting.workers)
    samples = _photographed(find_data("letters62"))
    name = "photographed letters, told that it is one"
    return [
        Row(f"{name}, case folded", "share", _share(reader, samples, "one", _folder(ONE_SHAPE)), target=Target(0.93)),
        Row(name, "share", _share(reader, samples, "one", str)),
    ]


def _folder(groups: Sequence[str]) -> Callable[[str], str]:
    same = {letter: group[0] for group in groups for letter in group}
    return lambda text: same.get(text, text)


def _share(
    model: Model | Gallery, samples: Sequence[Sample], layout: Layout, as_one: Callable[[str], str]
) -> Estimate | None:
    """Return the share of pictures whose text is read, accepted or not."""
    found = model.read_many((page for page, _ in samples), layout=layout)
    right = sum(
        isinstance(readings, Readings) and as_one("".join(one.text for one in readings)) == as_one(label)
        for readings, (_, label) in zip(found, samples, strict=True)
    )
    return share(right, len(samples))


def _cheques(folder: Path) -> list[Sample]:
    """Return the digits of amounts, cut out by their boxes."""
    samples = []
    for row in _table(folder / "boxes.csv"):
        page = _grey(folder / "amounts" / row["file"])
        x, y, w, h = (int(row[side]) for side in "xywh")
        rim = round(RIM * h)
        samples.append((page[max(0, y - rim) : y + h + rim, max(0, x - rim) : x + w + rim], row["label"]))
    return samples


def _semeion(folder: Path) -> list[Sample]:
    samples = []
    for row in _table(folder / "digits.csv"):
        ink = np.array([float(row[f"p{place}"]) for place in range(256)]).reshape(16, 16) > 0.5
        samples.append((np.pad(np.where(ink, 0, 255).astype(np.uint8), 2, constant_values=255), row["label"]))
    return samples


def _photographed(folder: Path) -> list[Sample]:
    return [(_grey(folder / row["file"]), row["label"]) for row in _table(folder / "labels.csv")]


def _hebrew(setting: Setting) -> list[Row]:
    """Teach each letter by ten drawers, an example each, and read those of all others."""
    drawn = [_Drawn.of(file) for file in sorted(find_data("hebrew").glob("*/*_*.png"))]
    teachers = set(sorted({each.drawer for each in drawn})[:TEACHERS])
    lessons = {(each.letter, each.drawer): each.file for each in reversed(drawn) if each.drawer in teachers}
    with tempfile.TemporaryDirectory() as folder:
        gallery = open_gallery(Path(folder) / "hebrew.gallery", encoder=setting.encoder, threads=setting.workers)
        for letter in sorted({each.letter for each in drawn}):
            teach(gallery, [file for (other, _), file in lessons.items() if other == letter], label=letter)
        samples = [(_grey(each.file), each.letter) for each in drawn if each.drawer not in teachers]
        samples = [samples[i] for i in choose_evenly(len(samples), setting.limit)]
        alike, apart = (_share(gallery, samples, "auto", as_one) for as_one in (_folder(HEBREW), str))
    name = f"Hebrew taught by {TEACHERS}, other drawers' letters"
    return [
        Row(f"{name}, look-alikes as one", "share", alike, target=Target(0.96)),
        Row(f"{name}, apart", "share", apart, target=Target(0.90)),
    ]


def _grey(file: Path) -> Page:
    page = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
    if page is None:
        raise DataError(f"{file}: expected a picture, received none")
    return np.asarray(page, np.uint8)


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))
