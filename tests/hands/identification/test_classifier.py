"""Whose hand, by a trained network: pages, lines and words, and what is no answer."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.hands.identification.classifier import MOST_PATCHES, Ballot, HandClassifier
from duktus.imaging.layout.regions import Regions
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import Box, Identification, ModelError, Page
from tests.hands.models import LABELS, WRITERS, classifier, classifier_content
from tests.hands.pages import as_page, hand_of, line_ink, page_of, reader


def asked(page: Page, top: int = 5) -> Identification:
    """Whose hand a page is in."""
    return classifier().identify(classifier().look([page]), top)


def word(seed: int, text: str) -> Page:
    """A word by a writer, with paper around it."""
    return as_page(np.pad(line_ink(hand_of(seed), text, np.random.default_rng(1)), 30))


@pytest.mark.parametrize("seed", WRITERS)
def test_a_page_of_another_text_is_its_writers(seed: int) -> None:
    """A whole page of lines that were not learnt from is named; matches are ranked by probability, and ink is told."""
    found = asked(page_of(seed, text=1))
    assert found.accepted
    assert found.matches[0].label == f"writer {seed}"
    assert [match.rank for match in found.matches] == [1, 2, 3, 4]
    assert sum(match.score for match in found.matches) == pytest.approx(1)
    assert found.ink > 100
    assert "closed set" in found.notes[0]


def test_a_page_is_its_lines() -> None:
    """Of a page of four lines each has its patches and its ink, and together they are surer than one."""
    page = page_of(5, text=1)
    whole, line = classifier().look([page]), classifier().look([page[: page.shape[0] // 4]])
    assert len(whole.amounts) == 4
    assert set(whole.lines.tolist()) == {0, 1, 2, 3}
    assert whole.amount == pytest.approx(reader().look([page]).ink, rel=0.25)
    best = [classifier().identify(each).matches[0].score for each in (whole, line)]
    assert best[0] > best[1]


def test_pages_of_a_document_are_taken_together() -> None:
    """Two pages have the patches and the ink of both, in one answer."""
    pages = [page_of(8, text) for text in (0, 1)]
    both, one = classifier().look(pages), classifier().look(pages[:1])
    assert both.amount > 1.5 * one.amount
    assert both.lines.max() == 7
    assert classifier().identify(both).matches[0].label == "writer 8"


def test_the_same_answer_twice() -> None:
    """Nothing is left to chance."""
    assert asked(page_of(1)) == asked(page_of(1))


def test_a_word_and_too_little() -> None:
    """A word is asked about as well as may be; of a letter nothing is said, and why."""
    found = asked(word(1, "understanding"))
    assert found.matches
    assert found.reason != "too little ink"
    little = asked(word(1, "i"))
    assert (little.accepted, little.reason) == (False, "too little ink")
    assert 0 < little.ink < 25


def test_a_blank_page() -> None:
    """Paper is an answer, and so is a document without pages."""
    assert asked(np.full((400, 300, 3), 240, np.uint8)) == Identification((), False, "blank", 0.0)
    assert classifier().identify(classifier().look([])).reason == "blank"


def test_upside_down_and_noise() -> None:
    """A page upside down and one of noise have answers, whatever they are worth."""
    assert len(asked(np.ascontiguousarray(page_of(3)[::-1, ::-1])).matches) == 4
    noise = np.random.default_rng(0).integers(0, 256, (300, 400), dtype=np.uint8)
    assert asked(noise).notes or asked(noise).reason == "blank"


def test_strangers_are_none_of_the_known_hands() -> None:
    """Of pages by writers that were never learnt, most are refused, however sure the likeliest of four is."""
    found = [asked(page_of(seed)) for seed in range(40, 44)]
    assert sum(each.reason == "none of the known hands" for each in found) >= 3
    assert all(each.matches[0].score > 0.5 for each in found)


def ballot(*scores: float, amount: float = 150.0) -> Ballot:
    """One patch that gives writers these logits."""
    return Ballot(np.array([scores], np.float32), np.ones(1), np.zeros(1, np.intp), np.array([amount]))


def test_why_nobody_is_named() -> None:
    """Two that share the evidence are both named; where all do it is none of them; where one has it, that one."""
    reasons = [
        classifier().identify(ballot(*scores)).reason for scores in ((99, 0, 0, 0), (0, 99, 99, 0), (0, 0, 0, 0))
    ]
    assert reasons == ["", "unsure: writer 5 or writer 8", "none of the known hands"]


def test_ratios_are_bounded_by_what_calibrated_them() -> None:
    """Eight documents by four writers bear no more than 1 in 25 for a writer and 1 in 9 against; even odds nothing."""
    found = classifier().identify(ballot(999, 0, 0, 0))
    assert found.matches[0].log10_lr == pytest.approx(np.log10(25))
    assert found.matches[-1].log10_lr == pytest.approx(-np.log10(9))
    assert classifier().identify(ballot(0, 0, 0, 0)).matches[0].log10_lr == pytest.approx(0)


def test_an_output_for_none_of_the_writers() -> None:
    """A network that has one is believed."""
    session = Session(classifier_content(), threads=1)
    labels = LABELS[:3]
    other = HandClassifier(Session(embed_card(session.content, replace(session.card, labels=labels, other=True))))
    assert other.identify(ballot(0, 0, 0, 99)).reason == "none of the known hands"
    assert len(other.identify(ballot(0, 0, 0, 99)).matches) == 3
    assert other.identify(ballot(99, 0, 0, 0)).accepted


def test_regions_are_looked_at_alone() -> None:
    """The upper half of a page has half of its lines."""
    page = page_of(1)
    upper = Regions(used=(Box(0, 0, page.shape[1], page.shape[0] // 2),))
    assert len(classifier().look([page], regions=upper).amounts) == 2


def test_a_long_page_costs_no_more() -> None:
    """Of many patches a part is asked about, from all of the page."""
    page = np.concatenate([page_of(1)] * 12)
    found = classifier().look([page])
    assert len(found.scores) == MOST_PATCHES
    assert len(set(found.lines.tolist())) == len(found.amounts) == 48


def test_other_models_are_refused() -> None:
    """An encoder of hands, and a classifier whose card does not say how patches are cut."""
    with pytest.raises(ModelError, match="expected a hand-classifier, received a hand-encoder"):
        HandClassifier(reader()._session)
    session = Session(classifier_content(), threads=1)
    bare = replace(session.card, preprocessing=replace(session.card.preprocessing, patches=None))
    with pytest.raises(ModelError, match="how patches are cut"):
        HandClassifier(Session(embed_card(session.content, bare), threads=1))
