"""The sheets that people write on: which lines, boxes and printed words a page has, and where its writing goes."""

from dataclasses import dataclass, field

import numpy as np

from duktus.pen.rules import (
    Rule,
    box_ends,
    draw_rules,
    guide_ends,
    sample_rule,
    table_ends,
    turn_ends,
)
from duktus.pen.typeset import Face, lay_print, set_column, set_line
from duktus.types import Ink
from duktus.written.training.cuts import Cut
from duktus.written.training.script import (
    Line,
    Script,
    Style,
    join,
    pieces_of,
    put,
    put_row,
    scrawl,
)
from duktus.written.training.spelling import spell_some
from duktus.written.training.strokes import Writer, Written

Shape = tuple[int, int]

SPELT = 0.25
"""Share of letters, in the sense of post, that are hand-printed."""
Span = tuple[float, float]


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
    marks: dict[str, float] = field(default_factory=dict)

    @classmethod
    def blank(cls, shape: Shape, angle: float) -> "Sheet":
        """A sheet with nothing on it."""
        return cls(Script(shape, angle), np.zeros(shape, np.float32), np.zeros(shape, np.float32))

    def rule(self, ends: list[tuple[np.ndarray, np.ndarray]], rule: Rule, rng: np.random.Generator) -> None:
        """Print lines; they are turned as the sheet is."""
        shape = self.script.shape
        np.maximum(self.ruled, draw_rules(shape, turn_ends(ends, shape, self.script.angle), rule, rng), out=self.ruled)


def a_writer(sources: Sources, rng: np.random.Generator) -> Writer | list[Cut]:
    """Return any writer: of three pages one is in cuts from scans."""
    if sources.cuts and rng.random() < 0.36:
        return sources.cuts[int(rng.integers(len(sources.cuts)))]
    return sources.writers[int(rng.integers(len(sources.writers)))]


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
        ends = [(np.float32((x, -50)), np.float32((x, shape[0] + 50)))]
        sheet.rule(ends, Rule("solid", float(rng.uniform(0.8, 3))), rng)


def write_letter(sheet: Sheet, style: Style, sources: Sources, rng: np.random.Generator) -> None:
    """Write running text over the sheet, on guides or without, under a printed head now and then."""
    (h, w), unit = sheet.script.shape, style.unit
    pitch = unit * float(np.exp(rng.uniform(np.log(0.95), np.log(2.2))))
    base = float(rng.uniform(0, 1)) * pitch
    if rng.random() < 0.62:
        rule_guides(sheet, pitch, base, rng)
    left, right = float(rng.uniform(-0.1, 0.25)) * w, float(rng.uniform(0.7, 1.1)) * w
    first = int(rng.integers(0, 3)) if rng.random() < 0.6 else 0
    pieces = _in_words_or_letters(sources, rng)
    rows = np.arange(base + first * pitch, h + 0.3 * unit, pitch)
    stop = len(rows) if rng.random() < 0.7 else max(1, int(rng.uniform(0.2, 1) * len(rows)))
    for row in rows[:stop]:
        if rng.random() < 0.06:
            continue
        start = left + float(abs(rng.normal(0, 0.02))) * w + (unit if rng.random() < 0.1 else 0)
        end = right if rng.random() < 0.8 else left + float(rng.uniform(0.2, 1)) * (right - left)
        put_row(sheet.script, pieces, (start, end), float(row), style, rng)
    _scrawls(sheet, unit, 0.25, rng)
    if rng.random() < 0.35:
        _print_around(sheet, unit, sources, rng)


def _in_words_or_letters(sources: Sources, rng: np.random.Generator) -> list[Written] | list[Cut]:
    """Return what a page is written with: recorded words and cuts from scans, or words in single letters."""
    if rng.random() < SPELT and sources.words:
        spelt = spell_some(sources.writers[int(rng.integers(len(sources.writers)))], sources.words, rng)
        if len(spelt) > 3:
            return spelt
    return pieces_of(a_writer(sources, rng), rng)


def _scrawls(sheet: Sheet, unit: float, share: float, rng: np.random.Generator) -> None:
    if sheet.script.lines and rng.random() < share:
        for _ in range(int(rng.integers(1, 7))):
            scrawl(sheet.script, sheet.script.lines[int(rng.integers(len(sheet.script.lines)))], unit, rng)


def _print_around(sheet: Sheet, unit: float, sources: Sources, rng: np.random.Generator) -> None:
    """Print a head, a foot or a column beside the writing; it does not mind what is written there."""
    h, w = sheet.script.shape
    for _ in range(int(rng.integers(1, 4))):
        place = (float(rng.uniform(-0.1, 0.7)) * w, float(rng.choice([0.01, 0.9, rng.uniform(0, 0.9)])) * h)
        if rng.random() < 0.3:
            box = (*place, float(rng.uniform(0.3, 1)) * w, float(rng.uniform(0.05, 0.3)) * h)
            print_column(sheet, box, a_size(rng, unit), sources, rng)
        else:
            print_text(sheet, place, a_size(rng, unit), sources, rng)


def write_form(sheet: Sheet, style: Style, sources: Sources, rng: np.random.Generator) -> None:
    """Fill in a form: printed labels, and words on rules or in boxes beside them; some stay empty."""
    (h, w), unit = sheet.script.shape, style.unit
    writer = a_writer(sources, rng)
    pieces, size, rule = pieces_of(writer, rng), a_size(rng, unit), sample_rule(rng)
    pitch, boxed = unit * float(rng.uniform(1.2, 2.6)), rng.random()
    filled = float(rng.choice([0.0, 0.5, 0.85]))
    y = float(rng.uniform(0.2, 1.2)) * pitch
    while y < h:
        x = float(rng.uniform(0, 0.12)) * w
        while x < 0.9 * w:
            label = (
                print_text(sheet, (x, y - size * rng.uniform(0.7, 1.1)), size, sources, rng)
                if rng.random() < 0.8
                else 0
            )
            start, width = x + label + 6, float(rng.uniform(0.2, 0.8)) * w
            ends = [(np.float32((start, y + 3)), np.float32((start + width, y + 3)))]
            if boxed < 0.3:
                ends = box_ends(start, y - 0.95 * unit, width, 1.25 * unit)
            sheet.rule(ends if boxed < 0.85 else [], rule, rng)
            if rng.random() < filled:
                put_row(sheet.script, pieces, (start + 4, start + 4 + width * rng.uniform(0.3, 1)), y, style, rng)
            elif rng.random() < 0.2:
                _comb(sheet, (start, y), style, writer, rng)
            x = start + width + float(rng.uniform(5, 40))
        y += pitch
    _scrawls(sheet, unit, 0.12, rng)


def _comb(
    sheet: Sheet, place: tuple[float, float], style: Style, writer: Writer | list[Cut], rng: np.random.Generator
) -> None:
    """Boxes for single characters, some filled in, some ticked."""
    unit = style.unit
    x, y = place
    side, gap = unit * float(rng.uniform(1.0, 1.5)), float(rng.choice([0, 0, 4]))
    rule, written = sample_rule(rng), []
    kind = str(rng.choice(["digits", "capitals"]))
    pieces = pieces_of(writer, rng, kind)
    for number in range(int(rng.integers(1, 10))):
        at = x + number * (side + gap)
        sheet.rule(box_ends(at, y - side + 0.15 * side, side, side), rule, rng)
        if rng.random() < 0.75 and not isinstance(pieces[0], Cut):
            piece = pieces[int(rng.integers(len(pieces)))]
            if piece.width < 160:
                inner = Style(unit * float(rng.uniform(0.6, 0.9)), style.shear)
                start = at + max(0.0, (side - piece.width * inner.unit / 100) / 2) + rng.normal(0, 0.06) * side
                written.append(put(sheet.script, piece, float(start), y + rng.normal(0, 0.04) * side, inner))
    if written:
        sheet.script.lines.append(join(written))


def write_table(sheet: Sheet, style: Style, sources: Sources, rng: np.random.Generator) -> None:
    """Fill in a table: a printed head, cells of words or numbers."""
    (h, w), unit = sheet.script.shape, style.unit
    pitch = unit * float(rng.uniform(0.95, 2.0))
    rows = [float(rng.uniform(-0.5, 0.5)) * h * (rng.random() < 0.3)]
    while rows[-1] < h and len(rows) < 40:
        rows.append(rows[-1] + pitch)
    columns = [float(rng.uniform(-0.1, 0.15)) * w]
    while columns[-1] < w:
        columns.append(columns[-1] + unit * float(rng.uniform(1.5, 9)))
    if rng.random() < 0.5:
        rows, columns = rows[: int(rng.integers(3, 20))], columns[: int(rng.integers(2, 6))]
    if len(rows) < 2 or len(columns) < 2:
        return
    rule = sample_rule(rng)
    ends = table_ends(columns, rows)
    sheet.rule(ends if rng.random() < 0.7 else ends[len(rows) :], rule, rng)
    writer, filled = a_writer(sources, rng), float(rng.choice([0.0, 0.6, 0.95]))
    kinds = [str(rng.choice(["digits", "words", "words"])) for _ in columns]
    for row in rows[1:]:
        for number, x in enumerate(columns[:-1]):
            cell = (x + 0.1 * unit, columns[number + 1] - 0.1 * unit)
            if row == rows[1] and rng.random() < 0.6:
                print_text(sheet, (cell[0], row - 0.8 * pitch), min(a_size(rng, unit), int(pitch)), sources, rng)
            elif rng.random() < filled:
                limit = cell[0] + (cell[1] - cell[0]) * rng.uniform(0.3, 1.1)
                base = row - pitch * float(rng.uniform(0.1, 0.35))
                put_row(sheet.script, pieces_of(writer, rng, kinds[number]), (cell[0], limit), base, style, rng)
    _scrawls(sheet, unit, 0.12, rng)


def write_notes(sheet: Sheet, style: Style, sources: Sources, rng: np.random.Generator) -> None:
    """A printed page with notes by hand in its margin, between its lines, and over them."""
    (h, w), unit = sheet.script.shape, style.unit
    left = float(rng.uniform(0, 0.4)) * w
    print_column(sheet, (left, float(rng.uniform(-0.1, 0.4)) * h, w, h), a_size(rng, unit), sources, rng)
    pieces = pieces_of(a_writer(sources, rng), rng)
    for _ in range(int(rng.integers(0, 6))):
        start, base = rng.uniform(-0.05, 0.8) * w, rng.uniform(0.05, 1) * h
        put_row(sheet.script, pieces, (float(start), float(start + rng.uniform(1, 9) * unit)), float(base), style, rng)
    _scrawls(sheet, unit, 0.6, rng)


def write_nothing(sheet: Sheet, style: Style, sources: Sources, rng: np.random.Generator) -> None:
    """A page of print alone, or a form or guides that nobody filled in."""
    h, w = sheet.script.shape
    kind = rng.random()
    if kind < 0.5:
        for _ in range(int(rng.integers(1, 4))):
            box = (
                rng.uniform(-0.1, 0.6) * w,
                rng.uniform(-0.1, 0.8) * h,
                rng.uniform(0.3, 1) * w,
                rng.uniform(0.1, 1) * h,
            )
            print_column(sheet, tuple(float(side) for side in box), a_size(rng, style.unit), sources, rng)
        _print_around(sheet, style.unit, sources, rng)
    elif kind < 0.7:
        rule_guides(sheet, style.unit * float(rng.uniform(1, 2)), float(rng.uniform(0, 50)), rng)
        _print_around(sheet, style.unit, sources, rng)
    if kind >= 0.6:
        empty = Sources(sources.writers, [], sources.faces, sources.words)
        (write_form if rng.random() < 0.5 else write_table)(sheet, style, empty, rng)
        sheet.script.paths.clear()
        sheet.script.lines.clear()
        sheet.script.pasted.clear()


def write_digits(sheet: Sheet, style: Style, sources: Sources, rng: np.random.Generator) -> None:
    """Numbers and short words, large on their sheet: cells, amounts, boxes, with hand-drawn rings and strikes."""
    (h, w), unit = sheet.script.shape, style.unit
    if rng.random() < 0.75:
        rule_guides(sheet, unit * float(rng.uniform(0.7, 2)), float(rng.uniform(0, 60)), rng)
    writer = sources.writers[int(rng.integers(len(sources.writers)))]
    for base in np.arange(unit * rng.uniform(0.9, 1.5), h + 0.3 * unit, unit * float(rng.uniform(1.1, 2.0))):
        x = float(rng.uniform(-0.1, 0.4)) * w
        if rng.random() < 0.3:
            _comb(sheet, (x, float(base)), style, writer, rng)
            continue
        pieces = pieces_of(writer, rng, str(rng.choice(["digits", "digits", "capitals", "small"])))
        tight = [piece for piece in pieces if not isinstance(piece, Cut) and piece.width < 400]
        if tight:
            _number(sheet.script, tight, (x, float(base)), style, rng)
    _scrawls(sheet, unit, 0.4, rng)


def _number(script: Script, pieces: list, place: tuple[float, float], style: Style, rng: np.random.Generator) -> None:
    x, parts = place[0], []
    for _ in range(int(rng.integers(1, 8))):
        piece = pieces[int(rng.integers(len(pieces)))]
        parts.append(put(script, piece, x, place[1] + rng.normal(0, 0.03) * style.unit, style))
        x = parts[-1].right + style.unit * float(rng.uniform(0.02, 0.5))
    joined: Line = join(parts)
    script.lines.append(joined)
