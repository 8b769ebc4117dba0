"""Page to writing: every step from a page to the ink that a hand put there, in the order in which they run."""

from dataclasses import dataclass

import numpy as np

from duktus.imaging.glyphs import GlyphFrame, frame_glyph
from duktus.imaging.ink import InkSettings, Polarity, extract_ink, find_polarity, flatten, stretch, to_grey
from duktus.imaging.pieces import Pieces, find_pieces, main_ink
from duktus.imaging.rulings import drop_rulings, drop_specks
from duktus.types import Glyphs, Ink, Page


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
    page: Page, settings: InkSettings, polarity: Polarity | None = None, *, keep_rulings: bool = False
) -> Writing:
    """Return what is written on a page with its pieces.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        settings: of the ink.
        polarity: forces dark or light ink; ``None`` finds out.
        keep_rulings: straight lines stay, whatever the settings say.
    """
    grey = to_grey(page)
    certainty = 1.0
    if polarity is None:
        polarity, certainty = find_polarity(grey)
    ink = stretch(flatten(grey, polarity), settings)
    bare = drop_rulings(ink) if settings.rulings and not keep_rulings else ink
    pieces = find_pieces(bare)
    clean = drop_specks(bare, settings.speck) if len(pieces.numbers) != 1 or pieces.labels.max() > 1 else bare
    if clean is not bare:
        pieces = find_pieces(clean)
    return Writing(clean, pieces, polarity, certainty, bare is not ink)


def written_ink(page: Page, settings: InkSettings, polarity: Polarity | None = None) -> Ink:
    """Return the ink of what is written on a page, without rulings, borders and specks; (h, w) in [0, 1]."""
    ink = extract_ink(page, settings, polarity)
    if settings.rulings:
        ink = drop_rulings(ink)
    return drop_specks(ink, settings.speck)


def single_glyph(page: Page, settings: InkSettings, frame: GlyphFrame) -> Ink:
    """Return the glyph of a page that shows one character, (frame.height, frame.width); all paper if blank."""
    return frame_glyph(main_ink(written_ink(page, settings)), frame)


def stack_glyphs(glyphs: list[Ink], frame: GlyphFrame) -> Glyphs:
    """Return glyphs as a network's batch, (n, H, W, 1)."""
    if not glyphs:
        return np.zeros((0, frame.height, frame.width, 1), np.float32)
    return np.stack(glyphs)[..., None]
