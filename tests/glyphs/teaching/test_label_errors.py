"""Labels that look wrong: about as many as are, and next to none where all are right."""

import numpy as np
import pytest
from numpy.typing import NDArray

from duktus.glyphs.teaching.label_errors import LabelErrors, describe_label_errors, find_label_errors
from duktus.models.card import Spread

LETTERS, EACH, DIMENSION = 12, 10, 16
SPREAD = Spread((0.0,) * DIMENSION, (0.004,) * DIMENSION, (0.06,) * DIMENSION)


def drawings(seed: int) -> tuple[NDArray[np.float32], NDArray[np.str_]]:
    """Vectors of letters that scatter about places of their own, and their labels."""
    rng = np.random.default_rng(seed)
    places = np.repeat(rng.normal(0, 1, (LETTERS, DIMENSION)), EACH, axis=0)
    vectors = places + rng.normal(0, 0.25, places.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), np.repeat([f"letter {i:02d}" for i in range(LETTERS)], EACH)


def wrong(labels: NDArray[np.str_], share: float, seed: int) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
    """Labels of which a share is another's, and which those are."""
    rng = np.random.default_rng(seed)
    bad = rng.random(len(labels)) < share
    shifted = np.roll(np.unique(labels), int(rng.integers(1, LETTERS)))
    changed = np.where(bad, shifted[np.searchsorted(np.unique(labels), labels)], labels)
    return changed, bad


@pytest.mark.parametrize("seed", range(5))
def test_thirty_per_cent_wrong(seed: int) -> None:
    """Of a set with three labels in ten wrong about so many are doubted, and nearly all of these are wrong."""
    vectors, labels = drawings(seed)
    given, bad = wrong(labels, 0.3, seed)
    found = find_label_errors(vectors, given.tolist(), SPREAD, 2.0)
    assert found.share == pytest.approx(bad.mean(), abs=0.05)
    assert bad[list(found.places)].mean() > 0.9
    assert (np.array(found.suggested) == labels[list(found.places)]).mean() > 0.9
    assert "of the labels look wrong" in describe_label_errors(found, ["x"] * len(labels))[0]


@pytest.mark.parametrize("seed", range(5))
def test_all_right(seed: int) -> None:
    """Of a set without a wrong label next to none is doubted."""
    vectors, labels = drawings(seed)
    found = find_label_errors(vectors, labels.tolist(), SPREAD, 2.0)
    assert found.checked == len(labels)
    assert found.share < 0.02


def test_worst_first() -> None:
    """One wrong label is named with its file and what it looks like; a clean set is told nothing of."""
    vectors, labels = drawings(1)
    given = labels.copy()
    given[3] = "letter 07"
    found = find_label_errors(vectors, given.tolist(), SPREAD, 2.0)
    assert found.places[0] == 3
    lines = describe_label_errors(found, [f"{i}.png" for i in range(len(labels))])
    assert lines[0].startswith("Labels that look wrong: ")
    assert lines[1] == "  3.png: 'letter 07' looks like 'letter 00'"
    assert describe_label_errors(LabelErrors(5, (), (), ()), []) == []


def test_copies_do_not_speak_for_each_other() -> None:
    """A label that copies of one drawing alone bear cannot be judged; untold, each would vouch for the rest."""
    vectors, labels = drawings(2)
    copied = np.concatenate([vectors, np.repeat(vectors[:1], 9, axis=0)])
    given = np.concatenate([["lone"], labels[1:], ["lone"] * 9]).tolist()
    groups = np.concatenate([np.arange(len(labels)), np.zeros(9, np.intp)])
    assert find_label_errors(copied, given, SPREAD, 2.0, groups=groups).checked == len(labels) - 1
    assert find_label_errors(copied, given, SPREAD, 2.0).checked == len(given)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_nothing_to_compare(count: int) -> None:
    """Labels with one drawing each, or none at all, cannot be judged, and nothing is said of them."""
    vectors, labels = drawings(0)
    found = find_label_errors(vectors[::EACH][:count], labels[::EACH][:count].tolist(), SPREAD, 2.0)
    assert (found.checked, found.places, found.share) == (0, (), 0.0)
