"""Taught letters, timed: 24 letters by 5 drawings in 1.5 s, one reading in 0.7 s, 100,000 examples in 20 ms; 7 runs."""

import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import cv2

from benchmarks.hands import random_examples
from benchmarks.letters import RUNES, load_alphabet
from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import PAIRS, Setting
from benchmarks.timing import in_turns, median, run_command
from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.teaching.teacher import Lesson, Teacher
from duktus.imaging.files.load import load_pages
from duktus.models.file import open_model_file
from duktus.types import Page

TEACH, READ = 1.5, 0.7
"""Seconds for the whole process."""

ONE_READING, ONE_ADDED = 0.02, 0.05
"""Seconds with a large gallery, the process up."""

EXAMPLES, LABELS = 100_000, 1_000
REFIT = "100,000 examples, the head fitted anew"
NOTE = (
    "Whole processes from the start of Python to their end, files in the page cache, one warm-up, runs in turns. The "
    "large gallery holds 100,000 examples of 1,000 labels with random vectors; a reading and an addition are timed "
    "where the process is up and has read the gallery. An addition encodes the drawing and its copies and writes it to "
    "the disk; before the next reading knows it the head is fitted anew, which is timed by itself."
)


def run(setting: Setting) -> Outcome:
    """Time the processes, and the doors of Python with a large gallery."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pages = write_lessons(place / "runes", 24, 6)
        seconds = _processes(place, setting) | _large(place, pages, setting)
    limits = {
        "`duktus teach`, 24 letters by 5 drawings": TEACH,
        "`duktus read --gallery`, one letter": READ,
        "100,000 examples, one reading": ONE_READING,
        "100,000 examples, one more taught": ONE_ADDED,
    }
    rows = [
        Row(what, "seconds", median(seconds[what]), target=Target(limit, at_least=False), headline=True)
        for what, limit in limits.items()
    ]
    rows.append(Row(REFIT, "seconds", median(seconds[REFIT])))
    return Outcome(tuple(rows), (NOTE,), {"seconds": seconds})


def write_lessons(folder: Path, letters: int, drawers: int) -> list[Page]:
    """Write runes by some drawers as one folder per label, the last drawer's beside it; return all pages."""
    images = load_alphabet(RUNES)
    hands = sorted(set(filter(None, images.groups)))[:drawers]
    pages = []
    for label in images.classes[:letters]:
        for i in (i for i, each in enumerate(images.labels) if each == label and images.groups[i] in hands):
            page = next(iter(load_pages(images.images[i])))
            place = folder / label.split("/")[-1] if images.groups[i] != hands[-1] else folder.parent / "asked"
            place.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(place / f"{label.split('/')[-1]}-{i}.png"), page)
            pages.append(page)
    return pages


def _processes(place: Path, setting: Setting) -> dict[str, list[float]]:
    """Return the seconds of teaching anew and of one reading."""
    asked = sorted((place / "asked").iterdir())[0]
    taught = iter(range(10_000))
    named = ["--encoder", setting.encoder]

    def teach() -> float:
        return run_command(
            ["-m", "duktus", "teach", str(place / f"{next(taught)}.db"), str(place / "runes"), *named]
        ).seconds

    def read() -> float:
        arguments = ["read", str(asked), "--gallery", str(place / "0.db"), "--model", setting.encoder]
        return run_command(["-m", "duktus", *arguments]).seconds

    runs = setting.pairs or PAIRS
    found = in_turns(
        {"`duktus teach`, 24 letters by 5 drawings": teach, "`duktus read --gallery`, one letter": read}, runs + 1
    )
    return {what: each[1:] for what, each in found.items()}


def _large(place: Path, pages: list[Page], setting: Setting) -> dict[str, list[float]]:
    """Return the seconds of one reading and one addition with a large gallery."""
    session = open_model_file(setting.encoder)
    teacher = Teacher(session)
    with SqliteGallery.create(place / "large.db", teacher.encoder) as gallery:
        examples = random_examples(setting.count(EXAMPLES), teacher.encoder.dimension, 2, LABELS)
        while some := list(islice(examples, 10_000)):
            gallery.add(some)
        reader = Reader(session, teacher.head(gallery))
        fresh = iter(pages)

        def add() -> None:
            list(teacher.teach(gallery, [Lesson(next(fresh), "new", "new.png")], []))

        runs = {
            "100,000 examples, one reading": lambda: _seconds(lambda: reader.read(pages[0], layout="one")),
            "100,000 examples, one more taught": lambda: _seconds(add),
            REFIT: lambda: _seconds(lambda: teacher.head(gallery)),
        }
        found = in_turns(runs, (setting.pairs or PAIRS) + 1)
    return {what: each[1:] for what, each in found.items()}


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
