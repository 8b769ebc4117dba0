"""A network that is being fitted, step by step."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.learning.checkpoint import Arrays
from duktus.learning.recipe import Recipe


@dataclass
class Fitter:
    """A network being fitted: the compiled model, and the running average of its weights."""

    recipe: Recipe
    model: Any
    averaged: Arrays
    step: int = 0

    def learn(self, glyphs: NDArray[np.float32], classes: NDArray[np.int64]) -> dict[str, float]:
        """Take one step; returns the batch's loss and accuracy."""
        logs = self.model.train_on_batch(glyphs, self._targets(classes), return_dict=True)
        self.step += 1
        keep = min(self.recipe.fit.average, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.averaged, self.model.weights, strict=True):
            np.multiply(mean, keep, out=mean)
            np.add(mean, (1 - keep) * np.asarray(weight), out=mean)
        return {name: float(value) for name, value in logs.items()}

    def _targets(self, classes: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return one-hot rows, smoothed."""
        outputs = self.model.output_shape[-1]
        smoothing = self.recipe.fit.smoothing
        targets = np.full((len(classes), outputs), smoothing / outputs, np.float32)
        targets[np.arange(len(classes)), classes] += 1 - smoothing
        return targets

    def scores(self, weights: Arrays, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits of other weights than the present ones, which stay as they are."""
        present = self.model.get_weights()
        self.model.set_weights(weights)
        scores = np.asarray(self.model.predict(glyphs, batch_size=256, verbose=0))
        self.model.set_weights(present)
        return scores
