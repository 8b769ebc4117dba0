"""Whose hand, in scripts that the encoder never saw: Omniglot's drawers, each told among the twenty of an alphabet."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from benchmarks.hands import check_set_unseen
from benchmarks.results import Outcome, Row
from benchmarks.scripts import (
    Hands,
    Scores,
    count_hits,
    count_ink,
    hinge_scores,
    load_scripts,
    mirror,
    pen_scores,
    size_scores,
    turn_quarter,
    two_texts,
)
from benchmarks.sections import words
from benchmarks.setting import Setting
from duktus.datasets.places import find_data
from duktus.hands.evaluation.retrieval import closed_set, score_matrix
from duktus.hands.training.encoder import HandEncoder
from duktus.hands.training.pages import prepare_writings
from duktus.hands.training.settings import HandEncoderRecipe
from duktus.imaging.frames.contours import Counts
from duktus.imaging.ink.page import page_ink
from duktus.learning.recipe import load_recipe
from duktus.learning.task import Work
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.reporting.clusters import shares_by_writer
from duktus.reporting.intervals import Estimate
from duktus.types import Page

SET, SEED = "omniglot", 49
WORDS = 3
KNOWN = ("Latin",)
"""Alphabets of the script that the encoder was fitted to."""

AMOUNTS = {"Omniglot, half of the letters by the other half": None, "Omniglot, 5 letters by 5 others": 5}
OURS, HINGE, PEN, SIZE = "the encoder", "hinges alone, not fitted", "tone and width alone", "height alone"

WAYS: dict[str, Callable[[Counts], Counts]] = {
    "as they were written": lambda counts: counts,
    "turned by a quarter": turn_quarter,
    "mirrored": mirror,
}
"""What is done with hinges to have strokes in other directions than those of Latin script."""

NOTE = (
    "Omniglot's {alphabets} alphabets but the Latin one, drawn by twenty people each; the encoder was fitted to "
    "{fitted}. A drawer's text is a page of some letters of the alphabet, and his other text one of other letters; all"
    " drawers' first texts are enrolled and all second ones asked, then the other way round. The peer is the same "
    "hinges compared without anything fitted (Hellinger's product of their shares). **The drawings are no "
    "handwriting**: they were drawn one by one after a printed model, with a mouse or what else the drawer had, in "
    "lines of one width on pictures of 105 pixels; one device differs from another, and a figure here may be partly "
    "the device's. No letter comes twice, as it would in a text. It says whether what was fitted to Latin script "
    "carries over, and not how well hands are told in another. Too little ink for a served answer is asked all the "
    "same. Intervals are over alphabets."
)
TURNED = (
    "No set at hand has another script by pens. In its place stand DHSD's words turned by a quarter, and mirrored: the "
    "same hands, with strokes in directions in which Latin script has few. The recipe's encoder is fitted to half of "
    "DHSD's writers, and to the recipe's other sets, as they were written; the other half's words are put together by "
    "threes and turned, one three enrolled for each writer and all others asked, mean over 20 draws. Intervals are "
    "over writers; the peer is the same as above, and blind to turning."
)


def run(setting: Setting) -> Outcome:
    """Measure the encoder, what it counts, and the controls on the same texts; then turned words by pens.

    Raises:
        DataError: the encoder saw the set, or a set is missing.
    """
    session = open_model_file(setting.hands)
    check_set_unseen(session.card, SET)
    scripts = list(load_scripts(find_data(SET), KNOWN).values())[: setting.limit]
    rows = []
    for what, most in AMOUNTS.items():
        figures = tell_drawers(session, scripts, most)
        setting.report(f"{what}: " + ", ".join(f"{name} {found.value:.4f}" for name, found in figures.items()))
        ours, hinge = figures.pop(OURS), figures.pop(HINGE)
        rows.append(Row(f"{what}; peer {HINGE}", "share", ours, hinge))
        rows += [Row(f"{what}, {name}", "share", None, found) for name, found in figures.items()]
    rows += tell_turned(load_recipe(setting.root / "recipes" / "hand-encoder.toml", HandEncoder()), setting)
    fitted = ", ".join(source.name for source in session.card.data)
    return Outcome(tuple(rows), (NOTE.format(alphabets=len(scripts), fitted=fitted), TURNED))


def tell_turned(recipe: HandEncoderRecipe, setting: Setting) -> Iterator[Row]:
    """Yield how often writers are told by words that were turned, in the space of words that were not."""
    writings, _ = prepare_writings(recipe, Work(setting.runs, report=setting.report))
    for which, held in words.two_halves(writings):
        asked = words.held_out(writings, held, recipe, WORDS, np.random.default_rng((recipe.seed, SEED)))
        counts, names = asked.counts, asked.names
        for way, turn in WAYS.items():
            turned = turn(counts)
            ours, hinge = (
                closed_set(scores, names, rng=np.random.default_rng(SEED)).top1
                for scores in (score_matrix(asked.space.vectors(turned)), hinge_scores(turned))
            )
            yield Row(
                f"DHSD, {WORDS} words by {WORDS} {way}, {which} of the writers; peer {HINGE}", "share", ours, hinge
            )


def tell_drawers(session: Session, scripts: Sequence[Hands], most: int | None) -> dict[str, Estimate]:
    """Return how often drawers are told by texts of so many letters, half of an alphabet's where it is None."""
    hits, asked = [], []
    for number, hands in enumerate(scripts):
        pages = [page for texts in two_texts(hands, most, np.random.default_rng((SEED, number))) for page in texts]
        scores = all_scores(session, pages)
        hits.append([count_hits(each).sum() for each in scores.values()])
        asked.append(len(pages))
    found = shares_by_writer(np.array(hits), np.array(asked), n=sum(asked), rng=np.random.default_rng(SEED))
    return dict(zip(scores, found, strict=True))


def all_scores(session: Session, pages: Sequence[Page]) -> dict[str, Scores]:
    """Return the likeness of pages by the encoder, by what it is given, and by both controls, (n, n) each."""
    settings = session.card.preprocessing
    assert settings.contours is not None, "every encoder of hands has them"
    inks = [page_ink(page, settings.ink) for page in pages]
    counts = np.stack([count_ink(ink, settings.contours) for ink in inks])
    return {
        OURS: score_matrix(session.run(counts)),
        HINGE: hinge_scores(counts),
        PEN: pen_scores(pages),
        SIZE: size_scores(inks),
    }
