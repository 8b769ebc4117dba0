"""A network that is being fitted, step by step."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from duktus.learning.checkpoint import Arrays


@dataclass
class Fitter:
    """A network being fitted: the compiled model, and the running average of its weights.

    Attributes:
        model: compiled.
        averaged: mean of its weights over the last steps.
        average: share of the mean that a step keeps.
        step: steps taken.
    """

    model: Any
    averaged: Arrays
    average: float
    step: int = 0

    def learn(self, *batch: Any) -> dict[str, float]:
        """Take one step by inputs, targets and perhaps sample weights; returns the batch's loss and metrics."""
        from keras import ops

        self.model.reset_metrics()
        logs = self.model.train_on_batch(*batch, return_dict=True)
        self.step += 1
        keep = min(self.average, (1 + self.step) / (10 + self.step))
        for mean, weight in zip(self.averaged, self.model.weights, strict=True):
            np.multiply(mean, keep, out=mean)
            np.add(mean, (1 - keep) * ops.convert_to_numpy(weight), out=mean)
        return {name: float(value) for name, value in logs.items()}

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
