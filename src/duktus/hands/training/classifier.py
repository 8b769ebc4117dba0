"""The task of a hand classifier: which of the writers that it was trained on."""

from pathlib import Path

from duktus.hands.training.lines import PatchData, prepare_patches
from duktus.hands.training.packing import pack_classifier
from duktus.hands.training.settings import HandClassifierRecipe, classifier_faults
from duktus.learning.classification import Classification, Fitted, summarise
from duktus.learning.task import Faults, Packed, Work


class HandClassifier(Classification):
    """A writer for each patch of text; patches of a line or page vote."""

    name = "hand-classifier"
    recipe = HandClassifierRecipe
    refits_test = False  # the test part is measured on what comes out of the refit

    def faults(self, recipe: HandClassifierRecipe) -> Faults:
        """Return what may be wrong with a recipe, and whether it is."""
        return classifier_faults(recipe)

    def prepare(self, recipe: HandClassifierRecipe, work: Work) -> tuple[HandClassifierRecipe, PatchData]:
        """Return the patches, and the recipe with the writers as its labels."""
        return prepare_patches(recipe, work)

    def pack(self, recipe: HandClassifierRecipe, data: PatchData, fitted: Fitted) -> Packed:
        """Return the model with its calibration and figures."""
        return pack_classifier(recipe, data, fitted)

    def summary(self, recipe: HandClassifierRecipe, data: Path | None) -> str:  # noqa: ARG002  # the protocol's argument
        """Return the network's layers, parameters and operations."""
        return summarise(recipe)
