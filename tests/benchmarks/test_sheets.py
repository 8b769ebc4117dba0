"""Sheets of several writers, as three sets lay them out, are named; a gallery of them knows its own pages."""

import csv
from pathlib import Path

import pytest
from PIL import Image

from benchmarks.sections import sheets
from benchmarks.setting import Setting
from tests.hands.pages import page_of

WRITERS = (1, 4, 5, 8)
SETS = (
    ("copiste", "pages", ("file", "volunteer", "sheet")),
    ("testaments", "pages", ("file", "will", "page")),
    ("awic", "", ("file", "writer", "part")),
)


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two pages each of four writers in every set, none in two sets."""
    for number, (name, folder, columns) in enumerate(SETS, 1):
        place = tmp_path / name / folder
        place.mkdir(parents=True)
        rows = []
        for seed in WRITERS:
            for text in (0, 1):
                Image.fromarray(page_of(10 * number + seed, text)).save(place / f"{seed}-{text}.png")
                part = ("training", "test")[text] if name == "awic" else str(text + 1)
                rows.append((f"{seed}-{text}.png", f"{seed}", part))
        with (tmp_path / name / "pages.csv").open("w", newline="") as table:
            csv.writer(table).writerows([columns, *rows])
    for seed in WRITERS:
        for text in (0, 1):
            (tmp_path / "csafe" / f"w{seed}").mkdir(parents=True, exist_ok=True)
            Image.fromarray(page_of(seed, text)).save(tmp_path / "csafe" / f"w{seed}" / f"{text}.png")
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("sets")
def test_writers_are_named_and_their_pages_known() -> None:
    """Most writers are named by their other page; whoever is enrolled is found again by the very page."""
    rows = sheets.run(Setting(report=lambda _: None)).rows
    found = {row.what.split(":")[0]: row.ours for row in rows}
    assert [each.n for each in found.values() if each][:3] == [8, 8, 4]
    named = [row.ours.value for row in rows[:3] if row.ours]
    assert min(named) >= 0.5
    assert rows[-1].ours is not None
    assert rows[-1].ours.value == 1


@pytest.mark.usefixtures("sets")
def test_sheets_have_writers_and_parts() -> None:
    """Each set is listed with its writers; of the Arabic pages the part is known."""
    assert {sheet.writer for sheet in sheets.list_sheets("csafe")} == {f"w{seed}" for seed in WRITERS}
    assert [sheet.part for sheet in sheets.list_sheets("awic")] == ["training", "test"] * len(WRITERS)
