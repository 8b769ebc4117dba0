"""Tests of duktus.recognition.evidence."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.imaging.contours import ContourSettings, count_directions, find_contours
from duktus.models.runtime import Session
from duktus.recognition import evidence
from duktus.recognition.evidence import Patches, find_patches, weigh
from duktus.recognition.hands import Hand
from duktus.types import Ink, ModelError
from tests.recognition.encoders import encoder_content
from tests.recognition.hand_pages import page_ink_of, page_of, reader, stacked

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
    """On pages half by another, words by the hand speak for it and the others' against it: 19 of 20 pairs in order."""
    right, own, other = np.mean([separated(seed, seed % 6 + 1) for seed in WRITERS], axis=0)
    assert right > 0.93
    assert own > 0.8
    assert other < 0.25


def test_words_hold_all_that_was_written() -> None:
    """The words' counts and the rest are the whole page's, and so are their amounts."""
    ink, settings = page_ink_of(2, 1), ContourSettings()
    patches, whole = find_patches(ink, settings), find_contours(ink, settings)
    total = patches.counts.sum(axis=0) + patches.rest
    assert total == pytest.approx(count_directions(whole, settings), abs=0.05)
    assert patches.amounts.sum() + patches.rest_amount == pytest.approx(whole.amount)


def test_worth_is_what_the_answer_loses() -> None:
    """A word's worth is the difference of the log10 ratios of the document with it and without it."""
    known, patches, likelihood = hand(1), patches_of(page_ink_of(1, 1)), session().card.likelihood
    assert likelihood is not None
    whole = patches.counts.sum(axis=0) + patches.rest
    vectors = session().run(np.stack([whole, whole - patches.counts[3]]))
    amount = 2 / (1 / (patches.amounts.sum() + patches.rest_amount) + 1 / known.ink)
    with_it, without = likelihood.log10_ratio(vectors @ known.vectors[0], amount)
    assert weigh(patches, known.vectors[0], known.ink, session())[3] == pytest.approx(with_it - without, abs=1e-4)


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
    expected = likelihood.log10_ratio(score, 2 / (1 / one.amounts + 1 / known.ink))
    assert weigh(one, known.vectors[0], known.ink, session()) == pytest.approx(expected, abs=1e-4)


def test_an_encoder_without_ratios_is_refused() -> None:
    """What has no likelihood ratios says nothing of evidence."""
    letters = Session(encoder_content(), threads=1)
    with pytest.raises(ModelError, match="likelihood ratios"):
        evidence._likelihood(letters)
