"""Which ink decided: a patch of a glyph is rubbed out, everywhere in turn, and the answer's loss is laid on the ink.

Zeiler and Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2, with paper for their grey
patch. What is not on the paper decides as well, of which this says nothing: an open loop is no ink.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.models.confidence import softmax
from duktus.types import Glyphs, Ink, Scores

PATCH = 0.2
"""Side of the patch, in lengths of the frame: broader than a stroke, smaller than a letter's telling part."""

STEP = 0.06
"""From one place of the patch to the next, in the same lengths."""

INKED = 0.05
"""A patch with less ink than this anywhere is left out."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What the ink of a glyph says for an answer, in nats of log-probability.

    Attributes:
        drops: (H, W) what the answer loses where ink is rubbed out; below 0 it gains. The mean over all patches that
            cover a pixel; 0 on paper.
        strongest: what it loses without its most telling patch, 0 where it loses nothing.
    """

    drops: NDArray[np.float32]
    strongest: float


def rub_out(glyph: Ink) -> tuple[Glyphs, NDArray[np.bool_]]:
    """Return copies of a glyph (H, W), each without the ink of one patch.

    Returns:
        (n, H, W, 1) the copies, and (n, H, W) the patches; n is 0 for a glyph without ink.
    """
    height, width = glyph.shape
    side, step = max(2, round(PATCH * max(glyph.shape))), max(1, round(STEP * max(glyph.shape)))
    rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
    patches = [
        (rows >= top) & (rows < top + side) & (columns >= left) & (columns < left + side)
        for top in range(1 - side + step, height, step)
        for left in range(1 - side + step, width, step)
    ]
    inked = np.stack(
        [patch for patch in patches if glyph[patch].max(initial=0) >= INKED] or [np.zeros_like(glyph, bool)]
    )
    copies = np.where(inked, np.float32(0), glyph)
    kept = slice(0, len(inked) if inked.any() else 0)
    return copies[kept, ..., None], inked[kept]


def find_evidence(glyph: Ink, answer: int, scores: Callable[[Glyphs], Scores], temperature: float) -> Evidence:
    """Return how much the ink of a glyph speaks for an answer; the network runs once, with all copies in one batch.

    Args:
        glyph: (H, W) in the network's frame.
        answer: the answer's place among the labels.
        scores: (n, H, W, 1) glyphs to (n, outputs) logits.
        temperature: of the calibration.
    """
    copies, patches = rub_out(glyph)
    logits = scores(np.concatenate([glyph[None, ..., None], copies]))
    logs = np.log(np.maximum(softmax(logits, temperature)[:, answer], 1e-12))
    lost = logs[0] - logs[1:]
    mean = np.tensordot(lost, patches.astype(np.float64), axes=1) / np.maximum(patches.sum(axis=0), 1)
    return Evidence(np.where(glyph >= INKED, mean, 0).astype(np.float32), max(0.0, float(lost.max(initial=0))))
