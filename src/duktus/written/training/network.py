"""The segmenter's network: a small U-Net of separable convolutions.

U-Net: Ronneberger, Fischer and Brox, 2015. Separable convolutions: Chollet, "Xception", 2017. Keras is imported where
it is used.
"""

from typing import Any

from duktus.written.outputs import CHANNELS
from duktus.written.training.settings import UNetSettings


def build(settings: UNetSettings, side: int | None = None) -> Any:
    """Return the network: darkness (n, h, w, 1) to ``outputs.CHANNELS`` maps of half the size, as logits.

    Args:
        settings: its levels.
        side: of what it sees, in pixels; None for any multiple of ``settings.DEEPEST``.
    """
    import keras

    layers = keras.layers
    page = keras.Input((side, side, 1), name="darkness")
    levels, x = [], _full(layers, page, settings.channels[0], 5, 2)
    levels.append(x)
    for depth, (channels, blocks) in enumerate(zip(settings.channels[1:], settings.blocks[1:], strict=True)):
        x = _separable(layers, x, channels, 3, 2)
        for _ in range(blocks):
            x = layers.Add()([x, _separable(layers, x, channels, 3 if depth == 0 else 5, 1)])
        levels.append(x)
    for channels, skip in zip(settings.channels[-2::-1], levels[-2::-1], strict=True):
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
