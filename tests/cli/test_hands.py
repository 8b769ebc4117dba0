"""``duktus enrol``, ``identify``, ``verify`` and ``search``: hands from the command line."""

import csv
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from duktus.types import Page
from tests.cli.door import write_page
from tests.glyphs.encoders import encoder_content, letter_page
from tests.hands.pages import page_of

Captured = pytest.CaptureFixture[str]


def save(page: Page, path: Path) -> str:
    """Save a page as an image file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(page).save(path)
    return str(path)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pages of three writers, a folder a writer, a gallery of them, and pages to ask about."""
    folder = tmp_path_factory.mktemp("hands")
    for seed in (1, 2, 3):
        save(page_of(seed), folder / "known" / f"writer {seed}" / "a.png")
        save(page_of(seed, text=1), folder / "asked" / f"{seed}.png")
    assert main(["enrol", str(folder / "hands.db"), str(folder / "known")]) == 0
    return folder


@contextmanager
def piped(content: bytes, path: Path) -> Iterator[str]:
    """A named pipe that holds content, which can be read once and is then over."""
    os.mkfifo(path)
    kept = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # without a reader nobody may write, and what was written is lost
    try:
        with path.open("wb", buffering=0) as writer:
            os.set_blocking(writer.fileno(), False)
            assert writer.write(content) == len(content), "more than a pipe holds"
        yield str(path)
    finally:
        os.close(kept)


def test_enrol_again(place: Path, capsys: Captured) -> None:
    """The same pages change nothing; one under another name is told, and the exit code is 1."""
    assert main(["enrol", str(place / "hands.db"), str(place / "known")]) == 0
    assert "0 pages enrolled, 3 already known, 0 known under another name" in capsys.readouterr().err
    page = str(place / "known" / "writer 1" / "a.png")
    assert main(["enrol", str(place / "hands.db"), page, "--writer", "Anna"]) == 1
    assert "is there as 'writer 1', was given as 'Anna'" in capsys.readouterr().err


def test_enrol_a_table(tmp_path: Path, place: Path, capsys: Captured) -> None:
    """A table of files and writers is enrolled, and what is missing in it is told."""
    rows = ["file,label,group", "known/writer 1/a.png,Anna,1", "known/writer 2/a.png,Bert,2", "none.png,Bert,3"]
    (place / "pages.csv").write_text("\n".join(rows))
    assert main(["enrol", str(tmp_path / "t.db"), str(place / "pages.csv")]) == 1
    assert "none.png" in (told := capsys.readouterr().err)
    assert "2 pages enrolled" in told


def test_enrol_wants_names(place: Path, capsys: Captured) -> None:
    """A page without a writer is wrong usage."""
    assert main(["enrol", str(place / "hands.db"), str(place / "asked" / "1.png")]) == 2
    assert "--writer" in capsys.readouterr().err


def test_identify_jsonl(place: Path, capsys: Captured) -> None:
    """Each file has a record with its matches; what cannot be read has its error, and the exit code is 1."""
    (place / "broken.png").write_bytes(b"no image")
    asked = [str(place / "asked"), str(place / "broken.png")]
    assert main(["identify", *asked, "--gallery", str(place / "hands.db"), "--top", "2", "--format", "jsonl"]) == 1
    *found, broken = map(json.loads, capsys.readouterr().out.splitlines())
    assert [each["matches"][0]["label"] for each in found] == ["writer 1", "writer 2", "writer 3"]
    for each in found:
        assert list(each) == ["file", "matches", "accepted", "reason", "ink", "notes"]
        assert [list(match) for match in each["matches"]] == [["label", "score", "log10_lr", "rank"]] * 2
    assert list(broken) == ["file", "error"]


def test_identify_table_and_csv(place: Path, capsys: Captured) -> None:
    """People get a table with a row a match, spreadsheets the same as CSV."""
    asked = ["identify", str(place / "asked" / "1.png"), "--gallery", str(place / "hands.db")]
    assert main(asked) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["file", "hand", "similarity", "log10", "LR", "ink"]
    assert "writer 1" in lines[1]
    assert main([*asked, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert (rows[0]["label"], rows[0]["rank"]) == ("writer 1", "1")
    assert rows[0]["accepted"] in ("true", "false")


def test_files_of_one_document(place: Path, capsys: Captured) -> None:
    """Taken together, images are one record, named by their folder or by the first of them."""
    asked = [str(place / "asked" / "1.png"), str(place / "known" / "writer 1" / "a.png")]
    command = ["identify", "--gallery", str(place / "hands.db"), "--together", "--format", "jsonl"]
    assert main([*command, *asked, str(place / "asked")]) == 0
    both, folder = map(json.loads, capsys.readouterr().out.splitlines())
    assert (both["file"], both["matches"][0]["label"]) == (asked[0], "writer 1")
    assert folder["file"] == str(place / "asked")
    assert main([*command[:3], "--format", "jsonl", asked[0]]) == 0
    assert json.loads(capsys.readouterr().out)["ink"] < min(both["ink"], folder["ink"])


def test_enrolled_together(tmp_path: Path, place: Path, capsys: Captured) -> None:
    """Pages of one writer that are enrolled together are one document."""
    pages = [str(place / "asked" / "1.png"), str(place / "known" / "writer 1" / "a.png")]
    assert main(["enrol", str(tmp_path / "t.db"), *pages, "--writer", "Anna", "--together"]) == 0
    assert "1 page enrolled" in capsys.readouterr().err


def test_a_prior_is_for_galleries(place: Path, capsys: Captured) -> None:
    """The prior is a probability, and beside a gallery alone."""
    page, gallery = str(place / "asked" / "1.png"), ["--gallery", str(place / "hands.db")]
    assert main(["identify", page, *gallery, "--prior", "0.01"]) == 0
    assert main(["identify", page, *gallery, "--prior", "1"]) == 2
    assert "prior" in capsys.readouterr().err.lower()


def test_identify_a_blank_page(tmp_path: Path, place: Path, capsys: Captured) -> None:
    """A blank page is an answer, not an error."""
    blank = save(np.full((200, 200), 250, np.uint8), tmp_path / "blank.png")
    assert main(["identify", blank, "--gallery", str(place / "hands.db"), "--format", "jsonl"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["matches"], found["reason"]) == ([], "blank")
    assert main(["identify", blank, "--gallery", str(place / "hands.db")]) == 0
    assert "blank" in capsys.readouterr().out


def test_verify(place: Path, capsys: Captured) -> None:
    """Two pages are compared in words and as a record."""
    pages = [str(place / "asked" / "1.png"), str(place / "known" / "writer 1" / "a.png")]
    assert main(["verify", *pages]) == 0
    told = capsys.readouterr().out
    assert "support" in told
    assert "limit: " not in told
    assert main(["verify", *pages, "--limits"]) == 0
    assert "limit: " in capsys.readouterr().out
    assert main(["verify", *pages, "--format", "jsonl"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["files"] == pages
    assert found["bounds"][0] <= found["log10_lr"] <= found["bounds"][1]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("words", [["identify", "--top", "3"], ["verify"]])
def test_a_named_pipe_is_read_once(words: list[str], tmp_path: Path, place: Path, capsys: Captured) -> None:
    """What comes through a named pipe is answered as the file itself is, though it can be opened but once."""
    page, answers = place / "asked" / "1.png", list[dict[str, object]]()
    rest = ["--gallery", str(place / "hands.db")] if words[0] == "identify" else [str(place / "known/writer 1/a.png")]
    with piped(page.read_bytes(), tmp_path / "pipe.png") as pipe:
        for asked in (str(page), pipe):
            assert main([words[0], asked, *words[1:], *rest, "--format", "jsonl"]) == 0
            found = json.loads(capsys.readouterr().out)
            answers.append({key: value for key, value in found.items() if key not in ("file", "files")})
    assert answers[0] == answers[1]


def test_verify_what_cannot_be_read(place: Path, capsys: Captured) -> None:
    """A missing page gives an error and exit code 1, a folder likewise."""
    page = str(place / "asked" / "1.png")
    assert main(["verify", page, str(place / "missing.png"), "--format", "jsonl"]) == 1
    assert "missing.png" in json.loads(capsys.readouterr().out)["error"]
    assert main(["verify", page, str(place / "asked")]) == 1
    assert "expected two images, received 4" in capsys.readouterr().err


def test_search(place: Path, capsys: Captured) -> None:
    """Documents come the most alike first, in each format."""
    asked = ["search", str(place / "asked" / "2.png"), "--gallery", str(place / "hands.db"), "--top", "2"]
    assert main([*asked, "--format", "jsonl"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["rank"] for each in found] == [1, 2]
    assert found[0]["label"] == "writer 2"
    assert main([*asked, "--format", "csv"]) == 0
    assert capsys.readouterr().out.startswith("content,label,source,score,rank\n")
    assert main(asked) == 0
    assert "writer 2" in capsys.readouterr().out
    assert main(["search", str(place / "missing.png"), "--gallery", str(place / "hands.db")]) == 1


def test_galleries_are_not_mixed(tmp_path: Path, place: Path, capsys: Captured) -> None:
    """A gallery of letters takes no hands, and a gallery of hands no letters."""
    (tmp_path / "letters.onnx").write_bytes(encoder_content())
    encoder = str(tmp_path / "letters.onnx")
    letter = save(letter_page("K", 1), tmp_path / "k.png")
    assert main(["teach", str(tmp_path / "l.db"), letter, "--label", "K", "--encoder", encoder]) == 0
    assert main(["identify", letter, "--gallery", str(tmp_path / "l.db")]) == 1
    assert main(["teach", str(place / "hands.db"), letter, "--label", "K", "--encoder", encoder]) == 1
    assert main(["enrol", str(tmp_path / "h.db"), letter, "--writer", "K", "--encoder", encoder]) == 1
    assert capsys.readouterr().err.count("expected a") >= 3


def test_a_word_is_too_little(tmp_path: Path, place: Path, capsys: Captured) -> None:
    """Of two digits nothing is said."""
    word = save(np.pad(write_page("27"), 20, constant_values=255), tmp_path / "word.png")
    assert main(["identify", word, "--gallery", str(place / "hands.db"), "--format", "jsonl"]) == 0
    assert json.loads(capsys.readouterr().out)["reason"] == "too little ink"
