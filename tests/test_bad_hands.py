"""Whatever a page is, asking whose hand it is ends, and what cannot be said is said."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from duktus.types import JSON, Page
from tests.hands.pages import as_page, hand_of, line_ink, page_ink_of, page_of, scanned, stacked

Captured = pytest.CaptureFixture[str]


def save(page: Page, path: Path, dots: float | None = None) -> str:
    """Save a page as an image file, with its dots per inch where they are told."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(page)
    image.save(path, dpi=(dots, dots)) if dots else image.save(path)
    return str(path)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A gallery with a page of each of four writers, scanned at 300 dots per inch."""
    folder = tmp_path_factory.mktemp("hands")
    for seed in range(1, 5):
        save(page_of(seed), folder / "known" / f"writer {seed}" / "a.png", 300)
    assert main(["enrol", str(folder / "hands.db"), str(folder / "known")]) == 0
    return str(folder / "hands.db")


def told(capsys: Captured, *arguments: str) -> JSON:
    """The record that a command writes; it goes well and complains of nothing."""
    capsys.readouterr()
    assert main([*arguments, "--format", "jsonl"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    record: JSON = json.loads(out)
    return record


def test_a_blank_page(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """Paper is nobody's, is compared with nothing, lists nothing, and is not enrolled."""
    blank, page = save(np.full((400, 300), 240, np.uint8), tmp_path / "b.png"), save(page_of(1), tmp_path / "p.png")
    found = told(capsys, "identify", blank, "--gallery", gallery)
    assert (found["matches"], found["accepted"], found["reason"], found["ink"]) == ([], False, "blank", 0)
    verdict = told(capsys, "verify", page, blank)
    assert (verdict["log10_lr"], verdict["reason"]) == (None, "blank")
    assert main(["search", blank, "--gallery", gallery, "--format", "jsonl"]) == 0
    assert capsys.readouterr() == ("", f"duktus: {blank}: nothing is written on it\n")
    assert main(["enrol", str(tmp_path / "new.db"), blank, "--writer", "Anna"]) == 1
    assert "too little ink" in capsys.readouterr().err


def test_a_page_of_print(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """Nobody wrote print."""
    page = np.full((400, 900), 245, np.uint8)
    for line in range(5):
        place = (20, 60 + 70 * line)
        cv2.putText(page, "printed by a machine, not a hand", place, cv2.FONT_HERSHEY_COMPLEX, 1.4, 20, 2)
    found = told(capsys, "identify", save(page, tmp_path / "print.png"), "--gallery", gallery)
    assert (found["accepted"], found["reason"], found["matches"]) == (False, "no handwriting", [])


def test_one_word(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """Of a short word nothing is said but that it is too little; a verdict on it names what is needed."""
    ink = np.pad(line_ink(hand_of(1), "it", np.random.default_rng(1)), 20)
    word, page = save(as_page(ink), tmp_path / "w.png"), save(page_of(1), tmp_path / "p.png")
    found = told(capsys, "identify", word, "--gallery", gallery)
    assert (found["accepted"], found["reason"]) == (False, "too little ink")
    verdict = told(capsys, "verify", word, page)
    assert verdict["log10_lr"] is None
    assert "nothing can be said (too little ink): expected at least 25 text heights" in verdict["statement"]


def test_a_page_upside_down(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """The writer is found all the same, two pages are compared as they were written, and it is told."""
    page = page_of(3, text=1)
    upright, turned = (
        save(each, tmp_path / f"{i}.png", 300) for i, each in enumerate((page, np.ascontiguousarray(page[::-1, ::-1])))
    )
    found, straight = (told(capsys, "identify", each, "--gallery", gallery) for each in (turned, upright))
    assert found["matches"][0]["label"] == straight["matches"][0]["label"] == "writer 3"
    assert [("matched upside down" in each["notes"]) for each in (found, straight)] == [True, False]
    assert found["matches"][0]["score"] == pytest.approx(straight["matches"][0]["score"], abs=0.02)
    verdict = told(capsys, "verify", turned, upright)
    assert verdict["log10_lr"] > 1
    assert "matched upside down" in verdict["limits"]


def test_1200_dots_say_what_300_say(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """The same page scanned four times as finely is as much its writer's, and nobody else's."""
    for seed in (1, 3):
        fine, usual = (
            told(capsys, "identify", save(scanned(seed, dots), tmp_path / "p.png", dots), "--gallery", gallery)
            for dots in (1200, 300)
        )
        assert [each["label"] for each in fine["matches"][:1]] == [f"writer {seed}"]
        assert (fine["accepted"], fine["reason"]) == (usual["accepted"], usual["reason"])
        assert fine["matches"][0]["log10_lr"] == pytest.approx(usual["matches"][0]["log10_lr"], abs=0.3)
        assert fine["ink"] == pytest.approx(usual["ink"], rel=0.15)


def test_50_dots_are_too_coarse(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """Of a page at 50 dots per inch nothing is said, and it is not enrolled; at 125 it is said to be coarse."""
    coarse, page = save(scanned(1, 50), tmp_path / "c.png", 50), save(page_of(1), tmp_path / "p.png")
    found = told(capsys, "identify", coarse, "--gallery", gallery)
    assert (found["accepted"], found["reason"]) == (False, "too coarse")
    verdict = told(capsys, "verify", page, coarse)
    assert (verdict["log10_lr"], verdict["reason"]) == (None, "too coarse")
    assert "text 8 pixels high" in verdict["statement"]
    assert main(["enrol", str(tmp_path / "new.db"), coarse, "--writer", "Anna"]) == 1
    assert "c.png: expected text 8 pixels high, received a coarser page; scan it at 300" in capsys.readouterr().err
    better = told(capsys, "identify", save(scanned(1, 125), tmp_path / "b.png", 125), "--gallery", gallery)
    assert better["reason"] != "too coarse"
    assert [note for note in better["notes"] if "pixels high: scan it at 300 dots" in note]


def test_two_hands_on_a_page(gallery: str, tmp_path: Path, capsys: Captured) -> None:
    """Where the lower half of a page is another's it is told, and of a page by one writer it is not."""
    for first, second in ((1, 2), (3, 4), (1, 1), (3, 3)):
        lines = [page_ink_of(seed, text) for seed in (first, second) for text in (0, 1)]
        page = save(as_page(stacked(lines)), tmp_path / f"{first}{second}.png", 300)
        notes = told(capsys, "identify", page, "--gallery", gallery)["notes"]
        assert any("differ as much as two hands do" in note for note in notes) == (first != second)


def test_a_page_under_another_name(tmp_path: Path, capsys: Captured) -> None:
    """A page that is another's is told with its file and stays; asked for, it moves, and who has none left is told."""
    gallery, pages = str(tmp_path / "g.db"), [save(page_of(i), tmp_path / f"{i}.png") for i in (1, 2)]
    for page, name in zip(pages, ("Anna", "Bert"), strict=True):
        assert main(["enrol", gallery, page, "--writer", name]) == 0
    before = Path(gallery).read_bytes()
    assert main(["enrol", gallery, pages[1], "--writer", "Bert"]) == 0
    assert main(["enrol", gallery, pages[1], "--writer", "Anna"]) == 1
    assert f"{pages[1]}: is there as 'Bert', was given as 'Anna'" in capsys.readouterr().err
    assert Path(gallery).read_bytes() == before
    assert main(["enrol", gallery, pages[1], "--writer", "Anna", "--replace"]) == 0
    assert "'Bert' has no examples left and is no longer known" in capsys.readouterr().err
    found = told(capsys, "identify", pages[1], "--gallery", gallery)
    assert [match["label"] for match in found["matches"]] == ["Anna"]


def test_a_gallery_with_one_writer(tmp_path: Path, capsys: Captured) -> None:
    """One writer is enough: another page of theirs is theirs, another's is not taken for it."""
    gallery = str(tmp_path / "g.db")
    assert main(["enrol", gallery, save(page_of(1), tmp_path / "1.png"), "--writer", "Anna"]) == 0
    for seed, accepted in ((1, True), (4, False)):
        page = save(page_of(seed, text=1), tmp_path / f"{seed}b.png")
        found = told(capsys, "identify", page, "--gallery", gallery)
        assert ([each["label"] for each in found["matches"]], found["accepted"]) == (["Anna"], accepted)


def test_no_page_left(tmp_path: Path, capsys: Captured) -> None:
    """A gallery whose last page was removed says so to whoever asks it, and takes new pages."""
    gallery, page = str(tmp_path / "g.db"), save(page_of(1), tmp_path / "1.png")
    assert main(["enrol", gallery, page, "--writer", "Anna"]) == 0
    assert main(["gallery", "remove", gallery, "Anna"]) == 0
    for command in ("identify", "search", "explain"):
        capsys.readouterr()
        assert main([command, page, "--gallery", gallery]) == 1
        assert "expected a gallery with hands, received an empty one; 'duktus enrol'" in capsys.readouterr().err
    assert main(["gallery", "remove", gallery, "Anna"]) == 1
    assert main(["enrol", gallery, page, "--writer", "Anna"]) == 0
    assert told(capsys, "identify", page, "--gallery", gallery)["matches"][0]["label"] == "Anna"
