"""Letters taught by a few vectors are told apart as Bayes' rule would, and what was not taught is none of them."""

import numpy as np
import pytest

from duktus.glyphs.reading.head import Head, fit_head
from duktus.models.card import Spread
from duktus.types import GalleryError

SPREAD = Spread(middle=(0.3, -0.2, 0.1), within=(0.1, 0.2, 0.05), between=(1.0, 0.5, 2.0))


def log_normal(x: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> float:
    """The logarithm of a normal density with independent numbers."""
    return float(-0.5 * (np.log(2 * np.pi * variance) + (x - mean) ** 2 / variance).sum())


def drawn(letters: int, examples: int, seed: int = 0, size: int = 24) -> tuple[np.ndarray, list[str], Spread]:
    """Vectors of letters drawn from a spread, their labels, and the spread."""
    rng = np.random.default_rng(seed)
    spread = Spread(tuple(rng.normal(size=size)), tuple(rng.uniform(0.5, 1, size)), tuple(rng.uniform(0.5, 2, size)))
    places = rng.normal(spread.middle, np.sqrt(spread.between), (letters, size))
    shown = np.repeat(places, examples, axis=0)
    vectors = rng.normal(shown, np.sqrt(spread.within)).astype(np.float32)
    return vectors, [f"{i:03d}" for i in range(letters) for _ in range(examples)], spread


def test_scores_are_log_likelihood_ratios() -> None:
    """A score is that of the posterior predictive density over the density of any letter, to the fifth digit."""
    middle, within, between = (np.array(each) for each in (SPREAD.middle, SPREAD.within, SPREAD.between))
    taught = np.array([[0.9, 0.1, 1.0], [1.1, -0.3, 0.7]], np.float32)
    asked = np.array([0.8, 0.2, 0.4], np.float32)
    place = middle + between * (taught - middle).sum(axis=0) / (2 * between + within)
    predicted = log_normal(asked, place, within + within * between / (2 * between + within))
    expected = predicted - log_normal(asked, middle, within + between)
    scores = fit_head(taught, ["a", "a"], SPREAD).scores(asked[None])
    np.testing.assert_allclose(scores, [[expected, 0]], rtol=1e-5)


def test_letters_are_told_apart() -> None:
    """Of letters that differ as the spread says, one example each tells nearly all others right."""
    vectors, labels, spread = drawn(30, 20)
    head = fit_head(vectors[::20], labels[::20], spread)
    best = head.scores(vectors)[:, :-1].argmax(axis=1)
    assert np.mean([head.labels[i] == label for i, label in zip(best, labels, strict=True)]) > 0.9


def test_more_examples_say_more() -> None:
    """Ten examples of each letter leave fewer errors than one."""
    vectors, labels, spread = drawn(40, 30, seed=1, size=8)
    shares = []
    for count in (1, 10):
        taught = [i for i in range(len(labels)) if i % 30 < count]
        head = fit_head(vectors[taught], [labels[i] for i in taught], spread)
        asked = [i for i in range(len(labels)) if i % 30 >= 10]
        best = head.scores(vectors[asked])[:, :-1].argmax(axis=1)
        shares.append(np.mean([head.labels[b] == labels[i] for b, i in zip(best, asked, strict=True)]))
    assert shares[1] > shares[0] + 0.05


def test_what_was_not_taught_is_none_of_them() -> None:
    """Letters that were taught beat "none of these", and letters that were not lose to it."""
    vectors, labels, spread = drawn(60, 6, seed=2, size=96)
    known = [i for i in range(len(labels)) if int(labels[i]) < 30]
    head = fit_head(vectors[known][::3], [labels[i] for i in known[::3]], spread)
    none = head.scores(vectors).argmax(axis=1) == len(head.labels)
    assert none[known].mean() < 0.05
    assert none[len(known) :].mean() > 0.95


@pytest.mark.parametrize("together", [1, 2, 7])
def test_scores_do_not_depend_on_who_asks_beside(together: int) -> None:
    """Vectors scored a few at a time have the scores that they have all together, to the bit."""
    vectors, names, spread = drawn(60, 2, size=256)
    head = fit_head(vectors, names, spread)
    parts = [head.scores(vectors[i : i + together]) for i in range(0, len(vectors), together)]
    assert np.array_equal(np.concatenate(parts), head.scores(vectors))


def test_any_label() -> None:
    """Labels come sorted, each once, whatever they are made of."""
    head = fit_head(np.eye(3, dtype=np.float32), ["ᚠ", "a/b", "ᚠ"], SPREAD)
    assert head.labels == ("a/b", "ᚠ")
    assert isinstance(head, Head)


def test_nothing_to_fit() -> None:
    """No example and vectors of another length are refused."""
    with pytest.raises(GalleryError, match="expected examples with vectors of 3 numbers, received 0 x 3"):
        fit_head(np.zeros((0, 3), np.float32), [], SPREAD)
    with pytest.raises(GalleryError, match="received 2 x 4"):
        fit_head(np.ones((2, 4), np.float32), ["a", "b"], SPREAD)
