"""What a recipe trains on: three parts that never mix, and pools that are made once."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training.dataset import prepare
from duktus.glyphs.training.pools import PoolSettings
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.classification import augmented_batches
from duktus.learning.task import Work
from duktus.types import DataError
from tests.glyphs.training.sets import digits, quietly, small_recipe, write_set


def test_parts_do_not_mix(data_set: Path, tmp_path: Path) -> None:
    """All training images are either trained on or chosen by, the test images neither."""
    data = prepare(small_recipe(tmp_path), quietly(tmp_path, data_set))
    assert [len(part.frames) for part in (data.own, data.validation, data.test)] == [48, 12, 18]
    own, held = ({frame.tobytes() for frame in part.frames} for part in (data.own, data.validation))
    assert len(own | held) == 60
    assert data.own.classes.dtype == np.int64


def test_same_seed_same_parts(data_set: Path, tmp_path: Path) -> None:
    """A seed divides the images in the same way again, another one in another."""
    first, again, other = (
        prepare(small_recipe(tmp_path, f"seed={seed}"), quietly(tmp_path, data_set)).validation.frames
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_raw_images(data_set: Path, tmp_path: Path) -> None:
    """A recipe may take the images as they are."""
    data = prepare(small_recipe(tmp_path, "raw=true"), quietly(tmp_path, data_set))
    np.testing.assert_array_equal(data.test.frames, digits(18, 2)[0])


def test_frames_of_any_size(data_set: Path, tmp_path: Path) -> None:
    """A recipe's frame need not be of the images' size."""
    recipe = small_recipe(tmp_path, "glyph.height=20", "glyph.width=20", "glyph.box=16")
    data = prepare(recipe, quietly(tmp_path, data_set))
    assert {glyphs.shape[1:] for glyphs, _ in augmented_batches(recipe, data, 1)} == {(20, 20, 1)}


def test_card_names_the_data(data_set: Path, tmp_path: Path) -> None:
    """The source has fingerprint, number and parts; the recipe's name and licence where it is the recipe's own set."""
    (source,) = prepare(small_recipe(tmp_path), quietly(tmp_path, data_set)).sources
    assert (source.name, source.licence) == (data_set.name, "not stated")
    assert len(source.fingerprint) == 64
    assert (source.n, source.split) == (60, "48 to train, 12 to choose and calibrate by")
    (own,) = prepare(small_recipe(tmp_path), quietly(tmp_path, write_set(tmp_path / "mnist"))).sources
    assert (own.name, own.licence) == ("mnist", "CC BY-SA 3.0")


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        (["validation=60"], "more than the 60 images of data.validation"),
        (['labels=["0", "1"]'], "expected 2 labels, 0 to 1, received a 2"),
        (["pools.pictures=2", "twins=missing.csv"], "missing.csv"),
    ],
)
def test_data_that_do_not_fit(overrides: list[str], said: str, data_set: Path, tmp_path: Path) -> None:
    """A set with too few images, more labels than the recipe, or without its table is refused at once."""
    with pytest.raises(DataError, match=said):
        prepare(small_recipe(tmp_path, *overrides), quietly(tmp_path, data_set))


def test_missing_data(tmp_path: Path) -> None:
    """A set that is not there is asked for by its name."""
    with pytest.raises(DataError, match="duktus data mnist"):
        prepare(small_recipe(tmp_path), quietly(tmp_path, tmp_path / "missing"))


def test_missing_omniglot(data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Omniglot is asked for before anything is made, with the way to do without it."""
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    (tmp_path / "omniglot").mkdir()
    recipe = replace(small_recipe(tmp_path), other=True, pools=PoolSettings(omniglot=3))
    with pytest.raises(DataError, match=r"images_background.zip.*pools.omniglot=0"):
        prepare(recipe, quietly(tmp_path, data_set))


def test_pools_are_made_once(data_set: Path, tmp_path: Path) -> None:
    """A second run takes the pools of the first; with another seed, other labels or other images they are made anew."""
    lines: list[str] = []
    recipe = replace(small_recipe(tmp_path), other=True, pools=PoolSettings(written=3, halves=4))

    def pools(changed: GlyphRecipe, folder: Path) -> bytes:
        lines.clear()
        data = prepare(changed, Work(tmp_path / "work", folder, lines.append))
        return data.characters.frames.tobytes() + data.others.frames.tobytes()

    first = pools(recipe, data_set)
    assert any(line.startswith("pools: 3 characters, 4") for line in lines)
    assert pools(recipe, data_set) == first
    assert not any(line.startswith("pools") for line in lines)
    for changed, folder in (
        (recipe, write_set(tmp_path / "larger", train=72)),
        (replace(recipe, seed=2), data_set),
        (replace(recipe, labels=("2", "1", "0")), data_set),
    ):
        assert pools(changed, folder) != first


def test_broken_pools(data_set: Path, tmp_path: Path) -> None:
    """A file of pools that is none is refused, with what to do."""
    (tmp_path / "pools.npz").write_bytes(b"PK half")
    recipe = replace(small_recipe(tmp_path), pools=PoolSettings(written=3))
    with pytest.raises(DataError, match="delete it"):
        prepare(recipe, quietly(tmp_path, data_set))
