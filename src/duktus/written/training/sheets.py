"""The sheets that people write on, and how they fill them: letters, forms, tables, notes, numbers, or not at all."""

import numpy as np

from duktus.pen.pages.quick import point
from duktus.pen.pages.rules import box_ends, sample_rule, table_ends
from duktus.written.training.cuts import Cut
from duktus.written.training.furniture import (
    Sheet,
    Sources,
    a_size,
    print_around,
    print_column,
    print_text,
    rule_guides,
)
from duktus.written.training.script import Line, Script, Style, join, pieces_of, put, put_row, scrawl
from duktus.written.training.spelling import pen_words, spell_some
from duktus.written.training.strokes import Writer, Written

SPELT, PENNED = 0.27, 0.15
"""Shares of letters, in the sense of post, that are hand-printed by recorded writers, and by the project's own pen."""


def a_writer(sources: Sources, rng: np.random.Generator) -> Writer | list[Cut]:
    """Return any writer: of three pages one is in cuts from scans."""
    if sources.cuts and rng.random() < 0.36:
        return sources.cuts[int(rng.integers(len(sources.cuts)))]
    return sources.writers[int(rng.integers(len(sources.writers)))]


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
        print_around(sheet, unit, sources, rng)


def _in_words_or_letters(sources: Sources, rng: np.random.Generator) -> list[Written] | list[Cut]:
    """Return what a page is written with: recorded words and cuts from scans, or words in single letters."""
    how = rng.random() if sources.words else 1.0
    if how < SPELT + PENNED:
        writer = sources.writers[int(rng.integers(len(sources.writers)))]
        printed = spell_some(writer, sources.words, rng) if how < SPELT else pen_words(sources.words, rng)
        if len(printed) > 3:
            return printed
    return pieces_of(a_writer(sources, rng), rng)


def _scrawls(sheet: Sheet, unit: float, share: float, rng: np.random.Generator) -> None:
    if sheet.script.lines and rng.random() < share:
        for _ in range(int(rng.integers(1, 7))):
            scrawl(sheet.script, sheet.script.lines[int(rng.integers(len(sheet.script.lines)))], unit, rng)


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
            ends = [(point(start, y + 3), point(start + width, y + 3))]
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
            low, high = np.array((-0.1, -0.1, 0.3, 0.1)), np.array((0.6, 0.8, 1, 1))
            x, y, wide, tall = (rng.uniform(low, high) * (w, h, w, h)).tolist()
            print_column(sheet, (x, y, wide, tall), a_size(rng, style.unit), sources, rng)
        print_around(sheet, style.unit, sources, rng)
    elif kind < 0.7:
        rule_guides(sheet, style.unit * float(rng.uniform(1, 2)), float(rng.uniform(0, 50)), rng)
        print_around(sheet, style.unit, sources, rng)
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


def _number(
    script: Script, pieces: list[Written], place: tuple[float, float], style: Style, rng: np.random.Generator
) -> None:
    x, parts = place[0], []
    for _ in range(int(rng.integers(1, 8))):
        piece = pieces[int(rng.integers(len(pieces)))]
        parts.append(put(script, piece, x, place[1] + rng.normal(0, 0.03) * style.unit, style))
        x = parts[-1].right + style.unit * float(rng.uniform(0.02, 0.5))
    joined: Line = join(parts)
    script.lines.append(joined)
