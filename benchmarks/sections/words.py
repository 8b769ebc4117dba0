"""Whose hand wrote five words, told by five others: DHSD, the encoder fitted to half of its writers."""

import numpy as np

from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus.evaluation.amounts import draw_bags
from duktus.evaluation.retrieval import ClosedSet, closed_set, score_matrix
from duktus.training.hand_pages import Writings, prepare_hands
from duktus.training.hand_space import fit_hand_space, put_together
from duktus.training.recipe import Recipe, load_recipe

SET, WORDS, TARGET = "dhsd", 5, 0.9
SEED = 5

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
    writers = np.unique(writings.writers[np.char.startswith(writings.writers, f"{SET}/")])
    mixed = np.random.default_rng(SEED).permutation(writers)
    rows = []
    for which, held in zip(("one half", "the other half"), np.array_split(mixed, 2), strict=True):
        found = told_apart(writings, held, recipe)
        what = f"DHSD, {WORDS} words by {WORDS} words, {which} of the writers ({len(held)})"
        rows.append(Row(what, "share", found.top1, target=Target(TARGET), headline=True))
        rows.append(Row(f"{what}, among the first five", "share", found.top5))
    others = ", ".join(name for name in recipe.hands.sources if name != SET) or "none"
    return Outcome(tuple(rows), (NOTE.format(others=others, images=recipe.hands.images),))


def told_apart(writings: Writings, held: "np.ndarray[tuple[int], np.dtype[np.str_]]", recipe: Recipe) -> ClosedSet:
    """Return how often writers are named from five words, in the space fitted to all other writers."""
    aside = np.isin(writings.writers, held)
    rng = np.random.default_rng((recipe.seed, SEED))
    space = fit_hand_space(put_together(writings.subset(~aside), recipe.hands, rng), recipe.hands)
    asked = writings.subset(aside)
    bags = draw_bags(asked.writers.tolist(), None, WORDS, rng)
    vectors = space.vectors(np.stack([asked.counts[bag].sum(axis=0) for bag in bags]))
    return closed_set(score_matrix(vectors), [str(asked.writers[bag[0]]) for bag in bags], rng=rng)
