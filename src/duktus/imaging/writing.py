"""Page to writing: every step from a page to the ink that a hand put there, in the order in which they run."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.imaging.glyphs import GlyphFrame, frame_glyph
from duktus.imaging.grey import to_grey
from duktus.imaging.ground import REACH
from duktus.imaging.ink import InkSettings, flatten, settle_polarity, stretch
from duktus.imaging.pieces import Pieces, find_pieces, main_ink
from duktus.imaging.polarity import SMALL, Polarity
from duktus.imaging.rulings import DRAWN, drop_rulings, drop_specks
from duktus.types import Glyphs, Ink, Page

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


@dataclass(frozen=True)
class Writing:
    """What is written on a page, and where that could be seen otherwise.

    Attributes:
        ink: (h, w) in [0, 1], without rulings, borders and specks.
        pieces: its connected pieces.
        polarity: whether the ink is darker or lighter than its ground.
        certainty: of the polarity, in [0, 1].
        ruled: whether something was taken off as a ruling.
    """

    ink: Ink
    pieces: Pieces
    polarity: Polarity
    certainty: float
    ruled: bool


def find_writing(
    page: Page,
    settings: InkSettings,
    polarity: Polarity | None = None,
    *,
    keep_rulings: bool = False,
    reach: float = REACH,
) -> Writing:
    """Return what is written on a page with its pieces.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        settings: of the ink.
        polarity: forces dark or light ink; ``None`` finds out.
        keep_rulings: straight lines stay, whatever the settings say.
        reach: strokes are narrower than this share of the page.
    """
    grey = to_grey(page)
    certainty = 1.0
    if polarity is None:
        polarity, certainty = settle_polarity(grey)
    ink = find_ink(grey, polarity, settings, reach)
    bare = drop_rulings(ink) if settings.rulings and not keep_rulings else ink
    pieces = find_pieces(bare)
    alone = len(pieces.numbers) == 1 and cv2.minMaxLoc(pieces.labels)[1] == 1
    clean = bare if alone else drop_specks(bare, settings.speck)
    if clean is not bare:
        pieces = find_pieces(clean)
    return Writing(clean, pieces, polarity, certainty, bare is not ink)


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


def single_glyph(page: Page, settings: InkSettings, frame: GlyphFrame) -> Ink:
    """Return the glyph of a page that shows one character, (frame.height, frame.width); all paper if blank."""
    return frame_glyph(main_ink(find_writing(page, settings).ink), frame)


def stack_glyphs(glyphs: list[Ink], frame: GlyphFrame) -> Glyphs:
    """Return glyphs as a network's batch, (n, H, W, 1)."""
    if not glyphs:
        return np.zeros((0, frame.height, frame.width, 1), np.float32)
    return np.concatenate(glyphs).reshape(-1, frame.height, frame.width, 1)
