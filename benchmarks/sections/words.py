"""Whose hand wrote five words, told by five others: DHSD, the encoder fitted to half of its writers."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus.evaluation.amounts import draw_bags
from duktus.evaluation.retrieval import ClosedSet, closed_set, score_matrix
from duktus.imaging.contours import Counts
from duktus.training.hand_pages import Writings, prepare_hands
from duktus.training.hand_space import HandSpace, fit_hand_space, put_together
from duktus.training.recipe import Recipe, load_recipe

SET, WORDS, TARGET = "dhsd", 5, 0.9
SEED = 5

Names = NDArray[np.str_]

NOTE = (
    "The shipped encoder's recipe, fitted to half of DHSD's writers (and to the recipe's other sets, {others}) and "
    "asked for the other half, then the other way round; no writer stands on both sides, though the recipe's settings"
    " were chosen on all of them. Of each writer the recipe's first {images} words are taken and put together by "
    "fives, as a document is; one five is enrolled for each writer and all others are asked, mean over 20 draws, "
    "ranked by likeness. As no word tells its resolution, all are brought to one text height. A writer's words come "
    "from one pen and one sitting, and no controls were measured beside them. Intervals are over writers."
)


def run(setting: Setting) -> Outcome:
    """Fit both ways and measure on the writers held out.

    Raises:
        DataError: a set of the recipe is missing.
    """
    recipe = load_recipe(setting.root / "recipes" / "hand-encoder.toml")
    writings, _ = prepare_hands(recipe, None, setting.report)
    rows = []
    for which, held in two_halves(writings):
        found = told_apart(writings, held, recipe)
        what = f"DHSD, {WORDS} words by {WORDS} words, {which} of the writers ({len(held)})"
        rows.append(Row(what, "share", found.top1, target=Target(TARGET), headline=True))
        rows.append(Row(f"{what}, among the first five", "share", found.top5))
    others = ", ".join(name for name in recipe.hands.sources if name != SET) or "none"
    return Outcome(tuple(rows), (NOTE.format(others=others, images=recipe.hands.images),))


def two_halves(writings: Writings) -> Iterator[tuple[str, Names]]:
    """Yield what to call either half of the set's writers, and their names."""
    writers = np.unique(writings.writers[np.char.startswith(writings.writers, f"{SET}/")])
    mixed = np.random.default_rng(SEED).permutation(writers)
    yield from zip(("one half", "the other half"), np.array_split(mixed, 2), strict=True)


def told_apart(writings: Writings, held: Names, recipe: Recipe) -> ClosedSet:
    """Return how often writers are named from five words, in the space fitted to all other writers."""
    rng = np.random.default_rng((recipe.seed, SEED))
    space, counts, names = held_out(writings, held, recipe, WORDS, rng)
    return closed_set(score_matrix(space.vectors(counts)), names, rng=rng)


def held_out(
    writings: Writings,
    held: Names,
    recipe: Recipe,
    words: int,
    rng: np.random.Generator,
) -> tuple[HandSpace, Counts, list[str]]:
    """Return the space fitted to all other writers, and what so many words at a time of those held out have counted.

    Args:
        writings: of all writers.
        held: names of those held out.
        recipe: of the encoder.
        words: put together.
        rng: which words come together.

    Returns:
        The space; counts (n, kinds, bins * bins); the n writers.
    """
    aside = np.isin(writings.writers, held)
    space = fit_hand_space(put_together(writings.subset(~aside), recipe.hands, rng), recipe.hands)
    asked = writings.subset(aside)
    bags = draw_bags(asked.writers.tolist(), None, words, rng)
    counts = np.stack([asked.counts[bag].sum(axis=0) for bag in bags])
    return space, counts, [str(asked.writers[bag[0]]) for bag in bags]
