"""Drawings made of letters that are none of them."""

from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training.pretrained import PretrainedEncoder, open_pretrained
from duktus.glyphs.training.samples import Making, frame_images
from duktus.glyphs.training.synthetic_negatives import synthetic_negatives
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.samples import Samples
from tests.glyphs.training.encoders import letter_page, write_encoder


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> PretrainedEncoder:
    """The small encoder."""
    folder: Path = tmp_path_factory.mktemp("start")
    return open_pretrained(str(write_encoder(folder / "small.onnx")))


def letters(names: str) -> Samples:
    """Three drawings of each of some letters."""
    making = Making(InkSettings(), GlyphFrame(), tuple(names))
    frames = frame_images([letter_page(letter, seed) for letter in names for seed in range(3)], making)
    return Samples(frames, np.repeat(np.arange(len(names)), 3))


def test_none_is_like_a_label(start: PretrainedEncoder) -> None:
    """What is kept scores below none of the labels for every label; the same seed gives the same drawings."""
    own = letters("AEKR")
    initial = start.initial_weights(start.vectors(own.frames), own.classes, 4, other=True)
    made = synthetic_negatives(own, start, initial, 12, np.random.default_rng(1))
    assert 0 < len(made) <= 12
    vectors = start.vectors(made)
    scores = np.concatenate([vectors, vectors**2], axis=1) @ initial[-2] + initial[-1]
    assert scores[:, :4].max() < 0
    again = synthetic_negatives(own, start, initial, 12, np.random.default_rng(1))
    np.testing.assert_array_equal(made, again)


def test_what_looks_like_a_label_is_left_out(start: PretrainedEncoder) -> None:
    """A drawing that the first scores take for a label teaches nothing of what is none."""
    own = letters("AE")
    *rest, bias = start.initial_weights(start.vectors(own.frames), own.classes, 2, other=True)
    sure = [*rest, bias + np.array([1000, 0, 0], np.float32)]
    assert len(synthetic_negatives(own, start, sure, 10, np.random.default_rng(2))) == 0


def test_none_wanted(start: PretrainedEncoder) -> None:
    """None wanted, none made, in the frame's shape."""
    own = letters("A")
    initial = start.initial_weights(start.vectors(own.frames), own.classes, 1, other=True)
    assert synthetic_negatives(own, start, initial, 0, np.random.default_rng(1)).shape == (0, 28, 28)
