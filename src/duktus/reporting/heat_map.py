"""Ink coloured by its contribution to an answer."""

import numpy as np
from numpy.typing import NDArray

from duktus.types import Ink, Page

ACCEPTED, REFUSED = (47, 111, 159), (198, 83, 43)
"""The colour of what is accepted or speaks for an answer, and of what is refused or speaks against it.

Blue and vermilion stay apart in every common colour blindness (Okabe & Ito 2008).
"""


PAGE_SIDE = 1400
"""The longest side of the page's picture, in pixels."""


NEUTRAL = (168, 168, 164)
"""Ink that speaks neither for nor against."""


LEAST = 0.05
"""Nats: where nothing matters more than this, no ink is coloured strongly."""


def draw_drops(glyph: Ink, drops: NDArray[np.float32]) -> Page:
    """Return a glyph (H, W) as a picture (H, W, 3) on white: ink that speaks for the answer blue, against it orange."""
    strength = drops / max(LEAST, float(np.abs(drops).max(initial=0)))
    share = np.abs(strength)[..., None]
    towards = np.where(strength[..., None] > 0, np.array(ACCEPTED), np.array(REFUSED))
    colour = (1 - share) * np.array(NEUTRAL) + share * towards
    ink = np.clip(glyph, 0, 1)[..., None]
    return np.asarray(np.rint(255 * (1 - ink) + colour * ink), np.uint8)
