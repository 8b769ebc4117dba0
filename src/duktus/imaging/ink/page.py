"""Page to ink: a shadow that comes in from the rim is looked through, ruled lines are taken off."""

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.extraction import InkSettings, flatten, stretch
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.ground import REACH
from duktus.imaging.ink.polarity import SMALL, Polarity, find_polarity
from duktus.imaging.ink.rulings import DRAWN, drop_rulings
from duktus.types import Ink, Page

FINE = 0.12
"""Where there may be a shadow, strokes are narrower than this share of the page: what is broader is shadow."""

SHADED = 0.03
"""Share of a page's rim that is inked from which a shadow may lie there, and not a stroke that the rim cuts."""

LIFTED = 0.7
"""What was a shadow leaves less than this share of the inked rim once shadows are looked through."""

DARK = 0.8
"""Ink is darker than a shadow: what has at least this share of the greatest darkness is ink."""

STAYED = 0.8
"""Of the darkest ink at least this share stays where shadows are looked through, unless it is no thin stroke."""


def page_ink(page: Page, settings: InkSettings) -> Ink:
    """Return the ink of a page without its rulings; specks stay, for a page's border may be its largest piece."""
    grey = to_grey(page)
    ink = find_ink(grey, find_polarity(grey)[0], settings)
    return drop_rulings(ink) if settings.rulings else ink


def find_ink(grey: NDArray[np.uint8], polarity: Polarity, settings: InkSettings, reach: float = REACH) -> Ink:
    """Return the ink of a grey page; a shadow that comes in from its rim is looked through if the darkest ink stays."""
    darkness = flatten(grey, polarity, reach)
    ink = stretch(darkness, settings)
    if reach <= FINE or max(grey.shape) <= SMALL:
        return ink
    met = _rim_share(ink)
    if met < SHADED:
        return ink
    fine = stretch(flatten(grey, polarity, FINE), settings)
    darkest = darkness >= np.float32(DARK * float(np.percentile(darkness, 99.5)))
    stays = float((fine[darkest] >= DRAWN).mean()) >= STAYED
    return fine if stays and _rim_share(fine) < LIFTED * met else ink


def _rim_share(ink: Ink) -> float:
    """Return the share of a picture's rim that is inked."""
    rim = np.concatenate((ink[0], ink[-1], ink[:, 0], ink[:, -1]))
    return float((rim >= DRAWN).mean())
