"""As the work grows: the seconds by glyphs a picture, pages an archive and writers a gallery; an archive's memory.

Nothing is timed beside other work: a machine that is not at rest is refused.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.hands import draw_a4, random_examples
from benchmarks.machine import busy_cores
from benchmarks.reading import mnist_test
from benchmarks.results import Outcome, Row
from benchmarks.sections.drawings import AT_REST
from benchmarks.setting import Setting
from benchmarks.timing import median, run_command
from duktus import open_gallery, open_model
from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.identification.reader import HandReader
from duktus.models.file import open_model_file
from duktus.types import DataError, Page

RUNS = 5
GLYPHS, PAGES, WRITERS = (1, 10, 100, 900), (1, 10, 100), (10, 100, 1_000, 10_000)
A_PAGE = 100
"""Digits on a page of the archive."""

VECTORS = 9
"""Of each writer in the gallery: a page as a whole and eight parts of it."""

PITCH = 72
"""Pixels from digit to digit, each of which is 56 high."""

NOTE = (
    "Medians over {runs} runs after one that does not count. Pictures hold MNIST's test digits in rows on white, and "
    "are read by an open model. Archives are folders of such pictures, {a_page} digits each, read by "
    "`duktus read FOLDER --format jsonl`, a whole process. Galleries hold random vectors, {vectors} a writer; "
    "`identify` opens the file and looks at one drawn A4 page at 300 dots per inch each time."
)

Timed = dict[int, list[float]]
"""By how much work there was, the seconds of each run."""


def run(setting: Setting) -> Outcome:
    """Time each kind of work at each size.

    Raises:
        DataError: the machine is busy with other work, or MNIST is missing.
    """
    if setting.isolated and (busy := busy_cores()) >= AT_REST:
        raise DataError(f"expected a machine at rest, received one with {busy:.1f} cores busy; stop what runs beside")
    digits, _ = mnist_test(setting)
    with tempfile.TemporaryDirectory() as folder:
        glyphs = _glyphs(digits, setting)
        pages, memory = _pages(digits, Path(folder), setting)
        writers = _writers(Path(folder), setting)
    kinds = {"glyphs in a picture": glyphs, "pages in an archive": pages, "writers in a gallery": writers}
    rows = [
        Row(f"{what}, {size:,}", "seconds", median(seconds))
        for what, timed in kinds.items()
        for size, seconds in timed.items()
    ]
    rows += [Row(f"pages in an archive, {size:,}: peak memory", "MB", median(each)) for size, each in memory.items()]
    named = kinds | {"peak memory": memory}
    curves = {
        what: [{"size": size} | vars(median(each)) for size, each in timed.items()] for what, timed in named.items()
    }
    note = NOTE.format(runs=setting.pairs or RUNS, a_page=A_PAGE, vectors=VECTORS)
    return Outcome(tuple(rows), (note,), {"curves": [[what, points] for what, points in curves.items()]})


def draw_rows(digits: NDArray[np.uint8], n: int, first: int = 0) -> Page:
    """Return a white page with ``n`` of some digits in rows, from the one numbered ``first`` on, dark on light."""
    columns = round(n**0.5 + 0.5)
    page = np.full((PITCH * -(-n // columns), PITCH * columns), 255, np.uint8)
    for place in range(n):
        digit = cv2.resize(digits[(first + place) % len(digits)], (56, 56), interpolation=cv2.INTER_CUBIC)
        top, left = (PITCH * step + (PITCH - 56) // 2 for step in divmod(place, columns))
        page[top : top + 56, left : left + 56] = 255 - digit
    return page


def _sizes(sizes: tuple[int, ...], setting: Setting) -> tuple[int, ...]:
    """Return the sizes within the limit of the run."""
    return tuple(size for size in sizes if setting.limit is None or size <= setting.limit)


def _repeat(work: Callable[[], object], setting: Setting) -> list[float]:
    """Return the seconds of each run of some work after the first."""
    seconds = []
    for _ in range((setting.pairs or RUNS) + 1):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return seconds[1:]


def _glyphs(digits: NDArray[np.uint8], setting: Setting) -> Timed:
    """Time the reading of pictures with more and more digits."""
    model, found = open_model(setting.model), Timed()
    for size in _sizes(GLYPHS, setting):
        page = draw_rows(digits, size)
        found[size] = _repeat(lambda page=page: model.read(page), setting)  # type: ignore[misc]  # a default binds
        setting.report(f"{size} glyphs in a picture: {median(found[size]).value:.3f} s")
    return found


def _pages(digits: NDArray[np.uint8], folder: Path, setting: Setting) -> tuple[Timed, Timed]:
    """Time the reading of larger and larger folders; return the seconds, and the megabytes of each run."""
    seconds, memory = Timed(), Timed()
    for size in _sizes(PAGES, setting):
        archive = folder / f"archive-{size}"
        archive.mkdir()
        for number in range(size):
            page = draw_rows(digits, setting.count(A_PAGE), number * A_PAGE)
            Image.fromarray(page).save(archive / f"{number:04d}.png")
        command = ["-m", "duktus", "read", str(archive), "--format", "jsonl", "--model", setting.model]
        usages = [run_command(command) for _ in range((setting.pairs or RUNS) + 1)][1:]
        seconds[size], memory[size] = [one.seconds for one in usages], [one.megabytes for one in usages]
        setting.report(f"{size} pages in an archive: {median(seconds[size]).value:.2f} s")
    return seconds, memory


def _writers(folder: Path, setting: Setting) -> Timed:
    """Time the identification of a page among more and more writers."""
    page, found = folder / "page.png", Timed()
    Image.fromarray(draw_a4(1)).save(page, dpi=(300, 300))
    encoder = HandReader(open_model_file(setting.hands)).encoder
    for size in _sizes(WRITERS, setting) or WRITERS[:1]:
        place = folder / f"hands-{size}.db"
        with SqliteGallery.create(place, encoder) as store:
            store.add(random_examples(size, encoder.dimension, VECTORS, size))
        gallery = open_gallery(place, encoder=setting.hands)
        found[size] = _repeat(lambda gallery=gallery: gallery.identify(page), setting)  # type: ignore[misc]  # as above
        setting.report(f"{size} writers in a gallery: {median(found[size]).value:.2f} s")
    return found
