"""How composed numbers are laid out."""

from dataclasses import replace

import numpy as np

from duktus.lines.training.composing.layout import lay_out, sample_manner
from duktus.lines.training.composing.scribes import sample_penned


def test_noughts_in_a_row_hang_together() -> None:
    """Where a hand joins them, each ends where the next begins; other noughts are as the hand writes them."""
    rng = np.random.default_rng(2)
    scribe, manner = sample_penned(rng), replace(sample_manner(rng), ligature=0.0, garland=1.0, raised=False)
    laid = lay_out("5000,60", scribe, manner, rng)
    assert laid is not None
    assert [span.character for span in laid.spans] == list("5000,60")
    noughts = [laid.strokes[span.first : span.last] for span in laid.spans if span.character == "0"]
    joined, alone = noughts[:3], noughts[3]
    assert all(len(each) == 1 for each in joined)
    for one, other in ((0, 1), (1, 2)):
        assert np.allclose(joined[one][0][-1], joined[other][0][0], atol=1e-4)
    assert not np.allclose(joined[2][0][-1], alone[0][0], atol=0.05)


def test_a_hand_that_does_not_join_noughts_writes_them_apart() -> None:
    """No stroke ends where the next character begins."""
    rng = np.random.default_rng(2)
    scribe, manner = sample_penned(rng), replace(sample_manner(rng), ligature=0.0, garland=0.0, raised=False)
    laid = lay_out("500", scribe, manner, rng)
    assert laid is not None
    first, second = (laid.strokes[span.first : span.last] for span in laid.spans if span.character == "0")
    assert not np.allclose(first[-1][-1], second[0][0], atol=0.05)
