"""A sheet before it is written on: what is printed and ruled on it."""

from dataclasses import dataclass

import numpy as np

from duktus.pen.pages.quick import Track, point
from duktus.pen.pages.rules import Rule, draw_rules, guide_ends, sample_rule, turn_ends
from duktus.pen.pages.typeset import Face, lay_print, set_column, set_line
from duktus.types import Ink
from duktus.written.training.cuts import Cut
from duktus.written.training.script import Script
from duktus.written.training.strokes import Writer

Shape = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Sources:
    """What pages are composed of: writers' strokes, cuts from scans by writer, typefaces and words to print."""

    writers: list[Writer]
    cuts: list[list[Cut]]
    faces: list[Face]
    words: list[str]


@dataclass(eq=False)
class Sheet:
    """A sheet while it is made: its writing, what is ruled and printed on it, (h, w) in [0, 1] each."""

    script: Script
    ruled: Ink
    printed: Ink

    @classmethod
    def blank(cls, shape: Shape, angle: float) -> "Sheet":
        """A sheet with nothing on it."""
        return cls(Script(shape, angle), np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def rule(self, ends: list[tuple[Track, Track]], rule: Rule, rng: np.random.Generator) -> None:
        """Print lines; they are turned as the sheet is."""
        shape = self.script.shape
        np.maximum(self.ruled, draw_rules(shape, turn_ends(ends, shape, self.script.angle), rule, rng), out=self.ruled)


def some_words(sources: Sources, count: int, rng: np.random.Generator) -> str:
    """Return printed words, now and then numbers and capitals among them."""
    chosen = [str(sources.words[int(i)]) for i in rng.integers(len(sources.words), size=count)]
    if rng.random() < 0.3:
        chosen[int(rng.integers(count))] = str(int(rng.integers(10 ** int(rng.integers(1, 7)))))
    text = " ".join(chosen)
    case = rng.random()
    return text.upper() if case < 0.15 else text.capitalize() if case < 0.4 else text


def print_text(
    sheet: Sheet, place: tuple[float, float], size: int, sources: Sources, rng: np.random.Generator
) -> float:
    """Print some words at a place, its upper left corner; return their width."""
    face = sources.faces[int(rng.integers(len(sources.faces)))]
    text = some_words(sources, int(rng.integers(1, 4)), rng) + str(rng.choice(["", ":", ".", " :", "…"]))
    block = set_line(text, face, max(6, size), float(rng.choice([0, 0, 0, 1.5])))
    lay_print(sheet.printed, block, *place, sheet.script.angle)
    return float(block.shape[1])


def print_column(
    sheet: Sheet, box: tuple[float, float, float, float], size: int, sources: Sources, rng: np.random.Generator
) -> None:
    """Print running text in a box (x, y, w, h)."""
    x, y, w, h = box
    face = sources.faces[int(rng.integers(len(sources.faces)))]
    leading = float(rng.uniform(1.05, 1.7))
    rows = max(1, int(h / (size * leading)))
    lines = [some_words(sources, max(2, int(w / size / 2.2)), rng) for _ in range(rows)]
    lay_print(sheet.printed, set_column(lines, face, max(6, size), leading, max(8, int(w))), x, y, sheet.script.angle)


def a_size(rng: np.random.Generator, unit: float) -> int:
    """Return a size of print, in pixels: mostly smaller than the writing, of any size now and then."""
    if rng.random() < 0.7:
        return int(np.clip(unit * np.exp(rng.normal(-0.55, 0.35)), 7, 70))
    return int(np.exp(rng.uniform(np.log(8), np.log(60))))


def rule_guides(sheet: Sheet, pitch: float, base: float, rng: np.random.Generator) -> None:
    """Print guides, or squares, that go with writing of a pitch, or that do not."""
    shape, rule = sheet.script.shape, sample_rule(rng)
    span = (-0.1, 1.1) if rng.random() < 0.6 else (float(rng.uniform(0, 0.4)), float(rng.uniform(0.6, 1)))
    kind = rng.random()
    if kind < 0.62:
        offset = base + pitch * (float(rng.normal(0, 0.08)) if rng.random() < 0.75 else float(rng.uniform(0, 1)))
        sheet.rule(guide_ends(shape, pitch, offset, span), rule, rng)
    elif kind < 0.84:
        square = (
            pitch * float(rng.choice([1, 0.5, 0.33, 0.25, 0.8])) if rng.random() < 0.7 else float(rng.uniform(10, 40))
        )
        square = max(square, 8.0)
        thin = Rule(rule.style, min(rule.width, square / 8), min(rule.pitch, square))
        sheet.rule(guide_ends(shape, square, base, (-0.1, 1.1)), thin, rng)
        sheet.rule(guide_ends(shape, square, float(rng.uniform(0, 99)), (-0.1, 1.1), upright=True), thin, rng)
    else:
        for share, width in ((0.25, 0.7), (1.0, 1.6)):
            sheet.rule(guide_ends(shape, max(6.0, pitch * share), base, (-0.1, 1.1)), Rule("solid", width), rng)
        sheet.rule(guide_ends(shape, pitch * 1.0, 0, (-0.1, 1.1), upright=True), Rule("solid", 1.0), rng)
    if rng.random() < 0.25:
        x = float(rng.uniform(0.05, 0.3)) * shape[1]
        ends = [(point(x, -50), point(x, shape[0] + 50))]
        sheet.rule(ends, Rule("solid", float(rng.uniform(0.8, 3))), rng)


def print_around(sheet: Sheet, unit: float, sources: Sources, rng: np.random.Generator) -> None:
    """Print a head, a foot or a column beside the writing; it does not mind what is written there."""
    h, w = sheet.script.shape
    for _ in range(int(rng.integers(1, 4))):
        place = (float(rng.uniform(-0.1, 0.7)) * w, float(rng.choice([0.01, 0.9, rng.uniform(0, 0.9)])) * h)
        if rng.random() < 0.3:
            box = (*place, float(rng.uniform(0.3, 1)) * w, float(rng.uniform(0.05, 0.3)) * h)
            print_column(sheet, box, a_size(rng, unit), sources, rng)
        else:
            print_text(sheet, place, a_size(rng, unit), sources, rng)
