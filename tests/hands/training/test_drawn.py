"""Recorded strokes are drawn as lines of writing, each writer's with a pen of its own."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from duktus.hands.training.drawn import LETTERS, LINES, drawn_lines
from duktus.types import DataError


def write_strokes(folder: Path, words: int) -> Path:
    """Write a set of two writers: one of so many words, and one of two."""
    folder.mkdir(exist_ok=True)
    wave = [[10 * i, 50 + 50 * (i % 2)] for i in range(10)]
    rows = [{"label": "written", "writer": "a", "set": "s", "strokes": [wave, [[5, 5]]]}] * words
    rows += [{"label": "written", "writer": "b", "set": "s", "strokes": [wave]}] * 2
    for name, some in (("texts", rows[:1]), ("words", rows[1:])):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in some)
    return folder


def test_lines_of_writers_who_wrote_enough(tmp_path: Path) -> None:
    """Words are put together to lines, no more than so many a writer; who wrote too little is left out."""
    found = list(drawn_lines(write_strokes(tmp_path / "set", 60), np.random.default_rng(1)))
    assert {line.writer for line in found} == {"a"}
    assert len(found) == min(LINES, 60 // -(-LETTERS // 7))
    for line in found:
        assert line.ink.min() >= 0
        assert 0.01 < float((line.ink > 0.5).mean()) < 0.6


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    """Pens, sizes and grain come from the generator alone."""
    place = write_strokes(tmp_path / "set", 20)
    first, second = (next(drawn_lines(place, np.random.default_rng(3))).ink for _ in range(2))
    assert (first == second).all()


def test_what_is_no_set_of_strokes(tmp_path: Path) -> None:
    """A file that is missing or holds something else is named."""
    with pytest.raises(DataError, match=r"texts\.jsonl\.gz"):
        next(drawn_lines(tmp_path, np.random.default_rng(1)))
