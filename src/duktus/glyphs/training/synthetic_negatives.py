"""Synthetic negatives: drawings that are none of the labels, made of drawings that are.

They are turned, mirrored, or two halves that do not belong together.

Some alphabets have letters that are others turned or mirrored (p, q, b and d), so what is made is kept only where the
encoder, taught the labels, says that it is none of them.
"""

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.training.pretrained import PretrainedEncoder
from duktus.learning.checkpoint import Arrays
from duktus.learning.samples import Frames, Samples
from duktus.types import Vectors

TRIED = 2
"""Drawings made for each that is wanted: some are like a label."""


def synthetic_negatives(
    own: Samples, encoder: PretrainedEncoder, initial: Arrays, count: int, rng: np.random.Generator
) -> Frames:
    """Return (n, H, W) glyphs that are like none of the labels, ``count`` at most.

    Args:
        own: drawings of the labels.
        encoder: that the network starts from.
        initial: weights that the network starts with, the last two those of its scores.
        count: how many are wanted.
        rng: chooses what is made of which.
    """
    made = [_changed(own, rng) for _ in range(TRIED * count)]
    if not made:
        return own.frames[:0]
    frames = np.stack(made)
    best = _scores(encoder.vectors(frames), initial)[:, :-1].max(axis=1)
    return np.asarray(frames[best < 0][:count], np.uint8)


def _changed(own: Samples, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Return one drawing turned by quarters, mirrored, or run together with half of another label's."""
    one = int(rng.integers(len(own.frames)))
    frame: NDArray[np.uint8] = own.frames[one]
    way = int(rng.integers(8))
    if way < 3 and frame.shape[0] == frame.shape[1]:
        return np.asarray(np.rot90(frame, way + 1), np.uint8)
    if way == 3:
        return np.asarray(frame[:, ::-1], np.uint8)
    other = int(rng.integers(len(own.frames)))
    rows, columns = frame.shape
    joined = frame.copy()
    if way % 2:
        joined[rows // 2 :] = own.frames[other][rows // 2 :]
    else:
        joined[:, columns // 2 :] = own.frames[other][:, columns // 2 :]
    return joined


def _scores(vectors: Vectors, initial: Arrays) -> NDArray[np.float32]:
    """Return the scores that a network's last layer gives vectors."""
    return np.concatenate([vectors, vectors * vectors], axis=1) @ initial[-2] + initial[-1]
