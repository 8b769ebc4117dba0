"""In the fitted space documents of one writer lie together, also of writers that it was not fitted to."""

import numpy as np
import pytest

from duktus.hands.training.embedding import fit_hand_embedding, put_together, two_documents
from duktus.hands.training.pages import Writings
from duktus.hands.training.settings import HandSettings
from duktus.types import DataError
from tests.hands.training.sets import drawn_writings

SETTINGS = HandSettings(documents=6, most=4, components=20, vector=8)


def top_1(first: np.ndarray, second: np.ndarray, writers: np.ndarray) -> float:
    """The share of documents whose likest one is by the same writer."""
    return float((writers[(first @ second.T).argmax(axis=1)] == writers).mean())


def test_strangers_are_told_apart() -> None:
    """Documents of fifteen writers whom it was not fitted to are found by another of theirs."""
    rng = np.random.default_rng(0)
    space = fit_hand_embedding(put_together(drawn_writings(40, noise=2), SETTINGS, rng), SETTINGS)
    first, second = two_documents(drawn_writings(15, seed=9, noise=2), SETTINGS, rng)
    assert top_1(space.vectors(first.counts), space.vectors(second.counts), first.writers) > 0.8


def test_vectors_have_length_1() -> None:
    """Vectors are as long as asked for, in numbers, and of length 1; nothing counted gives one too."""
    writings = drawn_writings()
    space = fit_hand_embedding(put_together(writings, SETTINGS, np.random.default_rng(0)), SETTINGS)
    vectors = space.vectors(np.concatenate([writings.counts, np.zeros_like(writings.counts[:1])]))
    assert vectors.shape == (97, 8)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-4)


def test_two_documents_share_nothing() -> None:
    """The two documents of a pair are of one sitting and have no piece in common."""
    marked = drawn_writings(3, 6)
    counts = np.eye(18, dtype=np.float32)[:, None]
    sittings = np.array([f"{i // 3}" for i in range(18)])
    first, second = two_documents(
        Writings(counts, marked.amounts, marked.writers, sittings, marked.files, marked.scales),
        SETTINGS,
        np.random.default_rng(1),
    )
    assert not (first.counts * second.counts).any()
    for each in (*first.counts[:, 0], *second.counts[:, 0]):
        assert len(set(sittings[each > 0])) == 1


def test_a_writer_of_one_piece() -> None:
    """One piece is a document by itself, and no pair."""
    writings = drawn_writings(2, 1)
    assert len(put_together(writings, SETTINGS, np.random.default_rng(0)).writers) == 2
    with pytest.raises(DataError, match="expected over 8 documents"):
        fit_hand_embedding(put_together(writings, SETTINGS, np.random.default_rng(0)), SETTINGS)
