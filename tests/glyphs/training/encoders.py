"""A small encoder with two convolutions of weights drawn at random, and folders of letters by the pen."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from duktus.imaging.frames.glyph import GlyphFrame, frame_glyph
from duktus.learning.embedding import fit_embedding
from duktus.models.card import Calibration, Card, Sample, Spread, Training
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page
from tests.models.networks import plain_card

LAYERS = ("conv 8 3 bn relu", "maxpool 2", "conv 12 3 relu", "maxpool 2", "avgpool 2", "flatten")
LETTERS = "ACEHKMRTWX"
DRAWN = 8
DIMENSION = 16


def letter_ink(letter: str, seed: int) -> Ink:
    """A letter's ink by a hand of its own for each seed."""
    rng = np.random.default_rng((seed, ord(letter)))
    hand = sample_hand(rng)
    return draw_ink(write(letter, hand, rng), pen=Pen(width=0.1 * hand.size), height=48)


def letter_page(letter: str, seed: int) -> Page:
    """The same, dark on white, with paper around it."""
    return np.asarray(np.rint(255 - 255 * np.pad(letter_ink(letter, seed), 10)), np.uint8)


def write_letters(folder: Path, letters: str, each: int, first: int = 0) -> Path:
    """Write a folder with the label in each file's name, ``each`` drawings of each letter."""
    folder.mkdir(parents=True, exist_ok=True)
    for letter in letters:
        for seed in range(first, first + each):
            Image.fromarray(letter_page(letter, seed)).save(folder / f"{letter}_{seed:03d}.png")
    return folder


@functools.cache
def small_encoder() -> bytes:
    """The encoder as a model file's content; its vectors are fitted to letters by the pen."""
    glyphs = np.stack(
        [frame_glyph(letter_ink(letter, 900 + i), GlyphFrame()) for letter in LETTERS for i in range(DRAWN)]
    )
    classes = np.repeat(np.arange(len(LETTERS)), DRAWN)
    features = _run(_content(None, None), glyphs)
    space = fit_embedding(features, classes, DIMENSION)
    return _content((space.matrix, space.offset), space.spread)


def write_encoder(path: Path) -> Path:
    """Write the encoder to a file."""
    path.write_bytes(small_encoder())
    return path


def _run(content: bytes, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
    return Session(content, threads=1).run(glyphs[..., None])


def _content(place: tuple[NDArray[np.float32], NDArray[np.float32]] | None, spread: Spread | None) -> bytes:
    """The network with its card; without a place for its vectors it gives features."""
    rng = np.random.default_rng(4)
    weights: dict[str, NDArray[Any]] = {
        "k1": rng.normal(0, 0.4, (8, 1, 3, 3)),
        "b1": rng.normal(0, 0.1, 8),
        "k2": rng.normal(0, 0.2, (12, 8, 3, 3)),
        "b2": rng.normal(0, 0.1, 12),
    }
    nodes = [
        helper.make_node("Transpose", ["ink"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "k1", "b1"], ["c1"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["r1"]),
        helper.make_node("MaxPool", ["r1"], ["p1"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["p1", "k2", "b2"], ["c2"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["r2"]),
        helper.make_node("MaxPool", ["r2"], ["p2"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("AveragePool", ["p2"], ["a2"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Transpose", ["a2"], ["places"], perm=[0, 2, 3, 1]),
        helper.make_node("Flatten", ["places"], ["features"]),
    ]
    width = 108
    if place is not None:
        weights |= {"m": place[0], "o": place[1]}
        width = place[0].shape[1]
        nodes += [
            helper.make_node("MatMul", ["features", "m"], ["mapped"]),
            helper.make_node("Add", ["mapped", "o"], ["placed"]),
            helper.make_node("LpNormalization", ["placed"], ["vectors"], axis=1, p=2),
        ]
    held = [numpy_helper.from_array(value.astype(np.float32), name) for name, value in weights.items()]
    source = helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["n", 28, 28, 1])
    result = helper.make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, ["n", width])
    graph = helper.make_graph(nodes, "small", [source], [result], held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return embed_card(bytes(model.SerializeToString()), _card(spread or Spread((0.0,), (1.0,), (1.0,))))


def _card(spread: Spread) -> Card:
    nothing = np.zeros((0, 1), np.float32)
    layers = ", ".join(f'"{line}"' for line in LAYERS)
    return replace(
        plain_card(),
        name="small",
        task="glyph-encoder",
        labels=(),
        other=False,
        calibration=Calibration(temperature=2.0, threshold=0.0, accept=None, split="none"),
        training=Training(f"[network]\nlayers = [{layers}]\n", 1, {}, 1.0, 1),
        sample=Sample.of(nothing, nothing),
        spread=spread,
    )
