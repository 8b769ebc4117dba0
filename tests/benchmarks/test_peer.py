"""The published recipe's network is trained once for the same data, and anew for others."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.peer import load_peer, peer_file, peer_hits, peer_probabilities
from benchmarks.setting import Setting


def test_network_is_kept_for_the_same_data(setting: Setting) -> None:
    """A second section finds the file of the first and leaves it alone."""
    written = peer_file(setting).stat().st_mtime_ns
    assert peer_file(setting).stat().st_mtime_ns == written


def test_network_of_other_data_is_not_taken(setting: Setting, tmp_path: Path) -> None:
    """A network that another data set left is trained over."""
    (tmp_path / "published.keras").write_bytes(b"another")
    (tmp_path / "published.json").write_text('{"data": "another"}', encoding="utf-8")
    assert peer_file(replace(setting, runs=tmp_path)).read_bytes() != b"another"


def test_answers_are_probabilities(setting: Setting) -> None:
    """Each picture has ten that sum to one, and no picture has none."""
    network = load_peer(setting)
    probabilities = peer_probabilities(network, np.zeros((2, 28, 28), np.float32))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert peer_hits(network, np.zeros((2, 28, 28), np.float32), [str(probabilities[0].argmax()), "x"]) == 1
    assert peer_probabilities(network, np.zeros((0, 28, 28), np.float32)).shape == (0, 10)
