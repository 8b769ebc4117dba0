"""How far a transcriber's own probabilities can be believed: measured on lines that trained nothing."""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.line import FramedLine, LineFrame
from duktus.lines.reading.decoder import Decoder
from duktus.lines.reading.options import GREEDY
from duktus.lines.reading.transcriber import score_strips
from duktus.lines.reading.transcript import Scored, weigh
from duktus.lines.training.feed import Drawn
from duktus.models.runtime import Session
from duktus.models.transcription import LineCalibration, logit
from duktus.reporting.intervals import score_limits

WRONG = 0.01
"""Share of accepted lines that may be wrong."""

ONE_SIDED = 1.645
"""Standard deviations of the normal distribution below which 95 % of it lies."""

FEWEST = 50
"""Lines under which nothing is calibrated."""


class Judged(NamedTuple):
    """Of lines that were read, (n,) each: probability of the text, of its least certain character, ink left, right."""

    whole: NDArray[np.float64]
    least: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.bool_]


def calibrate(session: Session, drawn: list[Drawn], frame: LineFrame, split: str) -> LineCalibration:
    """Return the calibration of a transcriber.

    The probability is fitted by logistic regression (Platt 1999), the threshold is ``threshold_of`` it.

    Args:
        session: the exported network.
        drawn: lines that trained nothing.
        frame: of the strips.
        split: what the card calls these lines.
    """
    judged = judge(session, drawn, frame)
    if len(judged.right) < FEWEST or judged.right.all() or not judged.right.any():
        return LineCalibration()
    bias, whole, least, left = _fit(judged)
    fitted = LineCalibration(bias, whole, least, -left, split=split, n=len(judged.right))
    confidence = fitted.confidence(judged.whole, judged.least, judged.left)
    threshold = threshold_of(confidence, judged.right)
    accepted = confidence >= threshold
    wrong = float((~judged.right[accepted]).mean()) if accepted.any() else 0.0
    return replace(fitted, threshold=threshold, accept=float(accepted.mean()), wrong=wrong)


def judge(session: Session, drawn: list[Drawn], frame: LineFrame) -> Judged:
    """Read lines greedily, and tell what speaks for and against what was read."""
    rows = []
    decoder = Decoder(GREEDY, session.card.labels)
    for each, (logs, *views) in zip(drawn, score_strips(session, [each.strip for each in drawn], frame), strict=True):
        best = decoder.decode(logs, views)[0]
        found = weigh(Scored(FramedLine(each.strip, 0.0, 1.0), logs), best, frame.step)
        if found is None:
            rows.append((0.0, 0.0, 0.0, False))
        else:
            rows.append((found.whole, found.peaks.min(initial=1.0), found.left, best.outputs == each.outputs))
    whole, least_of, left, right = np.array(rows, np.float64).reshape(-1, 4).T
    return Judged(whole, least_of, left, right.astype(np.bool_))


def _fit(judged: Judged) -> tuple[float, ...]:
    from sklearn.linear_model import LogisticRegression

    seen = np.column_stack((logit(judged.whole), logit(judged.least), judged.left))
    model = LogisticRegression(C=10.0, max_iter=1000).fit(seen, judged.right)
    return float(model.intercept_[0]), *map(float, model.coef_[0])


def threshold_of(confidence: NDArray[np.float64], right: NDArray[np.bool_], wrong: float = WRONG) -> float:
    """Return the least confidence from which on no more than a share of the lines are wrong; 1 where there is none.

    The share's upper limit (Wilson 1927, one-sided, 95 %) has to be within ``wrong``, since lines from elsewhere are
    wrong more often than those that calibrate; of lines too few for that, the share itself.
    """
    order = np.argsort(-confidence, kind="stable")
    counts = np.arange(1.0, len(order) + 1)
    shares = np.cumsum(~right[order]) / counts
    _, upper = score_limits(shares, counts, ONE_SIDED)
    for each in (upper, shares):
        enough = np.flatnonzero(each <= wrong)
        if len(enough):
            return float(confidence[order[enough[-1]]])
    return 1.0
