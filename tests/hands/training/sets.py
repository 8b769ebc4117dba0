"""A small set of handwriting laid out as DHSD is, by the project's own pen, and a recipe that fits it in a second."""

from pathlib import Path

import cv2
import numpy as np

from duktus.hands.training.encoder import HandEncoder
from duktus.hands.training.pages import Writings
from duktus.hands.training.settings import HandEncoderRecipe
from duktus.learning.recipe import load_recipe
from tests.hands.pages import as_page, hand_of, line_ink

RECIPE = """
name = "pen-hands"
task = "hand-encoder"
seed = 3
limits = ["Knows the pen's hands."]
attribution = ["Written by the pen."]

[contours]
legs = [4, 9]
bins = 12

[hands]
sources = ["dhsd"]
calibration = ["dhsd"]
images = 6
documents = 4
most = 3
components = 12
vector = 4
folds = 2
"""

WORDS = ("another", "morning", "writing", "between", "country", "village", "station")


def write_hands(folder: Path, writers: int = 6) -> Path:
    """Write the set ``dhsd`` into a folder: a word an image, seven words a writer."""
    rows = ["file_name,text,writer_id"]
    for writer in range(writers):
        rng = np.random.default_rng(writer)
        for number, word in enumerate(WORDS):
            name = f"images/{writer}_{number}.png"
            path = folder / "dhsd" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            cv2.imwrite(str(path), as_page(np.pad(line_ink(hand_of(writer), word, rng), 8)))
            rows.append(f"{name},{word},{writer}")
    (folder / "dhsd" / "data.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def hands_recipe(folder: Path, text: str = RECIPE) -> HandEncoderRecipe:
    """The recipe, read from a file."""
    (folder / "hands.toml").write_text(text, encoding="utf-8")
    return load_recipe(folder / "hands.toml", HandEncoder())


def drawn_writings(writers: int = 12, pieces: int = 8, *, seed: int = 0, noise: float = 1.0) -> Writings:
    """Counts of made-up writers, each of whom turns some ways more often than the others."""
    rng = np.random.default_rng(seed)
    habits = rng.gamma(2.0, size=(writers, 1, 2, 16))
    rates = 200 * habits * np.exp(noise * rng.normal(0, 0.3, (writers, pieces, 2, 16)))
    names = np.repeat([f"set/{writer:02}" for writer in range(writers)], pieces)
    counts = rng.poisson(rates).reshape(-1, 2, 16).astype(np.float32)
    return Writings(counts, np.full(len(names), 40.0), names, names, names, np.ones(len(names)))
