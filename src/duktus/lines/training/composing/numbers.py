"""Numbers composed by writer, on what real ones stand on: rules, frames, neighbours, noise; to ink as serving finds it.

Lengths are in heights of a digit until a number is drawn.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.lines.training.composing.forms import sample_habits
from duktus.lines.training.composing.layout import Layout, Manner, lay_out, sample_manner
from duktus.lines.training.composing.legibility import Inked, is_legible
from duktus.lines.training.composing.numerals import sample_numeral
from duktus.lines.training.composing.scribes import Scribe, sample_penned
from duktus.lines.training.composing.surroundings import Canvas, dirty, settle
from duktus.pen.pages.quick import Nib, Track
from duktus.types import Ink

BESIDE = ("=", "*", "#", "€", "$", "£", "°", "%")
"""What stands beside numbers and is none of them, nor looks like a digit or a sign; the pen writes it."""


class Scribes:
    """Those who write: recorded writers, groups of drawings, and hands of the pen, kept for a while each.

    Args:
        recorded: writers of strokes.
        pictured: groups of drawings.
    """

    def __init__(self, recorded: list[Scribe], pictured: list[Scribe]) -> None:
        self.recorded, self.pictured = recorded, pictured
        self.hands: list[Scribe] = []

    def sample(self, rng: np.random.Generator) -> Scribe:
        """Return a writer."""
        kind = rng.random()
        if kind < 0.5 and self.recorded:
            return self.recorded[int(rng.integers(len(self.recorded)))]
        if kind < 0.62 and self.pictured:
            return self.pictured[int(rng.integers(len(self.pictured)))]
        return self.pen(rng)

    def pen(self, rng: np.random.Generator) -> Scribe:
        """Return a hand of the pen; a new one every twentieth time."""
        if len(self.hands) < 40 or rng.random() < 0.05:
            self.hands = [*self.hands[-299:], sample_penned(rng)]
            return self.hands[-1]
        return self.hands[int(rng.integers(len(self.hands)))]


def compose_number(scribes: Scribes, rng: np.random.Generator) -> tuple[Ink, str]:
    """Return the ink of a number as serving finds it, (h, w) in [0, 1], and what it says.

    Args:
        scribes: who may write it.
        rng: all that is chosen.
    """
    scribe, manner = sample_habits(scribes.sample(rng), rng), sample_manner(rng)
    blank = rng.random() < 0.015
    text = "" if blank else sample_numeral(rng)
    laid = lay_out(text, scribe, manner, rng)
    height = float(np.clip(np.exp(rng.normal(np.log(25), 0.4)), 13, 64))
    if laid is None:
        return compose_number(scribes, rng)
    _put_beside(laid, scribes, rng)
    canvas = Canvas.around(laid.width, height, rng)
    width = height * float(np.clip(np.exp(rng.normal(np.log(0.1), 0.33)), 0.04, 0.2))
    nib = Nib(max(0.9, width), float(rng.uniform(0, 0.22)), float(rng.choice([0, 0, rng.uniform(0.2, 0.6)])))
    draw(canvas, laid, (0.0, 0.0), nib, manner, rng)
    for place in canvas.neighbours(rng):
        other = lay_out(sample_numeral(rng), scribe, manner, rng)
        if other is not None:
            draw(canvas, other, place, nib, manner, rng)
    dirty(canvas, rng)
    found = settle(canvas, rng)
    if not is_legible(found, _drawn_on(canvas, laid, nib, manner)):
        return compose_number(scribes, rng)
    return found, text


def _put_beside(laid: Layout, scribes: Scribes, rng: np.random.Generator) -> None:
    """Write what is no part of a number before or after it: signs of currencies, stars, double strokes, flourishes."""
    if rng.random() > 0.12:
        return
    if rng.random() < 0.6:
        glyph = scribes.pen(rng).form(str(rng.choice(BESIDE)), rng)
        if glyph is None:
            return
        strokes, wide = list(glyph.strokes), glyph.width
    else:
        many = int(rng.integers(7, 13))  # fewer may be a digit or a dash
        points = rng.normal(0, 0.3, (many, 2)).cumsum(axis=0) * 0.6
        points -= points.min(axis=0)
        strokes, wide = [points.astype(np.float32) - np.array((0, 0.6), np.float32)], float(np.ptp(points[:, 0]))
    gap = float(rng.uniform(0.2, 0.6))
    if rng.random() < 0.5:
        shift = np.array((wide + gap, 0), np.float32)
        laid.strokes = [*(stroke + shift for stroke in laid.strokes), *strokes]
        laid.pictures = [(picture, x + wide + gap, base, high) for picture, x, base, high in laid.pictures]
    else:
        shift = np.array((laid.width + gap, 0), np.float32)
        laid.strokes += [stroke + shift for stroke in strokes]
    laid.width += wide + gap


def draw(
    canvas: Canvas, laid: Layout, place: tuple[float, float], nib: Nib, manner: Manner, rng: np.random.Generator
) -> None:
    """Draw a number on a canvas, its baseline's left end moved by ``place`` in heights of a digit."""
    turn, origin = _way(canvas, place, manner)
    canvas.draw([stroke @ turn + origin for stroke in laid.strokes], nib, rng)
    for number in range(len(laid.pictures)):
        pasted = _paste(canvas, laid, number, place, manner)
        np.maximum(canvas.ink, np.asarray(pasted, np.float32) * np.float32(1 / 255), out=canvas.ink)


def _way(canvas: Canvas, place: tuple[float, float], manner: Manner) -> tuple[NDArray[np.float32], Track]:
    """Return the linear map (2, 2) and the origin that lead from a layout to a canvas."""
    unit = np.float32(canvas.unit)
    turn = np.array(((1, manner.slope), (-manner.slant, 1)), np.float32) * unit
    return np.asarray(turn, np.float32), canvas.origin + np.array(place, np.float32) * unit


def _paste(canvas: Canvas, laid: Layout, number: int, place: tuple[float, float], manner: Manner) -> NDArray[np.uint8]:
    """Return a canvas with nothing but one picture of a layout on it."""
    picture, x, base, high = laid.pictures[number]
    turn, origin = _way(canvas, place, manner)
    scale = high * canvas.unit / picture.shape[0]
    corner = np.array((x, base - high), np.float32) @ turn + origin
    shear = -manner.slant * scale
    way = np.array(((scale * manner.aspect, shear, corner[0]), (manner.slope * scale, scale, corner[1])))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.warpAffine(picture, way, canvas.ink.shape[::-1], flags=how), np.uint8)


def _drawn_on(canvas: Canvas, laid: Layout, nib: Nib, manner: Manner) -> list[Inked]:
    """Return which pixels each character of a number was drawn on."""
    turn, origin = _way(canvas, (0.0, 0.0), manner)
    drawn = []
    for span in laid.spans:
        if span.picture >= 0:
            mask = (_paste(canvas, laid, span.picture, (0.0, 0.0), manner) > 127).view(np.uint8)
        else:
            mask = np.zeros(canvas.ink.shape, np.uint8)
            for stroke in laid.strokes[span.first : span.last]:
                path = np.rint((stroke @ turn + origin) * 16).astype(np.int32)
                path = np.concatenate((path, path[-1:]))  # a point is a stroke from itself to itself
                cv2.polylines(mask, [path], False, 1, max(1, round(nib.width)), cv2.LINE_8, 4)
        drawn.append(Inked(span.character, mask))
    return drawn
