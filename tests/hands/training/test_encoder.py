"""A recipe becomes an encoder of hands that serves, carries its calibration, and is the same each time."""

from pathlib import Path

import numpy as np
import pytest

from duktus.cli import main
from duktus.hands.identification.reader import HandReader, open_hands
from duktus.hands.training.encoder import HandEncoder
from duktus.learning.recipe import load_recipe
from duktus.learning.train import train
from duktus.models.file import check_model
from duktus.types import RecipeError
from tests.hands.pages import page_of
from tests.hands.training.sets import RECIPE, hands_recipe, write_hands
from tests.test_packaging import imported_by


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder by the command line, of six writers."""
    folder = tmp_path_factory.mktemp("encoder")
    hands_recipe(write_hands(folder))
    out = folder / "pen-hands.onnx"
    assert main(["train", str(folder / "hands.toml"), "--data", str(folder), "--out", str(out)]) == 0
    return out


def test_it_serves(encoder: Path) -> None:
    """The file passes its check and gives vectors of pages."""
    assert check_model(encoder).passed
    hand = open_hands(encoder).look([page_of(1)])
    assert hand.vectors.shape[1] == 4
    assert np.linalg.norm(hand.vectors, axis=1) == pytest.approx(1, abs=1e-4)


def test_its_card(encoder: Path) -> None:
    """The card holds what was counted, the calibration with its comparisons, figures and attribution."""
    card = HandReader(open_hands(encoder)._session)._session.card
    assert card.preprocessing.contours is not None
    assert card.preprocessing.contours.legs == (4, 9)
    assert card.likelihood is not None
    assert (card.likelihood.same, card.likelihood.different) == (6, 6)
    assert [metric.n for metric in card.metrics] == [24, 6, 216]
    assert card.metrics[2].name == "Cllr of pairs, dhsd"
    assert card.likelihood.measure == "closeness"
    assert card.attribution == ("Written by the pen.",)
    assert "legs (4, 9)" in card.describe()


def test_the_same_seed_gives_the_same_vectors(encoder: Path, tmp_path: Path) -> None:
    """Fitted again, the encoder says the same."""
    again = train(
        HandEncoder(), hands_recipe(tmp_path), data=encoder.parent, out=tmp_path / "b.onnx", report=lambda _: None
    )
    first, second = (open_hands(each).look([page_of(2)]).vectors for each in (encoder, again))
    assert first == pytest.approx(second, abs=1e-5)


def test_keras_is_not_needed(tmp_path: Path) -> None:
    """An encoder of hands is fitted where neither Keras nor TensorFlow is installed."""
    hands_recipe(write_hands(tmp_path))
    words = ["train", str(tmp_path / "hands.toml"), "--data", str(tmp_path), "--out", str(tmp_path / "h.onnx")]
    blocked = "sys.modules.update(dict.fromkeys(('keras', 'tensorflow', 'tf2onnx', 'sklearn', 'matplotlib')))"
    imported_by(f"{blocked}; from duktus.cli import main; assert main({words!r}) == 0")
    assert check_model(tmp_path / "h.onnx").passed


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('sources = ["dhsd"]\ncalibration = ["dhsd"]', "sources = []"), "hands.sources"),
        (('calibration = ["dhsd"]', 'calibration = ["iam"]'), "hands.calibration"),
        (('calibration = ["dhsd"]\n', ""), "hands.calibration"),
        (("vector = 4", "vector = 40"), "hands.vector"),
        (('calibration = ["dhsd"]', 'calibration = ["dhsd"]\nunfitted = ["dhsd"]'), "hands.unfitted"),
        (("vector = 4", "vector = 4\nscales = [0.9]"), "hands.scales"),
        (("bins = 12", "bins = 11"), "contours.bins"),
        (("folds = 2", "folds = 1"), "hands.folds"),
    ],
)
def test_what_cannot_be_fitted(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    """A recipe that makes no sense is told before anything runs."""
    with pytest.raises(RecipeError, match=named):
        hands_recipe(tmp_path, RECIPE.replace(*change))


def test_the_recipe_that_ships(repository: Path) -> None:
    """The recipe of the shipped encoder is read, and names sets whose weights may ship alone."""
    hands = load_recipe(repository / "recipes" / "hand-encoder.toml", HandEncoder()).hands
    assert set(hands.sources) == {"dhsd", "testaments", "copiste", "unipen"}
