"""What the packing of all tasks has in common: the card before anything was measured, and what is compared."""

from collections.abc import Sequence
from datetime import date
from importlib.metadata import version

import numpy as np

from duktus.datasets.licences import credits_of
from duktus.learning.settings import Recipe
from duktus.models.card import Card, DataSource, Preprocessing, Sample, Training

COMPARED = 256
"""Images on which the exported network is compared with Keras'."""

SAMPLED = 4
"""Images whose outputs the card carries, to be replayed by ``duktus models check``."""

PACKAGES = ("keras", "numpy", "opencv-python-headless", "onnxruntime")
"""Libraries that a network depends on."""


def draft_card(
    recipe: Recipe,
    preprocessing: Preprocessing,
    sources: Sequence[DataSource],
    *,
    labels: tuple[str, ...] = (),
    seconds: float = 0.0,
    epochs: int = 0,
    packages: Sequence[str] = PACKAGES,
) -> Card:
    """Return what a model says of itself before it has been calibrated and measured.

    Args:
        recipe: that it follows; of its attributions those stay whose data were used.
        preprocessing: between a page and the network's input.
        sources: the data that it was made from.
        labels: of its outputs, none for an encoder.
        seconds: that the fitting took.
        epochs: passes over the data.
        packages: whose versions the card names.
    """
    nothing = np.zeros((0, 1), np.float32)
    return Card(
        name=recipe.name,
        task=recipe.task,
        labels=labels,
        other=False,
        preprocessing=preprocessing,
        calibration=None,
        training=Training(recipe.text, recipe.seed, {name: version(name) for name in packages}, seconds, epochs),
        data=tuple(sources),
        metrics=(),
        limits=recipe.limits,
        sample=Sample.of(nothing, nothing),
        created=date.today().isoformat(),
        attribution=credits_of(recipe.attribution, [source.name for source in sources]),
    )
