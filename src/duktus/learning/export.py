"""A trained network to ONNX in float32, read back and compared before anybody relies on it."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.models.runtime import Session
from duktus.types import Glyphs, ModelError

TOLERANCE = 1e-4
"""Largest difference, relative to the largest logit, that is put down to the order of additions."""


PROBED = 64
"""Pixels of sides that a network leaves open, on which it is called once before it is exported."""


def export_onnx(network: Any, name: str = "glyphs") -> bytes:
    """Return a Keras network as the content of an ONNX file; the network must be in float32.

    Args:
        network: of one input and one output; sides that are None stay open.
        name: of the input.
    """
    import keras

    if network.compute_dtype != "float32":
        raise ModelError(f"export: expected a network in float32, received {network.compute_dtype}; build it again so")
    shape = network.input_shape[1:]
    network(np.zeros((1, *(side or PROBED for side in shape)), np.float32))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "network.onnx"
        signature = [keras.InputSpec(dtype="float32", shape=(None, *shape), name=name)]
        with warnings.catch_warnings():
            # Keras 3.15 looks whether the long-gone np.object exists, to mend its converter on old versions of NumPy.
            warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
            network.export(str(path), format="onnx", input_signature=signature, verbose=False)
        return _name_outputs(path.read_bytes(), network.output_shape[1:])


def compare(network: Any, session: Session, glyphs: Glyphs) -> float:
    """Return the largest difference of outputs between Keras and ONNX Runtime, at batch 1 and at all of ``glyphs``.

    Raises:
        ModelError: it is more than ``TOLERANCE`` of the largest logit.
    """
    expected = np.asarray(network.predict(glyphs, verbose=0), np.float32)
    together = session.run(glyphs)
    alone = np.concatenate([session.run(glyphs[i : i + 1]) for i in range(min(8, len(glyphs)))])
    difference = max(_apart(together, expected), _apart(alone, expected[: len(alone)]))
    limit = TOLERANCE * max(1.0, float(np.abs(expected).max()))
    if not difference <= limit:  # so that a difference that is no number fails too
        bound = f"expected logits within {limit:.2g} of Keras'"
        raise ModelError(f"export: {bound}, received a difference of {difference:.2g}; report this")
    return difference


def _apart(received: NDArray[np.float32], expected: NDArray[np.float32]) -> float:
    return float(np.abs(received - expected).max(initial=0))


def _name_outputs(content: bytes, shape: tuple[int | None, ...]) -> bytes:
    """Return the ONNX content with the width of its output written down, which some converters leave open."""
    import onnx

    model = onnx.load_model_from_string(content)
    dimensions = model.graph.output[0].type.tensor_type.shape.dim
    for dimension, width in zip(dimensions[1:], shape, strict=True):
        if width is not None:
            dimension.dim_value = width
    return bytes(model.SerializeToString())
