"""From a line's scores and texts to its transcript: places, words, confidence, and what is accepted."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.frames.line import FramedLine
from duktus.lines.reading.ctc import LogProbs, Path, align, best_path, peak_probs
from duktus.lines.reading.decoder import Candidate, Decoder
from duktus.models.card import Card
from duktus.models.transcription import LineCalibration
from duktus.types import Alternative, Span, Transcript

LEFT_OVER, NO_MATCH = "ink left over", "nothing that is allowed matches"

INKED = 64
"""Darkness, of 255, from which a pixel of a strip counts as ink."""

REACH = 4
"""Steps beside the answer of a character that may be its ink."""

MOST_LEFT = 0.12
"""Share of a line's ink, beside all its characters, that makes the line doubtful."""

LEAST = 0.001
"""Probability below which another text is not reported."""


class Scored(NamedTuple):
    """A framed line, and the logarithms of its probabilities, (steps, outputs); at other widths in ``views``."""

    framed: FramedLine
    logs: LogProbs
    views: tuple[LogProbs, ...] = ()


def nothing(reason: str) -> Transcript:
    """Return the transcript of a line that has no text."""
    return Transcript("", 1.0 if reason == "blank" else 0.0, False, reason, (), (), ())


def make_transcript(scored: Scored, decoder: Decoder, card: Card) -> Transcript:
    """Return a line's transcript.

    Args:
        scored: the line.
        decoder: gives its texts.
        card: of the model: its calibration and frame.
    """
    candidates = decoder.decode(scored.logs, scored.views)
    if not candidates:
        return nothing(NO_MATCH)
    best, *others = candidates
    step = card.preprocessing.line.step if card.preprocessing.line else 4
    found = weigh(scored, best, step)
    if found is None:
        return nothing(NO_MATCH)
    path, peaks, left = found.path, found.peaks, found.left
    calibration = card.transcription or LineCalibration()
    values = (found.whole, peaks.min(initial=1.0), left)
    confidence = float(calibration.confidence(*(np.array([value], np.float64) for value in values))[0])
    text = decoder.text(best.outputs)
    alternatives = _alternatives(best, others, confidence, decoder)
    reason = _reason(text, confidence, left, alternatives, calibration)
    spans = _spans(scored, path, decoder, peaks.tolist(), step)
    return Transcript(text, confidence, not reason, reason, alternatives, spans, words_of(spans))


class Evidence(NamedTuple):
    """What speaks for a text and against it.

    ``whole`` is its probability, ``path`` where its characters lie, ``peaks`` (n,) the probability of each, ``left``
    the share of the ink that lies beside them all.
    """

    whole: float
    path: Path
    peaks: NDArray[np.float64]
    left: float


def weigh(scored: Scored, text: Candidate, step: int) -> Evidence | None:
    """Return what speaks for and against a text of a line; None where the line has too few steps for it.

    Args:
        scored: the line.
        text: read in it.
        step: columns of the strip that one answer of the network stands for.
    """
    greedy = best_path(scored.logs)
    path = greedy if greedy.outputs == text.outputs else align(scored.logs, text.outputs)
    if path is None:
        return None
    left = left_over(scored.framed, path, step)
    return Evidence(float(np.exp(text.log_prob)), path, peak_probs(scored.logs, path), left)


def left_over(framed: FramedLine, path: Path, step: int) -> float:
    """Return the share of a line's ink that lies beside all its characters."""
    columns = (framed.strip >= INKED).sum(axis=0)
    total = int(columns.sum())
    if not total:
        return 0.0
    steps = -(-len(columns) // step)
    covered = np.zeros(steps, np.bool_)
    for start, end in zip(path.starts, path.ends, strict=True):
        covered[max(0, start - REACH) : end + REACH] = True
    return float(columns[~np.repeat(covered, step)[: len(columns)]].sum()) / total


def words_of(characters: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the words of a line, split at its spaces; a word is as certain as its least certain character."""
    words, held = [], list[Span]()
    for character in (*characters, Span(" ", 1.0, 0.0, 0.0)):
        if not character.text.isspace():
            held.append(character)
        elif held:
            text = "".join(each.text for each in held)
            words.append(Span(text, min(each.confidence for each in held), held[0].left, held[-1].right))
            held = []
    return tuple(words)


def _spans(scored: Scored, path: Path, decoder: Decoder, peaks: list[float], step: int) -> tuple[Span, ...]:
    """Return the characters where they lie: halfway to their neighbours, and no farther than their own ink."""
    middles = [(start + end) / 2 for start, end in zip(path.starts, path.ends, strict=True)]
    edges = [0.0, *((a + b) / 2 for a, b in pairwise(middles)), float(len(scored.logs))]
    columns = np.flatnonzero((scored.framed.strip >= INKED).any(axis=0))
    spans = []
    for number, output in enumerate(path.outputs):
        low, high = edges[number] * step, edges[number + 1] * step
        inked = columns[(columns >= low) & (columns < high)]
        left, right = (float(inked[0]), float(inked[-1]) + 1) if len(inked) else (low, high)
        origin, scale = scored.framed.left, scored.framed.scale
        spans.append(Span(decoder.text((output,)), peaks[number], origin + left / scale, origin + right / scale))
    return tuple(spans)


def _alternatives(
    best: Candidate, others: list[Candidate], confidence: float, decoder: Decoder
) -> tuple[Alternative, ...]:
    """Return other texts; what the best one leaves is shared out among them by their probabilities."""
    weights = np.exp([each.log_prob - best.log_prob for each in others])
    rest = max(0.0, 1 - confidence)
    shares = np.minimum(weights * confidence, rest * weights / max(weights.sum(), 1e-300)) if others else weights
    told = zip(others[: decoder.decoding.alternatives], shares.tolist(), strict=False)
    return tuple(Alternative(decoder.text(each.outputs), share) for each, share in told if share >= LEAST)


def _reason(
    text: str, confidence: float, left: float, alternatives: tuple[Alternative, ...], calibration: LineCalibration
) -> str:
    if not text.strip():
        return "no text"
    if left > MOST_LEFT:
        return LEFT_OVER
    if confidence >= calibration.threshold:
        return ""
    other = f" or {alternatives[0].text}" if alternatives else ""
    return f"unsure: {text}{other}"
