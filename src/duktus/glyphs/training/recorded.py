"""Glyphs of recorded pen strokes (UNIPEN), and of families of forms, drawn by pens on paper as the others are.

Recorded points are where a pen went, and say nothing of its ink: pen, pressure and paper are drawn anew each time, and
the stroke is slanted and stretched a little, so that one writer gives many glyphs.
"""

import math
from collections.abc import Collection, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.training.samples import (
    LIKE_DIGITS,
    Job,
    Making,
    as_others,
    collect,
    glyph_in_picture,
    set_row,
    tight,
)
from duktus.imaging.frames.glyph import frame_glyph
from duktus.learning.samples import Samples
from duktus.pen.families import FAMILIES, sample_family
from duktus.pen.motion import perform, sample_touch
from duktus.pen.pages.quick import smooth_path
from duktus.pen.tools import draw_ink, sample_pen
from duktus.types import Ink
from duktus.written.training.sources import is_kept
from duktus.written.training.strokes import read_writers

Strokes = Sequence[NDArray[np.float32]]
"""Strokes (n, 2) of a character of height 1, y downwards."""

KINDS = ("digits", "capitals", "small")
"""UNIPEN's files of single characters."""

NEIGHBOURED = 0.25
"""Share of glyphs into which a neighbour's stroke reaches, as it does in most cut-outs from numbers."""

REACHES = 0.22
"""Width of what is seen of a neighbour at most, as a share of the neighbour's."""


@lru_cache(maxsize=2)
def recorded_characters(folder: Path, *, kept: bool = False) -> dict[str, list[list[Strokes]]]:
    """Return UNIPEN's characters: for each label a list of writers, each with what was recorded of it.

    Args:
        folder: with ``digits.jsonl.gz``, ``capitals.jsonl.gz`` and ``small.jsonl.gz``.
        kept: those of the writers who train nothing, in place of the others.
    """
    found: dict[str, list[list[Strokes]]] = {}
    for writer in read_writers(folder, KINDS):
        if is_kept(writer.name) != kept:
            continue
        of_writer: dict[str, list[Strokes]] = {}
        for pieces in writer.pieces.values():
            for piece in pieces:
                joined = np.concatenate(piece.paths)
                height = max(float(np.ptp(joined, axis=0).max()), 1.0)
                of_writer.setdefault(piece.label, []).append([path / np.float32(height) for path in piece.paths])
        for label, forms in of_writer.items():
            found.setdefault(label, []).append(forms)
    return found


def draw_strokes(strokes: Strokes, rng: np.random.Generator) -> Ink:
    """Return the ink of a character's strokes by a pen drawn at random, 96 pixels high."""
    size = float(np.clip(5.0 * rng.lognormal(0.0, 0.22), 2.5, 10.0))
    stance = _stance(rng) * np.float32(size)
    paths = [smooth_path(np.asarray(path, np.float32)) @ stance for path in strokes]
    starts = np.cumsum([0, *(len(path) for path in paths[:-1])]).astype(np.intp)
    near = np.concatenate([_to_ends(path) for path in paths])
    touch = sample_touch(float(rng.beta(1.6, 2.6)), rng)
    drawing = perform(np.concatenate(paths), starts, near, touch, rng)
    return draw_ink(drawing, pen=sample_pen(rng, size=size), height=96, rng=rng)


def _stance(rng: np.random.Generator) -> NDArray[np.float32]:
    """Return a linear map, applied from the right: slant, stretch and turn."""
    slant, wide, turn = rng.normal(0, (0.12, 0.1, 0.05))
    upright = np.array(((math.exp(wide), 0.0), (-slant, 1.0)))
    turned = np.array(((math.cos(turn), math.sin(turn)), (-math.sin(turn), math.cos(turn))))
    return np.asarray(upright @ turned, np.float32)


def _to_ends(path: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the way from each point along its stroke to the nearer end."""
    run = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T)))) if len(path) > 1 else np.zeros(1)
    return np.asarray(np.minimum(run, run[-1] - run), np.float32)


def recorded(making: Making, job: Job) -> Samples:
    """The labels' characters as UNIPEN's writers wrote them; a neighbour's stroke reaches into some."""
    rng = np.random.default_rng(job.seed)
    known = recorded_characters(_folder(making))
    chosen = _choose(making, known, job.count, rng)
    inks = [_of_writers(known[making.labels[i]], rng) for i in chosen]
    return collect(_pictured(inks, making, rng), chosen, making)


def families(making: Making, job: Job) -> Samples:
    """Digits in forms of ``pen.families``; a neighbour's stroke reaches into some."""
    rng = np.random.default_rng(job.seed)
    chosen = _choose(making, FAMILIES, job.count, rng)
    inks = [draw_strokes(sample_family(making.labels[i], rng) or (), rng) for i in chosen]
    return collect(_pictured(inks, making, rng), chosen, making)


def strangers(making: Making, job: Job) -> Samples:
    """UNIPEN's characters that are none of the labels and look like none of the digits."""
    rng = np.random.default_rng(job.seed)
    known = recorded_characters(_folder(making))
    others = sorted(set(known) - LIKE_DIGITS - set(making.labels))
    inks = [_of_writers(known[others[int(i)]], rng) for i in rng.integers(0, len(others), job.count)]
    return as_others([glyph_in_picture(ink, making, rng) for ink in inks], making)


def once_each(making: Making, seed: int, *, kept: bool) -> Samples:
    """Return each recorded piece of the labels' characters once: in a picture, or as it is where none shows it.

    Args:
        making: with the folder of strokes.
        seed: of pens and pictures.
        kept: those of the writers who train nothing, in place of the others.
    """
    rng = np.random.default_rng(seed)
    known = recorded_characters(_folder(making), kept=kept)
    glyphs, classes = list[Ink](), list[int]()
    for place, label in enumerate(making.labels):
        for strokes in (form for writer in known.get(label, ()) for form in writer):
            ink = draw_strokes(strokes, rng)
            glyph = glyph_in_picture(ink, making, rng)
            glyphs.append(glyph if glyph.any() else frame_glyph(ink, making.frame))
            classes.append(place)
    return collect(glyphs, classes, making)


def _folder(making: Making) -> Path:
    if making.recorded is None:
        raise ValueError("expected the folder of UNIPEN's strokes in Making.recorded, received none")
    return making.recorded


def _choose(making: Making, known: Collection[str], count: int, rng: np.random.Generator) -> list[int]:
    """Return as many places of labels as are requested, of those that are known."""
    there = [place for place, label in enumerate(making.labels) if label in known]
    return [there[int(i)] for i in rng.integers(0, len(there), count)]


def _of_writers(writers: list[list[Strokes]], rng: np.random.Generator) -> Ink:
    forms = writers[int(rng.integers(len(writers)))]
    return draw_strokes(forms[int(rng.integers(len(forms)))], rng)


def _pictured(inks: list[Ink], making: Making, rng: np.random.Generator) -> list[Ink]:
    """Return the glyphs of characters in simulated pictures; some with a part of a neighbour, as cuts leave it."""
    glyphs = []
    for place, ink in enumerate(inks):
        neighbour = tight(inks[place - 1])
        # A rim of what is as narrow as a 1 is a 1.
        if rng.random() < NEIGHBOURED and 2 * neighbour.shape[1] > neighbour.shape[0]:
            glyphs.append(frame_glyph(beside(tight(ink), neighbour, rng), making.frame))
        else:
            glyphs.append(glyph_in_picture(ink, making, rng))
    return glyphs


def beside(ink: Ink, neighbour: Ink, rng: np.random.Generator) -> Ink:
    """Return a character with the rim of a neighbour on one side, near it or over its edge."""
    part = max(1, round(neighbour.shape[1] * float(rng.uniform(0.05, REACHES))))
    row = [neighbour[:, -part:], ink] if rng.random() < 0.5 else [ink, neighbour[:, :part]]
    return tight(set_row(row, rng))
