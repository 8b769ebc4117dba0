"""A classifier of the pen's hands: how much goes which way in a patch, weighed by a linear discriminant."""

import functools
from dataclasses import replace

import cv2
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from duktus.hands.identification.classifier import HandClassifier
from duktus.imaging.frames.strip import PatchFrame, lay_patches, strips_of
from duktus.imaging.ink.extraction import InkSettings
from duktus.models.card import Calibration, Preprocessing, Sample
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from tests.hands.pages import as_page, hand_of, line_ink
from tests.models.networks import plain_card

WRITERS = (1, 5, 8, 10)
LABELS = tuple(f"writer {seed}" for seed in WRITERS)
TEXTS = (
    "a quiet river bends", "under the tall trees", "bring me seven jugs", "of plain dark wine",
    "nobody came by then", "with oxen and a cart", "she wrote it at once", "and folded the page",
)  # fmt: skip
"""What the classifier learns from."""

FRAME = PatchFrame(height=96, side=96, size=48)
WAYS, TAPS, WAVES = 12, 9, (3, 5, 8)


@functools.cache
def classifier_content() -> bytes:
    """The classifier as a model file's content."""
    frames = [_patches(seed) for seed in WRITERS]
    nothing = Sample.of(np.zeros((0, 1), np.float32), np.zeros((0, 1), np.float32))
    card = replace(
        plain_card(),
        name="ways",
        task="hand-classifier",
        labels=LABELS,
        other=False,
        preprocessing=Preprocessing(InkSettings(), None, patches=FRAME),
        calibration=Calibration(temperature=1.0, threshold=0.3, accept=None, split="none", growth=0.5, n=8),
        sample=nothing,
    )
    ways = replace(card, labels=tuple(map(str, range(WAYS * len(WAVES)))))
    measure = Session(embed_card(_network(None), ways), threads=1)
    learnt = [measure.run(_batch(patches)) for patches in frames]
    network = _network(_discriminant(learnt))
    inputs = _batch(frames[0][:2])
    outputs = Session(embed_card(network, card), threads=1).run(inputs)
    return embed_card(network, replace(card, sample=Sample.of(inputs, outputs)))


@functools.cache
def classifier() -> HandClassifier:
    """The classifier, opened."""
    return HandClassifier(Session(classifier_content(), threads=1))


def _patches(seed: int) -> NDArray[np.uint8]:
    """The patches of a writer's lines."""
    rng = np.random.default_rng((seed, 5))
    pages = [as_page(np.pad(line_ink(hand_of(seed), text, rng), 8)) for text in TEXTS]
    found = [each for page in pages for each in strips_of(page, FRAME, InkSettings())]
    return np.concatenate([lay_patches(each.strip, FRAME) for each in found])


def _batch(patches: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (patches.astype(np.float32) * np.float32(1 / 255))[..., None]


def _discriminant(learnt: list[NDArray[np.float32]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The weights (features, writers) and the bias of Fisher's linear discriminant."""
    middles = np.stack([each.mean(axis=0) for each in learnt]).astype(np.float64)
    within = np.cov(np.concatenate([each - each.mean(axis=0) for each in learnt]).T) + 1e-6 * np.eye(WAYS * len(WAVES))
    weights = np.linalg.solve(within, middles.T)
    return np.asarray(weights, np.float64), np.asarray(-0.5 * (middles.T * weights).sum(axis=0), np.float64)


def _network(fitted: tuple[NDArray[np.float64], NDArray[np.float64]] | None) -> bytes:
    """Strokes that go each of twelve ways, from thin to broad, added up over the patch; then the discriminant."""
    kernels = [
        cv2.getGaborKernel((TAPS, TAPS), 2.0, np.pi * way / WAYS, wave, 0.7, 0) for wave in WAVES for way in range(WAYS)
    ]
    planes = np.stack([kernel - kernel.mean() for kernel in kernels])[:, None].astype("f4")
    nodes = [
        helper.make_node("Transpose", ["ink"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "kernels"], ["maps"], strides=[2, 2]),
        helper.make_node("Relu", ["maps"], ["active"]),
        helper.make_node("GlobalAveragePool", ["active"], ["means"]),
        helper.make_node("Flatten", ["means"], ["features" if fitted else "scores"]),
    ]
    weights = [numpy_helper.from_array(planes, "kernels")]
    if fitted is not None:
        nodes.append(helper.make_node("Gemm", ["features", "weights", "bias"], ["scores"]))
        weights += [
            numpy_helper.from_array(np.asarray(w, "f4"), name)
            for w, name in zip(fitted, ("weights", "bias"), strict=True)
        ]
    source = helper.make_tensor_value_info("ink", TensorProto.FLOAT, ["n", *FRAME.shape, 1])
    result = helper.make_tensor_value_info(
        "scores", TensorProto.FLOAT, ["n", len(WRITERS) if fitted else len(WAVES) * WAYS]
    )
    graph = helper.make_graph(nodes, "ways", [source], [result], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())
