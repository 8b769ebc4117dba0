"""Composed pages: every pixel has a class, every line a band, and the same seed gives the same page."""

from pathlib import Path

import numpy as np
import pytest

from duktus.types import DataError
from duktus.written.classes import NAMES, PAPER, WRITTEN
from duktus.written.training.composites import SHEETS, Writing, compose
from duktus.written.training.cuts import Cut, keep_cuts, kept_cuts
from duktus.written.training.furniture import Sheet, Sources
from duktus.written.training.pool import OCTAVE, encode_heights, load_squares, save_squares, stack
from duktus.written.training.script import sample_style
from duktus.written.training.sheets import write_letter, write_nothing

SHAPE = (192, 256)


def test_the_same_seed_gives_the_same_page(sources: Sources) -> None:
    """Pages are made of the generator alone."""
    first, second = (compose(SHAPE, sources, np.random.default_rng(3)) for _ in range(2))
    assert np.array_equal(first.page, second.page)
    assert np.array_equal(first.classes, second.classes)


def test_pages_have_all_classes_and_their_truth_fits(sources: Sources) -> None:
    """Among 40 pages each class occurs; what is written is darker than the paper; heights stand in bands alone."""
    rng = np.random.default_rng(1)
    pages = [compose(SHAPE, sources, rng) for _ in range(40)]
    assert {int(value) for page in pages for value in np.unique(page.classes)} == set(range(len(NAMES)))
    darker = [
        page.page[page.classes == PAPER].mean() - page.page[page.classes == WRITTEN].mean()
        for page in pages
        if (page.classes == WRITTEN).sum() > 50
    ]
    assert np.median(darker) > 20
    assert all(((page.heights > 0) <= (page.band > 0)).all() for page in pages)
    assert all((page.height > 0) == bool(len(page.lines)) for page in pages)


@pytest.mark.parametrize("kind", list(SHEETS), ids=lambda kind: kind.__name__)
def test_every_kind_of_sheet(kind: Writing, sources: Sources) -> None:
    """Each kind of sheet can be made at several seeds; a sheet on which nothing is written has no strokes."""
    for seed in range(4):
        rng = np.random.default_rng(seed)
        sheet = Sheet.blank(SHAPE, 0.02)
        kind(sheet, sample_style(30.0, rng), sources, rng)
        assert kind is not write_nothing or not sheet.script.paths


def test_lines_of_a_letter_lie_on_its_writing(sources: Sources) -> None:
    """Most of what is written lies within some heights of the bands."""
    rng = np.random.default_rng(5)
    sheet = Sheet.blank((300, 400), 0.0)
    write_letter(sheet, sample_style(36.0, rng), sources, rng)
    rows = np.concatenate([path[:, 1] for path in sheet.script.paths])
    away = np.min([np.abs(rows - line.base - line.top / 2) for line in sheet.script.lines], axis=0)
    assert np.quantile(away, 0.9) < 36


def test_squares_come_back_from_disk(sources: Sources, tmp_path: Path) -> None:
    """Squares are saved without loss; heights to a forty-fifth. A broken file is named."""
    squares = stack([compose((64, 64), sources, np.random.default_rng(seed)) for seed in range(3)])
    assert squares.shape == (3, 4, 64, 64)
    save_squares(tmp_path / "a.npy", squares)
    assert np.array_equal(load_squares(tmp_path / "a.npy"), squares)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]
    (tmp_path / "a.npy").write_bytes(b"no array")
    with pytest.raises(DataError, match="expected the squares of a training"):
        load_squares(tmp_path / "a.npy")
    heights = np.array([[0.0, 5.0], [24.0, 90.0]], np.float32)
    codes = encode_heights(heights)
    assert codes[0, 0] == 0
    assert np.allclose(np.exp2(codes[heights > 0] / OCTAVE), heights[heights > 0], rtol=0.023)


def test_cuts_come_back_from_disk(tmp_path: Path) -> None:
    """Cuts are kept by writer, with all that is known of them."""
    one, two = (
        Cut(np.eye(5, 7, dtype=np.uint8), 4.0, -2.5, (-2.0, 1.0), 8.0),
        Cut(np.ones((3, 2), np.uint8), 2, -1, (-1, 0), 5),
    )
    keep_cuts(tmp_path / "cuts.npz", [[one, two], [two]])
    found = kept_cuts(tmp_path / "cuts.npz")
    assert [len(writer) for writer in found] == [2, 1]
    assert np.array_equal(found[0][0].ink, one.ink)
    assert (found[1][0].base, found[1][0].top, found[1][0].rows, found[1][0].usual) == (2, -1, (-1, 0), 5)
    with pytest.raises(DataError, match="expected the cuts of a training"):
        kept_cuts(tmp_path / "none.npz")
