"""The tasks of single characters: a classifier of known labels, and an encoder for letters that are taught later."""

import json
from collections.abc import Iterable
from dataclasses import replace
from importlib import resources
from pathlib import Path

from duktus.datasets.labelled import load_labelled
from duktus.glyphs.training.alphabet import SOURCE, prepare_alphabet
from duktus.glyphs.training.dataset import prepare
from duktus.glyphs.training.encoding import pack_encoder
from duktus.glyphs.training.folder import find_labels, prepare_folder
from duktus.glyphs.training.letters import LetterData, prepare_letters
from duktus.glyphs.training.packing import pack
from duktus.glyphs.training.pretrained import open_pretrained, with_encoder
from duktus.glyphs.training.settings import FOLDER, GlyphRecipe, classifier_faults, encoder_faults
from duktus.glyphs.training.warm_start import warm_start
from duktus.learning.classification import Classification, Fitted, FrameRecipe, summarise
from duktus.learning.recipe import load_recipe
from duktus.learning.samples import TrainingData
from duktus.learning.task import Faults, Packed, Work


class GlyphClassifier(Classification):
    """A label for each glyph, learnt from a set with a test part of its own, or from somebody's labelled images."""

    name = "glyph-classifier"
    recipe = GlyphRecipe

    def faults(self, recipe: GlyphRecipe) -> Faults:
        """Return what may be wrong with a recipe, and whether it is."""
        return classifier_faults(recipe)

    def prepare(self, recipe: GlyphRecipe, work: Work) -> tuple[GlyphRecipe, TrainingData]:
        """Return the parts of the training, and the recipe with labels, frame and layers that data or encoder bring."""
        encoder = open_pretrained(recipe.network.start) if recipe.network.start else None
        recipe = with_encoder(recipe, encoder) if encoder else recipe
        if recipe.data.held:
            recipe, parts = prepare_folder(recipe, encoder, work)
        else:
            parts = prepare_alphabet(recipe, work) if recipe.data.source == SOURCE else prepare(recipe, work)
        return recipe, warm_start(recipe, parts, encoder) if encoder else parts

    def fit(self, recipe: FrameRecipe, data: TrainingData, work: Work) -> Fitted:
        """Fit; where what is held out is learnt, too, also by halves, for a calibration by cross-validation."""
        fitted = super().fit(recipe, data, work)
        if fitted.refitted is None or not (len(data.validation) and len(data.test)):
            return fitted
        work.report("calibrating by cross-validation")
        quiet, best = replace(work, report=lambda _: None, tensorboard=None), fitted.progress.best
        halves = (replace(data, test=data.test.none), replace(data, validation=data.validation.none))
        folds = (self.refit(recipe, half, best, f"fold-{i}", quiet) for i, half in enumerate(halves, 1))
        return fitted._replace(folds=tuple(folds))

    def pack(self, recipe: GlyphRecipe, data: TrainingData, fitted: Fitted) -> Packed:
        """Return the model with its calibration and figures."""
        return pack(recipe, data, fitted)

    def summary(self, recipe: GlyphRecipe, data: Path | None) -> str:
        """Return the network's layers, parameters and operations, with the labels of the data."""
        if recipe.network.start:
            recipe = with_encoder(recipe, open_pretrained(recipe.network.start))
        if recipe.data.held:
            recipe = replace(recipe, labels=find_labels(recipe, data))
        return summarise(recipe)


class GlyphEncoder(Classification):
    """A vector for each glyph, near where two show the same letter of whatever alphabet."""

    name = "glyph-encoder"
    recipe = GlyphRecipe

    def faults(self, recipe: GlyphRecipe) -> Faults:
        """Return what may be wrong with a recipe, and whether it is."""
        return encoder_faults(recipe)

    def prepare(self, recipe: GlyphRecipe, work: Work) -> tuple[GlyphRecipe, LetterData]:
        """Return the parts of the training, and the recipe with the letters as its labels."""
        return prepare_letters(recipe, work)

    def pack(self, recipe: GlyphRecipe, data: LetterData, fitted: Fitted) -> Packed:
        """Return the model with the spread of its vectors, its calibration and figures."""
        return pack_encoder(recipe, data, fitted.whole)

    def summary(self, recipe: GlyphRecipe, data: Path | None) -> str:  # noqa: ARG002  # the protocol's argument
        """Return the network's layers, parameters and operations."""
        return summarise(recipe)


def folder_recipe(place: Path, overrides: Iterable[str] = ()) -> GlyphRecipe:
    """Return the recipe of a classifier for a folder or table of labelled images, named after it.

    Args:
        place: where the images lie, as ``load_labelled`` takes it.
        overrides: as ``load_recipe`` takes them.

    Raises:
        DataError: there are no labelled images.
        RecipeError: an override does not fit.
    """
    load_labelled(place)  # a wrong path is reported before anything is loaded that takes long
    name = place.resolve().stem or FOLDER
    quoted = json.dumps(name.encode("utf-8", "replace").decode(), ensure_ascii=False)
    with resources.as_file(resources.files("duktus.glyphs.training") / "folder.toml") as path:
        return load_recipe(path, GlyphClassifier(), [f"name={quoted}", *overrides])
