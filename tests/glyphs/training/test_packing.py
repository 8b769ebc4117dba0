"""Fitted weights become a model with a card that tells the truth about it."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from duktus.glyphs.training.dataset import prepare
from duktus.glyphs.training.packing import FEWEST, LEAST, pack
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.checkpoint import Progress
from duktus.learning.classification import Fitted, network_of
from duktus.learning.samples import Samples, TrainingData, as_batch, concatenate
from duktus.models.card import Card
from duktus.models.container import embed_card
from duktus.models.file import check_model, save_model
from duktus.models.runtime import Session
from tests.glyphs.training.sets import quietly, small_recipe


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> GlyphRecipe:
    """The small recipe, with an output for what is none of its labels."""
    return replace(small_recipe(tmp_path_factory.mktemp("recipe"), "seed=5"), other=True)


@pytest.fixture(scope="module")
def data(recipe: GlyphRecipe, data_set: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainingData:
    """What it trains on."""
    return prepare(recipe, quietly(tmp_path_factory.mktemp("work"), data_set))


@pytest.fixture(scope="module")
def progress(recipe: GlyphRecipe) -> Progress:
    """A training after three epochs, its best weights drawn at random."""
    keras.utils.set_random_seed(1)
    best = network_of(recipe).get_weights()
    zeros = [np.zeros_like(weight) for weight in best]
    return Progress(3, 61.5, zeros, [], zeros, best, 0.9)


@pytest.fixture(scope="module")
def packed(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> tuple[bytes, Card]:
    """The network's ONNX content and its card."""
    packed = pack(recipe, data, Fitted(progress))
    content, card = packed.content, packed.card
    return content, card


def test_network_has_an_output_for_each_label_and_none(recipe: GlyphRecipe) -> None:
    """A logit for each label, and one more where the recipe asks for it."""
    assert network_of(recipe).output_shape == (None, 4)
    assert network_of(replace(recipe, other=False)).output_shape == (None, 3)


def test_best_weights_are_packed(
    packed: tuple[bytes, Card], recipe: GlyphRecipe, data: TrainingData, progress: Progress
) -> None:
    """The model holds the best weights, not the last ones."""
    content, card = packed
    network = network_of(recipe)
    network.set_weights(progress.best)
    glyphs = as_batch(data.test.frames)
    logits = Session(embed_card(content, card)).run(glyphs)
    np.testing.assert_allclose(logits, network.predict(glyphs, verbose=0), atol=1e-4)


def test_card_says_how_it_came_about(packed: tuple[bytes, Card], recipe: GlyphRecipe, data: TrainingData) -> None:
    """Recipe, seed, time, epochs, data, limits and everything that serving needs stand in the card."""
    card = packed[1]
    assert (card.name, card.task, card.labels, card.other) == ("three", "glyph-classifier", ("0", "1", "2"), True)
    assert (card.training.recipe, card.training.seed) == (recipe.text, 5)
    assert (card.training.seconds, card.training.epochs) == (61.5, 3)
    assert card.training.versions["keras"] == keras.__version__
    assert (card.preprocessing.ink, card.preprocessing.glyph) == (recipe.ink, recipe.glyph)
    assert [source.name for source in card.data] == [data.sources[0].name]
    assert (card.limits, card.attribution) == (recipe.limits, recipe.attribution)


def test_card_measures_the_test_part(packed: tuple[bytes, Card], data: TrainingData) -> None:
    """Accuracy is that of the test part, with its number and interval; calibration is of the validation part."""
    content, card = packed
    logits = Session(embed_card(content, card)).run(as_batch(data.test.frames))
    right = (logits[:, :3].argmax(axis=1) == data.test.classes).mean()
    accuracy = next(metric for metric in card.metrics if metric.name == "accuracy")
    assert accuracy.value == pytest.approx(right)
    assert (accuracy.n, accuracy.split) == (18, f"{card.data[0].name} test")
    assert accuracy.low <= accuracy.value <= accuracy.high
    assert card.calibration is not None
    assert card.calibration.split == "validation"
    assert (card.calibration.accept, card.calibration.temperature > 0) == (0.99, True)


def test_model_passes_its_check(packed: tuple[bytes, Card], tmp_path: Path) -> None:
    """The saved model replays its own sample and is of the card's shapes."""
    save_model(*packed, tmp_path / "three.onnx")
    report = check_model(tmp_path / "three.onnx")
    assert report.passed, report.problems
    assert report.card.sample.input.shape == (4, 28, 28, 1)


def own_images(recipe: GlyphRecipe, data: TrainingData, count: int) -> tuple[GlyphRecipe, TrainingData]:
    """The same as images of one's own, so many of them to calibrate by."""
    few = Samples(data.validation.frames[:count], data.validation.classes[:count])
    return replace(recipe, data=replace(recipe.data, held=0.3)), replace(data, validation=few)


def test_calibration_by_few(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> None:
    """Too few images fit nothing; a few more do so with a threshold under which nothing is believed, and its share."""
    assert pack(*own_images(recipe, data, 12), Fitted(progress)).card.calibration is None
    many = replace(data, validation=Samples(*(np.repeat(each, 2, axis=0) for each in vars(data.validation).values())))
    scale = pack(*own_images(recipe, many, FEWEST + 2), Fitted(progress)).card.calibration
    assert scale
    assert scale.threshold >= LEAST
    assert scale.accept is not None
    assert 0.05 < scale.temperature <= 20


def test_figures_are_of_what_saw_no_test_image(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> None:
    """What went on with the held-out images is exported; the figures are those of the training before."""
    other = replace(progress, best=[weight[::-1].copy() for weight in progress.best], epoch=2, seconds=10.0)
    before, after = pack(recipe, data, Fitted(progress)), pack(recipe, data, Fitted(progress, other))
    assert before.card.metrics[0].value == after.card.metrics[0].value
    assert before.content != after.content
    assert (after.card.training.epochs, after.card.training.seconds) == (5, 71.5)


def test_calibration_by_cross_validation(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> None:
    """What is exported is calibrated by all held-out images, each scored by the fold that did not learn it."""
    recipe, data = own_images(recipe, data, 12)
    sure, unsure = answering(progress, 0, 20.0), answering(progress, 0, 1.0)
    zeros = data.test.take(np.flatnonzero(data.test.classes == 0))
    many = replace(data, validation=zeros, test=concatenate([zeros] * 4))
    by_sure, by_unsure = (
        pack(recipe, many, Fitted(progress, progress, (fold, sure))).card.calibration for fold in (sure, unsure)
    )
    assert by_sure is not None
    assert by_unsure is not None
    assert by_sure.split == "cross-validation of what was held out"
    assert by_sure.temperature > by_unsure.temperature


def answering(progress: Progress, label: int, bias: float) -> Progress:
    """A training whose network gives every image one label."""
    weights = [np.zeros_like(weight) for weight in progress.best]
    weights[-1][label] = bias
    return replace(progress, best=weights)


def test_a_gallery_that_would_do_as_well(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> None:
    """Where the first weights, a gallery's, read the test part about as well, that is said; else nothing is."""
    zeros = replace(data, test=data.test.take(np.flatnonzero(data.test.classes == 0)))
    best = answering(progress, 0, 5.0)
    for label, n in ((0, 1), (1, 0)):
        begun = replace(zeros, initial=answering(progress, label, 5.0).best)
        assert len(pack(recipe, begun, Fitted(best)).advice) == n
    assert "duktus teach" in pack(recipe, replace(zeros, initial=best.best), Fitted(best)).advice[0]
    assert pack(recipe, zeros, Fitted(best)).advice == ()


def test_nothing_to_measure_on(recipe: GlyphRecipe, data: TrainingData, progress: Progress) -> None:
    """Without a validation or a test part there is a model without calibration and figures."""
    recipe, data = own_images(recipe, data, 0)
    packed = pack(recipe, replace(data, test=data.validation), Fitted(progress))
    assert packed.write_report is None
    assert packed.card.metrics == ()
    assert packed.card.sample.input.shape[0] == 4
