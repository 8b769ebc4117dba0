"""Collections of lines, as their publishers lay them out, are read; whole sheets are, too, in their order."""

import csv
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.sections import lines
from benchmarks.setting import Setting
from duktus.door.corrections import with_texts
from duktus.door.models import Model
from duktus.pages.output import write_documents
from duktus.types import Page
from duktus.written.training.sources import is_kept
from tests.datasets.hand_sets import line, save, write_iam
from tests.pages.drawn import number, put

ROWS = ("1203 4561", "7890 128", "9021 7450")


@pytest.fixture
def sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two sheets of one volunteer, so that they are kept to measure on; words of two writers; IAM's sentences."""
    model = Model("numbers")
    rows = []
    for sheet in (1, 2):
        image = tmp_path / "copiste" / "pages" / f"{sheet}.png"
        image.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(sheet_of(sheet)).save(image)
        readings = model.read(image, layout="page", turn="0")
        assert len(readings) == len(ROWS)
        (document,) = write_documents(
            str(image), with_texts(readings, [text.replace(" ", "") for text in ROWS]), "alto", "0"
        )
        (tmp_path / "copiste" / "alto").mkdir(exist_ok=True)
        (tmp_path / "copiste" / "alto" / f"{sheet}.xml").write_text(document, encoding="utf-8")
        rows.append((image.name, "1", str(sheet), "1"))
    with (tmp_path / "copiste" / "pages.csv").open("w", newline="") as table:
        csv.writer(table).writerows([("file", "volunteer", "sheet", "scale"), *rows])
    by_part = {is_kept(f"dhsd{writer}"): writer for writer in range(40)}
    words = [(f"writer{writer}/{text}.png", text, str(writer)) for writer in by_part.values() for text in ("12", "34")]
    for file, text, writer in words:
        save(tmp_path / "dhsd" / file, line(text, int(writer), 1))
    with (tmp_path / "dhsd" / "data.csv").open("w", newline="") as table:
        csv.writer(table).writerows([("file_name", "text", "writer_id"), *words])
    write_iam(tmp_path / "iam")
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    monkeypatch.setattr(lines, "MODEL", "numbers")
    monkeypatch.setattr(lines, "BY_LANGUAGE", {})
    return tmp_path


def sheet_of(seed: int) -> Page:
    """A sheet of some lines of numbers."""
    page = np.full((420, 700), 245, np.uint8)
    for row, text in enumerate(ROWS):
        put(page, number(text, 44, 10 * seed + row), 60, 60 + 110 * row)
    return page


def test_collections_and_sheets_are_read(sets: Path) -> None:
    """Each collection has its rows; sheets are read in order, and mostly right."""
    assert sets.is_dir()
    rows = {row.what: row.ours for row in lines.run(Setting(workers=1)).rows}
    found = {name: value for name, value in rows.items() if value is not None}
    assert found["French volunteers: characters wrong"].n == 2 * len("".join(ROWS).replace(" ", ""))
    assert found["French volunteers: characters wrong"].value < 0.5
    assert found["German streets and places: characters wrong"].n == 4
    assert "IAM, sentences: words wrong" in found
    assert found["whole sheets of volunteers: characters wrong"].value < 0.6
    assert found["whole sheets of volunteers: order of lines, Kendall's tau"].value == 1
    assert found["whole sheets of volunteers, by all cores"].n == 2
