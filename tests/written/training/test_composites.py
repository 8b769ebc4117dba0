"""Composed pages: every pixel has a class, every line a band, and the same seed gives the same page."""

from pathlib import Path

import numpy as np
import pytest

from duktus.written.classes import NAMES, PAPER, WRITTEN
from duktus.written.training.composites import SHEETS, Writing, compose
from duktus.written.training.pool import decode_heights, encode_heights, load_patches, save_patches, stack
from duktus.written.training.script import sample_style
from duktus.written.training.sheets import Sheet, Sources, write_letter, write_nothing

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


def test_patches_come_back_from_disk(sources: Sources, tmp_path: Path) -> None:
    """Patches are saved without loss; heights to a forty-fifth."""
    patches = stack([compose((64, 64), sources, np.random.default_rng(seed)) for seed in range(3)])
    save_patches(tmp_path / "a.npz", patches)
    found = load_patches(tmp_path / "a.npz")
    assert len(found) == 3
    assert np.array_equal(found.pages, patches.pages)
    heights = np.array([[0.0, 5.0], [24.0, 90.0]], np.float32)
    assert np.allclose(decode_heights(encode_heights(heights)), heights, rtol=0.023)
