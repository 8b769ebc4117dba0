"""Pictures of what no training has seen: the project's simulations with a salt of their own, one seed a picture.

Each maker returns an image file's content and takes the number of the picture, so that a set is the same whatever the
number of processes, and the first pictures of a larger set are those of a smaller one. Training draws its seeds from
``(recipe seed, name)``; these begin with ``SALT``, which is no recipe's seed.
"""

import numpy as np
from numpy.typing import NDArray

from benchmarks.degrade import to_png
from duktus.glyphs.training.samples import LIKE_DIGITS, SINGLE_SCENES, enlarge
from duktus.pen.hand import sample_hand, write
from duktus.pen.letters import skeletons
from duktus.pen.negatives import draw_negative
from duktus.pen.paper import take
from duktus.pen.scenes import sample_scene
from duktus.pen.tools import Pen, draw_ink, sample_pen

SALT = 0x6475_6B74_7573
DIGITS = "0123456789"
LETTERS = tuple(sorted(set(skeletons()) - LIKE_DIGITS - set(DIGITS)))
"""What the pen can write that does not look like a digit."""

WORDS = ("the", "hand", "of", "writer", "known", "by", "its", "ways", "letters", "under", "bridge", "quick", "foxes")
"""What the lines of a page say."""

LINE_HIGH = 80
"""Pixels of a page's line."""

WIDE, HIGH = "0256", "025"
"""Digits of which neither half is another digit, cut from top to bottom and from side to side: half an 8 is a 3."""


def digit_of(number: int) -> str:
    """Return the digit that the pen writes in a picture: each as often."""
    return DIGITS[number % len(DIGITS)]


def pen_digit(kind: str, number: int) -> bytes:
    """Make a digit by the pen, its hand and pen drawn anew, as one kind of scene has it."""
    return _written(digit_of(number), kind, _generator("pen", kind, number))


def pen_page(number: int, lines: int = 30) -> bytes:
    """Make a page of so many lines in one hand, on white paper as a scanner has it."""
    rng = _generator("pen", "page", number)
    hand = sample_hand(rng)
    rows = []
    for _ in range(lines):
        text = " ".join(rng.choice(WORDS, 6))
        ink = draw_ink(write(text, hand, rng), pen=Pen(width=0.09 * hand.size, pressing=0.0), height=LINE_HIGH)
        rows.append(np.pad(ink, ((LINE_HIGH // 4, 0), (LINE_HIGH, LINE_HIGH))))
    wide = max(row.shape[1] for row in rows)
    page = np.concatenate([np.pad(row, ((0, 0), (0, wide - row.shape[1]))) for row in rows])
    return to_png(np.asarray(np.rint(245 - 215 * page), np.uint8))


def pen_letter(number: int) -> bytes:
    """Make a letter that looks like no digit, in a scene of any kind."""
    rng = _generator("letter", "", number)
    return _written(LETTERS[number % len(LETTERS)], SINGLE_SCENES[int(rng.integers(len(SINGLE_SCENES)))], rng)


def ink_in_scene(image: NDArray[np.uint8], kind: str, number: int) -> bytes:
    """Put the ink of a small picture, bright on dark, into one kind of scene."""
    rng = _generator("ink", kind, number)
    return to_png(take(enlarge(image), sample_scene(rng, kind), rng))


def no_writing(kind: str, number: int) -> bytes:
    """Make a picture that nobody wrote, of one of the pen's kinds."""
    rng = _generator("unwritten", kind, number)
    return to_png(draw_negative(rng, kind))


def noise(kind: str, number: int) -> bytes:
    """Make noise of 28 × 28 pixels, as the published recipe was measured with: uniform, or Gaussian about a grey."""
    rng = _generator("noise", kind, number)
    if kind == "uniform":
        return to_png(rng.integers(0, 256, (28, 28), np.uint8))
    return to_png(np.clip(rng.normal(128, 64, (28, 28)), 0, 255).astype(np.uint8))


def flat(number: int) -> bytes:
    """Make a page of one grey, of any size."""
    rng = _generator("flat", "", number)
    rows, columns = rng.integers(16, 160, 2)
    return to_png(np.full((rows, columns), rng.integers(0, 256), np.uint8))


def half(image: NDArray[np.uint8], label: str, number: int) -> bytes:
    """Cut a digit of ``WIDE`` or ``HIGH`` in two and keep one half, in a frame of the same size."""
    rng = _generator("half", label, number)
    turned = label in HIGH and (label not in WIDE or rng.random() < 0.5)
    part = (image.T if turned else image).copy()
    across = np.flatnonzero(part.max(axis=0) > 50)
    cut = across[0] + round(float(rng.uniform(0.4, 0.6)) * len(across)) if len(across) else part.shape[1]
    if rng.random() < 0.5:
        part[:, cut:] = 0
    else:
        part[:, :cut] = 0
    return to_png(np.ascontiguousarray(part.T if turned else part))


def _written(text: str, kind: str, rng: np.random.Generator) -> bytes:
    hand = sample_hand(rng)
    ink = draw_ink(write(text, hand, rng), pen=sample_pen(rng, size=hand.size), height=96, rng=rng)
    return to_png(take(ink, sample_scene(rng, kind), rng))


def _generator(source: str, kind: str, number: int) -> np.random.Generator:
    return np.random.default_rng((SALT, number, *source.encode(), 0, *kind.encode()))
