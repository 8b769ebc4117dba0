"""Runes and Greek, which the encoder never saw, taught from one drawing or five: 99.3 / 99.8 % and 95 / 98.5 %."""

import numpy as np

from benchmarks.letters import CHANGES, GREEK, RUNES, Alphabet, Change, check_unseen, drawings_of, load_alphabet
from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.glyphs.evaluation.few_shot import Drawings, draw_examples, few_shot
from duktus.glyphs.reading.reader import UNCALIBRATED
from duktus.models.confidence import fit_threshold, judge
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.reporting.intervals import Estimate, mean_share

SEED = 20
TARGETS = {("runes", 1): 0.993, ("runes", 5): 0.998, ("Greek", 1): 0.95, ("Greek", 5): 0.985}
OTHER_TOOLS = 0.93
"""Share to tell from ten examples a letter by other people's tools."""

REFUSED, ACCEPTED = 0.9, 0.98
FOREIGN = 2000
"""Drawings of other alphabets that are asked, evenly from all."""

NOTE = (
    "The encoder never saw these alphabets; its card lists those it saw. In each of 20 draws one or five drawers, "
    "drawn anew, teach all letters, and all drawings of all others are asked; the interval is that of the mean over "
    "the draws. By other tools: ten drawers teach the changed drawings, others are queried; the changes "
    "are simulated. Refusal: where the threshold accepts 98 % of what is asked of runes taught by five drawers, the "
    "share of other letters that is refused; Greek is unseen too, the other alphabets are not."
)


def run(setting: Setting) -> Outcome:
    """Measure both alphabets, drawn as they are and by other tools, and what is refused."""
    session = open_model_file(setting.encoder)
    check_unseen(session.card, [RUNES.name, GREEK.name])
    rows = []
    for name, alphabet in (("runes", RUNES), ("Greek", GREEK)):
        drawings = drawings_of(session, load_alphabet(alphabet))
        rows += [_row(session, name, drawings, shots) for shots in (1, 5)]
        if alphabet is RUNES:
            rows += _refusals(session, drawings, setting)
        for what, change in CHANGES.items():
            setting.report(f"{name} {what}")
            rows.append(_changed(session, name, what, alphabet, change))
    return Outcome(tuple(rows), (NOTE,))


def _row(session: Session, name: str, drawings: Drawings, shots: int) -> Row:
    spread = session.card.spread
    assert spread is not None, "every encoder's card has one"
    found = few_shot(drawings, spread, shots=shots, rng=np.random.default_rng(SEED))
    examples = f"{shots} example{'s' * (shots > 1)} each"
    claim = f"{name[0].upper()}{name[1:]} taught from {examples}: {{ours}}."
    target = Target(TARGETS[name, shots])
    return Row(f"{name}, {examples}", "share", found, target=target, headline=True, claim=claim)


def _changed(session: Session, name: str, what: str, alphabet: Alphabet, change: Change) -> Row:
    spread = session.card.spread
    assert spread is not None, "every encoder's card has one"
    drawings = drawings_of(session, load_alphabet(alphabet), change)
    found = few_shot(drawings, spread, shots=10, rng=np.random.default_rng(SEED))
    return Row(f"{name} {what}, 10 examples each", "share", found, target=Target(OTHER_TOOLS), headline=True)


def _refusals(session: Session, drawings: Drawings, setting: Setting) -> list[Row]:
    """Return the shares of other letters that taught runes refuse."""
    others = load_labelled(find_data("omniglot") / "images_evaluation.zip")
    some = others.subset(choose_evenly(len(others), setting.count(FOREIGN)))
    foreign = {"Greek letters": load_alphabet(GREEK), "letters of 20 alphabets that the encoder knows": some}
    rows = []
    for what, images in foreign.items():
        found = refused_share(session, drawings, images)
        rows.append(Row(f"{what}, refused by runes", "share", found, target=Target(REFUSED), headline=True))
    return rows


def refused_share(session: Session, drawings: Drawings, images: LabelledImages, draws: int = 20) -> Estimate:
    """Return the share of other letters that are refused where 98 % of taught ones are accepted, mean over draws."""
    spread, scale = session.card.spread, session.card.calibration or UNCALIBRATED
    assert spread is not None, "every encoder's card has one"
    asked = drawings_of(session, images).own
    rng, shares = np.random.default_rng(SEED), []
    for _ in range(draws):
        draw = draw_examples(drawings, spread, 5, rng)
        own, other = (draw.head.scores(vectors) for vectors in (drawings.own[draw.queries], asked))
        k = len(draw.head.labels)
        known, foreign = (judge(scores, k, scale.temperature).confidence for scores in (own, other))
        shares.append(float((foreign < fit_threshold(known, ACCEPTED)).mean()))
    return mean_share(shares)
