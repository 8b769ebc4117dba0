"""Pages composed of writing, print, rules and blemishes, of which each pixel's class and each line is known."""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.pen.pages.blemishes import (
    draw_edge,
    draw_guilloche,
    draw_halftone,
    draw_hole,
    draw_lines_of_light,
    draw_specks,
    draw_stains,
    draw_stamp,
)
from duktus.pen.pages.quick import Nib
from duktus.types import Ink
from duktus.written.classes import OTHER, PAPER, PRINTED, RULED, WRITTEN
from duktus.written.training.capture import expose_page, lay_paper, sample_wear, wear
from duktus.written.training.furniture import Sheet, Sources
from duktus.written.training.script import Script, Style, pieces_of, put_row, sample_style
from duktus.written.training.sheets import (
    a_writer,
    write_digits,
    write_form,
    write_letter,
    write_notes,
    write_nothing,
    write_table,
)
from duktus.written.truth import Composite

Writing = Callable[[Sheet, Style, Sources, np.random.Generator], None]
SHEETS: dict[Writing, float] = {
    write_letter: 0.38, write_form: 0.14, write_table: 0.11, write_notes: 0.11, write_nothing: 0.17, write_digits: 0.11,
}  # fmt: skip
"""Kinds of sheets, and how often each is composed."""

SEEN = 0.4
"""A pixel belongs to what covers at least this share of it."""

LIT = 0.07
"""What darkens paper by less is not seen."""


def compose(shape: tuple[int, int], sources: Sources, rng: np.random.Generator) -> Composite:
    """Return a page of any kind.

    Args:
        shape: (h, w) in pixels.
        sources: what it is composed of.
        rng: where all that is chosen comes from.
    """
    kinds = list(SHEETS)
    kind = kinds[int(rng.choice(len(kinds), p=np.array(list(SHEETS.values())) / sum(SHEETS.values())))]
    unit = float(np.exp(rng.normal(np.log(36), 0.42)))
    if kind is write_digits:
        unit *= 1.5
    sheet = Sheet.blank(shape, float(rng.normal(0, 0.02) if rng.random() < 0.7 else rng.uniform(-0.09, 0.09)))
    style = sample_style(float(np.clip(unit, 12, 150)), rng)
    kind(sheet, style, sources, rng)
    nib = sample_nib(style.unit, rng)
    written = sheet.script.draw(nib, rng) if sheet.script.paths or sheet.script.pasted else np.zeros(shape, np.float32)
    return _capture(sheet, written, sources, rng)


def sample_nib(unit: float, rng: np.random.Generator) -> Nib:
    """Return a pen that goes with writing of a size."""
    width = unit * float(np.exp(rng.normal(np.log(0.062), 0.4)))
    flat = float(rng.choice([0, 0, rng.uniform(0.2, 0.65)]))
    return Nib(max(1.2, width), float(rng.uniform(0, 0.3)), flat, float(rng.normal(-0.7, 0.3)))


def _capture(sheet: Sheet, written: Ink, sources: Sources, rng: np.random.Generator) -> Composite:
    shape = sheet.script.shape
    page, classes = lay_paper(shape, rng), np.full(shape, PAPER, np.uint8)
    for layer, density in _blemishes(shape, sources, rng):
        page *= 1 - np.float32(density) * layer
        classes[layer * density > LIT + 0.08] = OTHER
    if rng.random() < 0.12 and written.any():
        page *= 1 - np.float32(rng.uniform(0.05, 0.3)) * _show_through(sheet, sources, rng)
    same = sample_wear(rng)
    tones = float(rng.uniform(0.35, 0.98)), float(rng.uniform(0.4, 0.98))
    for layer, kind, dark in (
        (sheet.ruled, RULED, float(np.exp(rng.uniform(np.log(0.12), 0)))),
        (sheet.printed, PRINTED, tones[0] if rng.random() < 0.5 else tones[1]),
        (written, WRITTEN, tones[0]),
    ):
        if layer.any():
            worn = wear(layer, same if rng.random() < 0.6 else sample_wear(rng), rng)
            page *= 1 - np.float32(dark) * worn
            classes[worn > SEEN if kind != RULED else worn > SEEN / 2] = kind
    if rng.random() < 0.1:
        page, classes = _end_sheet(page, classes, rng)
    return _with_lines(expose_page(page, rng), classes, sheet.script)


def _blemishes(shape: tuple[int, int], sources: Sources, rng: np.random.Generator) -> list[tuple[Ink, float]]:
    """Return what else is on the sheet, each with its density."""
    found: list[tuple[Ink, float]] = []
    for share, draw in (
        (0.08, draw_stains), (0.15, draw_specks), (0.07, draw_hole), (0.10, draw_guilloche), (0.03, draw_halftone),
        (0.08, draw_lines_of_light),
    ):  # fmt: skip
        if rng.random() < share:
            found.append((draw(shape, rng), float(rng.uniform(0.08, 0.9))))
    while rng.random() < 0.12:
        found.append((draw_stamp(shape, sources.faces, sources.words, rng), float(rng.uniform(0.15, 0.9))))
    return found


def _show_through(sheet: Sheet, sources: Sources, rng: np.random.Generator) -> Ink:
    """Writing on the back of the sheet, mirrored and blurred."""
    shape = sheet.script.shape
    back, style = Script(shape, -sheet.script.angle), sample_style(float(rng.uniform(25, 45)), rng)
    pieces = pieces_of(a_writer(sources, rng), rng)
    for base in np.arange(rng.uniform(0, 40), shape[0], style.unit * 1.3):
        put_row(back, pieces, (0, shape[1]), float(base), style, rng)
    ink = np.ascontiguousarray(back.draw(sample_nib(style.unit, rng), rng)[:, ::-1])
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), float(rng.uniform(1, 3))), np.float32)


def _end_sheet(page: Ink, classes: NDArray[np.uint8], rng: np.random.Generator) -> tuple[Ink, NDArray[np.uint8]]:
    """Let the sheet end: what lies beyond is darker or lighter, and hides what was there."""
    edge = draw_edge(page.shape, rng)
    beyond = float(rng.choice([rng.uniform(0, 0.3), rng.uniform(0, 1)]))
    classes = np.where(edge > 0.5, OTHER if beyond < 0.8 else PAPER, classes).astype(np.uint8)
    return np.asarray(page + edge * (np.float32(beyond) - page), np.float32), classes


def _with_lines(page: NDArray[np.uint8], classes: NDArray[np.uint8], script: Script) -> Composite:
    band, heights = np.zeros(page.shape, np.uint8), np.zeros(page.shape, np.float32)
    corners = [script.outline(line) for line in script.lines]
    for line, outline in zip(script.lines, corners, strict=True):
        fixed = [np.rint(outline * 8).astype(np.int32)]
        cv2.fillPoly(band, fixed, 1, cv2.LINE_8, 3)
        cv2.fillPoly(heights, fixed, line.height, cv2.LINE_8, 3)
    lines = np.array(corners, np.float32).reshape(-1, 4, 2)
    return Composite(page, classes, band, heights, lines, _usual(script))


def _usual(script: Script) -> float:
    if not script.lines:
        return 0.0
    heights = np.array([line.height for line in script.lines])
    widths = np.array([max(1.0, line.right - line.left) for line in script.lines])
    order = np.argsort(heights)
    total = np.cumsum(widths[order])
    return float(heights[order][np.searchsorted(total, total[-1] / 2)])
