"""A network, its card and the file of both, made once for the tests of this folder."""

from pathlib import Path

import pytest

from duktus.models.card import Card
from duktus.models.file import save_model
from tests.models.networks import card_of, convolutional


@pytest.fixture(scope="session")
def network() -> bytes:
    """An ONNX file without a card."""
    return convolutional()


@pytest.fixture(scope="session")
def card(network: bytes) -> Card:
    """The card that tells the truth about ``network``."""
    return card_of(network)


@pytest.fixture
def model(network: bytes, card: Card, tmp_path: Path) -> Path:
    """A whole model file."""
    path = tmp_path / "model.onnx"
    save_model(network, card, path)
    return path
