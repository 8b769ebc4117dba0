"""Composed patches kept on disk between the steps of training: composing one takes as long as learning from it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.written.training.composites import Composite, compose
from duktus.written.training.sheets import Sources

OCTAVE = 32
"""Heights are kept as whole numbers, so many an octave: 1 is 2 ** (1 / 32) pixels, 0 is none."""


@dataclass(frozen=True, eq=False)
class Patches:
    """Composed patches: ``pages``, ``classes``, ``bands``, ``heights`` (n, h, w) uint8; see ``Composite``."""

    pages: NDArray[np.uint8]
    classes: NDArray[np.uint8]
    bands: NDArray[np.uint8]
    heights: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.pages)


def stack(composites: list[Composite]) -> Patches:
    """Return composites of one shape as patches."""
    return Patches(
        np.stack([each.page for each in composites]),
        np.stack([each.classes for each in composites]),
        np.stack([each.band for each in composites]),
        np.stack([encode_heights(each.heights) for each in composites]),
    )


def encode_heights(heights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return heights in pixels as whole numbers."""
    known = heights > 0
    levels = np.rint(OCTAVE * np.log2(np.maximum(heights, 1.03)))
    return np.where(known, np.clip(levels, 1, 255), 0).astype(np.uint8)


def decode_heights(levels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return heights in pixels, 0 where there are none."""
    return np.where(levels > 0, np.exp2(levels.astype(np.float32) / OCTAVE), 0).astype(np.float32)


def write_shard(file: Path, sources: Sources, count: int, side: int, rng: np.random.Generator) -> None:
    """Compose square patches and write them to a file; a kill leaves no half of one."""
    save_patches(file, stack([compose((side, side), sources, rng) for _ in range(count)]))


def save_patches(file: Path, patches: Patches) -> None:
    """Write patches to a file, whole or not at all."""
    beside = file.with_suffix(".tmp.npz")
    np.savez_compressed(
        beside, pages=patches.pages, classes=patches.classes, bands=patches.bands, heights=patches.heights
    )
    beside.replace(file)


def load_patches(file: Path) -> Patches:
    """Read patches from a file."""
    with np.load(file) as held:
        return Patches(held["pages"], held["classes"], held["bands"], held["heights"])
