"""Whose hand wrote five words, told by five others: DHSD, the encoder fitted to half of its writers."""

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus.datasets.labelled import LabelledImages
from duktus.hands.evaluation.amounts import Bags, draw_bags, mean_scores
from duktus.hands.evaluation.controls import control_scores, control_vectors
from duktus.hands.evaluation.figures import PAPER, TONE
from duktus.hands.evaluation.retrieval import ClosedSet, Matrix, closed_set, score_matrix
from duktus.hands.training.embedding import HandEmbedding, fit_hand_embedding, put_together
from duktus.hands.training.encoder import HandEncoder
from duktus.hands.training.pages import Writings, prepare_writings
from duktus.hands.training.settings import HandEncoderRecipe
from duktus.imaging.frames.contours import Counts
from duktus.learning.recipe import load_recipe
from duktus.learning.task import Work
from duktus.types import DataError

SET, WORDS, TARGET = "dhsd", 5, 0.9
SEED = 5

Names = NDArray[np.str_]

NOTE = (
    "The shipped encoder's recipe, fitted to half of DHSD's writers (and to the recipe's other sets, {others}) and "
    "queried with the other half, then the other way round; no writer stands on both sides, though its settings"
    " were chosen on all of them. Of each writer the recipe's first {images} words are taken and put together by "
    "fives, as a document is; one five is enrolled for each writer and all others are asked, mean over 20 draws, "
    "ranked by likeness. As no word tells its resolution, all are brought to one text height. A writer's words come "
    "from one pen and one sitting: the peers are what the paper alone, or the pen's tone and width alone, would have "
    "answered to the same questions. Intervals are over writers."
)


def run(setting: Setting) -> Outcome:
    """Fit both ways and measure on the writers held out.

    Raises:
        DataError: a set of the recipe is missing.
    """
    recipe = load_recipe(setting.root / "recipes" / "hand-encoder.toml", HandEncoder())
    writings, _ = prepare_writings(recipe, Work(setting.runs, report=setting.report))
    rows = []
    for which, held in two_halves(writings):
        hand, *controls = told_apart(writings, held, recipe).items()
        what = f"DHSD, {WORDS} words by {WORDS} words, {which} of the writers ({len(held)})"
        rows.append(Row(what, "share", hand[1].top1, target=Target(TARGET), headline=True))
        rows += [Row(f"{what}, {name}", "share", None, found.top1) for name, found in controls]
        rows.append(Row(f"{what}, among the first five", "share", hand[1].top5))
        rows += [Row(f"{what}, among the first five, {name}", "share", None, found.top5) for name, found in controls]
    others = ", ".join(name for name in recipe.hands.sources if name != SET) or "none"
    return Outcome(tuple(rows), (NOTE.format(others=others, images=recipe.hands.images),))


def two_halves(writings: Writings) -> Iterator[tuple[str, Names]]:
    """Yield what to call either half of the set's writers, and their names."""
    writers = np.unique(writings.writers[np.char.startswith(writings.writers, f"{SET}/")])
    mixed = np.random.default_rng(SEED).permutation(writers)
    yield from zip(("one half", "the other half"), np.array_split(mixed, 2), strict=True)


def told_apart(writings: Writings, held: Names, recipe: HandEncoderRecipe) -> dict[str, ClosedSet]:
    """Return how often writers are named from five words, in the space fitted to all other writers, and by controls."""
    rng = np.random.default_rng((recipe.seed, SEED))
    asked = held_out(writings, held, recipe, WORDS, rng)
    every = {"hand": score_matrix(asked.space.vectors(asked.counts)), **_controls(asked)}
    # Each is asked the same: the draws of who is enrolled begin alike.
    return {name: closed_set(scores, asked.names, rng=deepcopy(rng)) for name, scores in every.items()}


class HeldOut(NamedTuple):
    """The space fitted to all other writers, the words of those held out, and which of these are put together."""

    space: HandEmbedding
    words: Writings
    bags: Bags

    @property
    def counts(self) -> Counts:
        """(n, kinds, bins * bins) of the words put together."""
        return np.stack([self.words.counts[bag].sum(axis=0) for bag in self.bags])

    @property
    def names(self) -> list[str]:
        """Whose they are."""
        return [str(self.words.writers[bag[0]]) for bag in self.bags]


def held_out(
    writings: Writings, held: Names, recipe: HandEncoderRecipe, words: int, rng: np.random.Generator
) -> HeldOut:
    """Return the space fitted to all other writers, and so many words at a time of those held out.

    Args:
        writings: of all writers.
        held: names of those held out.
        recipe: of the encoder.
        words: put together.
        rng: which words come together.
    """
    aside = np.isin(writings.writers, held)
    space = fit_hand_embedding(put_together(writings.subset(~aside), recipe.hands, rng), recipe.hands)
    asked = writings.subset(aside)
    return HeldOut(space, asked, draw_bags(asked.writers.tolist(), None, words, rng))


def _controls(asked: HeldOut) -> dict[str, Matrix]:
    """The scores by pairs that the words' paper, and their tone and width, give."""
    paths, names = tuple(map(Path, asked.words.files.tolist())), tuple(asked.words.writers.tolist())
    found = control_vectors(LabelledImages(paths, names, (None,) * len(paths)))
    if found.unreadable:
        raise DataError(f"expected images that stay as they are while measured, received {found.unreadable[0]}")
    return {
        name: mean_scores(vectors, control_scores)(asked.bags)
        for name, vectors in ((PAPER, found.paper), (TONE, found.tone))
    }
