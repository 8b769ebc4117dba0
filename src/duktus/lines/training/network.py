"""The transcriber's network and its loss; runs on any backend of Keras, which is imported where it is used.

Columns by convolutions, then residual blocks of depthwise convolutions along the line, as in ConvNets for speech
(Kriman et al., "QuartzNet", 2019); no recurrence, which would learn how long numbers are. A second head on the columns
alone is trained beside (Retsinas et al., "Best practices for a handwritten text recognition system", 2022).
"""

from functools import partial
from typing import Any

from duktus.lines.reading.ctc import BLANK
from duktus.lines.training.settings import ColumnSettings

SCORES = "scores"
"""Name of the layer whose outputs are served."""

LEAST_LOG = -80.0
"""Logarithm of the least probability that counts: below it, TensorFlow's operation has an infinite loss."""

LENGTHS = 2
"""Columns of a target behind its outputs: how many of them count, and how many steps of the strip."""


def build(settings: ColumnSettings, height: int, outputs: int) -> Any:
    """Return the network: strips (n, height, w, 1) to scores (n, w / 4, outputs), twice as many with the shortcut.

    Args:
        settings: its layers.
        height: of a strip.
        outputs: characters and the blank.
    """
    import keras

    layers = keras.layers
    strip = keras.Input((height, None, 1), name="strips")
    conv = partial(_conv, layers, folded=settings.folded)
    x = conv(strip, settings.stem, 5, 2)
    for stage, (channels, residuals) in enumerate(zip(settings.stages, settings.residuals, strict=True)):
        if stage:
            x = layers.MaxPooling2D((2, 2) if stage == 1 else (2, 1))(x)
        x = conv(x, channels, 3, 1)
        for _ in range(residuals):
            x = layers.Add()([x, conv(x, channels, 3, 1)])
    if len(settings.stages) == 1:
        x = layers.MaxPooling2D(2)(x)
    x = layers.MaxPooling2D((height >> max(2, len(settings.stages)), 1))(x)
    columns = x = conv(x, settings.width, 1, 1)
    for _ in range(settings.blocks):
        x = layers.Add()([x, _block(layers, x, settings)])
    x = layers.ReLU()(x)
    if settings.dropout:
        x = layers.SpatialDropout2D(settings.dropout)(x)
    scores = _head(layers, x, outputs, SCORES)
    if settings.shortcut:
        scores = layers.Concatenate(dtype="float32")([scores, _head(layers, columns, outputs, "shortcut")])
    return keras.Model(strip, scores, name="transcriber")


def served(network: Any) -> Any:
    """Return the part of a network that is served: without the second head."""
    import keras

    return keras.Model(network.input, network.get_layer(SCORES).output, name="transcriber")


def _conv(layers: Any, x: Any, channels: int, side: int, stride: int, *, folded: bool) -> Any:
    x = layers.Conv2D(channels, side, strides=stride, padding="same", use_bias=folded)(x)
    return layers.ReLU()(_normalised(layers, x, folded=folded))


def _normalised(layers: Any, x: Any, *, folded: bool) -> Any:
    return x if folded else layers.BatchNormalization(momentum=0.95)(x)


def _block(layers: Any, x: Any, settings: ColumnSettings) -> Any:
    folded = settings.folded
    x = layers.DepthwiseConv2D((1, settings.reach), padding="same", use_bias=folded)(x)
    x = _normalised(layers, x, folded=folded)
    x = layers.ReLU()(layers.Conv2D(2 * settings.width, 1)(x))
    return _normalised(layers, layers.Conv2D(settings.width, 1, use_bias=folded)(x), folded=folded)


def _head(layers: Any, x: Any, outputs: int, name: str) -> Any:
    x = layers.Conv2D(outputs, 1, dtype="float32")(x)
    return layers.Reshape((-1, outputs), dtype="float32", name=name)(x)


def ctc(shortcut: float, outputs: int) -> Any:
    """Return the loss of a batch: of CTC, a character, with the second head's at a weight.

    Its targets are (n, longest + ``LENGTHS``): outputs in order, then how many of them count, and how many steps.
    """
    from keras import backend, ops

    losses_of = _sparse_losses if backend.backend() == "tensorflow" else ops.ctc_loss

    def one(target: Any, scores: Any) -> Any:
        target = ops.cast(target, "int32")
        text, counts, steps = target[:, :-LENGTHS], target[:, -2], target[:, -1]
        losses = losses_of(text, ops.cast(scores, "float32"), counts, steps, mask_index=BLANK)
        return ops.sum(losses) / ops.cast(ops.sum(counts + 1), "float32")

    def loss(target: Any, scores: Any) -> Any:
        if not shortcut:
            return one(target, scores)
        return one(target, scores[..., :outputs]) + shortcut * one(target, scores[..., outputs:])

    return loss


def _sparse_losses(text: Any, scores: Any, counts: Any, steps: Any, mask_index: int) -> Any:
    """Return what ``keras.ops.ctc_loss`` does, by TensorFlow's older operation, which is much faster on a CPU.

    Its blank is the last output, so outputs and labels move down by one. It takes no empty text, whose one path is
    blanks throughout: such a row is given a label, and its loss is counted here.
    """
    import tensorflow as tf

    filled = tf.sequence_mask(tf.maximum(counts, 1), tf.shape(text)[1])
    places = tf.where(filled)
    labels = tf.maximum(tf.gather_nd(text, places) - 1, 0)
    sparse = tf.SparseTensor(places, labels, tf.cast(tf.shape(text), "int64"))
    logs = tf.nn.log_softmax(scores)
    bounded = tf.maximum(logs, LEAST_LOG)
    moved = tf.concat([bounded[..., mask_index + 1 :], bounded[..., : mask_index + 1]], axis=-1)
    by_step = tf.transpose(moved, (1, 0, 2))
    losses = tf.compat.v1.nn.ctc_loss(sparse, by_step, steps, ignore_longer_outputs_than_inputs=True)
    blanks = -logs[..., mask_index] * tf.sequence_mask(steps, tf.shape(scores)[1], "float32")
    return tf.where(counts > 0, losses, tf.reduce_sum(blanks, axis=1))
