"""What a recipe trains on: three parts that never mix, pools made once, batches that a seed gives again."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training.dataset import TrainingData, as_glyphs, batches, prepare
from duktus.glyphs.training.pools import PoolSettings
from duktus.glyphs.training.samples import Samples
from duktus.imaging.frames.augmentation import AugmentSettings
from duktus.learning.recipe import Recipe
from duktus.types import DataError
from tests.glyphs.training.sets import digits, small_recipe, write_set


def quiet(line: str) -> None:
    """Takes a line of progress and drops it."""


def numbered(count: int, first: int = 0) -> Samples:
    """Glyphs that can be told apart, one pixel of each its own, and classes that are their numbers."""
    frames = np.zeros((count, 28, 28), np.uint8)
    frames.reshape(count, 784)[np.arange(count), first + np.arange(count)] = 255
    return Samples(frames, np.arange(first, first + count))


def numbers() -> TrainingData:
    """Fifty glyphs of the set's own, twenty and ten of the pools."""
    nothing = numbered(0)
    return TrainingData(numbered(50), numbered(20, 50), numbered(10, 70), nothing, nothing, ())


def test_parts_do_not_mix(data_set: Path, tmp_path: Path) -> None:
    """All training images are either trained on or chosen by, the test images neither."""
    data = prepare(small_recipe(tmp_path), data_set, tmp_path / "pools.npz", quiet)
    assert [len(part.frames) for part in (data.own, data.validation, data.test)] == [48, 12, 18]
    own, held = ({frame.tobytes() for frame in part.frames} for part in (data.own, data.validation))
    assert len(own | held) == 60
    assert data.own.classes.dtype == np.int64


def test_same_seed_same_parts(data_set: Path, tmp_path: Path) -> None:
    """A seed divides the images in the same way again, another one in another."""
    first, again, other = (
        prepare(small_recipe(tmp_path, f"seed={seed}"), data_set, tmp_path / "pools.npz", quiet).validation.frames
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_raw_images(data_set: Path, tmp_path: Path) -> None:
    """A recipe may take the images as they are."""
    data = prepare(small_recipe(tmp_path, "raw=true"), data_set, tmp_path / "pools.npz", quiet)
    np.testing.assert_array_equal(data.test.frames, digits(18, 2)[0])


def test_frames_of_any_size(data_set: Path, tmp_path: Path) -> None:
    """A recipe's frame need not be of the images' size."""
    recipe = small_recipe(tmp_path, "glyph.height=20", "glyph.width=20", "glyph.box=16")
    data = prepare(recipe, data_set, tmp_path / "pools.npz", quiet)
    assert {glyphs.shape[1:] for glyphs, _ in batches(recipe, data, 1)} == {(20, 20, 1)}


def test_card_is_told_of_the_data(data_set: Path, tmp_path: Path) -> None:
    """The source has its fingerprint, licence, number of images and parts."""
    (source,) = prepare(small_recipe(tmp_path), data_set, tmp_path / "pools.npz", quiet).sources
    assert source.name == "mnist"
    assert len(source.fingerprint) == 64
    assert (source.n, source.split) == (60, "48 to train, 12 to choose and calibrate by")
    other = prepare(small_recipe(tmp_path, "source=own"), data_set, tmp_path / "pools.npz", quiet).sources[0]
    assert (other.name, other.licence) == ("own", "not known")


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
        prepare(small_recipe(tmp_path, *overrides), data_set, tmp_path / "pools.npz", quiet)


def test_missing_data(tmp_path: Path) -> None:
    """A set that is not there is asked for by its name."""
    with pytest.raises(DataError, match="duktus data mnist"):
        prepare(small_recipe(tmp_path), tmp_path / "missing", tmp_path / "pools.npz", quiet)


def test_missing_omniglot(data_set: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Omniglot is asked for before anything is made, with the way to do without it."""
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    (tmp_path / "omniglot").mkdir()
    recipe = replace(small_recipe(tmp_path), other=True, pools=PoolSettings(omniglot=3))
    with pytest.raises(DataError, match=r"images_background.zip.*pools.omniglot=0"):
        prepare(recipe, data_set, tmp_path / "pools.npz", quiet)


def test_pools_are_made_once(data_set: Path, tmp_path: Path) -> None:
    """A second run takes the pools of the first; with another seed, other labels or other images they are made anew."""
    cache = tmp_path / "work" / "pools.npz"
    lines: list[str] = []
    recipe = replace(small_recipe(tmp_path), other=True, pools=PoolSettings(written=3, halves=4))

    def pools(changed: Recipe, folder: Path) -> bytes:
        lines.clear()
        data = prepare(changed, folder, cache, lines.append)
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
        prepare(recipe, data_set, tmp_path / "pools.npz", quiet)


def test_epoch_shows_each_image_once(tmp_path: Path) -> None:
    """An epoch shows the set's own glyphs once each and a share of each pool, each with its class."""
    recipe = small_recipe(tmp_path, "pool_share=0.5")
    shown = list(batches(recipe, numbers(), 1))
    assert [len(glyphs) for glyphs, _ in shown] == [16, 16, 16, 16, 1]
    glyphs, classes = (np.concatenate(parts) for parts in zip(*shown, strict=True))
    assert glyphs.shape == (65, 28, 28, 1)
    assert glyphs.dtype == np.float32
    assert set(range(50)) < set(classes.tolist())
    assert sum(50 <= number < 70 for number in set(classes.tolist())) == 10
    np.testing.assert_array_equal(glyphs.reshape(65, -1).argmax(axis=1), classes)
    assert glyphs.max() == 1


def test_batches_of_an_epoch_are_the_same_again(tmp_path: Path) -> None:
    """An epoch's batches are the same in every run, variation included, and differ between epochs and seeds."""
    recipe = replace(small_recipe(tmp_path, "batch=3"), augment=AugmentSettings())

    def shown(used: Recipe, epoch: int) -> bytes:
        return b"".join(glyphs.tobytes() + classes.tobytes() for glyphs, classes in batches(used, numbers(), epoch))

    assert shown(recipe, 1) == shown(recipe, 1)
    assert shown(recipe, 1) != shown(recipe, 2)
    assert shown(recipe, 1) != shown(replace(recipe, seed=2), 1)


def test_batches_can_be_left_early(tmp_path: Path) -> None:
    """A training that stops within an epoch leaves no thread behind that waits for it."""
    stream = batches(small_recipe(tmp_path, "batch=2"), numbers(), 1)
    glyphs, classes = next(stream)
    assert len(glyphs) == len(classes) == 2
    stream.close()  # type: ignore[attr-defined]  # a generator, though it promises to be no more than an iterator
    assert list(stream) == []


def test_glyphs_of_frames() -> None:
    """Frames become a batch in [0, 1] with a channel."""
    glyphs = as_glyphs(np.array([[[0, 51], [102, 255]]], np.uint8))
    assert glyphs.shape == (1, 2, 2, 1)
    np.testing.assert_allclose(glyphs.ravel(), [0, 0.2, 0.4, 1], atol=1e-6)
