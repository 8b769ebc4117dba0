"""The recipes of hand classifiers and hand encoders: their tables, and what may be wrong with them."""

from dataclasses import dataclass, field

from duktus.hands.training.patches import PatchSettings, patch_faults
from duktus.imaging.frames.contours import ContourSettings
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.classification import FrameRecipe, frame_faults
from duktus.learning.settings import Recipe
from duktus.learning.task import Faults


@dataclass(frozen=True)
class HandSettings:
    """How an encoder of hands is fitted; no network is trained for it.

    Attributes:
        sources: sets of handwriting, a writer known for each document.
        unfitted: those of them that are not fitted to, and only calibrate.
        calibration: those of them by which the ratios are calibrated: whose writers are certain.
        images: of each writer that are measured, the first of the set's table.
        height: to which their text is brought, as none says its resolution: the usual one at 300 dots per inch.
        scales: text is brought to that height times each of these, so that a wrong height matters less.
        part: pages are divided into pieces of about so much writing, in text heights of contour.
        documents: put together from each writer's pieces.
        most: pieces of a document.
        components: principal components in which hands are separated.
        vector: numbers of the encoder's vectors.
        shrink: share of the mean variance towards which the scatter within hands is drawn.
        folds: parts of the writers, each compared in the space of the others to calibrate the ratios.
        least_amount: with less writing nothing is said, in text heights of contour.
    """

    sources: tuple[str, ...] = ()
    unfitted: tuple[str, ...] = ()
    calibration: tuple[str, ...] = ()
    images: int = 60
    height: float = 42.0
    scales: tuple[float, ...] = (1.0,)
    part: float = 150.0
    documents: int = 10
    most: int = 10
    components: int = 300
    vector: int = 128
    shrink: float = 0.6
    folds: int = 3
    least_amount: float = 25.0


@dataclass(frozen=True)
class HandClassifierRecipe(FrameRecipe):
    """A training of a hand classifier, whole; its labels are the writers of its data.

    With ``data.refit`` what chose and calibrated is trained on, too, and the test part never.
    """

    patches: PatchSettings = field(default_factory=PatchSettings)

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of a patch of text."""
        return self.patches.size, self.patches.size


@dataclass(frozen=True)
class HandEncoderRecipe(Recipe):
    """A fit of a hand encoder, whole; no network is trained for it."""

    ink: InkSettings = field(default_factory=InkSettings)
    contours: ContourSettings = field(default_factory=ContourSettings)
    hands: HandSettings = field(default_factory=HandSettings)


def classifier_faults(recipe: HandClassifierRecipe) -> Faults:
    """Return what may be wrong with a hand classifier's recipe, and whether it is."""
    return (
        (bool(recipe.labels), "no labels: a hand classifier's are the writers of its data"),
        (recipe.other, "other = false: a hand classifier has no output for other writers"),
        (not recipe.network.layers, "network.layers: at least one layer"),
        *frame_faults(recipe),
        *patch_faults(recipe.patches),
    )


def encoder_faults(recipe: HandEncoderRecipe) -> Faults:
    """Return what may be wrong with a hand encoder's recipe, and whether it is."""
    hands, contours = recipe.hands, recipe.contours
    lengths = (*contours.legs, *contours.gaps, contours.chord, contours.bins, contours.lowest)
    return (
        (not hands.sources, "hands.sources: at least one set"),
        (min(hands.images, hands.documents, hands.most, hands.vector) < 1, "hands: integers of at least 1"),
        (not set(hands.calibration) <= set(hands.sources), "hands.calibration among hands.sources"),
        (not hands.calibration, "hands.calibration: at least one set"),
        (not set(hands.unfitted) < set(hands.sources), "hands.unfitted among hands.sources, and not all of them"),
        (not hands.scales or min(hands.scales) <= 0 or 1.0 not in hands.scales, "hands.scales: above 0, and 1"),
        (hands.vector > hands.components, "hands.vector: no more than hands.components"),
        (not 0 <= hands.shrink <= 1, "hands.shrink: from 0 to 1"),
        (hands.folds < 2, "hands.folds: at least 2"),
        (hands.part <= 0, "hands.part: above 0"),
        (min(lengths) <= 0 or not contours.legs, "contours: lengths above 0, and a leg"),
        (contours.bins % 2 == 1, "contours.bins: an even number"),
        (contours.highest < contours.lowest, "contours.highest: no less than contours.lowest"),
    )
