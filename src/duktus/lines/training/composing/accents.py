"""Accents as strokes over letters that were recorded without: for French and German words in anybody's letters."""

import unicodedata

import numpy as np

from duktus.pen.pages.quick import Track


def bare(letter: str) -> str:
    """Return a letter without its accent.

    >>> [bare(letter) for letter in "éÜçß"]
    ['e', 'U', 'c', 'ß']
    """
    return unicodedata.normalize("NFD", letter)[0]


def accented(letter: str, span: tuple[float, float], top: float, rng: np.random.Generator) -> list[Track]:
    """Return the strokes of a letter's accent, none where it has none.

    Args:
        letter: the letter, with its accent.
        span: its left end and width.
        top: its upper edge, in units with y downwards.
        rng: how exactly it is written.
    """
    marks = unicodedata.normalize("NFD", letter)[1:]
    if not marks:
        return []
    middle = span[0] + span[1] * float(rng.uniform(0.3, 0.75))
    row = top - float(rng.uniform(0.05, 0.2))
    size = float(rng.uniform(0.13, 0.26))
    return [np.array(points, np.float32) for points in _strokes(marks[0], middle, row, size, rng)]


def _strokes(mark: str, x: float, y: float, size: float, rng: np.random.Generator) -> list[list[tuple[float, float]]]:
    half, flat = size / 2, float(rng.uniform(0.3, 0.9)) * size
    apart = float(rng.uniform(0.4, 0.8)) * half
    long = float(rng.choice([0.0, 0.0, rng.uniform(0.02, 0.12)]))
    known = {
        "\u0300": [[(x - half, y - flat), (x + half, y)]],
        "\u0301": [[(x + half, y - flat), (x - half, y)]],
        "\u0302": [[(x - half, y), (x, y - flat), (x + half, y)]],
        "\u0303": [[(x - half, y), (x - half / 2, y - flat / 2), (x + half / 2, y), (x + half, y - flat / 2)]],
        "\u0308": [[(x + side, y), (x + side, y - long)] for side in (-apart, apart)],
        "\u0327": [[(x, 0.02), (x + half / 2, 0.1), (x - half / 2, 0.2)]],
    }
    return known.get(mark, [])
