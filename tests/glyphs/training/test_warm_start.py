"""What a training that starts from an encoder begins with."""

from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training.folder import prepare_folder
from duktus.glyphs.training.pretrained import PretrainedEncoder, open_pretrained, with_encoder
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import folder_recipe
from duktus.glyphs.training.warm_start import warm_start
from duktus.learning.samples import TrainingData
from tests.glyphs.training.encoders import write_encoder, write_letters
from tests.glyphs.training.sets import NOWHERE, quietly


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> PretrainedEncoder:
    """The small encoder."""
    return open_pretrained(str(write_encoder(tmp_path_factory.mktemp("start") / "small.onnx")))


def prepared(folder: Path, each: int, start: PretrainedEncoder) -> tuple[GlyphRecipe, TrainingData]:
    """A folder of three letters, ready to begin with."""
    write_letters(folder, "AEK", each)
    recipe = with_encoder(folder_recipe(folder, [f'start="{start.session.name}"']), start)
    return prepare_folder(recipe, start, quietly(NOWHERE, folder))


@pytest.mark.parametrize("each", [1, 6])
def test_first_weights_and_strangers(each: int, tmp_path: Path, start: PretrainedEncoder) -> None:
    """A training begins with scores for each label and none, and with drawings of none, be there one image a label."""
    recipe, parts = prepared(tmp_path, each, start)
    begun = warm_start(recipe, parts, start)
    assert begun.initial is not None
    assert begun.initial[-1].shape == (4,)
    assert np.abs(begun.initial[-1][:3]).min() > 0 == begun.initial[-1][3]
    assert 0 < len(begun.others.frames) <= round(0.3 * len(parts.own.frames))
    assert set(begun.others.classes) == {3}
