"""``duktus read`` of pages and tables: documents, tables of numbers, corrections, and runs that go on."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from duktus.cli import main
from tests.cli.door import PATIENCE, command, duktus, environment
from tests.pages.drawn import lines, table

Captured = pytest.CaptureFixture[str]

NUMBERS = [["12", "305", ""], ["7", "", "88"]]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A picture of a ruled table."""
    Image.fromarray(table(NUMBERS)).save(tmp_path / "table.png")
    return tmp_path / "table.png"


def rows_of(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV file that begins with a byte-order mark."""
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:]), delimiter=delimiter))


def test_a_table_of_numbers_is_what_a_spreadsheet_wants(page: Path, capsys: Captured) -> None:
    """One row a number, with its row and column; the delimiter is the user's."""
    arguments = ["--layout", "table", "--turn", "0", "--format", "csv", "--delimiter", ";"]
    assert main(["read", str(page), *arguments]) == 0
    rows = rows_of(capsys.readouterr().out, ";")
    assert list(rows[0])[:9] == ["text", "confidence", "accepted", "reason", "file", "page", "row", "column", "line"]
    expected = [
        (str(row), str(column), text) for row, line in enumerate(NUMBERS, 1) for column, text in enumerate(line, 1)
    ]
    assert [(row["row"], row["column"], row["text"]) for row in rows] == expected


@pytest.mark.parametrize(("unit", "count"), [("character", 3), ("line", 1), ("file", 1)])
def test_a_record_is_of_what_is_asked_for(unit: str, count: int, repository: Path, capsys: Captured) -> None:
    """A character, a line or a file; each says its line, and JSON names stay as they are."""
    image = repository / "examples" / "615_board.webp"
    assert main(["read", str(image), "--by", unit, "--format", "jsonl"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(records) == count
    assert "".join(record["text"] for record in records) == "615"
    first = ["file", "page", "index", "box", "text", "confidence", "accepted", "reason", "alternatives"]
    assert all(list(record)[:9] == first and record["line"] == 0 for record in records)


def test_a_workbook_keeps_leading_zeros(repository: Path) -> None:
    """Text is text in a workbook, numbers are numbers."""
    openpyxl = pytest.importorskip("openpyxl")
    done = duktus("read", repository / "examples" / "58_ruled.jpg", "--format", "xlsx")
    heading, row = openpyxl.load_workbook(io.BytesIO(done.stdout)).active.iter_rows(values_only=True)
    found = dict(zip(heading, row, strict=True))
    assert (found["text"], found["page"]) == ("58", 1)
    assert isinstance(found["text"], str)


@pytest.mark.parametrize(("form", "root"), [("page", "PcGts"), ("alto", "alto"), ("hocr", "html")])
def test_documents_name_their_image(form: str, root: str, tmp_path: Path, capsys: Captured) -> None:
    """PAGE, ALTO and hOCR go to standard output for one image; a format of lines asks for lines."""
    Image.fromarray(lines(["305", "412"])).save(tmp_path / "a b.png")
    assert main(["read", str(tmp_path / "a b.png"), "--turn", "0", "--format", form]) == 0
    text = capsys.readouterr().out
    assert ET.fromstring(text).tag.endswith(root)
    assert "a b.png" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--format", "alto"], "a folder for the documents of many"),
        (["--out", "x"], "--format jsonl"),
        (["--format", "csv", "--delimiter", "ab"], "one character"),
        (["--format", "page", "--layout", "one"], "--layout one reads single characters"),
    ],
)
def test_what_cannot_be_written_is_wrong_usage(
    arguments: list[str], told: str, tmp_path: Path, capsys: Captured
) -> None:
    """Nothing is read before it is clear where it goes."""
    assert main(["read", str(tmp_path), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_corrections_go_back_into_the_table(page: Path, tmp_path: Path, capsys: Captured) -> None:
    """A review has each number with its picture, the doubtful first, and a page; what is typed is applied."""
    review, readings = tmp_path / "review.csv", tmp_path / "table.csv"
    arguments = ["--layout", "table", "--turn", "0", "--format", "csv", "--review", str(review)]
    assert main(["read", str(page), *arguments]) == 0
    out, err = capsys.readouterr()
    assert "review.html" in err
    readings.write_text(out, encoding="utf-8")
    entries = rows_of(review.read_text(encoding="utf-8"))
    assert sorted(entry["text"] for entry in entries) == ["12", "305", "7", "88"]
    assert [entry["accepted"] for entry in entries] == sorted(entry["accepted"] for entry in entries)
    assert all((tmp_path / entry["file"]).is_file() for entry in entries)
    html = (tmp_path / "review.html").read_text(encoding="utf-8")
    assert len(re.findall(r"<input data-row", html)) == 4
    assert "http" not in html.replace("http://www.w3.org", "")
    for entry in entries:
        entry["label"] = {"12": "-1.2", "7": "7", "305": "=cmd()"}.get(entry["text"], "")
    with review.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(entries[0]))
        writer.writeheader()
        writer.writerows(entries)
    assert main(["apply", str(review), str(readings)]) == 0
    assert "2 readings corrected, 1 confirmed" in capsys.readouterr().err
    found = {(row["row"], row["column"]): row for row in rows_of(readings.read_text(encoding="utf-8"))}
    assert [found["1", column]["text"] for column in "12"] == ["-1.2", "'=cmd()"]
    assert (found["2", "1"]["reason"], found["2", "3"]["reason"]) == ("corrected", "")
    assert main(["apply", str(readings), str(review)]) == 1
    assert "columns label and source" in capsys.readouterr().err


def test_a_place_that_is_not_there_is_told(tmp_path: Path, capsys: Captured) -> None:
    """A review of other readings changes nothing and says so."""
    (tmp_path / "t.csv").write_text("text,file,page\n7,a.png,1\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text("text,label,source,page\n7,8,b.png,1\n", encoding="utf-8")
    assert main(["apply", str(tmp_path / "r.csv"), str(tmp_path / "t.csv")]) == 1
    assert "expected a row for b.png" in capsys.readouterr().err
    assert "7,a.png" in (tmp_path / "t.csv").read_text(encoding="utf-8")


def test_a_run_goes_on_and_reads_anew_what_changed(images: Path, model: Path, tmp_path: Path, capsys: Captured) -> None:
    """Each input has a finished file; the same command again reads what is new, changed or was not readable."""
    out = tmp_path / "out"
    (images / "broken.png").write_bytes(b"no image")
    words = ["read", str(images), "--model", str(model), "--out", str(out), "--format", "jsonl"]
    assert main(words) == 1
    text, told = capsys.readouterr()
    assert "2 files read" in told
    assert [json.loads(line)["file"] for line in text.splitlines()] == [str(images / "broken.png")]
    results = {file.relative_to(out).as_posix() for file in out.rglob("*.jsonl") if not file.name.startswith(".")}
    assert results == {"a.png.jsonl", "below/b.jpg.jsonl"}
    (images / "broken.png").write_bytes((images / "a.png").read_bytes())
    before = (out / "below" / "b.jpg.jsonl").stat().st_mtime_ns
    Image.open(images / "a.png").rotate(5, fillcolor=255).save(images / "a.png")
    assert main(words) == 0
    assert "2 files read into" in (told := capsys.readouterr().err)
    assert "1 done before" in told
    assert (out / "below" / "b.jpg.jsonl").stat().st_mtime_ns == before
    assert main([*words, "--layout", "one"]) == 0
    assert "3 files read into" in capsys.readouterr().err
    (out / "a.png.jsonl").unlink()
    assert main([*words, "--layout", "one"]) == 0
    assert "1 file read into" in capsys.readouterr().err


def test_two_inputs_of_one_name_do_not_overwrite_each_other(
    images: Path, model: Path, tmp_path: Path, capsys: Captured
) -> None:
    """The second has a record of the clash."""
    named = [str(images / "a.png"), str(tmp_path / "other" / "a.png")]
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.png").write_bytes((images / "a.png").read_bytes())
    assert main(["read", *named, "--model", str(model), "--out", str(tmp_path / "out"), "--format", "text"]) == 1
    (record,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert record["file"] == named[1]
    assert "different names" in record["error"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_run_goes_on(images: Path, model: Path, tmp_path: Path, capsys: Captured) -> None:
    """After a kill every finished file is whole, and the same command reads the rest."""
    content, out = (images / "a.png").read_bytes(), tmp_path / "out"
    many = tmp_path / "many"
    many.mkdir()
    for number in range(400):
        (many / f"{number:03}.png").write_bytes(content + bytes([number % 256]))
    words = ["read", str(many), "--model", str(model), "--out", str(out), "--format", "jsonl", "--threads", "1"]
    with subprocess.Popen(command(*words), stderr=subprocess.DEVNULL, env=environment()) as process:
        until = time.monotonic() + PATIENCE
        while len(list(out.glob("*.png.jsonl"))) < 20 and time.monotonic() < until and process.poll() is None:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    finished = [file for file in out.glob("*.png.jsonl") if not file.name.startswith(".")]
    assert all(json.loads(line) for file in finished for line in file.read_text(encoding="utf-8").splitlines())
    with (out / ".duktus-run.jsonl").open("a", encoding="utf-8") as journal:
        journal.write('{"input": "torn')
    assert main(words) == 0
    assert len(list(out.glob("[0-9]*.png.jsonl"))) == 400
    read, before = map(int, re.findall(r"(\d+) files? read .* (\d+) done", capsys.readouterr().err)[0])
    assert read + before == 400
    assert before >= 19


def test_pdf_is_rendered_as_finely_as_asked(tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """--dpi says how many pixels a page of PDF has; both its pages are in one document."""
    monkeypatch.delenv("DUKTUS_DPI", raising=False)
    monkeypatch.setenv("DUKTUS_DPI", "200")
    pages = [Image.fromarray(lines([text, text])) for text in ("305", "412")]
    pages[0].save(tmp_path / "two.pdf", save_all=True, append_images=pages[1:], resolution=100)
    assert main(["read", str(tmp_path / "two.pdf"), "--turn", "0", "--format", "alto", "--dpi", "100"]) == 0
    root = ET.fromstring(capsys.readouterr().out)
    found = [each for each in root.iter() if each.tag.endswith("}Page")]
    assert [page.get("WIDTH") for page in found] == ["1000", "1000"]
