"""Images into classes: batches that a seed gives again, and what goes on with the images that were held out."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from duktus.glyphs.training.settings import GlyphRecipe
from duktus.imaging.frames.augmentation import AugmentSettings
from duktus.learning.checkpoint import Progress
from duktus.learning.classification import Fitted, augmented_batches, smoothed, with_held_out
from duktus.learning.samples import Samples, TrainingData, as_batch
from tests.glyphs.training.sets import small_recipe


def numbered(count: int, first: int = 0) -> Samples:
    """Glyphs that can be told apart, one pixel of each its own, and classes that are their numbers."""
    frames = np.zeros((count, 28, 28), np.uint8)
    frames.reshape(count, 784)[np.arange(count), first + np.arange(count)] = 255
    return Samples(frames, np.arange(first, first + count))


def numbers() -> TrainingData:
    """Fifty glyphs of the set's own, twenty and ten of the pools."""
    nothing = numbered(0)
    return TrainingData(numbered(50), numbered(20, 50), numbered(10, 70), nothing, nothing, ())


def test_epoch_shows_each_image_once(tmp_path: Path) -> None:
    """An epoch shows the set's own glyphs once each and a share of each pool, each with its class."""
    recipe = small_recipe(tmp_path, "pool_share=0.5")
    shown = list(augmented_batches(recipe, numbers(), 1))
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

    def shown(used: GlyphRecipe, epoch: int) -> bytes:
        return b"".join(
            glyphs.tobytes() + classes.tobytes() for glyphs, classes in augmented_batches(used, numbers(), epoch)
        )

    assert shown(recipe, 1) == shown(recipe, 1)
    assert shown(recipe, 1) != shown(recipe, 2)
    assert shown(recipe, 1) != shown(replace(recipe, seed=2), 1)


def test_batches_can_be_left_early(tmp_path: Path) -> None:
    """A training that stops within an epoch leaves no thread behind that waits for it."""
    stream = augmented_batches(small_recipe(tmp_path, "batch=2"), numbers(), 1)
    glyphs, classes = next(stream)
    assert len(glyphs) == len(classes) == 2
    stream.close()  # type: ignore[attr-defined]  # a generator, though it promises to be no more than an iterator
    assert list(stream) == []


def test_glyphs_of_frames() -> None:
    """Frames become a batch in [0, 1] with a channel."""
    glyphs = as_batch(np.array([[[0, 51], [102, 255]]], np.uint8))
    assert glyphs.shape == (1, 2, 2, 1)
    np.testing.assert_allclose(glyphs.ravel(), [0, 0.2, 0.4, 1], atol=1e-6)


def test_targets_are_smoothed() -> None:
    """A share of each target is spread over all outputs; every row adds up to 1."""
    targets = smoothed(np.array([2, 0]), 4, 0.2)
    np.testing.assert_allclose(targets, [[0.05, 0.05, 0.85, 0.05], [0.85, 0.05, 0.05, 0.05]], atol=1e-6)


def test_what_is_held_out_is_learnt_at_the_end(tmp_path: Path) -> None:
    """The second training goes on from given weights with all images, holds none out, and is shorter."""
    recipe, weights = small_recipe(tmp_path, "epochs=10"), [np.zeros(1)]
    parts = replace(numbers(), validation=numbered(4, 80), test=numbered(6, 84))
    again, whole = with_held_out(recipe, parts, weights, test=True)
    assert (len(whole.own), len(whole.validation), len(whole.test)) == (60, 0, 0)
    assert whole.initial is weights
    assert again.fit.epochs == 3
    _, without_test = with_held_out(recipe, parts, weights, test=False)
    assert (len(without_test.own), len(without_test.test)) == (54, 6)


def test_two_trainings_as_one() -> None:
    """Epochs, seconds and figures of both add up; the weights are those of the second."""
    first, then = (Progress(n, 10.0 * n, [], [], [], [np.array(n)], 0.5, history=[{"loss": n}] * n) for n in (2, 3))
    whole = Fitted(first, then).whole
    assert (whole.epoch, whole.seconds, [int(array) for array in whole.best]) == (5, 50.0, [3])
    assert [logs["loss"] for logs in whole.history] == [2, 2, 3, 3, 3]
