"""What was doubtful becomes a table with pictures; what a person makes of it teaches the next reading."""

import csv
from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.labelled import load_labelled
from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.review import COLUMNS, ReviewTable, doubt_of, find_doubtful
from duktus.glyphs.teaching.teacher import Lesson, Teacher
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.glyph import single_glyph
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.pen.hand import sample_hand, write
from duktus.pen.sources import Picture, load_pictures
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Alternative, Box, DataError, Ink, Page, Reading
from tests.glyphs.encoders import encoder_content
from tests.glyphs.handwriting import page_of

ALPHABET = "ABDEGHKMNRSTWZ"
LOWER_CASE = "abcdefghijklmnopqrstuvwxyz"
EVERYTHING = 1.01
"""A confidence that nothing has: every character is to be reviewed."""


def reading(text: str, confidence: float, accepted: bool = True, *others: tuple[str, float]) -> Reading:
    """A reading with its alternatives."""
    reason = "" if accepted else "not a character"
    return Reading(text, confidence, accepted, reason, tuple(Alternative(*one) for one in others), Box(0, 0, 9, 9))


def letter_by_someone(letter: str, seed: int) -> Page:
    """A letter by any hand, dark on white."""
    rng = np.random.default_rng([seed, ord(letter)])
    ink = draw_ink(write(letter, sample_hand(rng), rng), pen=Pen(width=0.5, pressing=0.0), height=60)
    return np.asarray(255 - 255 * np.pad(ink, 12), np.uint8)


def likeness(one: Ink, other: Ink) -> float:
    """Correlation of two glyphs, where one may lie a pixel beside the other: a centre of mass is rounded."""
    moved = [np.roll(other, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1)]
    return max(float((one * each).sum() / np.sqrt((one**2).sum() * (each**2).sum())) for each in moved)


def test_what_is_doubtful() -> None:
    """Refused, unsure, or hardly ahead of the next; never a blank page, nor what is sure."""
    assert doubt_of(reading("4", 0.99)) == ""
    assert doubt_of(reading("4", 0.99, False)) == "not a character"
    assert doubt_of(reading("4", 0.8, True, ("9", 0.1))) == "unsure: 4 or 9"
    assert doubt_of(reading("4", 0.5)) == "unsure: 4"
    assert doubt_of(reading("4", 0.6, True, ("9", 0.1)), sure=0.5) == ""
    assert doubt_of(reading("4", 0.6, True, ("9", 0.3)), sure=0.5) == "unsure: 4 or 9"
    assert doubt_of(Reading("", 0.0, False, "blank", (), Box(0, 0, 9, 9))) == ""


@pytest.mark.parametrize("page", [page_of("2049", "37"), 255 - page_of("86315"), page_of("8 7", scale=20.0)])
def test_cut_out_gives_the_glyph_of_its_page(writer_reader: Reader, page: Page) -> None:
    """Each character's picture goes through the same imaging and is the same to the network, all but its rounding."""
    preprocessing = writer_reader.card.preprocessing
    assert preprocessing.glyph is not None
    (answer,) = writer_reader.answer([writer_reader.draft(next(iter(_pictures(page))), "auto")], "auto")
    doubts = list(find_doubtful(writer_reader, page, sure=EVERYTHING))
    assert [one.reading.text for one in doubts] == [one.text for one in answer.decisions]
    for arc, doubt in zip(answer.path.arcs, doubts, strict=True):
        again = single_glyph(doubt.picture, preprocessing.ink, preprocessing.glyph)
        assert likeness(answer.hypothesis.lattice.glyphs[arc], again) > 0.95


def _pictures(page: Page) -> list[Picture]:
    return list(load_pictures(page))


def test_blank_page_has_no_doubts(writer_reader: Reader) -> None:
    """There is nothing to say about a page without ink."""
    assert list(find_doubtful(writer_reader, np.full((60, 60), 250, np.uint8), sure=EVERYTHING)) == []


def test_table_is_one_of_labelled_images(writer_reader: Reader, tmp_path: Path) -> None:
    """Once a person has filled in some labels, of any text, it is read as any table; the rest is counted."""
    with ReviewTable(tmp_path / "out.csv") as table:
        table.add("=scan\udc80.png", find_doubtful(writer_reader, page_of("204"), sure=EVERYTHING))
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == list(COLUMNS)
    assert (rows[0]["source"], rows[2]["index"], rows[2]["text"]) == ("'=scan\\udc80.png", "2", "4")
    rows[0]["label"], rows[2]["label"] = "=1+1", "ᚠ,\n"
    with (tmp_path / "out.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    found = load_labelled(tmp_path / "out.csv")
    assert (found.labels, found.unlabelled) == (("=1+1", "ᚠ,\n"), 1)
    assert [next(load_pages(image)).ndim for image in found.images] == [2, 2]


def test_interrupted_table_is_usable(writer_reader: Reader, tmp_path: Path) -> None:
    """Each row stands in the file as soon as it is written, its picture before it."""
    table = ReviewTable(tmp_path / "out.csv")
    doubts = find_doubtful(writer_reader, page_of("20"), sure=EVERYTHING)
    table.add("a.png", [next(doubts)])
    lines = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()
    table.close()
    assert len(lines) == 2
    assert (tmp_path / lines[1].split(",")[0]).is_file()


def test_work_of_a_person_is_never_overwritten(tmp_path: Path) -> None:
    """A table or a folder that is there stays; a name that no table has is refused before anything is made."""
    (tmp_path / "old.csv").write_text("mine")
    (tmp_path / "other.files").mkdir()
    for name, said in (("old.csv", "name another"), ("other.csv", "name another"), ("out.txt", "ends in .csv")):
        with pytest.raises(DataError, match=said):
            ReviewTable(tmp_path / name)
    with pytest.raises(DataError, match="cannot be written"):
        ReviewTable(tmp_path / "none" / "out.csv")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old.csv", "other.files"]
    assert (tmp_path / "old.csv").read_text() == "mine"


@pytest.mark.parametrize(("encoder", "letters"), [("untrained", ALPHABET), ("shipped", LOWER_CASE)])
def test_corrected_table_makes_the_next_reading_better(encoder: str, letters: str, tmp_path: Path) -> None:
    """Taught from one example a letter, then from what was doubtful, a reader knows more of other people's letters."""
    session = open_model_file("glyph-encoder", 1) if encoder == "shipped" else Session(encoder_content(), threads=1)
    teacher = Teacher(session)
    with SqliteGallery.create(tmp_path / "g.db", teacher.encoder) as gallery:

        def accuracy() -> float:
            reader = Reader(session, teacher.head(gallery))
            asked = [(c, reader.read(letter_by_someone(c, seed), layout="one")[0]) for c in letters for seed in (7, 8)]
            return float(np.mean([one.text == c for c, one in asked]))

        list(teacher.teach(gallery, [Lesson(letter_by_someone(c, 1), c, "one") for c in letters], []))
        before, truth = accuracy(), _review(Reader(session, teacher.head(gallery)), letters, tmp_path / "out.csv")
        assert 0 < len(truth) < 4 * len(letters)
        found = load_labelled(_corrected(tmp_path / "out.csv", truth))
        pages = [next(load_pages(image)) for image in found.images]
        lessons = [Lesson(page, label, "review") for page, label in zip(pages, found.labels, strict=True)]
        (added, *_), (again, *_) = (list(teacher.teach(gallery, lessons, [])) for _ in range(2))
        assert (added.added > 0, again.added) == (True, 0)
        assert accuracy() >= before + 0.1


def _review(reader: Reader, letters: str, path: Path) -> list[str]:
    """Read four drawings a letter and make the table of what is doubtful; what these show."""
    truth: list[str] = []
    with ReviewTable(path) as table:
        for letter in letters:
            for seed in (2, 3, 4, 5):
                table.add(letter, find_doubtful(reader, letter_by_someone(letter, seed), layout="one"))
                truth += [letter] * (table.rows - len(truth))
    return truth


def _corrected(path: Path, truth: list[str]) -> Path:
    """The table with its labels filled in."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(row | {"label": label} for row, label in zip(rows, truth, strict=True))
    return path
