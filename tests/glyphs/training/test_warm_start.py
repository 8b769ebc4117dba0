"""What a training that starts from an encoder begins with, and begins again with."""

from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training.dataset import TrainingData
from duktus.glyphs.training.folder import folder_recipe, prepare_folder
from duktus.glyphs.training.pretrained import Start, open_start, started
from duktus.glyphs.training.warm_start import begin, begin_again
from duktus.learning.recipe import Recipe
from tests.glyphs.training.encoders import write_encoder, write_letters


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Start:
    """The small encoder."""
    return open_start(str(write_encoder(tmp_path_factory.mktemp("start") / "small.onnx")))


def prepared(folder: Path, each: int, start: Start) -> tuple[Recipe, TrainingData]:
    """A folder of three letters, ready to begin with."""
    write_letters(folder, "AEK", each)
    recipe = started(folder_recipe(folder, [f'start="{start.session.name}"']), start)
    return prepare_folder(recipe, start, folder, lambda _: None)


@pytest.mark.parametrize("each", [1, 6])
def test_first_weights_and_strangers(each: int, tmp_path: Path, start: Start) -> None:
    """A training begins with scores for each label and none, and with drawings of none, be there one image a label."""
    recipe, parts = prepared(tmp_path, each, start)
    begun = begin(recipe, parts, start)
    assert begun.initial is not None
    assert begun.initial[-1].shape == (4,)
    assert np.abs(begun.initial[-1][:3]).min() > 0 == begun.initial[-1][3]
    assert 0 < len(begun.others.frames) <= round(0.3 * len(parts.own.frames))
    assert set(begun.others.classes) == {3}


def test_what_is_held_out_is_learnt_at_the_end(tmp_path: Path, start: Start) -> None:
    """The second training goes on from given weights with all images, holds none out, and is shorter."""
    recipe, parts = prepared(tmp_path, 6, start)
    weights = [np.zeros(1)]
    again, whole = begin_again(recipe, parts, weights)
    assert len(whole.own.frames) == 18
    assert not len(whole.validation.frames) + len(whole.test.frames)
    assert whole.initial is weights
    assert again.fit.epochs < recipe.fit.epochs
