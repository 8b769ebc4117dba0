"""A classifier's copy in whole numbers: reads as the original does, and says what it is."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.datasets.labelled import load_labelled
from duktus.glyphs.training.quantize import RANGED, divide, quantize, quantize_classifier
from duktus.models.card import Card
from duktus.models.container import embed_card
from duktus.models.file import check_model, open_model_file, read_card, save_model, shipped
from duktus.models.runtime import Session
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import draw_ink, sample_pen
from duktus.types import DataError, ModelError
from tests.models.networks import card_of, convolutional, plain_card

COUNT = 40


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Digits by the pen, a folder a label."""
    made, rng = tmp_path_factory.mktemp("digits"), np.random.default_rng(5)
    for i in range(COUNT):
        hand = sample_hand(rng)
        ink = draw_ink(write(str(i % 10), hand, rng), pen=sample_pen(rng, size=hand.size), height=48, rng=rng)
        (made / str(i % 10)).mkdir(exist_ok=True)
        Image.fromarray((255 * (1 - ink)).astype(np.uint8)).save(made / str(i % 10) / f"{i}.png")
    return made


@pytest.fixture(scope="module")
def made(folder: Path) -> tuple[bytes, Card]:
    """The shipped reader of digits in whole numbers, by half of these, measured on the other half."""
    return quantize_classifier(Session(shipped("digits"), 1), *divide(folder), "drawings")


def test_the_copy_reads_alike(made: tuple[bytes, Card], folder: Path) -> None:
    """Scores are within a fraction of what parts two digits, the file is a third in size, and checks as sound."""
    content, card = made
    copy, whole = Session(embed_card(content, card), 1), Session(shipped("digits"), 1)
    glyphs = card.sample.input.unpack()
    assert np.abs(copy.run(glyphs) - whole.run(glyphs)).max() < 0.8
    assert (copy.run(glyphs).argmax(axis=1) == whole.run(glyphs).argmax(axis=1)).all()
    assert len(content) < 0.4 * len(whole.content)
    save_model(content, card, folder.parent / "copy.onnx")
    assert check_model(folder.parent / "copy.onnx").passed


def test_the_card_says_so(made: tuple[bytes, Card]) -> None:
    """The card names the numbers, what they were made by, and how many of the other images are read right."""
    card, before = made[1], read_card(shipped("digits"))
    assert (card.name, card.numbers) == ("digits-int8", "int8")
    assert (card.labels, card.calibration) == (before.labels, before.calibration)
    assert "20 images of drawings" in card.limits[-1]
    accuracy = card.metrics[0]
    assert (accuracy.name, accuracy.n, accuracy.split) == ("accuracy", COUNT // 2, "drawings")
    assert accuracy.value >= 0.9
    assert Card.from_json(card.to_json()) == card


def test_it_lies_beside_the_model(made: tuple[bytes, Card], tmp_path: Path) -> None:
    """The precision int8 opens the copy beside a model, or the copy itself, and takes no network in float32 for one."""
    whole = Path(shutil.copy(shipped("digits"), tmp_path / "mine.onnx"))
    with pytest.raises(
        ModelError,
        match=r"mine-int8\.onnx: expected the int8-quantised copy .* make it by 'duktus models quantize mine",
    ):
        open_model_file(whole, precision="int8")
    save_model(*made, tmp_path / "mine-int8.onnx")
    for path in (whole, tmp_path / "mine-int8.onnx"):
        assert open_model_file(path, precision="int8").precision == "int8"
    assert open_model_file(whole).precision == "float32"
    save_model(whole, read_card(whole), tmp_path / "mine-int8.onnx")
    with pytest.raises(ModelError, match="expected a network in int8, received one in float32"):
        open_model_file(whole, precision="int8")


def test_only_standard_operators(caplog: pytest.LogCaptureFixture) -> None:
    """A network stays one of ONNX's own operators, whatever its input is called, and nothing is logged."""
    network = convolutional()
    glyphs = np.random.default_rng(2).random((70, 28, 28, 1), np.float32)
    copy = Session(embed_card(quantize(network, glyphs), replace(card_of(network), numbers="int8")), 1)
    whole = Session(embed_card(network, card_of(network)), 1)
    assert np.abs(copy.run(glyphs) - whole.run(glyphs)).max() < 0.3
    assert not caplog.records


def as_encoder(card: Card) -> Card:
    """The card of an encoder."""
    return replace(card, task="glyph-encoder", labels=(), other=False)


@pytest.mark.parametrize("change", [lambda card: replace(card, numbers="int8"), as_encoder])
def test_what_cannot_be_brought_to_whole_numbers(change: Callable[[Card], Card], folder: Path) -> None:
    """A copy of a copy, or an encoder, whose vectors galleries keep, is refused."""
    session = Session(embed_card(convolutional(), change(plain_card())), 1)
    with pytest.raises(ModelError, match="expected a glyph-classifier in float32"):
        quantize_classifier(session, *divide(folder), "drawings")


def test_few_images_and_broken_ones(tmp_path: Path) -> None:
    """One image gives ranges and nothing to measure on; a broken one is passed over, and alone is no basis."""
    (tmp_path / "1_broken.png").write_bytes(b"none")
    session = Session(shipped("digits"), 1)
    with pytest.raises(DataError, match=r"whose ranges can be taken, received .*1_broken"):
        quantize_classifier(session, *divide(tmp_path), "drawings")
    Image.fromarray(np.full((20, 20), 255, np.uint8)).save(tmp_path / "1_a.png")
    ranges, asked = divide(tmp_path)
    assert (len(ranges), len(asked)) == (1, 1)
    images = load_labelled(tmp_path)
    assert quantize_classifier(session, images, images.subset([]), "drawings")[1].metrics == ()


def test_a_set_with_a_test_part(data_set: Path) -> None:
    """Ranges come from the training part, the figures from the test part."""
    ranges, asked = divide(data_set)
    assert (len(ranges), len(asked)) == (60, 18)
    assert len(ranges) <= RANGED
