"""Tests of duktus.hands.identification.evidence."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.hands.identification import evidence
from duktus.hands.identification.evidence import Patches, find_patches, weigh
from duktus.hands.identification.hand import Hand
from duktus.hands.identification.tracing import trace_page
from duktus.imaging.frames.contours import ContourSettings, count_directions, find_contours
from duktus.models.likelihood import joint_amount
from duktus.models.runtime import Session
from duktus.types import Ink, ModelError
from tests.glyphs.encoders import encoder_content
from tests.hands.pages import page_ink_of, page_of, reader, stacked

WRITERS = range(1, 7)


def session() -> Session:
    """The encoder that comes with the project."""
    return reader()._session


def patches_of(ink: Ink) -> Patches:
    """The words of a page of ink."""
    settings = session().card.preprocessing.contours
    assert settings is not None
    return find_patches(ink, settings)


def hand(seed: int) -> Hand:
    """How another page by a writer is written."""
    return reader().look([page_of(seed)])


def separated(first: int, second: int) -> tuple[float, float, float]:
    """How often a word by a hand says more for it than one by another; the shares of words above 0 by either."""
    upper, lower = page_ink_of(first, 1), page_ink_of(second, 1)
    patches = patches_of(stacked([upper, lower]))
    known = hand(first)
    worths = weigh(patches, known.vectors[0], known.ink, session())
    own = np.array([box.y + box.h / 2 < 24 + upper.shape[0] + 24 for box in patches.boxes])
    right = float((worths[own][:, None] > worths[~own]).mean())
    return right, float((worths[own] > 0).mean()), float((worths[~own] > 0).mean())


def test_two_hands_on_a_page_are_told_apart() -> None:
    """On pages half by another, of a word by the hand and one by the other the first says more, nine times in ten."""
    right, own, other = np.mean([separated(seed, seed % 6 + 1) for seed in WRITERS], axis=0)
    assert right > 0.9
    assert own > 0.85
    assert other < own - 0.4


def test_a_page_by_one_hand_speaks_with_one_voice() -> None:
    """Nearly all words of a page by the hand speak for it, and most by another against it, alike as pen's hands are."""
    known = {seed: hand(seed) for seed in WRITERS}
    own, other = [], []
    for seed in WRITERS:
        patches, next_one = patches_of(page_ink_of(seed, 1)), known[seed % 6 + 1]
        own.append((weigh(patches, known[seed].vectors[0], known[seed].ink, session()) > 0).mean())
        other.append((weigh(patches, next_one.vectors[0], next_one.ink, session()) > 0).mean())
    assert np.mean(own) > 0.85
    assert np.mean(other) < 0.5


def test_words_hold_all_that_was_written() -> None:
    """The words' counts and the rest are the whole page's, and so are their amounts."""
    ink, settings = page_ink_of(2, 1), ContourSettings()
    patches, whole = find_patches(ink, settings), find_contours(ink, settings)
    total = patches.counts.sum(axis=0) + patches.rest
    assert total == pytest.approx(count_directions(whole, settings), abs=0.05)
    assert patches.amounts.sum() + patches.rest_amount == pytest.approx(whole.amount)


def test_worths_add_up_to_the_answer() -> None:
    """All words together bear the log10 ratio of the document, without bounds, as an identification takes it."""
    known, page, likelihood = hand(1), reader().look([page_of(1, 1)]), session().card.likelihood
    seen = session().card.preprocessing
    assert likelihood is not None
    assert seen.contours is not None
    traced, ink = trace_page(page_of(1, 1), None, seen.ink, seen.contours)
    patches = find_patches(ink, seen.contours, None, traced.height)
    expected = likelihood.log10_ratio(page.vectors[0] @ known.vectors[0], joint_amount(page.ink, known.ink))
    assert patches.rest_amount == 0
    assert weigh(patches, known.vectors[0], known.ink, session()).sum() == pytest.approx(float(expected), abs=0.01)


def test_words_differ_by_what_is_lost_without_them() -> None:
    """Of two words with the same ink the one without which more is lost has the greater worth, by just so much."""
    known, patches, likelihood = hand(1), patches_of(page_ink_of(1, 1)), session().card.likelihood
    assert likelihood is not None
    whole, total = patches.counts.sum(axis=0) + patches.rest, patches.amounts.sum() + patches.rest_amount
    vectors = session().run(whole - patches.counts)
    left = likelihood.log10_ratio(vectors @ known.vectors[0], joint_amount(total, known.ink))
    worths = weigh(patches, known.vectors[0], known.ink, session())
    by_ink = (worths + left)[1:] - (worths + left)[0]
    slope = by_ink / np.where(patches.amounts[1:] == patches.amounts[0], 1, patches.amounts[1:] - patches.amounts[0])
    assert np.ptp(slope[np.abs(by_ink) > 1e-3]) == pytest.approx(0, abs=1e-3)


def test_only_so_many_words_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of more words those with the most ink are weighed, and the others count with the rest."""
    all_of_them = patches_of(page_ink_of(3))
    monkeypatch.setattr(evidence, "MOST", 4)
    some = patches_of(page_ink_of(3))
    assert len(some.boxes) == some.owners.max() == 4
    assert sorted(some.amounts) == sorted(all_of_them.amounts)[-4:]
    assert set(some.boxes) < set(all_of_them.boxes)
    assert some.counts.sum() + some.rest.sum() == pytest.approx(all_of_them.counts.sum(), rel=1e-4)


def test_paper_and_a_single_word() -> None:
    """Paper has nothing to weigh; a document's only word is worth all that it says."""
    known = hand(1)
    assert len(weigh(patches_of(np.zeros((60, 60), np.float32)), known.vectors[0], 1.0, session())) == 0
    patches = patches_of(page_ink_of(1))
    one = replace(
        patches, boxes=patches.boxes[:1], counts=patches.counts[:1], amounts=patches.amounts[:1], rest=0 * patches.rest
    )
    likelihood = session().card.likelihood
    assert likelihood is not None
    score = session().run(one.counts) @ known.vectors[0]
    expected = likelihood.log10_ratio(score, joint_amount(one.amounts, known.ink))
    assert weigh(one, known.vectors[0], known.ink, session()) == pytest.approx(expected, abs=1e-4)


def test_an_encoder_without_ratios_is_refused() -> None:
    """What has no likelihood ratios says nothing of evidence."""
    letters = Session(encoder_content(), threads=1)
    with pytest.raises(ModelError, match="likelihood ratios"):
        evidence._likelihood(letters)
