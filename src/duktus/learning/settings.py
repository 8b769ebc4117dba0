"""What recipes have in common: their keys, and the tables of every network: its layers, and how it is fitted."""

from dataclasses import dataclass, field
from math import inf
from pathlib import Path

PRECISIONS = ("auto", "float32", "mixed_bfloat16")
"""What a network may be trained in."""


@dataclass(frozen=True)
class NetworkSettings:
    """The network, a layer a line (``networks.py``).

    Attributes:
        layers: from the input to what the head is put on.
    """

    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class FitSettings:
    """How the network is fitted.

    Attributes:
        epochs: passes over the training set.
        batch: examples a step.
        longest: most steps in all; of many images fewer passes are made. 0 = no bound.
        learning_rate: at its peak.
        warm_up: share of all steps during which it rises.
        final_rate: share of the peak to which it falls along a half cosine (Loshchilov & Hutter 2017); 1 = no fall.
        weight_decay: of AdamW; 0 makes it Adam.
        clip: highest norm of a step's gradients (Pascanu et al. 2013); 0 = no bound.
        smoothing: of the labels (Szegedy et al. 2016).
        average: share of the averaged weights that a step keeps (Polyak & Juditsky 1992); 0 = no averaging.
        precision: "float32", "mixed_bfloat16", or "auto": the latter where the processor computes in it.
    """

    epochs: int = 30
    batch: int = 128
    longest: int = 0
    learning_rate: float = 2e-3
    warm_up: float = 0.05
    final_rate: float = 0.01
    weight_decay: float = 0.02
    clip: float = 0.0
    smoothing: float = 0.0
    average: float = 0.998
    precision: str = "auto"


@dataclass(frozen=True)
class Recipe:
    """What the recipes of all tasks have.

    Attributes:
        name: of the model.
        task: what is trained.
        seed: of everything that is drawn at random.
        limits: sentences on what the model is not for; they go into its card.
        attribution: credits that the data's licences require; those of data that were used go into the card.
        text: the TOML that the recipe came from, overrides included; it goes into the card.
        folder: where its file lies.
    """

    name: str
    task: str
    seed: int = 1
    limits: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    text: str = ""
    folder: Path = Path()


@dataclass(frozen=True)
class NetworkRecipe(Recipe):
    """What the recipes of all networks have."""

    network: NetworkSettings = field(default_factory=NetworkSettings)
    fit: FitSettings = field(default_factory=FitSettings)


def fit_faults(fit: FitSettings) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the fitting, and whether it is."""
    return (
        (fit.epochs < 1 or fit.batch < 1, "fit.epochs and fit.batch: at least 1"),
        (fit.longest < 0, "fit.longest: at least 0"),
        (not 0 < fit.learning_rate < inf, "fit.learning_rate: above 0"),
        (not 0 <= fit.warm_up < 1, "fit.warm_up: from 0 up to but not 1"),
        (not 0 <= fit.final_rate <= 1, "fit.final_rate: from 0 to 1"),
        (not 0 <= fit.weight_decay < inf, "fit.weight_decay: at least 0"),
        (not 0 <= fit.clip < inf, "fit.clip: at least 0"),
        (not 0 <= fit.smoothing < 1, "fit.smoothing: from 0 up to but not 1"),
        (not 0 <= fit.average < 1, "fit.average: from 0 up to but not 1"),
        (fit.precision not in PRECISIONS, f"fit.precision: {', '.join(PRECISIONS)}"),
    )
