"""All protocols are run on the same questions, and what could not be measured says why."""

import json

import numpy as np

from duktus.hands.evaluation.figures import PAPER, HandResults, ServedScores, measure_hands
from duktus.hands.evaluation.retrieval import score_matrix
from tests.hands.evaluation.scores import draw_vectors


def test_the_hand_and_its_controls_are_asked_the_same() -> None:
    """The same scores under another name give the same figures; other scores are asked as often."""
    vectors, writers, pages = draw_vectors(8, 3, noise=0.6)
    scores = score_matrix(vectors)
    hand, again = (measure_hands(name, scores, writers, pages, times=20) for name in ("hand", "hand"))
    assert hand == again
    control = measure_hands(PAPER, np.random.default_rng(1).normal(size=scores.shape), writers, pages, times=20)
    assert control.closed.top1.n == hand.closed.top1.n
    assert control.closed.top1.value < hand.closed.top1.value
    assert hand.notes == ()


def test_what_cannot_be_measured_is_said() -> None:
    """Two writers are enough to name one, not to calibrate a ratio by others."""
    vectors, writers, pages = draw_vectors(2, 2, noise=0.1)
    found = measure_hands("hand", score_matrix(vectors), writers, pages, times=20)
    assert found.closed.top1.value == 1
    assert found.verification is None
    assert found.notes[-1].startswith("Verification was not measured: expected from 3 to as many folds as writers (2)")


def test_results_are_json() -> None:
    """Figures, curves and controls are written, what is not known as null."""
    vectors, writers, pages = draw_vectors(2, 2, noise=0.1)
    found = measure_hands("hand", score_matrix(vectors), writers, pages, times=20)
    results = HandResults("encoder", "drawn", "page", 4, 2, 4, found, (found,))
    record = json.loads(json.dumps(results.to_json(), allow_nan=False))
    assert record["hand"]["closed"]["top1"]["value"] == 1
    assert record["controls"][0]["verification"] is None


def test_what_serving_says_is_measured_each_for_itself() -> None:
    """Naming, searching and comparing have their own scores; ratios are taken as they came, within their bounds."""
    vectors, writers, pages = draw_vectors(8, 3, noise=0.3)
    good = score_matrix(vectors)
    served = ServedScores(good, -good, 20 * good - 10, (-1.0, 1.5))
    found = measure_hands("hand", served, writers, pages, times=20)
    plain = measure_hands("hand", good, writers, pages, times=20)
    assert found.closed == plain.closed
    assert found.retrieval is not None
    assert plain.retrieval is not None
    assert found.retrieval.top1.value < 0.1 < plain.retrieval.top1.value
    assert found.verification is not None
    assert (found.verification.folds, found.verification.low, found.verification.high) == (0, -1.0, 1.5)
    assert plain.verification is not None
    assert found.verification.equal_error.value == plain.verification.equal_error.value
