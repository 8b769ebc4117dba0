"""A network that is being fitted, step by step."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from duktus.learning.checkpoint import Arrays

REMEMBERED = 25
"""Steps from one memory of weights and moments to the next: what is lost where a step has to be taken back."""

MOST_LOST = 12
"""Steps that are taken back before a training is given up."""


@dataclass
class Fitter:
    """A network being fitted: the compiled model, and the running average of its weights.

    Attributes:
        model: compiled.
        averaged: mean of its weights over the last steps.
        average: share of the mean that a step keeps.
        step: steps taken.
        lost: steps after which something was no number, and which were taken back. Kernels for short floating point
            give such a value now and then on some processors, for the same batch that is harmless the next time.
    """

    model: Any
    averaged: Arrays
    average: float
    step: int = 0
    lost: int = 0
    _memory: tuple[Arrays, Arrays] | None = None

    def learn(self, *batch: Any) -> dict[str, float]:
        """Take one step by inputs, targets and perhaps sample weights; returns the batch's loss and metrics."""
        from keras import ops

        if self._memory is None or self.step % REMEMBERED == 0:
            self._memory = self.model.get_weights(), self.optimizer_state()
        self.model.reset_metrics()
        found = self.model.train_on_batch(*batch, return_dict=True)
        logs = {name: float(value) for name, value in found.items()}
        self.step += 1
        weights = [ops.convert_to_numpy(weight) for weight in self.model.weights]
        if not all(np.isfinite(value) for value in (logs["loss"], *(weight.sum() for weight in weights))):
            return self._take_back(logs)
        keep = min(self.average, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.averaged, weights, strict=True):
            np.multiply(mean, keep, out=mean)
            np.add(mean, (1 - keep) * weight, out=mean)
        return logs

    def _take_back(self, logs: dict[str, float]) -> dict[str, float]:
        """Put the model back to what is remembered; return nothing to count, or the logs where it happens too often."""
        self.lost += 1
        if self._memory is None or self.lost > MOST_LOST:
            return logs | {"loss": float("nan")}
        weights, optimizer = self._memory
        self.model.set_weights(weights)
        for variable, value in zip(self.model.optimizer.variables, optimizer, strict=True):
            variable.assign(value)
        return {}

    def optimizer_state(self) -> Arrays:
        """Return the optimizer's variables, such as its moments."""
        from keras import ops

        return [ops.convert_to_numpy(variable) for variable in self.model.optimizer.variables]

    def predict(self, weights: Arrays, inputs: Any, batch: int = 256) -> Any:
        """Return the outputs of other weights than the present ones, which stay as they are."""
        present = self.model.get_weights()
        self.model.set_weights(weights)
        outputs = self.model.predict(inputs, batch_size=batch, verbose=0)
        self.model.set_weights(present)
        return outputs
