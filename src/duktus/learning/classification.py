"""Images into classes: the network, loss, batches and validation that tasks with labelled frames have in common.

An encoder is trained as a classifier of its letters, too (softmax embeddings), and loses its last layer when it is
packed.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.augmentation import AugmentSettings, augment
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.checkpoint import Arrays, Progress
from duktus.learning.fit import fit
from duktus.learning.samples import TrainingData, as_batch, concatenate
from duktus.learning.settings import NetworkRecipe
from duktus.learning.task import NETWORK_PACKAGES, Batch, Objective, Predict, Validation, Work
from duktus.models.confidence import softmax

PREFETCHED = 8
"""Batches that are made ahead of the one being trained on."""

REFIT_EPOCHS = 0.3
"""Share of the epochs that is trained with what had been held out: little of it is new."""


@dataclass(frozen=True)
class FrameDataSettings:
    """What is trained on.

    Attributes:
        source: name of a data set that ``duktus data`` knows; "folder" for images of one's own, which --data names.
        validation: training images set aside to choose and calibrate by.
        refit: what was held out is trained on, too, once everything has been measured.
        raw: images go in as they are, divided by 255, and not as ink: for published recipes alone.
        pool_share: share of the pools that one epoch shows.
    """

    source: str = "mnist"
    validation: int = 5000
    refit: bool = False
    raw: bool = False
    pool_share: float = 0.3


@dataclass(frozen=True)
class FrameRecipe(NetworkRecipe):
    """What the recipes of networks that sort frames into classes have.

    Attributes:
        labels: what the classes are called, in order.
        other: the network has one more output, for none of the labels.
        data: what is trained on.
        ink: how ink is extracted.
        augment: how frames are varied; None for not at all.
    """

    labels: tuple[str, ...] = ()
    other: bool = False
    data: FrameDataSettings = field(default_factory=FrameDataSettings)
    ink: InkSettings = field(default_factory=InkSettings)
    augment: AugmentSettings | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of a frame."""
        raise NotImplementedError

    @property
    def outputs(self) -> int:
        """Scores that the network gives."""
        return len(self.labels) + self.other


def frame_faults(recipe: FrameRecipe) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with what all these recipes have, and whether it is."""
    varied = recipe.augment
    shares = vars(varied) if varied else {}
    return (
        (recipe.data.validation < 1, "data.validation: at least 1"),
        (not 0 <= recipe.data.pool_share <= 1, "data.pool_share: from 0 to 1"),
        (not all(value >= 0 for value in shares.values()), "augment: no figure below 0"),
        (varied is not None and varied.share > 1, "augment.share: from 0 to 1"),
    )


class Fitted(NamedTuple):
    """A training, and what went on from it with the images that had been held out; None where nothing did.

    ``folds`` went on from it as well, the first with the validation part alone, the second with the test part alone, so
    that each can be scored by a network that did not see it and is nearly the one that is exported.
    """

    progress: Progress
    refitted: Progress | None = None
    folds: tuple[Progress, ...] = ()

    @property
    def whole(self) -> Progress:
        """Both as one: its best weights are those to export."""
        return self.progress if self.refitted is None else self.progress.then(self.refitted)


def network_of(recipe: FrameRecipe) -> Any:
    """Return a recipe's network with fresh weights: a logit for each label, and one more for none of them."""
    from duktus.learning.networks import build_network

    return build_network(recipe.network.layers, recipe.shape, recipe.outputs)


def summarise(recipe: FrameRecipe) -> str:
    """Return the network's layers, parameters and operations; of labels that only the data know, one."""
    from duktus.learning.networks import describe

    if recipe.labels:
        return describe(network_of(recipe))
    unknown = "Labels come from the data: the scores are shown for one of them."
    return f"{describe(network_of(replace(recipe, labels=('?',))))}\n{unknown}"


class Classification:
    """The methods of ``NetworkTask`` for frames with classes.

    Attributes:
        refits_test: whether a refit trains on the test part, too, because that has been measured on before.
    """

    needs = NETWORK_PACKAGES
    refits_test = True

    def network(self, recipe: FrameRecipe) -> Any:
        """Return the recipe's network, its head as many logits as there are classes."""
        return network_of(recipe)

    def objective(self, recipe: FrameRecipe) -> Objective:  # noqa: ARG002  # the protocol's argument
        """Return cross-entropy, the targets smoothed (Szegedy et al. 2016)."""
        import keras

        return Objective(keras.losses.CategoricalCrossentropy(from_logits=True), ["accuracy"])

    def steps(self, recipe: FrameRecipe, data: TrainingData) -> int:
        """Return how many batches an epoch has."""
        pools = (round(recipe.data.pool_share * len(pool)) for pool in (data.characters, data.others))
        return ceil((len(data.own) + sum(pools)) / recipe.fit.batch)

    def batches(self, recipe: FrameRecipe, data: TrainingData, epoch: int) -> Iterator[Batch]:
        """Yield one epoch's glyphs (n, H, W, 1) with their smoothed targets (n, outputs)."""
        for frames, classes in augmented_batches(recipe, data, epoch):
            yield frames, smoothed(classes, recipe.outputs, recipe.fit.smoothing)

    def validate(self, recipe: FrameRecipe, data: TrainingData, predict: Predict) -> Validation | None:
        """Measure accuracy and loss on the validation part, and choose by the accuracy."""
        part = data.validation
        if not len(part):
            return None
        scores = np.asarray(predict(as_batch(part.frames)))
        right = float((scores[:, : len(recipe.labels)].argmax(axis=1) == part.classes).mean())
        likelihood = softmax(scores)[np.arange(len(scores)), part.classes]
        loss = -float(np.log(np.maximum(likelihood, np.finfo(np.float64).tiny)).mean())
        error = (right * (1 - right) / len(scores)) ** 0.5
        return Validation({"validation_accuracy": right, "validation_loss": loss}, right, error)

    def fit(self, recipe: FrameRecipe, data: TrainingData, work: Work) -> Fitted:
        """Fit, and go on with the images that were held out, once these have chosen or measured what was learnt."""
        progress = fit(self, recipe, data, work.folder / "checkpoint.npz", work, initial=data.initial)
        held = len(data.validation) + self.refits_test * len(data.test)
        if not recipe.data.refit or not held:
            return Fitted(progress)
        work.report(f"learning the {held:,} images that were held out, too")
        return Fitted(progress, self.refit(recipe, data, progress.best, "refit", replace(work, tensorboard=None)))

    def refit(self, recipe: FrameRecipe, data: TrainingData, weights: Arrays, name: str, work: Work) -> Progress:
        """Go on from weights with what is held out; ``name`` is that of the checkpoint."""
        again, whole = with_held_out(recipe, data, weights, test=self.refits_test)
        return fit(self, again, whole, work.folder / f"{name}.npz", work, initial=whole.initial)


def augmented_batches(
    recipe: FrameRecipe, data: TrainingData, epoch: int
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int64]]]:
    """Yield one epoch's batches, (n, H, W, 1) and (n,), made ahead in a thread; the same for the same epoch.

    An epoch shows the set's own frames once each and a share of the pools, all varied anew.
    """
    rng = np.random.default_rng((recipe.seed, 2, epoch))
    pools = (data.characters, data.others)
    chosen = [rng.permutation(len(pool))[: round(recipe.data.pool_share * len(pool))] for pool in pools]
    shown = concatenate([data.own, *(pool.take(places) for pool, places in zip(pools, chosen, strict=True))])
    order = rng.permutation(len(shown))
    steps = [order[i : i + recipe.fit.batch] for i in range(0, len(order), recipe.fit.batch)]

    def make(step: NDArray[np.intp]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        inks = shown.frames[step].astype(np.float32) * np.float32(1 / 255)
        if recipe.augment is not None:
            inks = augment(inks, recipe.augment, rng)
        return inks[..., None], shown.classes[step]

    # One thread, so that the random numbers fall in the same order in every run.
    with ThreadPoolExecutor(1) as thread:
        waiting = [thread.submit(make, step) for step in steps[:PREFETCHED]]
        for step in steps[PREFETCHED:]:
            yield waiting.pop(0).result()
            waiting.append(thread.submit(make, step))
        for future in waiting:
            yield future.result()


def smoothed(classes: NDArray[np.int64], outputs: int, smoothing: float) -> NDArray[np.float32]:
    """Return one-hot rows (n, outputs), smoothed."""
    targets = np.full((len(classes), outputs), smoothing / outputs, np.float32)
    targets[np.arange(len(classes)), classes] += 1 - smoothing
    return targets


def with_held_out(
    recipe: FrameRecipe, data: TrainingData, weights: Arrays, *, test: bool
) -> tuple[FrameRecipe, TrainingData]:
    """Return what goes on from these weights with what was held out, in a short training that chooses nothing.

    Args:
        recipe: of the training.
        data: its parts.
        weights: to start from.
        test: whether the test part is learnt as well; what is measured afterwards has to stay out.
    """
    parts = (data.own, data.validation, data.test) if test else (data.own, data.validation)
    fit = replace(recipe.fit, epochs=max(1, round(REFIT_EPOCHS * recipe.fit.epochs)))
    none = data.own.none
    whole = replace(data, own=concatenate(parts), validation=none, initial=weights)
    return replace(recipe, fit=fit), replace(whole, test=none) if test else whole
