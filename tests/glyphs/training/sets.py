"""A small data set in MNIST's form, drawn by the project's own pen, and a recipe that trains on it in a second."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import GlyphClassifier
from duktus.imaging.frames.glyph import GlyphFrame, frame_glyph
from duktus.learning.recipe import load_recipe
from duktus.learning.task import Work
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from tests.datasets.idx_files import idx

LABELS = "012"

NOWHERE = Path("nowhere")
"""The folder of work that keeps nothing."""

RECIPE = """
name = "three"
task = "glyph-classifier"
labels = ["0", "1", "2"]
limits = ["Knows three digits."]
attribution = ["Written by the pen."]

[data]
validation = 12

[network]
layers = ["conv 4 3 bn relu stride 2", "maxpool 2", "dense 8 relu"]

[fit]
epochs = 2
batch = 16
learning_rate = 0.01
average = 0.9
precision = "float32"
"""


def digits(count: int, seed: int = 0) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """``count`` digits of ``LABELS`` in turn, (n, 28, 28) bright on black, and their classes (n,)."""
    rng = np.random.default_rng(seed)
    classes = (np.arange(count) % len(LABELS)).astype(np.uint8)
    glyphs = []
    for label in classes:
        hand = sample_hand(rng)
        ink = draw_ink(write(LABELS[label], hand, rng), pen=Pen(width=0.1 * hand.size), height=64)
        glyphs.append(frame_glyph(ink, GlyphFrame()))
    return np.rint(np.stack(glyphs) * 255).clip(0, 255).astype(np.uint8), classes


def write_set(folder: Path, train: int = 60, test: int = 18) -> Path:
    """Write four idx files in MNIST's form, and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem, count, seed in (("train", train, 1), ("t10k", test, 2)):
        images, classes = digits(count, seed)
        (folder / f"{stem}-images-idx3-ubyte").write_bytes(idx(images))
        (folder / f"{stem}-labels-idx1-ubyte").write_bytes(idx(classes))
    return folder


def small_recipe(folder: Path, *overrides: str) -> GlyphRecipe:
    """The recipe, from a file in a folder, with settings changed."""
    path = folder / "three.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return load_recipe(path, GlyphClassifier(), overrides)


def quietly(folder: Path, data: Path | None = None) -> Work:
    """Work in a folder, on data that lie somewhere, nobody told."""
    return Work(folder, data, report=lambda _: None)
