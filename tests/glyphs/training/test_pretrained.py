"""A network that begins where an encoder stands answers as the gallery does that was taught the same."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.reading.head import fit_head
from duktus.glyphs.training.pretrained import open_pretrained, with_encoder
from duktus.glyphs.training.samples import Making, frame_images
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.classification import network_of
from duktus.learning.samples import as_batch
from duktus.models.card import Training
from duktus.models.container import embed_card, extract_card
from duktus.types import ModelError
from tests.cli.door import save_arbitrary_model
from tests.glyphs.training.encoders import DIMENSION, letter_page, small_encoder, write_encoder

LABELS = ("A", "E", "K", "Z")


def recipe() -> GlyphRecipe:
    """A recipe of a classifier with an output for none of its labels."""
    return GlyphRecipe("letters", "glyph-classifier", labels=LABELS, other=True)


def test_first_scores_are_those_of_a_gallery(tmp_path: Path) -> None:
    """Before any step the network gives the head's scores, scaled by the temperature, and 0 for a label untaught."""
    start = open_pretrained(str(write_encoder(tmp_path / "small.onnx")))
    plan = with_encoder(recipe(), start)
    making = Making(plan.ink, plan.glyph, LABELS)
    frames = frame_images([letter_page(letter, seed) for letter in "AEK" for seed in range(3)], making)
    vectors, classes = start.vectors(frames), np.repeat(np.arange(3), 3)
    network = network_of(plan)
    network.set_weights(start.initial_weights(vectors, classes, len(LABELS), other=True))
    head = fit_head(vectors, [LABELS[i] for i in classes], start.spread)
    scores = np.asarray(network(as_batch(frames)))
    np.testing.assert_allclose(scores[:, [0, 1, 2, 4]], head.scores(vectors) / start.temperature, atol=2e-2)
    assert np.abs(scores[:, 3:]).max() == 0


def test_network_is_the_encoders(tmp_path: Path) -> None:
    """Its layers are those of the encoder's recipe without their batch norm, its frame and ink the encoder's."""
    start = open_pretrained(str(write_encoder(tmp_path / "small.onnx")))
    assert start.lines[0] == "conv 8 3 relu"
    assert start.lines[-2:] == (f"dense {DIMENSION}", "unit")
    plan = with_encoder(recipe(), start)
    assert plan.network.layers[-1] == "squares"
    assert plan.glyph == start.session.card.preprocessing.glyph


def test_classifier_is_no_start(tmp_path: Path) -> None:
    """A model of another task is refused."""
    with pytest.raises(ModelError, match="expected a glyph-encoder to start from, received a glyph-classifier"):
        open_pretrained(str(save_arbitrary_model(tmp_path / "arbitrary.onnx")))


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        ('["conv 8 3 relu", "gap"]', "received other weights"),
        ('["conv 8 3 gelu", "maxpool 2", "conv 12 3 relu", "maxpool 2", "avgpool 2", "flatten"]', "apart"),
    ],
)
def test_card_that_names_other_layers(layers: str, said: str, tmp_path: Path) -> None:
    """An encoder whose card does not describe its network is refused, be it by the shapes or by what comes out."""
    content = small_encoder()
    card = replace(extract_card(content, "small"), training=Training(f"[network]\nlayers = {layers}\n", 1, {}, 1.0, 1))
    path = tmp_path / "other.onnx"
    path.write_bytes(embed_card(content, card))
    with pytest.raises(ModelError, match=said):
        open_pretrained(str(path))


def test_no_such_start() -> None:
    """A name that is none is refused with those there are."""
    with pytest.raises(ModelError, match="no model is named"):
        open_pretrained("no-such-encoder")
