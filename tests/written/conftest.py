"""Pages composed of the project's own pen and one typeface, and a network that has learnt nothing."""

from pathlib import Path

import matplotlib
import numpy as np
import pytest

from duktus.pen.hand import sample_hand, write
from duktus.pen.pages.quick import Nib, draw_paths, point
from duktus.pen.pages.typeset import Face
from duktus.types import Ink
from duktus.written.segmenter import Segmenter, open_segmenter
from duktus.written.training.furniture import Sources
from duktus.written.training.strokes import Writer, read_writers
from tests.written.pages import BASES, LINES, SHAPE
from tests.written.unipen import WORDS, write_unipen


@pytest.fixture(scope="session")
def strokes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as UNIPEN's is here, written by two of the pen's hands."""
    return write_unipen(tmp_path_factory.mktemp("data"), ("hand0", "hand1"))


@pytest.fixture(scope="session")
def writers(strokes_folder: Path) -> list[Writer]:
    """Both hands."""
    return read_writers(strokes_folder)


@pytest.fixture(scope="session")
def face() -> Face:
    """A typeface that comes with matplotlib."""
    return Face(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf", "dejavusans")


@pytest.fixture(scope="session")
def sources(writers: list[Writer], face: Face) -> Sources:
    """All that a page can be composed of, but no cuts from scans."""
    return Sources(writers, [], [face], list(WORDS))


@pytest.fixture(scope="session")
def segmenter() -> Segmenter:
    """The shipped model."""
    return open_segmenter(threads=1)


@pytest.fixture(scope="session")
def writing() -> Ink:
    """Four lines of writing, 100 pixels apart."""
    rng = np.random.default_rng(7)
    hand, paths = sample_hand(rng), []
    for text, base in zip(LINES, BASES, strict=True):
        strokes = [stroke[:, :2] * 44 / hand.size for stroke in write(text, hand, rng).strokes]
        paths += [np.asarray(stroke + point(60, base), np.float32) for stroke in strokes]
    return draw_paths(SHAPE, paths, Nib(3.5), rng)
