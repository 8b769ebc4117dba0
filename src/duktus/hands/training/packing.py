"""Fitted weights become a hand classifier's content, measured on patches, lines and pages."""

from dataclasses import replace

import numpy as np

from duktus.hands.evaluation.level_accuracy import accuracy_by_level
from duktus.hands.training.lines import PatchData
from duktus.hands.training.settings import HandClassifierRecipe
from duktus.hands.training.votes import calibrate_votes
from duktus.imaging.frames.strip import patch_ink
from duktus.learning.classification import Fitted, network_of
from duktus.learning.export import compare, export_onnx
from duktus.learning.packing import COMPARED, SAMPLED, draft_card
from duktus.learning.precision import mixed_precision
from duktus.learning.samples import as_batch
from duktus.learning.task import Packed
from duktus.models.card import Metric, Preprocessing, Sample
from duktus.models.container import embed_card
from duktus.models.runtime import Session


def pack_classifier(recipe: HandClassifierRecipe, data: PatchData, fitted: Fitted) -> Packed:
    """Export the best weights, compare, calibrate on the validation part, measure on the test part's three levels.

    Args:
        recipe: of a hand classifier, its writers as its labels.
        data: what it was trained on.
        fitted: the training. What went on from it with the validation part is exported and measured; the calibration is
            that of the training before, which did not see that part.
    """
    glyphs, whole = as_batch(data.validation.frames), fitted.whole
    with mixed_precision("float32"):
        network = network_of(recipe)
        network.set_weights(fitted.progress.best)
        scores = np.asarray(network.predict(glyphs, verbose=0), np.float32)
        network.set_weights(whole.best)
        content = export_onnx(network)
        seen = Preprocessing(recipe.ink, None, patches=recipe.patches.frame(raw=recipe.data.raw))
        card = draft_card(recipe, seen, data.sources, labels=recipe.labels, seconds=whole.seconds, epochs=whole.epoch)
        session = Session(embed_card(content, card))
        compare(network, session, glyphs[:COMPARED])
    card = replace(
        card,
        sample=Sample.of(glyphs[:SAMPLED], session.run(glyphs[:SAMPLED])),
        calibration=calibrate_votes(recipe, scores, data),
        metrics=_measure(recipe, session, data),
    )
    return Packed(content, card, whole.history)


def _measure(recipe: HandClassifierRecipe, session: Session, data: PatchData) -> tuple[Metric, ...]:
    """Return the shares of patches, lines and pages of the test part that are given to the right writer."""
    scores = session.run(as_batch(data.test.frames))
    ink = patch_ink(data.test.frames, recipe.patches.frame(raw=recipe.data.raw))
    rng = np.random.default_rng((recipe.seed, 7))
    found = accuracy_by_level(scores, data.test.classes, data.measured.lines, data.measured.pages, ink, rng=rng)
    split = f"{data.sources[0].name} test, split by {data.divided}"
    return tuple(Metric(f"{level} right", e.value, e.low, e.high, e.n, split) for level, e in found.items())
