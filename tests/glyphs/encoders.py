"""An encoder of glyphs without training: their ink in 7 × 7 places, and how it scatters among the pen's letters."""

import functools
from dataclasses import replace

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper

from duktus.imaging.frames.glyph import GlyphFrame, frame_glyph
from duktus.models.card import Calibration, Sample, Spread
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.pen.hand import write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page
from tests.glyphs.handwriting import steady_hand
from tests.models.networks import plain_card

LETTERS = "AEHKMRTW"
DRAWN = 6
"""Drawings of each letter from which the spread is taken."""


def letter_ink(letter: str, seed: int) -> Ink:
    """A letter's ink by the steady hand, some 60 pixels high."""
    drawing = write(letter, steady_hand(), np.random.default_rng(seed))
    return draw_ink(drawing, pen=Pen(width=0.5, pressing=0.0), height=60)


def letter_page(letter: str, seed: int) -> Page:
    """The same, dark on white, with paper around it."""
    return np.asarray(255 - 255 * np.pad(letter_ink(letter, seed), 12), np.uint8)


@functools.cache
def encoder_content() -> bytes:
    """The encoder as a model file's content."""
    network, frame = _network(), GlyphFrame()
    glyphs = np.stack([frame_glyph(letter_ink(letter, 500 + i), frame) for letter in LETTERS for i in range(DRAWN)])
    card = replace(
        plain_card(),
        name="places",
        task="glyph-encoder",
        labels=(),
        other=False,
        calibration=Calibration(temperature=4.0, threshold=0.5, accept=None, split="none"),
        sample=Sample.of(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32)),
        spread=Spread((0.0,) * 49, (1.0,) * 49, (1.0,) * 49),
    )
    vectors = Session(embed_card(network, card), threads=1).run(glyphs[..., None])
    return embed_card(network, replace(card, spread=_spread(vectors)))


def _spread(vectors: NDArray[np.float32]) -> Spread:
    by_letter = vectors.reshape(len(LETTERS), DRAWN, -1).astype(np.float64)
    within = by_letter.var(axis=1, ddof=1).mean(axis=0) + 1e-3
    between = by_letter.mean(axis=1).var(axis=0, ddof=1) + 1e-3
    middle = vectors.mean(axis=0).astype(np.float64)
    return Spread(tuple(middle.tolist()), tuple(within.tolist()), tuple(between.tolist()))


def _network() -> bytes:
    nodes = [
        helper.make_node("Transpose", ["ink"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("AveragePool", ["planes"], ["places"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Flatten", ["places"], ["flat"]),
        helper.make_node("LpNormalization", ["flat"], ["vectors"], axis=1, p=2),
    ]
    source = helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["n", 28, 28, 1])
    result = helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", 49])
    graph = helper.make_graph(nodes, "places", [source], [result])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
