"""Hand-printed words, which recorded words have little of: in a writer's single letters, and by the project's pen.

Recorded letters are all of one height, so each is brought to that which its kind has in a line.
"""

import numpy as np

from duktus.pen.hand import sample_hand, write
from duktus.pen.letters import skeletons
from duktus.pen.pages.quick import point
from duktus.written.training.strokes import Writer, Written, as_piece

LOW, TALL, DEEP = "acemnorsuvwxz", "bdfhklt", "gpqyj"

HEIGHTS = {**dict.fromkeys(LOW, 0.52), **dict.fromkeys(TALL, 0.95), **dict.fromkeys(DEEP, 0.85), "i": 0.75}
"""Heights of small letters, against the usual height of a word."""

BELOW = 0.36
"""How far the deep letters reach below the baseline, likewise."""


def spell(writer: Writer, word: str, rng: np.random.Generator) -> Written | None:
    """Return a word in single letters; None where the writer has too few.

    Args:
        writer: with letters among what was recorded.
        word: letters that are not there are left out.
        rng: which of the letters of a kind is taken, how near they stand, how evenly.
    """
    x, paths, rows = 0.0, [], []
    gap, unrest = float(rng.uniform(4, 22)), float(rng.uniform(0, 3))
    for letter in word:
        kind = "small" if letter.islower() else "capitals" if letter.isalpha() else "digits"
        forms = [piece for piece in writer.pieces.get(kind, ()) if piece.label == letter]
        if not forms:
            continue
        form = forms[int(rng.integers(len(forms)))]
        size = HEIGHTS.get(letter, 0.9) * float(np.exp(rng.normal(0, 0.05)))
        drop = 100 * BELOW if letter in DEEP else 0.0
        shift = point(x, drop + rng.normal(0, unrest))
        moved = [path * np.float32(size) + shift for path in form.paths]
        paths += moved
        rows += [path[:, 1] for path in moved]
        x += form.width * size + gap
    if len(rows) < 2:
        return None
    low, high = np.quantile(np.concatenate(rows), (0.1, 0.9))
    return Written(tuple(paths), word, x - gap, -52.0, (float(low), float(high)))


def spell_some(writer: Writer, words: list[str], rng: np.random.Generator, count: int = 14) -> list[Written]:
    """Return some words spelt by a writer, none where the writer has no letters."""
    chosen = [words[int(i)] for i in rng.integers(len(words), size=count)]
    form = str(rng.choice(["lower", "lower", "capitalize", "upper"]))
    spelt = (spell(writer, getattr(word, form)(), rng) for word in chosen)
    return [word for word in spelt if word is not None]


def pen_words(words: list[str], rng: np.random.Generator, count: int = 8) -> list[Written]:
    """Return some words by a hand of the project's own pen, none where it can write none of them."""
    known, hand = skeletons(), sample_hand(rng)
    chosen = [words[int(i)] for i in rng.integers(len(words), size=count)]
    written = []
    for word in chosen:
        if all(letter in known for letter in word):
            strokes = [stroke[:, :2] * np.float32(100 / hand.size) for stroke in write(word, hand, rng).strokes]
            written.append(as_piece(strokes, word, characters=False))
    return [word for word in written if word is not None]
