"""Strokes of the project's own pen, laid out as UNIPEN's are for training."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from duktus.pen.hand import sample_hand, write

WORDS = ("Anna", "reads", "every", "letter", "quickly", "jumping", "over", "seven", "boxes")


def write_unipen(data: Path, names: Sequence[str]) -> Path:
    """Write ``unipen/`` under a folder, a hand a name, and return it."""
    folder = data / "unipen"
    folder.mkdir()
    rng = np.random.default_rng(4)
    hands = {name: sample_hand(rng) for name in names}
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
