"""Pages composed of the project's own pen and one typeface, and a network that has learnt nothing."""

import gzip
import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest

from duktus.pen.hand import sample_hand, write
from duktus.pen.typeset import Face
from duktus.written.training.sheets import Sources
from duktus.written.training.strokes import Writer, read_writers

WORDS = ("Anna", "reads", "every", "letter", "quickly", "jumping", "over", "seven", "boxes")


@pytest.fixture(scope="session")
def strokes_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder laid out as UNIPEN's is here, written by two of the pen's hands."""
    folder = tmp_path_factory.mktemp("data") / "unipen"
    folder.mkdir()
    rng = np.random.default_rng(4)
    hands = {f"hand{number}": sample_hand(rng) for number in range(2)}
    kinds = {"words": WORDS, "texts": ("Anna reads",), "digits": "0123456789", "capitals": "ABC", "small": "abg"}
    for kind, texts in kinds.items():
        lines = []
        for writer, hand in hands.items():
            for text in texts:
                strokes = [(stroke[:, :2] * 100 / hand.size).tolist() for stroke in write(text, hand, rng).strokes]
                lines.append(json.dumps({"label": text, "writer": writer, "set": "pen", "strokes": strokes}))
        with gzip.open(folder / f"{kind}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.write("\n".join(lines))
    return folder


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
