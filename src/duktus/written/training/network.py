"""The segmenter's network: a small U-Net of separable convolutions, its targets and its loss.

U-Net: Ronneberger, Fischer and Brox, 2015. Separable convolutions: Chollet, "Xception", 2017. Keras is imported where
it is used.
"""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink
from duktus.written.classes import PAPER, UNKNOWN, UNWRITTEN, WRITTEN
from duktus.written.outputs import CHANNELS, KINDS, TYPICAL

DEEPEST = 32
"""The network halves its input so often that both sides must be multiples of this."""

Batch = NDArray[np.float32]

DARK, NEAR = 0.25, 0.06
"""Darkness from which a pixel is ink, and from which it may be the edge of some."""

TARGETS = 14
"""Channels of a target: written 4, their weights 4, kind, its weight, band, its weight, height, its weight."""


@dataclass(frozen=True)
class Widths:
    """How many channels each level of the network has, from half the page's size down, and blocks at each."""

    channels: tuple[int, ...] = (16, 32, 64, 96, 128)
    blocks: tuple[int, ...] = (0, 1, 2, 4, 3)


def build(widths: Widths) -> Any:
    """Return the network: darkness (n, h, w, 1) to ``outputs.CHANNELS`` maps of half the size, as logits."""
    import keras

    layers = keras.layers
    page = keras.Input((None, None, 1), name="darkness")
    levels, x = [], _full(layers, page, widths.channels[0], 5, 2)
    levels.append(x)
    for depth, (channels, blocks) in enumerate(zip(widths.channels[1:], widths.blocks[1:], strict=True)):
        x = _separable(layers, x, channels, 3, 2)
        for _ in range(blocks):
            x = layers.Add()([x, _separable(layers, x, channels, 3 if depth == 0 else 5, 1)])
        levels.append(x)
    for channels, skip in zip(widths.channels[-2::-1], levels[-2::-1], strict=True):
        x = layers.UpSampling2D(2, interpolation="nearest")(layers.Conv2D(channels, 1)(x))
        x = layers.Add()([x, skip])
        x = layers.Add()([x, _separable(layers, x, channels, 3, 1)])
    return keras.Model(page, layers.Conv2D(CHANNELS, 1, dtype="float32", name="maps")(x))


def _full(layers: Any, x: Any, channels: int, side: int, stride: int) -> Any:
    x = layers.Conv2D(channels, side, strides=stride, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def _separable(layers: Any, x: Any, channels: int, side: int, stride: int) -> Any:
    x = layers.DepthwiseConv2D(side, strides=stride, padding="same", use_bias=False)(x)
    return _full(layers, x, channels, 1, 1)


def make_target(
    darkness: Ink, classes: NDArray[np.uint8], band: NDArray[np.uint8], heights: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return what the network is to say of a patch, and how much each answer counts: (h / 2, w / 2, TARGETS).

    Args:
        darkness: (h, w), as the network sees the patch.
        classes: of each pixel; ``UNWRITTEN`` and ``UNKNOWN`` among them.
        band: 1 in core bands, 0 outside, 255 where nobody knows.
        heights: of text in pixels, 0 where unknown.
    """
    weight = np.where(darkness > DARK, 1.0, np.where(darkness > NEAR, 0.35, 0.12)).astype(np.float32)
    weight[classes == UNKNOWN] = 0
    h, w = darkness.shape
    target = np.zeros((h // 2, w // 2, TARGETS), np.float32)
    target[..., 0:4] = _fold(classes == WRITTEN)
    target[..., 4:8] = _fold(weight)
    darkest = _fold(darkness).argmax(-1)[..., None]
    kind = np.take_along_axis(_fold(classes), darkest, -1)[..., 0]
    told = (kind != WRITTEN) & (kind != UNWRITTEN) & (kind != UNKNOWN)
    target[..., 8] = np.where(told & (kind != PAPER), kind - 1, 0)
    target[..., 9] = told * np.take_along_axis(_fold(weight), darkest, -1)[..., 0]
    near = cv2.dilate((band == 1).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    target[..., 10] = (band == 1)[::2, ::2]
    target[..., 11] = (np.where(near, 1.0, 0.5) * (band != UNKNOWN))[::2, ::2]
    known = heights[::2, ::2] > 0
    target[..., 12] = np.where(known, np.log2(np.maximum(heights[::2, ::2], 1) / TYPICAL), 0)
    target[..., 13] = known & (band[::2, ::2] == 1)
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

    written, counts = target[..., 0:4], target[..., 4:8]
    hand = mean(crossed(written, maps[..., 0:4]), counts)
    likely = ops.sigmoid(maps[..., 0:4]) * counts
    overlap = 2 * ops.sum(likely * written) / (ops.sum(likely) + ops.sum(written * counts) + 1.0)
    chosen = ops.one_hot(ops.cast(target[..., 8], "int32"), KINDS)
    kinds = -ops.sum(chosen * ops.log_softmax(maps[..., 4:8], axis=-1), axis=-1)
    band = mean(crossed(target[..., 10], maps[..., 8]), target[..., 11])
    off = ops.abs(maps[..., 9] - target[..., 12])
    height = mean(ops.where(off < 0.25, 2 * off * off, off - 0.125), target[..., 13])
    return 2 * hand + 0.3 * (1 - overlap) + 0.6 * mean(kinds, target[..., 9]) + band + 0.5 * height
