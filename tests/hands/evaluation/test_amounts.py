"""More text tells more, measured on the same writers."""

import numpy as np
import pytest

from duktus.hands.evaluation.amounts import accuracy_by_amount, draw_bags, mean_scores
from duktus.hands.evaluation.retrieval import score_matrix
from duktus.types import DataError
from tests.hands.evaluation.scores import draw_vectors


def rng() -> np.random.Generator:
    """The same draws in each test."""
    return np.random.default_rng(10)


def test_bags_hold_lines_of_one_page_each_once() -> None:
    """Five lines a page make two bags of two; one is left over."""
    _, writers, pages = draw_vectors(2, 2, 5, noise=0)
    bags = draw_bags(writers, pages, 2, rng())
    assert len(bags) == 8
    assert all(len({(writers[i], pages[i]) for i in bag}) == 1 for bag in bags)
    assert len({i for bag in bags for i in bag.tolist()}) == 16


def test_words_without_pages_are_taken_by_writer() -> None:
    """Where no page is known at all, a writer's words come together."""
    bags = draw_bags(["a"] * 5 + ["b"] * 5, [None] * 10, 5, rng())
    assert [sorted(bag.tolist()) for bag in bags] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]


def test_more_lines_tell_more() -> None:
    """The same writers at every amount; what is asked comes from another page."""
    vectors, writers, pages = draw_vectors(15, 2, 8, noise=1.0)
    found = accuracy_by_amount(mean_scores(vectors, score_matrix), writers, pages, rng=rng(), times=50)
    assert [each.pieces for each in found] == [1, 2, 4, 8]
    values = [each.top1.value for each in found]
    assert values[0] + 0.1 < values[-1]
    assert {each.writers for each in found} == {15}
    assert [each.top1.n for each in found] == [240, 120, 60, 30]


def test_writers_without_two_such_pages_are_left_out() -> None:
    """A writer whose second page is short does not count at any amount."""
    vectors, writers, pages = draw_vectors(4, 2, 4, noise=0.3)
    keep = np.arange(len(writers))[:-1]
    names, places = [writers[i] for i in keep], [pages[i] for i in keep]
    found = accuracy_by_amount(
        mean_scores(vectors[keep], score_matrix), names, places, rng=rng(), amounts=(1, 4), times=20
    )
    assert {each.writers for each in found} == {3}


def test_words_are_measured_without_pages() -> None:
    """Bags of words count as pages of their own."""
    vectors, writers, _ = draw_vectors(6, 1, 12, noise=0.5)
    found = accuracy_by_amount(mean_scores(vectors, score_matrix), writers, rng=rng(), amounts=(5,), times=20)
    assert found[0].top1.n == 12
    assert found[0].writers == 6


def test_too_little_text_is_refused() -> None:
    """Where pages have fewer lines than are asked for, the message says how many."""
    vectors, writers, pages = draw_vectors(4, 2, 4, noise=0.3)
    with pytest.raises(DataError, match="two pages of 8 pieces, received 0; ask for fewer pieces"):
        accuracy_by_amount(mean_scores(vectors, score_matrix), writers, pages, rng=rng())
