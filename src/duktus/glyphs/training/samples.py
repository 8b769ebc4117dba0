"""Glyphs to train on, made by the very functions that serve: page → ink → glyph.

Beside the data set's own characters: pictures of them on simulated paper, characters that the project's own pen
writes, and what is no character (letters, scribbles, halves, neighbours run together, pictures of anything else).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.training.degradation import coarsen, degrade
from duktus.imaging.frames.glyph import GlyphFrame, frame_glyph, ink_box, single_glyph
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.samples import Frames, Samples, concatenate
from duktus.pen.hand import sample_hand, write
from duktus.pen.letters import skeletons
from duktus.pen.negatives import NEGATIVE_KINDS, draw_negative
from duktus.pen.paper import take
from duktus.pen.scenes import SCENE_KINDS, sample_scene
from duktus.pen.scribbles import scribble
from duktus.pen.tools import draw_ink, fit_pen, sample_pen
from duktus.types import Ink, Page

LIKE_DIGITS = frozenset("0123456789OoQIilLJ|ZzSsBbGgqyÞþ/\\'`()[]!l1,.-_:;~^\"°")
"""Characters that somebody's digit looks like: they teach nothing about what is no digit."""

SINGLE_SCENES = tuple(kind for kind in SCENE_KINDS if kind != "cell")
"""Scenes that show one character and little else; a cell's borders are the reader's work, not the network's."""

ELONGATED = 25.0
"""Variance of the ink along its main axis over that across, from which it is a bar: 20 px long and 4 px wide."""

ROW_HEIGHT = 80
"""Pixels to which neighbours are brought before they are run together."""

RECOVERED = 0.5
"""Correlation of a glyph with the ink that its picture was made of, below which the picture is left out: what cannot be
found in it cannot be learnt from it."""

COMPARED = 16
"""Pixels a side to which two inks are brought where they are compared, each filling them: scenes may stretch an ink."""

ON_PAPER = 112
"""Pixels to which a data set's small images are enlarged, by whole steps, before they are put on paper."""


@dataclass(frozen=True)
class Making:
    """What every maker of glyphs needs.

    Attributes:
        ink: how it is extracted.
        frame: of the glyphs.
        labels: that there are.
        recorded: folder of UNIPEN's strokes, where glyphs are made of them.
    """

    ink: InkSettings
    frame: GlyphFrame
    labels: tuple[str, ...]
    recorded: Path | None = None


@dataclass(frozen=True)
class Job:
    """What one call of a maker makes its glyphs of: three images of single characters for each that it is to make.

    Attributes:
        images: (3 n, h, w) of the data set.
        classes: (3 n,) what they show.
        seed: of the variation.
    """

    images: NDArray[np.uint8]
    classes: NDArray[np.int64]
    seed: int

    @property
    def count(self) -> int:
        """How many glyphs are to be made."""
        return len(self.images) // 3


def frame_images(images: Iterable[Page], making: Making) -> Frames:
    """Return the glyphs of pictures that show one character each."""
    return np.stack([to_frame(single_glyph(image, making.ink, making.frame)) for image in images])


def to_frame(glyph: Ink) -> NDArray[np.uint8]:
    """Return an ink in 256 steps."""
    return (glyph * np.float32(255) + np.float32(0.5)).astype(np.uint8)


def join_samples(parts: list[Samples], making: Making) -> Samples:
    """Return all samples in one, none where there is no part."""
    empty = np.zeros((0, making.frame.height, making.frame.width), np.uint8)
    return concatenate([Samples(empty, np.zeros(0, np.int64)), *parts])


def collect(glyphs: list[Ink], classes: list[int], making: Making) -> Samples:
    """Return the samples of glyphs that hold ink; where none was found there is nothing to learn."""
    kept = [(to_frame(glyph), label) for glyph, label in zip(glyphs, classes, strict=True) if glyph.any()]
    if not kept:
        return join_samples([], making)
    return Samples(np.stack([frame for frame, _ in kept]), np.array([label for _, label in kept], np.int64))


def enlarge(image: NDArray[np.uint8]) -> Ink:
    """Return the clean ink of a small picture of bright strokes, smoothly enlarged, so that it can be put on paper."""
    rows, columns = image.shape
    times = max(1, round(ON_PAPER / rows))
    size = (columns * times, rows * times)
    big = cv2.GaussianBlur(cv2.resize(image, size, interpolation=cv2.INTER_CUBIC), (0, 0), times / 2).astype(np.float32)
    return np.asarray(np.clip((big * np.float32(1 / 255) - np.float32(0.5)) * np.float32(3.0) + np.float32(0.5), 0, 1))


def is_recovered(glyph: Ink, ink: Ink) -> bool:
    """Return whether a glyph shows what its picture was made of, whatever its size and proportions."""
    if not glyph.any():
        return False
    found, drawn = (_compared(one) for one in (glyph, ink))
    return bool(np.vdot(found, drawn) >= RECOVERED)


def _compared(ink: Ink) -> Ink:
    """Return an ink in a square, blurred, with mean 0 and norm 1; all zeros where it is even."""
    square = cv2.resize(tight(ink), (COMPARED, COMPARED), interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(square, (0, 0), 1.0)
    soft -= soft.mean()
    return np.asarray(soft / max(float(np.linalg.norm(soft)), 1e-6), np.float32)


def glyph_in_picture(ink: Ink, making: Making, rng: np.random.Generator) -> Ink:
    """Return the glyph of a picture of some ink; all paper where the ink is not found again in it."""
    glyph = single_glyph(_picture(ink, rng), making.ink, making.frame)
    return glyph if is_recovered(glyph, ink) else np.zeros_like(glyph)


def _picture(ink: Ink, rng: np.random.Generator) -> Page:
    """Return a picture of some ink as one of the scenes has it."""
    return take(ink, sample_scene(rng, SINGLE_SCENES[int(rng.integers(len(SINGLE_SCENES)))]), rng)


def _of_set(making: Making, job: Job, glyph_of: Callable[[Page, np.random.Generator], Ink]) -> Samples:
    """Return glyphs of the set's characters, one of each of the job's first images."""
    rng = np.random.default_rng(job.seed)
    glyphs = [glyph_of(image, rng) for image in job.images[: job.count]]
    return collect(glyphs, job.classes[: job.count].tolist(), making)


def pictures(making: Making, job: Job) -> Samples:
    """The set's characters in simulated pictures."""
    return _of_set(making, job, lambda image, rng: glyph_in_picture(enlarge(image), making, rng))


def worn(making: Making, job: Job) -> Samples:
    """The set's characters as poor copies of their own size."""
    return _of_set(making, job, lambda image, rng: single_glyph(degrade(image, rng), making.ink, making.frame))


def coarse(making: Making, job: Job) -> Samples:
    """The set's characters with broad strokes, or on a coarse grid."""
    return _of_set(
        making, job, lambda image, rng: single_glyph(np.invert(coarsen(image, rng)), making.ink, making.frame)
    )


def _pen_glyph(text: str, making: Making, rng: np.random.Generator) -> Ink:
    """One character by the pen in a simulated picture, its hand and pen drawn anew."""
    hand = sample_hand(rng)
    ink = draw_ink(write(text, hand, rng), pen=sample_pen(rng, size=hand.size), height=96, rng=rng)
    return glyph_in_picture(ink, making, rng)


def written(making: Making, job: Job) -> Samples:
    """The labels' characters by the pen."""
    rng = np.random.default_rng(job.seed)
    chosen = rng.integers(0, len(making.labels), job.count)
    return collect([_pen_glyph(making.labels[i], making, rng) for i in chosen], [int(i) for i in chosen], making)


def letters(making: Making, job: Job) -> Samples:
    """Characters by the pen that are none of the labels."""
    rng = np.random.default_rng(job.seed)
    others = sorted(set(skeletons()) - LIKE_DIGITS - set(making.labels))
    chosen = [others[int(i)] for i in rng.integers(0, len(others), job.count)]
    return as_others([_pen_glyph(text, making, rng) for text in chosen], making)


def no_writing(making: Making, job: Job) -> Samples:
    """Pictures that no hand wrote, and scribbles."""
    rng = np.random.default_rng(job.seed)
    kinds = [NEGATIVE_KINDS[int(i)] for i in rng.integers(0, len(NEGATIVE_KINDS), job.count)]
    glyphs = [single_glyph(draw_negative(rng, kind), making.ink, making.frame) for kind in kinds]
    return as_others([glyph for glyph in glyphs if not _upright_bar(glyph)], making)


def scribbles(making: Making, job: Job) -> Samples:
    """Aimless strokes by the pen, in simulated pictures."""
    rng = np.random.default_rng(job.seed)
    glyphs = []
    for _ in range(job.count):
        drawing = scribble(rng)
        ink = draw_ink(drawing, pen=fit_pen(drawing, sample_pen(rng)), height=96, rng=rng)
        glyphs.append(single_glyph(_picture(ink, rng), making.ink, making.frame))
    return as_others([glyph for glyph in glyphs if not _upright_bar(glyph)], making)


def _upright_bar(glyph: Ink) -> bool:
    """Return whether a glyph is a bare bar, upright or leaning: whoever made it, it can only be read as a 1.

    The variances of the ink along and across its main axis are those of its covariance's eigenvalues.
    """
    mass = cv2.moments(glyph)
    if mass["m00"] <= 0 or mass["mu02"] <= mass["mu20"]:
        return False
    middle = (mass["mu20"] + mass["mu02"]) / 2
    root = (((mass["mu20"] - mass["mu02"]) / 2) ** 2 + mass["mu11"] ** 2) ** 0.5
    return bool(middle + root > ELONGATED * (middle - root))


def halves(making: Making, job: Job) -> Samples:
    """Digits cut through, where no half is another digit: half an 8 is a 3 or a 0, half a 9 a 1."""
    rng = np.random.default_rng(job.seed)
    glyphs: list[Ink] = []
    for image, label in zip(job.images, job.classes, strict=True):
        upright = making.labels[label] in "02356"
        if len(glyphs) == job.count or not (upright or making.labels[label] in "8"):
            continue
        ink = enlarge(image)
        x, y, w, h = ink_box(ink)
        part = rng.uniform(0.4, 0.6)
        cuts = [ink[:, : x + round(part * w)]]
        if upright:
            cuts.append(ink[:, x + round(part * w) :])
        if making.labels[label] in "025":
            cuts += [ink[: y + round(part * h)], ink[y + round(part * h) :]]
        glyphs.append(frame_glyph(np.ascontiguousarray(cuts[int(rng.integers(len(cuts)))]), making.frame))
    return as_others(glyphs, making)


def pairs(making: Making, job: Job) -> Samples:
    """Neighbours run together, whole, or one whole with a part of the other, as a wrong cut through a number gives."""
    rng = np.random.default_rng(job.seed)
    glyphs = []
    for i in range(job.count):
        inks = [tight(enlarge(image)) for image in job.images[3 * i : 3 * i + 3]]
        inks = inks if rng.random() < 0.15 else inks[:2]
        # A part of a narrow 1 is a speck beside a good digit, and no reason to refuse it.
        if rng.random() < 0.5 and inks[-1].shape[1] > 0.5 * inks[-1].shape[0]:
            part = max(1, round(inks[-1].shape[1] * rng.uniform(0.35, 0.7)))
            inks = [*inks[:1], inks[-1][:, :part]] if rng.random() < 0.5 else [inks[-1][:, -part:], *inks[:1]]
        glyphs.append(frame_glyph(set_row(inks, rng), making.frame))
    return as_others(glyphs, making)


def tight(ink: Ink) -> Ink:
    """Return the ink cut to its box."""
    x, y, w, h = ink_box(ink)
    return ink[y : y + max(h, 1), x : x + max(w, 1)]


def set_row(inks: list[Ink], rng: np.random.Generator) -> Ink:
    """Return characters side by side on one line, nearly touching or overlapping by a stroke."""
    cuts = []
    for ink in inks:
        wide = max(4, round(ink.shape[1] * ROW_HEIGHT / ink.shape[0] * rng.uniform(0.8, 1.0)))
        cuts.append(np.asarray(cv2.resize(ink, (wide, ROW_HEIGHT)), np.float32))
    row = cuts[0]
    for cut in cuts[1:]:
        overlap = int(rng.integers(-12, 14))
        width = max(row.shape[1] + cut.shape[1] - overlap, row.shape[1], cut.shape[1])
        wide = np.zeros((ROW_HEIGHT, width), np.float32)
        wide[:, : row.shape[1]] = row
        start = max(0, wide.shape[1] - cut.shape[1])
        wide[:, start:] = np.maximum(wide[:, start:], cut[:, : wide.shape[1] - start])
        row = wide
    return row


def as_others(glyphs: list[Ink], making: Making) -> Samples:
    """Return glyphs as samples of "none of the labels"."""
    return collect(glyphs, [len(making.labels)] * len(glyphs), making)
