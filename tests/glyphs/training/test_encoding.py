"""An encoder is trained on letters by several people, and its file teaches letters that it never saw."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.glyphs.teaching.teacher import Teacher
from duktus.glyphs.training.letters import prepare_letters
from duktus.glyphs.training.pools import PoolSettings
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import GlyphClassifier, GlyphEncoder
from duktus.learning.recipe import load_recipe
from duktus.learning.task import Work
from duktus.learning.train import train
from duktus.models.file import check_model, open_model_file
from duktus.models.runtime import Session
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import DataError, RecipeError
from tests.glyphs.training.sets import quietly

LETTERS = {"Pen": "ABCDEFGHJKLMNPRS", "Hidden": "TUWX"}
DRAWERS = 6

RECIPE = """
name = "letters"
task = "glyph-encoder"

[data]
source = "omniglot"
validation = 32
quarter_turns = true
pool_share = 0.2
without = ["Hidden"]

[network]
layers = ["conv 4 3 bn relu stride 2", "conv 8 3 bn relu stride 2", "gap"]
vector = 6

[fit]
epochs = 1
precision = "float32"
"""


@pytest.fixture(scope="module")
def alphabets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two alphabets by six hands each, laid out as Omniglot is."""
    folder = tmp_path_factory.mktemp("alphabets")
    for alphabet, letters in LETTERS.items():
        for number, letter in enumerate(letters, 1):
            place = folder / alphabet / f"character{number:02d}"
            place.mkdir(parents=True)
            for drawer in range(1, DRAWERS + 1):
                hand = sample_hand(np.random.default_rng((drawer, len(letters))))
                drawing = write(letter, hand, np.random.default_rng((drawer, number)))
                ink = np.pad(draw_ink(drawing, pen=Pen(width=0.08 * hand.size), height=40), 8)
                Image.fromarray(np.rint(255 - 255 * ink).astype(np.uint8)).save(
                    place / f"{number:04d}_{drawer:02d}.png"
                )
    return folder


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> GlyphRecipe:
    """A recipe for an encoder that never sees one of them."""
    path = tmp_path_factory.mktemp("recipe") / "letters.toml"
    path.write_text(RECIPE)
    return load_recipe(path, GlyphEncoder())


def test_parts(recipe: GlyphRecipe, alphabets: Path, tmp_path: Path) -> None:
    """Drawers stand on one side, turned drawings are letters of their own, and what may not be seen is not."""
    told: list[str] = []
    named, data = prepare_letters(recipe, Work(tmp_path, alphabets, told.append))
    assert len(named.labels) == 4 * len(LETTERS["Pen"])
    assert named.labels[:2] == ("Pen/character01", "Pen/character02")
    assert len(data.own.frames) + len(data.validation.frames) == 16 * DRAWERS
    assert len(data.characters.frames) == 3 * len(data.own.frames)
    assert len(data.test.frames) == 4 * DRAWERS
    assert any("split by group" in line for line in told)


def test_drawings_on_paper_and_by_other_tools(recipe: GlyphRecipe, alphabets: Path, tmp_path: Path) -> None:
    """Pools add pictures of what is trained on, under its labels, and are read from the cache the next time."""
    asked = replace(recipe, pools=PoolSettings(pictures=30, coarse=30))
    told: list[str] = []
    _, plain = prepare_letters(recipe, Work(tmp_path, alphabets, told.append))
    _, first = prepare_letters(asked, Work(tmp_path, alphabets, told.append))
    _, again = prepare_letters(asked, Work(tmp_path, alphabets, told.append))
    assert len(plain.own.frames) + 40 < len(first.own.frames) <= len(plain.own.frames) + 60
    assert set(first.own.classes.tolist()) == set(range(len(LETTERS["Pen"])))
    np.testing.assert_array_equal(first.own.frames, again.own.frames)
    assert sum("writing and photographing" in line for line in told) == 1


def test_trained_encoder(recipe: GlyphRecipe, alphabets: Path, tmp_path: Path) -> None:
    """A training ends with a file whose vectors have length 1, whose card has figures, and which can teach."""
    path = train(GlyphEncoder(), recipe, data=alphabets, out=tmp_path / "letters.onnx", report=lambda _: None)
    assert check_model(path).passed
    session = open_model_file(path)
    vectors = session.run(np.random.default_rng(0).random((5, 28, 28, 1), np.float32))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(5), rtol=1e-4)
    card = session.card
    assert card.calibration is not None
    assert [metric.name for metric in card.metrics] == ["accuracy from 1", "accuracy from 5"]
    assert card.metrics[0].split == "Hidden, never seen"
    assert Teacher(Session(path, threads=1)).encoder.dimension == 6


def test_an_alphabet_that_is_not_there(alphabets: Path, tmp_path: Path) -> None:
    """An alphabet to leave out that the data do not hold is a slip, and told."""
    (tmp_path / "r.toml").write_text(RECIPE.replace('"Hidden"', '"Futhorc"'))
    with pytest.raises(DataError, match=r"expected data\.without among Hidden, Pen; received 'Futhorc'"):
        prepare_letters(load_recipe(tmp_path / "r.toml", GlyphEncoder()), quietly(tmp_path, alphabets))


def test_recipes_of_encoders_name_no_labels(tmp_path: Path) -> None:
    """An encoder's letters come from its data; a classifier leaves out no alphabet."""
    (tmp_path / "r.toml").write_text(RECIPE.replace("\n[data]", '\nlabels = ["a", "b"]\n[data]'))
    with pytest.raises(RecipeError, match="no labels: an encoder's"):
        load_recipe(tmp_path / "r.toml", GlyphEncoder())
    (tmp_path / "c.toml").write_text(RECIPE.replace("glyph-encoder", 'glyph-classifier"\nlabels = ["a", "b"]\n#"'))
    with pytest.raises(RecipeError, match=r"data\.without and quarter_turns in encoders alone"):
        load_recipe(tmp_path / "c.toml", GlyphClassifier())
