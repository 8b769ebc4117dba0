"""What a page segmenter is to say of a square, as codes of one byte, and the loss that reads them.

Codes are small, so that batches travel from the processes that make them.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink
from duktus.written.classes import PAPER, UNKNOWN, UNWRITTEN, WRITTEN
from duktus.written.outputs import KINDS, TYPICAL
from duktus.written.training.pool import OCTAVE

DARK, NEAR = 0.25, 0.06
"""Darkness from which a pixel is ink, and from which it may be the edge of some."""

WEIGHTS = (0.0, 0.12, 0.35, 1.0)
"""How much pixels count: those of which nobody knows, paper, edges, ink."""

BANDS = (0.0, 0.5, 1.0, 1.0)
"""How much places of core bands count: unknown, far from a band, near one, within one."""

TARGETS = 12
"""Channels of a target: written 4, their weights 4, kind and its weight, band, height."""


def make_target(
    darkness: Ink, classes: NDArray[np.uint8], band: NDArray[np.uint8], heights: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return what the network is to say of a patch, and how much each answer counts: (h / 2, w / 2, TARGETS).

    Args:
        darkness: (h, w), as the network sees the patch.
        classes: of each pixel; ``UNWRITTEN`` and ``UNKNOWN`` among them.
        band: 1 in core bands, 0 outside, 255 where nobody knows.
        heights: of text, as ``encode_heights`` gives them, 0 where unknown.

    Returns:
        whether a pixel is written, and the index of its weight in ``WEIGHTS``; the kind of what is not written, and
        the index of its weight; the index in ``BANDS``; the height's code.
    """
    weight = np.where(darkness > DARK, 3, np.where(darkness > NEAR, 2, 1)).astype(np.uint8)
    weight[classes == UNKNOWN] = 0
    h, w = darkness.shape
    target = np.zeros((h // 2, w // 2, TARGETS), np.uint8)
    target[..., 0:4] = _fold(classes == WRITTEN)
    target[..., 4:8] = _fold(weight)
    darkest = _fold(darkness).argmax(-1)[..., None]
    kind = np.take_along_axis(_fold(classes), darkest, -1)[..., 0]
    told = (kind != WRITTEN) & (kind != UNWRITTEN) & (kind != UNKNOWN)
    target[..., 8] = np.where(told & (kind != PAPER), kind - 1, 0)
    target[..., 9] = told * np.take_along_axis(_fold(weight), darkest, -1)[..., 0]
    near = cv2.dilate((band == 1).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    target[..., 10] = np.where(band == 1, 3, np.where(band == UNKNOWN, 0, np.where(near, 2, 1)))[::2, ::2]
    target[..., 11] = np.where(band == 1, heights, 0)[::2, ::2]
    return target


def _fold(values: NDArray[Any]) -> NDArray[Any]:
    """Return (h / 2, w / 2, 4): the four pixels of each square of two."""
    h, w = values.shape
    return values.reshape(h // 2, 2, w // 2, 2).transpose(0, 2, 1, 3).reshape(h // 2, w // 2, 4)


def loss(target: Any, maps: Any) -> Any:
    """Return the loss of a batch: of handwriting twice, with an overlap term, of kinds, core bands and heights."""
    from keras import ops

    def crossed(truth: Any, logits: Any) -> Any:
        return ops.maximum(logits, 0) - logits * truth + ops.log1p(ops.exp(-ops.abs(logits)))

    def mean(values: Any, weights: Any) -> Any:
        return ops.sum(values * weights) / (ops.sum(weights) + 1.0)

    def weigh(codes: Any, table: tuple[float, ...]) -> Any:
        return ops.take(ops.convert_to_tensor(table, "float32"), ops.cast(codes, "int32"), axis=0)

    target = ops.cast(target, "float32")
    written, counts = target[..., 0:4], weigh(target[..., 4:8], WEIGHTS)
    hand = mean(crossed(written, maps[..., 0:4]), counts)
    likely = ops.sigmoid(maps[..., 0:4]) * counts
    overlap = 2 * ops.sum(likely * written) / (ops.sum(likely) + ops.sum(written * counts) + 1.0)
    chosen = ops.one_hot(ops.cast(target[..., 8], "int32"), KINDS)
    kinds = -ops.sum(chosen * ops.log_softmax(maps[..., 4:8], axis=-1), axis=-1)
    in_band = ops.cast(target[..., 10] == 3, "float32")
    band = mean(crossed(in_band, maps[..., 8]), weigh(target[..., 10], BANDS))
    off = ops.abs(maps[..., 9] - (target[..., 11] / OCTAVE - float(np.log2(TYPICAL))))
    height = mean(ops.where(off < 0.25, 2 * off * off, off - 0.125), ops.cast(target[..., 11] > 0, "float32"))
    return 2 * hand + 0.3 * (1 - overlap) + 0.6 * mean(kinds, weigh(target[..., 9], WEIGHTS)) + band + 0.5 * height
