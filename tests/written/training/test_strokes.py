"""Recorded strokes become words with a baseline, a core band and the rows of their ink."""

import numpy as np

from duktus.written.training.strokes import Writer, core_band


def test_writers_are_read_by_name(writers: list[Writer]) -> None:
    """Every writer has every kind that the files hold."""
    assert [writer.name for writer in writers] == ["hand0", "hand1"]
    assert set(writers[0].pieces) == {"words", "texts", "digits", "capitals", "small"}


def test_a_word_stands_on_its_baseline(writers: list[Writer]) -> None:
    """A word without descenders ends at its baseline, and its core band is a part of its height."""
    word = next(piece for piece in writers[0].pieces["words"] if piece.label == "Anna")
    rows = np.concatenate(word.paths)[:, 1]
    assert abs(rows.max()) < 0.25 * np.ptp(rows)
    assert -np.ptp(rows) < word.top < 0
    assert word.rows[0] < word.rows[1]


def test_the_core_band_is_where_most_ink_is() -> None:
    """Rows that are inked evenly from 20 to 60, with a few ascenders, have their core there."""
    rng = np.random.default_rng(0)
    rows = np.concatenate((rng.uniform(20, 60, 4000), rng.uniform(0, 20, 300))).astype(np.float32)
    top, base = core_band(rows)
    assert abs(top - 20) < 5
    assert abs(base - 60) < 5
