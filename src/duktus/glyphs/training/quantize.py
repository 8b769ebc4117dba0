"""A trained network quantised to integers of eight bits (int8): a third of the size, and more than twice as fast.

Weights are scaled channel by channel, what passes between layers tensor by tensor, by the ranges that example glyphs
reach (Jacob et al. 2018, "Quantization and training of neural networks for efficient integer-arithmetic-only
inference"). Weights take seven of the eight bits: in pairs, products of full bytes overflow on processors with AVX2 and
no VNNI. The last layer stays in float32, as confidences are made of its scores.
"""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from duktus.datasets.idx import find_mnist
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.split import choose_evenly
from duktus.glyphs.evaluation.measure import measure_reader
from duktus.glyphs.reading.reader import Reader
from duktus.imaging.files.load import load_pages
from duktus.imaging.frames.glyph import single_glyph, stack_glyphs
from duktus.models.card import Card, Metric, Sample
from duktus.models.container import embed_card
from duktus.models.runtime import BATCH, Session
from duktus.types import DataError, Glyphs, ImageError, MissingExtraError, ModelError

RANGED = 500
"""Images at most by which ranges are measured."""

LAYERS = ("Conv", "Relu", "MaxPool", "Reshape", "GlobalAveragePool")
"""Operators that compute in int8: nearly all of the work."""

SAMPLED = 8
"""Glyphs of the card's sample."""


def divide(folder: Path) -> tuple[LabelledImages, LabelledImages]:
    """Return images whose ranges are taken, and others to measure on: the test part of a set that has one.

    Raises:
        DataError: as ``load_labelled`` raises it.
    """
    images = load_labelled(folder, part="train")
    if folder.is_dir() and any(find_mnist(folder)):
        return images.subset(choose_evenly(len(images), RANGED)), load_labelled(folder, part="test")
    chosen = choose_evenly(len(images), min(RANGED, (len(images) + 1) // 2))
    return images.subset(chosen), images.subset(np.setdiff1d(np.arange(len(images)), chosen))


def quantize(network: bytes, glyphs: Glyphs) -> bytes:
    """Return an int8-quantised ONNX network, its input and output in float32 as before.

    Args:
        network: the content of an ONNX file in float32.
        glyphs: (n, H, W, 1) examples, whose ranges are taken.

    Raises:
        MissingExtraError: ONNX's tools are not installed.
    """
    try:
        from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
        from onnxruntime.quantization.shape_inference import quant_pre_process
    except ImportError as error:
        raise MissingExtraError("int8 needs the package onnx: pip install 'duktus[train]'") from error
    with tempfile.TemporaryDirectory() as folder, _quiet():
        whole, ready, done = (str(Path(folder) / f"{name}.onnx") for name in ("whole", "ready", "done"))
        Path(whole).write_bytes(network)
        quant_pre_process(whole, ready, skip_symbolic_shape=True)
        quantize_static(
            ready,
            done,
            _Examples(_input_of(ready), glyphs),
            quant_format=QuantFormat.QDQ,  # in ONNX's own operators, which any runtime knows
            op_types_to_quantize=list(LAYERS),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            reduce_range=True,
        )
        return Path(done).read_bytes()


def quantize_classifier(
    session: Session,
    ranges: LabelledImages,
    measured: LabelledImages,
    source: str,
    report: Callable[[int, int], None] | None = None,
) -> tuple[bytes, Card]:
    """Return a classifier's int8-quantised copy, and its card with what the copy measures.

    Args:
        session: the classifier in float32.
        ranges: images whose ranges are taken.
        measured: other images, on which the copy is measured; it may be empty.
        source: what the card calls the images.
        report: called with how many images were measured on, and of how many.

    Raises:
        ModelError: the model is no glyph classifier in float32.
        DataError: none of the images can be read.
        MissingExtraError: ONNX's tools, or scikit-learn, are not installed.
    """
    card = session.card
    if card.task != "glyph-classifier" or card.numbers != "float32":
        received = f"a {card.task} in {card.numbers}"
        raise ModelError(f"{session.name}: expected a glyph-classifier in float32, received {received}")
    glyphs = _glyphs(session, ranges)
    content = quantize(session.content, glyphs)
    bare = replace(card, name=f"{card.name}-int8", numbers="int8", metrics=())
    copy = Session(embed_card(content, bare), session.threads, name=session.name)
    metrics: tuple[Metric, ...] = ()
    if len(measured):
        metrics = measure_reader(Reader(copy), measured, report=report).evaluation.to_metrics(source)
    note = f"Its layers compute in int8 by the ranges of {len(glyphs)} images of {source}."
    limits = (*card.limits, f"{note} Its calibration is that of the network in float32.")
    made = Sample.of(glyphs[:SAMPLED], copy.run(glyphs[:SAMPLED]))
    return content, replace(bare, metrics=metrics, limits=limits, sample=made)


def _glyphs(session: Session, images: LabelledImages) -> Glyphs:
    """Return the glyphs of those images that can be read."""
    settings = session.card.preprocessing
    assert settings.glyph is not None  # as the card of any glyph classifier has it
    found, errors = [], []
    for image in images.images:
        try:
            found.append(single_glyph(next(load_pages(image)), settings.ink, settings.glyph))
        except ImageError as error:
            errors.append(str(error))
    if not found:
        raise DataError(f"expected images whose ranges can be taken, received {errors[0] if errors else 'none'}")
    return stack_glyphs(found, settings.glyph)


class _Examples:
    """Glyphs as ONNX Runtime reads them: a part at a time, by the name of the network's input."""

    def __init__(self, name: str, glyphs: Glyphs) -> None:
        self._name = name
        self._parts: Iterator[Glyphs] = (glyphs[i : i + BATCH] for i in range(0, len(glyphs), BATCH))

    def get_next(self) -> dict[str, Glyphs] | None:
        """Return the next part, None after the last."""
        part = next(self._parts, None)
        return None if part is None else {self._name: part}


def _input_of(path: str) -> str:
    """Return the name of a network's input."""
    import onnx

    return str(onnx.load(path).graph.input[0].name)


@contextmanager
def _quiet() -> Iterator[None]:
    """Leave out the advice that ONNX Runtime's tools log, which is for whoever calls them."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        yield
    finally:
        logging.disable(before)
