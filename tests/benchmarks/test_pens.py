"""Sets of strangers' pens, as their publishers lay them out, are read; a taught alphabet reads other drawers'."""

import csv
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.sections import pens
from benchmarks.setting import Setting
from duktus.types import Page
from tests.imaging.handwriting import character, on_paper


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two amounts, four digits of Semeion's, four photographed letters, and two letters by a dozen drawers."""
    pages = {digit: on_paper(character(digit, 3)) for digit in "0357"}
    keep(tmp_path / "cheques" / "amounts" / "a.png", np.hstack([pages["3"], pages["5"]]))
    w, h = pages["3"].shape[1], pages["3"].shape[0]
    boxes = [("a.png", 0, 0, w, h, "3"), ("a.png", w, 0, pages["5"].shape[1], h, "5")]
    write(tmp_path / "cheques" / "boxes.csv", ("file", "x", "y", "w", "h", "label"), boxes)
    small = [
        (*(cv2.resize(character(digit, 3), (16, 16), interpolation=cv2.INTER_AREA) > 0.4).ravel().astype(int), digit)
        for digit in "0357"
    ]
    write(tmp_path / "semeion" / "digits.csv", (*(f"p{i}" for i in range(256)), "label"), small)
    for letter in "AbEk":
        keep(tmp_path / "letters62" / letter / "0.png", on_paper(character(letter, 3)))
    labels = [(f"{letter}/0.png", letter) for letter in "AbEk"]
    write(tmp_path / "letters62" / "labels.csv", ("file", "label"), labels)
    for letter, drawn in (("\u05d0", "x"), ("\u05d1", "m")):
        for drawer in range(12):
            keep(tmp_path / "hebrew" / letter / f"{drawer}_1.png", on_paper(character(drawn, drawer)))
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    return tmp_path


def keep(file: Path, page: Page) -> None:
    """Write a page as a PNG file, its folder too."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(cv2.imencode(".png", page)[1]))


def write(file: Path, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    """Write a table."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([columns, *rows])


def test_every_set_is_read(sets: Path) -> None:
    """Each row has as many pictures as there are of strangers, and most are read."""
    assert sets.is_dir()
    rows = {row.what: row.ours for row in pens.run(Setting(workers=1)).rows}
    counts = {name: value.n for name, value in rows.items() if value is not None}
    assert counts["digits cut from cheques"] == 2
    assert counts["Semeion's digits, told that it is one"] == 4
    assert counts["photographed letters, told that it is one"] == 4
    assert counts["Hebrew taught by 10, other drawers' letters, apart"] == 4
    assert all(value is not None and value.value >= 0.5 for value in rows.values())
