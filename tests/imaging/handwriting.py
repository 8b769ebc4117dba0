"""Characters by the project's own pen, and clean pages of them, for the tests of imaging."""

import numpy as np

from duktus.imaging.frames.glyph import GlyphFrame, ink_box, single_glyph
from duktus.imaging.ink.extraction import InkSettings
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Ink, Page

INK = InkSettings()
FRAME = GlyphFrame()


def character(text: str, seed: int = 0, *, height: int = 64, width: float = 0.09, margin: int = 8) -> Ink:
    """A character by one hand: ``height`` pixels, strokes of ``width`` heights, and bare paper around."""
    rng = np.random.default_rng(seed)
    hand = sample_hand(rng)
    ink = draw_ink(write(text, hand, rng), pen=Pen(width=width * hand.size, pressing=0), height=height)
    return np.pad(ink, margin)


def tight(ink: Ink) -> Ink:
    """The ink cut to its box."""
    x, y, w, h = ink_box(ink)
    return np.ascontiguousarray(ink[y : y + h, x : x + w])


def on_paper(ink: Ink, paper: int = 255, dark: int = 0) -> Page:
    """Ink of one grey on paper of another, evenly lit."""
    return np.asarray(np.rint(paper - ink * np.float32(paper - dark)), np.uint8)


def fade(page: Page, loss: float, side: int) -> Page:
    """A page in light that falls off by a share towards one of its four sides."""
    turned = np.rot90(page, side)
    light = np.linspace(1, 1 - loss, turned.shape[1], dtype=np.float32)
    return np.ascontiguousarray(np.rot90(np.rint(turned * light).astype(np.uint8), -side))


def glyph_of(page: Page) -> Ink:
    """The glyph of a page of one character, by the settings that serve."""
    return single_glyph(page, INK, FRAME)


def apart(first: Ink, second: Ink) -> float:
    """How much two glyphs differ: the mean over all pixels. Two different digits are 0.14 apart in the median."""
    return float(np.abs(first - second).mean())


def apart_aligned(first: Ink, second: Ink) -> float:
    """The same where one may be moved by a pixel: the centre of mass is brought to the nearest whole pixel."""
    steps = [(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    return min(apart(first, np.roll(second, step, (0, 1))) for step in steps)
