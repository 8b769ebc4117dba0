"""The network's targets, its loss, a fit that goes on where it was stopped, and its export."""

from pathlib import Path

import numpy as np
import pytest

from duktus.models.card import Training
from duktus.models.file import check_model
from duktus.written.classes import PAPER, RULED, UNKNOWN, UNWRITTEN, WRITTEN
from duktus.written.outputs import CHANNELS, read_maps
from duktus.written.segmenter import open_segmenter
from duktus.written.training.export import pack_segmenter
from duktus.written.training.fit import FitSettings, fit, prepare
from duktus.written.training.network import TARGETS, Widths, make_target
from duktus.written.training.pool import load_patches, write_shard
from duktus.written.training.sheets import Sources

TINY = Widths((4, 6, 8, 8, 8), (0, 1, 1, 1, 1))


@pytest.fixture(scope="module")
def pool(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of patches."""
    folder = tmp_path_factory.mktemp("pool")
    write_shard(folder / "a.npz", sources, 6, 96, np.random.default_rng(0))
    return folder


def test_what_is_unknown_counts_for_nothing() -> None:
    """Unknown pixels have no weight; ink that no hand wrote tells of handwriting and not of its kind."""
    darkness = np.ones((4, 4), np.float32)
    classes = np.array(
        [
            [WRITTEN] * 4,
            [WRITTEN] * 4,
            [UNKNOWN, UNKNOWN, UNWRITTEN, UNWRITTEN],
            [UNKNOWN, UNKNOWN, UNWRITTEN, UNWRITTEN],
        ],
        np.uint8,
    )
    target = make_target(darkness, classes, np.zeros((4, 4), np.uint8), np.zeros((4, 4), np.float32))
    assert target.shape == (2, 2, TARGETS)
    assert target[0, 0, 0:4].tolist() == [1, 1, 1, 1]
    assert target[1, 0, 4:8].sum() == 0
    assert target[1, 1, 4:8].sum() == 4
    assert target[1, 1, 9] == 0


def test_kinds_are_those_of_the_darkest_pixel() -> None:
    """Of four pixels the darkest says what the place is."""
    darkness = np.array([[0.0, 0.0], [0.0, 0.9]], np.float32)
    classes = np.array([[PAPER, PAPER], [PAPER, RULED]], np.uint8)
    target = make_target(darkness, classes, np.zeros((2, 2), np.uint8), np.zeros((2, 2), np.float32))
    assert target[0, 0, 8] == RULED - 1
    assert target[0, 0, 9] == 1


def test_a_fit_lowers_its_loss_goes_on_and_is_packed(pool: Path, tmp_path: Path) -> None:
    """A tiny network learns, its fit goes on from a checkpoint, and its file answers as it does."""
    lines: list[str] = []
    settings = FitSettings(steps=12, batch=2, side=64, learning_rate=0.01, every=4)
    fit([pool], tmp_path / "fit", settings, widths=TINY, report=lines.append)
    again: list[str] = []
    network = fit([pool], tmp_path / "fit", settings, widths=TINY, report=again.append)
    losses = [float(line.split("loss ")[1].split()[0]) for line in lines]
    assert losses[-1] < losses[0]
    assert again == []
    seen, _ = prepare(load_patches(pool / "a.npz"), 0, 64, np.random.default_rng(0))
    card = pack_segmenter(network, tmp_path / "w.onnx", Training("", 1, {}, 0.0, 1), seen[None], ())
    assert card.task == "page-segmenter"
    assert check_model(tmp_path / "w.onnx").problems == ()
    maps = open_segmenter(tmp_path / "w.onnx", threads=1).look(np.ones((70, 50), np.float32))
    assert maps.written.shape == (70, 50)
    assert maps.band.shape == (35, 25)


def test_maps_are_read_pixel_by_pixel() -> None:
    """The four written logits of a place become its four pixels, row by row."""
    raw = np.full((1, 1, CHANNELS), -9, np.float32)
    raw[0, 0, 1] = 9
    raw[0, 0, 9] = 1
    maps = read_maps(raw)
    assert (maps.written > 0.5).tolist() == [[False, True], [False, False]]
    assert maps.heights[0, 0] == pytest.approx(48)
