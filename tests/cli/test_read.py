"""``duktus read`` from arguments to records."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from duktus.pen.strokes import Drawing, write_inkml
from duktus.recognition import bulk
from tests.cli.door import duktus, peak_memory, write_page

Captured = pytest.CaptureFixture[str]


def read_records(capsys: Captured, *arguments: object) -> tuple[int, list[dict[str, object]]]:
    """The exit code and the records of ``duktus read --format jsonl``."""
    status = main(["read", *map(str, arguments), "--format", "jsonl"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_folder_gives_records_in_order(images: Path, model: Path, capsys: Captured) -> None:
    """Each character of each image of a folder is a record; files come in the order of names."""
    status, records = read_records(capsys, images, "--model", model)
    assert status == 0
    assert [(record["file"], record["index"]) for record in records] == [
        (str(images / "a.png"), 0),
        (str(images / "a.png"), 1),
        (str(images / "below" / "b.jpg"), 0),
        (str(images / "below" / "b.jpg"), 1),
    ]


def test_layout_one_takes_a_page_for_one_character(images: Path, model: Path, capsys: Captured) -> None:
    """Whoever knows that a picture shows one character can say so."""
    _, records = read_records(capsys, images / "a.png", "--model", model, "--layout", "one")
    assert len(records) == 1


def test_failure_does_not_stop_what_follows(images: Path, model: Path, capsys: Captured) -> None:
    """Errors stand where their files were named, and the exit code is 1."""
    nothing = images / "nothing"
    nothing.mkdir()
    status, records = read_records(capsys, nothing, images / "missing.png", images / "a.png", nothing, "--model", model)
    assert status == 1
    assert ["error" in record for record in records] == [True, True, False, False, True]
    assert "missing.png" in str(records[1]["error"])


def test_pages_are_numbered_from_one(images: Path, model: Path, capsys: Captured) -> None:
    """A TIFF of two pages has records of both."""
    pages = [Image.fromarray(write_page(text)) for text in ("1", "2")]
    pages[0].save(images / "two.tif", save_all=True, append_images=pages[1:])
    _, records = read_records(capsys, images / "two.tif", "--model", model)
    assert [record["page"] for record in records] == [1, 2]


def test_strokes_are_read(images: Path, model: Path, capsys: Captured) -> None:
    """A stroke file is an input like any other; the box is in its own units."""
    line = np.array([[1, 1, 0, 0.5], [1, 9, 1, 0.5]], np.float32)
    (images / "drawing.inkml").write_text(write_inkml(Drawing((line,))), encoding="utf-8")
    status, records = read_records(capsys, images / "drawing.inkml", "--model", model)
    assert status == 0
    assert len(records) == 1


def test_dash_is_standard_input(images: Path, model: Path) -> None:
    """An image may come through a pipe; its record says "-"."""
    done = duktus("read", "-", "--format", "jsonl", "--model", model, given=(images / "a.png").read_bytes())
    assert done.returncode == 0
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["-", "-"]


def test_strokes_may_come_through_a_pipe(model: Path) -> None:
    """A canvas that sends its strokes needs no file."""
    done = duktus("read", "-", "--format", "jsonl", "--model", model, given=b"[[[1, 1], [1, 9]]]")
    assert done.returncode == 0
    assert 8 <= json.loads(done.stdout)["box"][3] <= 12


def test_bad_standard_input_is_named(model: Path) -> None:
    """An error about what was piped in calls it what it is."""
    done = duktus("read", "-", "--format", "jsonl", "--model", model, given=b"")
    assert done.returncode == 1
    assert json.loads(done.stdout)["error"].startswith("standard input: expected an image, received nothing")


def test_table_is_what_people_get(images: Path, model: Path, capsys: Captured) -> None:
    """Without --format there is a table, one row a written line."""
    assert main(["read", str(images), "--model", str(model)]) == 0
    heading, *rows = capsys.readouterr().out.splitlines()
    assert heading.startswith("file")
    assert [Path(row.split()[0]).name for row in rows] == ["a.png", "b.jpg"]


def test_further_processes_change_no_record(
    images: Path, model: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many processes read, records and errors come as from one, in the order of their files."""
    monkeypatch.setattr(bulk, "WORTHWHILE", 0.0)
    monkeypatch.setattr(bulk, "CHUNK", 2)
    (images / "broken.png").write_bytes(b"no image")
    named = [images, images / "missing.png"] * 20
    status, records = read_records(capsys, *named, "--model", model, "--threads", 2)
    assert status == 1
    assert (status, records) == read_records(capsys, *named, "--model", model, "--threads", 1)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process's memory is read from /proc")
def test_many_files_need_no_more_memory(images: Path, model: Path) -> None:
    """Once all threads are busy, further files take no more memory: no page is kept once it was read."""
    page = np.full((200, 400), 255, np.uint8)
    page[50:150, 100:110] = 0
    Image.fromarray(page).save(images / "a.png")
    few, many = (peak_memory("read", *[images / "a.png"] * count, "--model", model) for count in (150, 650))
    assert many < few + 20_000  # 500 such pages are 40 MB
