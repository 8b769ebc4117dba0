"""The tables of a recipe: what is trained on, the network, how it is fitted."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataSettings:
    """What is trained on.

    Attributes:
        source: name of a data set that ``duktus data`` knows; "folder" for images of one's own, which --data names.
        within: place below the data set's folder, such as one alphabet of an archive.
        names: table (CSV), beside the recipe, with the columns label and name: what the data's labels mean.
        validation: training images set aside to choose and calibrate by, where the set has a test part of its own.
        held: share of labelled images that is held out, by group: one half calibrates, the other measures. The labels
            are then those of the data. 0 for sets with a test part of their own.
        refit: what was held out is trained on, too, once everything has been measured; of a hand classifier, what chose
            and calibrated, and the test part never.
        unlike: drawings turned and mirrored until they look like none of the labels, as a share of those trained on.
        turns: degrees by which copies of the images trained on are turned, their edges continued.
        raw: images go in as they are, divided by 255, and not as ink: for published recipes alone.
        twins: table, beside the recipe, of Omniglot's characters that look like one of the labels.
        pool_share: share of the pools, and of the quarter turns, that one epoch shows.
        without: alphabets of Omniglot that the network never sees; an encoder is measured on them.
        quarter_turns: drawings turned by 90, 180 and 270 degrees are further characters (Santoro et al. 2016).
    """

    source: str = "mnist"
    within: str = ""
    names: str = ""
    validation: int = 5000
    held: float = 0.0
    refit: bool = False
    unlike: float = 0.0
    turns: tuple[float, ...] = ()
    raw: bool = False
    twins: str = ""
    pool_share: float = 0.3
    without: tuple[str, ...] = ()
    quarter_turns: bool = False


@dataclass(frozen=True)
class NetworkSettings:
    """The network, a layer a line (``networks.py``).

    Attributes:
        layers: from the glyph to what the scores, or an encoder's vectors, are made of.
        vector: numbers of an encoder's vectors.
        start: glyph encoder with whose layers, weights, ink and frame a classifier begins, in the place of ``layers``
            and ``[glyph]``: a shipped model's name, or the path of a model file.
    """

    layers: tuple[str, ...] = ()
    vector: int = 128
    start: str = ""


@dataclass(frozen=True)
class FitSettings:
    """How the network is fitted.

    Attributes:
        epochs: passes over the training set.
        batch: glyphs a step.
        longest: most steps in all; of many images fewer passes are made. 0 = no bound.
        learning_rate: at its peak.
        warm_up: share of all steps during which it rises.
        final_rate: share of the peak to which it falls along a half cosine (Loshchilov & Hutter 2017); 1 = no fall.
        weight_decay: of AdamW; 0 makes it Adam.
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
    smoothing: float = 0.0
    average: float = 0.998
    precision: str = "auto"
