"""``duktus read`` from arguments to records."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from duktus.imaging.files.load import load_pages
from duktus.pen.strokes import Drawing, write_inkml
from duktus.workers import bulk
from tests.cli.door import PATIENCE, duktus, environment, peak_memory, write_page
from tests.imaging.layout.test_joined import cursive

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
    monkeypatch.setattr(bulk, "LEAST_WORK", 0.0)
    monkeypatch.setattr(bulk, "BATCH", 2)
    (images / "broken.png").write_bytes(b"no image")
    named = [images, images / "missing.png"] * 20
    status, records = read_records(capsys, *named, "--model", model, "--threads", 2)
    assert status == 1
    assert (status, records) == read_records(capsys, *named, "--model", model, "--threads", 1)


def test_doubtful_characters_become_a_table(images: Path, model: Path, capsys: Captured) -> None:
    """--review makes a row and a picture of each, changes no record, and what cannot be read has no row."""
    (images / "broken.png").write_bytes(b"no image")
    named = [images, "--model", model]
    plain = read_records(capsys, *named)
    table = images.parent / "out.csv"
    status = main(["read", *map(str, named), "--review", str(table), "--sure", "1", "--format", "jsonl"])
    out, err = capsys.readouterr()
    assert (status, [json.loads(line) for line in out.splitlines()]) == plain
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["source"], row["index"]) for row in rows[::3]] == [
        (str(images / "a.png"), "0"),
        (str(images / "below" / "b.jpg"), "1"),
    ]
    assert all((images.parent / row["file"]).is_file() and not row["label"] for row in rows)
    assert "4 doubtful characters in" in err


def test_a_format_that_is_not_read_has_a_record(images: Path, model: Path, capsys: Captured) -> None:
    """In a folder as alone, such an image has an error with the advice how to convert it, and the exit code is 1."""
    (images / "c.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    for named in (images, images / "c.heic"):
        status, records = read_records(capsys, named, "--model", model)
        assert status == 1
        assert records[-1]["file"] == str(images / "c.heic")
        assert "convert it to JPEG or PNG" in str(records[-1]["error"])


def test_review_of_nothing_is_empty(images: Path, model: Path, capsys: Captured) -> None:
    """Where nothing is doubtful there is a table without rows, and no folder; the next one has to have its own name."""
    table, blank = images.parent / "out.csv", images / "blank.png"
    Image.fromarray(np.full((60, 60), 250, np.uint8)).save(blank)
    words = ["read", str(blank), "--model", str(model), "--review", str(table)]
    assert main(words) == 0
    assert "0 doubtful characters" in capsys.readouterr().err
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 1
    assert not table.with_suffix(".files").exists()
    assert main(words) == 1
    assert "name another" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send to another process")
def test_interrupted_review_is_usable(images: Path, model: Path) -> None:
    """After Ctrl-C each row of the table is whole and names a picture that can be read."""
    table = images / "out.csv"
    # A test runner in the background ignores SIGINT, and its children would inherit that.
    script = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    script += "from duktus.cli import main; sys.exit(main())"
    words = ["read", *[str(images / "a.png")] * 20_000, "--model", str(model), "--review", str(table), "--sure", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", script, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment()
    ) as process:
        while process.poll() is None and (not table.exists() or table.stat().st_size < 2000):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=PATIENCE)
    assert (process.returncode, complaints) == (130, b"")
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert all(len(row) == 12 and row["h"] for row in rows)
    assert all(next(load_pages(images / row["file"])).size for row in rows)


def test_standard_input_may_be_reviewed(images: Path, model: Path) -> None:
    """What came through a pipe is looked at once more for its ink."""
    given, table = (images / "a.png").read_bytes(), images / "out.csv"
    done = duktus("read", "-", "--review", table, "--sure", "1", "--model", model, given=given)
    assert done.returncode == 0
    assert [line.split(",")[5] for line in table.read_text(encoding="utf-8-sig").splitlines()[1:]] == ["-", "-"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a process's memory is read from /proc")
def test_many_files_need_no_more_memory(images: Path, model: Path) -> None:
    """Once all threads are busy, further files take no more memory: no page is kept once it was read."""
    page = np.full((500, 500, 3), 255, np.uint8)
    page[200:300, 250:260] = 0
    Image.fromarray(page).save(images / "a.png")
    words = ("read", "--model", model, "--threads", "1")  # whether processes start would depend on the machine's load
    few, many = (peak_memory(*words, *[images / "a.png"] * count) for count in (150, 650))
    assert many < few + 150_000  # 500 such pages are 375 MB; without them the two differ by some 40 MB


def test_joined_writing_is_sent_where_lines_are_read(tmp_path: Path, capsys: Captured) -> None:
    """A page of cursive is no page of characters; what reads it is said once, however many there are."""
    for name in ("a", "b"):
        Image.fromarray(np.asarray(255 - 255 * cursive(8, 5), np.uint8)).save(tmp_path / f"{name}.png")
    assert main(["read", str(tmp_path), "--format", "csv"]) == 0
    assert "2 pages of joined writing; --layout page reads lines" in capsys.readouterr().err
