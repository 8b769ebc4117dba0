"""Images with their classes, in the parts of a training that never mix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.learning.checkpoint import Arrays
from duktus.models.card import DataSource
from duktus.types import Glyphs

Frames: TypeAlias = NDArray[np.uint8]
"""(n, H, W): what a network sees in 256 steps, a quarter of the memory of float32."""


@dataclass(frozen=True)
class Samples:
    """Frames (n, H, W) with their classes (n,); the class ``len(labels)`` stands for "none of the labels"."""

    frames: Frames
    classes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.classes)

    def take(self, places: NDArray[np.intp] | slice) -> "Samples":
        """Return some of the samples."""
        return Samples(self.frames[places], self.classes[places])

    @property
    def none(self) -> "Samples":
        """No sample, of the same height and width."""
        return self.take(slice(0))


def concatenate(parts: Sequence[Samples]) -> Samples:
    """Return all samples in one; there has to be a part."""
    return Samples(np.concatenate([part.frames for part in parts]), np.concatenate([part.classes for part in parts]))


@dataclass(frozen=True)
class TrainingData:
    """The parts of a training: the set's own samples, the pools, the validation and the test part.

    An epoch shows all of ``own``, and a share of ``characters``, which show labels, and of ``others``, which show none.
    ``initial`` are the weights that the network starts with; None for random ones.
    """

    own: Samples
    characters: Samples
    others: Samples
    validation: Samples
    test: Samples
    sources: tuple[DataSource, ...]
    initial: Arrays | None = None


def as_batch(frames: Frames) -> Glyphs:
    """Return frames as a network's batch, float32 (n, H, W, 1) in [0, 1]."""
    return (frames.astype(np.float32) * np.float32(1 / 255))[..., None]
