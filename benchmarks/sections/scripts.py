"""Whose hand, in scripts that the encoder never saw: Omniglot's drawers, each told among the twenty of an alphabet."""

from collections.abc import Sequence

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
    pen_scores,
    size_scores,
    two_texts,
)
from benchmarks.setting import Setting
from duktus.datasets.places import find_data
from duktus.evaluation.clusters import shares_by_writer
from duktus.evaluation.intervals import Estimate
from duktus.evaluation.retrieval import score_matrix
from duktus.imaging.contours import page_ink
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import Page

SET, SEED = "omniglot", 49
KNOWN = ("Latin",)
"""Alphabets of the script that the encoder was fitted to."""

AMOUNTS = {"half of the letters by the other half": None, "5 letters by 5 others": 5}
OURS, HINGE, PEN, SIZE = "the encoder", "hinges alone, not fitted", "tone and width alone", "height alone"

NOTE = (
    "Omniglot's {alphabets} alphabets but the Latin one, drawn by twenty people each; the encoder was fitted to "
    "{fitted}. A drawer's text is a page of some letters of the alphabet, and his other text one of other letters; all"
    " drawers' first texts are enrolled and all second ones asked, then the other way round. The peer is the same "
    "hinges compared without anything fitted (Hellinger's product of their shares). **The drawings are no "
    "handwriting**: they were drawn letter by letter with a mouse or a touchpad, after a model, with lines of one "
    "width on pictures of 105 pixels; one device differs from another, and a figure here may be partly the device's. "
    "It says whether what was fitted to Latin script carries over, and not how well hands are told in another. Too "
    "little ink for a served answer is asked all the same. Intervals are over alphabets."
)


def run(setting: Setting) -> Outcome:
    """Measure the encoder, what it counts, and the controls on the same texts.

    Raises:
        DataError: the encoder saw the set, or the set is missing.
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
    fitted = ", ".join(source.name for source in session.card.data)
    return Outcome(tuple(rows), (NOTE.format(alphabets=len(scripts), fitted=fitted),))


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
