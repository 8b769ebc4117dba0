"""Lines composed of recorded words and letters, and set in typefaces of handwriting, with any words of any language."""

from collections.abc import Sequence
from io import BytesIO

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from duktus.lines.training.composing.accents import accented, bare
from duktus.lines.training.composing.layout import SIGNS, Layout, Manner, sample_manner
from duktus.lines.training.composing.numbers import draw
from duktus.lines.training.composing.numerals import sample_numeral
from duktus.lines.training.composing.scribes import sign_glyph
from duktus.lines.training.composing.surroundings import Canvas, dirty, settle
from duktus.pen.pages.quick import Nib, Track, smooth_path
from duktus.types import Ink
from duktus.written.training.spelling import BELOW, DEEP, HEIGHTS
from duktus.written.training.strokes import Writer, Written

SIZE = 44
"""Pixels of an em in which typefaces are set before they are worn."""

MOST_WORDS = 9
"""Words of a composed line."""


class Passages:
    """Composed lines.

    Args:
        writers: of recorded words and letters.
        texts: whose words are written.
        faces: contents of typefaces' files, that look like handwriting.
        labels: characters that may stand in a line.
    """

    def __init__(self, writers: Sequence[Writer], texts: Sequence[str], faces: Sequence[bytes], labels: str) -> None:
        self._labels = set(labels)
        self._words = [w for w in writers if len(w.pieces.get("words", ())) + len(w.pieces.get("texts", ())) > 7]
        self._letters = [w for w in writers if len(w.pieces.get("small", ())) > 60]
        self._texts = [text.split() for text in texts]
        self._faces = [face for content in faces if (face := _Face.open(content)) is not None]

    def compose(self, rng: np.random.Generator) -> tuple[Ink, str]:
        """Return the ink of a line as serving finds it, and its text."""
        kind = rng.random()
        if kind < 0.45 and self._faces:
            return self._set(rng)
        laid, text, manner = self._recorded(rng) if kind < 0.75 or not self._letters else self._spelt(rng)
        unit = float(np.clip(np.exp(rng.normal(np.log(38), 0.3)), 20, 80))
        canvas = Canvas.around(laid.width, unit, rng)
        nib = Nib(max(1.0, unit * float(np.exp(rng.normal(np.log(0.06), 0.35)))), float(rng.uniform(0, 0.25)))
        draw(canvas, laid, (0.0, 0.0), nib, manner, rng)
        for place in canvas.neighbours(rng):
            other, _, _ = self._recorded(rng)
            draw(canvas, other, (place[0], place[1] * 1.1), nib, manner, rng)
        dirty(canvas, rng)
        return settle(canvas, rng), text

    def words(self, rng: np.random.Generator, most: int = MOST_WORDS) -> list[str]:
        """Return some words that follow each other in a text; a number among them now and then."""
        text = self._texts[int(rng.integers(len(self._texts)))]
        count = int(rng.integers(1, most + 1))
        first = int(rng.integers(max(1, len(text) - count + 1)))
        words = list(text[first : first + count])
        if rng.random() < 0.15:
            words[int(rng.integers(len(words)))] = sample_numeral(rng)
        case = rng.random()
        if case < 0.06:
            words = [word.upper() for word in words]
        return words

    def _recorded(self, rng: np.random.Generator) -> tuple[Layout, str, Manner]:
        """Lay out words that one writer wrote, side by side."""
        writer = self._words[int(rng.integers(len(self._words)))]
        pieces = [*writer.pieces.get("words", ()), *writer.pieces.get("texts", ())]
        chosen = [pieces[int(i)] for i in rng.integers(len(pieces), size=int(rng.integers(1, 8)))]
        chosen = [piece for piece in chosen if set(piece.label) <= self._labels] or chosen[:1]
        laid, x, said = Layout([], []), 0.0, list[str]()
        gap = float(rng.uniform(0.22, 0.7))
        for piece in chosen:
            if x > 14:
                break
            x = _put(laid, piece, x) + gap * float(rng.uniform(0.7, 1.4))
            text = " ".join(piece.label.split())
            if rng.random() < 0.12:
                mark = str(rng.choice([".", ",", ",", "-"]))
                _put_sign(laid, mark, x - 0.8 * gap, rng)
                text += " -" if mark == "-" else mark
                x += 0.35 if mark == "-" else 0.1
            said.append(text)
        laid.width = max(0.2, x - gap)
        return laid, " ".join(said), _even(rng)

    def _spelt(self, rng: np.random.Generator) -> tuple[Layout, str, Manner]:
        """Lay out words in the single letters of one writer, with accents."""
        writer = self._letters[int(rng.integers(len(self._letters)))]
        forms: dict[str, list[Written]] = {}
        for kind in ("small", "capitals", "digits"):
            for piece in writer.pieces.get(kind, ()):
                forms.setdefault(piece.label, []).append(piece)
        laid, x, said = Layout([], []), 0.0, list[str]()
        gap, between = float(rng.uniform(0.03, 0.2)), float(rng.uniform(0.3, 0.75))
        for word in self.words(rng, 5):
            start, spelt = x, ""
            for letter in word:
                base = bare(letter)
                if letter in SIGNS:
                    glyph = sign_glyph(letter, rng)
                    _put_sign(laid, letter, x, rng)
                    x, spelt = x + glyph.width + 0.1, spelt + letter
                elif base in forms:
                    x = _put_letter(laid, forms[base][int(rng.integers(len(forms[base])))], letter, x, rng) + gap
                    spelt += letter
            if spelt:
                said.append(spelt)
                x += between
            else:
                x = start
        laid.width = max(0.2, x - between)
        return laid, " ".join(said), _even(rng)

    def _set(self, rng: np.random.Generator) -> tuple[Ink, str]:
        """Return a line set in a typeface, slanted and worn."""
        face = self._faces[int(rng.integers(len(self._faces)))]
        words = [word for word in self.words(rng) if face.knows(word) and set(word) <= self._labels] or ["non"]
        text = " ".join(words)
        ink = face.draw(text, rng)
        h, w = ink.shape
        unit = float(SIZE)
        canvas = Canvas(ink, np.zeros((h, w), np.float32), unit, np.array((4, 0.7 * h), np.float32), w / unit)
        dirty(canvas, rng)
        return settle(canvas, rng), text


class _Face:
    """A typeface of handwriting at one size."""

    def __init__(self, font: ImageFont.FreeTypeFont) -> None:
        self._font = font
        self._missing = font.getmask("\ufffe").getbbox(), bytes(font.getmask("\ufffe"))
        self._known: dict[str, bool] = {}

    @classmethod
    def open(cls, content: bytes) -> "_Face | None":
        """Open a typeface; None where it cannot be, or has no small letters."""
        try:
            face = cls(ImageFont.truetype(BytesIO(content), SIZE))
        except OSError:
            return None
        return face if face.knows("aenr") else None

    def knows(self, word: str) -> bool:
        """Tell whether the typeface has all characters of a word."""
        return all(self._knows(character) for character in word)

    def _knows(self, character: str) -> bool:
        if character not in self._known:
            mask = self._font.getmask(character)
            self._known[character] = bool(mask.getbbox()) and (mask.getbbox(), bytes(mask)) != self._missing
        return self._known[character]

    def draw(self, text: str, rng: np.random.Generator) -> Ink:
        """Return a text's ink (h, w), slanted and stretched a little, on a wavering baseline."""
        left, top, right, bottom = self._font.getbbox(text)
        size = int(right - left) + 24, int(bottom - top) + 28
        page = Image.new("L", size, 0)
        ImageDraw.Draw(page).text((12 - left, 14 - top), text, 255, font=self._font)
        shear = float(rng.normal(0, 0.12))
        wide = float(np.exp(rng.normal(0, 0.12)))
        slanted = page.transform(
            (int(size[0] * wide) + 8, size[1]),
            Image.Transform.AFFINE,
            (1 / wide, shear, -shear * size[1] / 2, 0, 1, 0),
            Image.Resampling.BILINEAR,
        )
        ink = np.asarray(slanted, np.float32) * np.float32(1 / 255)
        return np.asarray(_wavering(ink, rng), np.float32)


def _wavering(ink: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Return ink whose columns are moved up and down a little, smoothly."""
    h, w = ink.shape
    knots = rng.normal(0, rng.uniform(0, 2.2), max(2, w // 60 + 2))
    shift = np.interp(np.arange(w), np.linspace(0, w - 1, len(knots)), knots).astype(np.float32)
    y = np.arange(h, dtype=np.float32)[:, None] + shift[None]
    x = np.broadcast_to(np.arange(w, dtype=np.float32), (h, w))
    return np.asarray(cv2.remap(ink, np.ascontiguousarray(x), y, cv2.INTER_LINEAR), np.float32)


def _even(rng: np.random.Generator) -> Manner:
    """Return a manner for what already has its gaps: slant, slope and width alone."""
    manner = sample_manner(rng)
    return Manner(0, 0, manner.slant, manner.slope * 0.2, 0, 0, 1.0, 0, raised=False)


def _put(laid: Layout, piece: Written, x: float) -> float:
    """Put a recorded piece at x; return where it ends."""
    laid.strokes += [smooth_path(path) * np.float32(0.01) + _at(x, 0) for path in piece.paths]
    return x + piece.width * 0.01


def _put_sign(laid: Layout, sign: str, x: float, rng: np.random.Generator) -> None:
    laid.strokes += [stroke * np.float32(0.8) + _at(x, 0) for stroke in sign_glyph(sign, rng).strokes]


def _put_letter(laid: Layout, form: Written, letter: str, x: float, rng: np.random.Generator) -> float:
    base = bare(letter)
    size = HEIGHTS.get(base, 0.9) * float(np.exp(rng.normal(0, 0.05)))
    drop = BELOW if base in DEEP else 0.0
    shift = _at(x, drop + float(rng.normal(0, 0.02)))
    laid.strokes += [smooth_path(path) * np.float32(0.01 * size) + shift for path in form.paths]
    wide = form.width * 0.01 * size
    laid.strokes += accented(letter, (x, wide), drop - size, rng)
    return x + wide


def _at(x: float, y: float) -> Track:
    return np.array((x, y), np.float32)
