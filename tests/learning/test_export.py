"""Keras to ONNX: the same logits at any batch size, and an alarm where they are not."""

from typing import Any

import keras
import numpy as np
import onnx
import pytest

from duktus.learning.export import compare, export_onnx
from duktus.learning.networks import build_network
from duktus.learning.precision import mixed_precision
from duktus.models.card import Sample
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import Glyphs, ModelError
from tests.models.networks import plain_card

LINES = ("conv 4 bn relu stride 2", "maxpool 2", "conv 6 bn gelu", "avgpool 2", "dropout 0.3", "dense 8 silu")


@pytest.fixture(scope="module")
def network() -> Any:
    """A network with every kind of layer that a recipe can name, its batch normalisation set to some figures."""
    keras.utils.set_random_seed(3)
    built = build_network(LINES, (28, 28), 4)
    rng = np.random.default_rng(0)
    built.set_weights([weight + rng.uniform(0, 0.3, weight.shape) for weight in built.get_weights()])
    return built


@pytest.fixture(scope="module")
def exported(network: Any) -> bytes:
    """The same network as the content of an ONNX file."""
    return export_onnx(network)


@pytest.fixture(scope="module")
def session(exported: bytes) -> Session:
    """The exported network, opened as a model file is."""
    return Session(embed_card(exported, plain_card()), threads=1)


def glyphs(count: int = 20) -> Glyphs:
    """Some glyphs of noise."""
    return np.random.default_rng(1).random((count, 28, 28, 1), np.float32)


def test_logits_are_the_same(network: Any, session: Session) -> None:
    """ONNX Runtime gives Keras' logits, glyph by glyph and all at once, and ``compare`` says how nearly."""
    assert 0 <= compare(network, session, glyphs()) < 1e-4
    expected = network.predict(glyphs(), verbose=0)
    np.testing.assert_allclose(session.run(glyphs()), expected, atol=1e-4)
    np.testing.assert_allclose(session.run(glyphs(1)), expected[:1], atol=1e-4)


def test_ports_are_written_down(exported: bytes) -> None:
    """The file names its one input, leaves the batch open, and says how wide the output is."""
    graph = onnx.load_model_from_string(exported).graph
    onnx.checker.check_model(onnx.load_model_from_string(exported))
    assert [port.name for port in graph.input] == ["glyphs"]
    shape = graph.output[0].type.tensor_type.shape.dim
    assert [side.dim_value for side in shape[1:]] == [4]
    assert not shape[0].dim_value


def test_perturbed_network_is_noticed(network: Any, session: Session) -> None:
    """A network whose weights were changed by a thousandth after its export is not passed."""
    changed = build_network(LINES, (28, 28), 4)
    changed.set_weights([weight + np.float32(1e-3) for weight in network.get_weights()])
    with pytest.raises(ModelError, match=r"expected logits within .* of Keras', received"):
        compare(changed, session, glyphs())


def test_network_that_gives_no_numbers_is_noticed(network: Any, session: Session) -> None:
    """A network with a weight that is not a number is not passed either."""
    broken = build_network(LINES, (28, 28), 4)
    broken.set_weights([np.full_like(weight, np.nan) for weight in network.get_weights()])
    with pytest.raises(ModelError, match="received a difference of nan"):
        compare(broken, session, glyphs())


def test_other_precision_is_refused() -> None:
    """A network in bfloat16 is not exported: it is to be built again in float32."""
    with mixed_precision("mixed_bfloat16"):
        mixed = build_network(("conv 4", "gap"), (8, 8), 2)
    with pytest.raises(ModelError, match="expected a network in float32"):
        export_onnx(mixed)


def test_card_goes_into_the_file(exported: bytes) -> None:
    """The content takes a card like any other ONNX file."""
    inputs, outputs = np.zeros((1, 28, 28, 1), np.float32), np.zeros((1, 4), np.float32)
    assert Session(embed_card(exported, plain_card())).card.sample == Sample.of(inputs, outputs)
