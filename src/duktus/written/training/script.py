"""Handwriting laid out on a sheet: paragraphs, fields and cells, with the core band of each line."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from duktus.pen.quick import Nib, Track, draw_paths, smooth_path
from duktus.pen.rules import turn_points
from duktus.types import Ink
from duktus.written.training.cuts import Cut
from duktus.written.training.strokes import Writer, Written

Shape = tuple[int, int]

ENLARGED = 1.5
"""Cuts from scans are enlarged by no more: what is coarser than real pages teaches nothing."""


@dataclass(frozen=True)
class Line:
    """A written line before the sheet is turned, in pixels: core band, and the rows of the middle 4/5 of its ink."""

    left: float
    right: float
    base: float
    top: float
    rows: tuple[float, float]

    @property
    def height(self) -> float:
        """The height of its text."""
        return self.rows[1] - self.rows[0] + 1


@dataclass(eq=False)
class Script:
    """What is written on a sheet of ``shape``, turned by ``angle`` radians about its middle."""

    shape: Shape
    angle: float
    paths: list[Track] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    pasted: list[tuple[Cut, float, float, float]] = field(default_factory=list)

    def draw(self, nib: Nib, rng: np.random.Generator) -> Ink:
        """Return the ink of all strokes, (h, w) in [0, 1]."""
        turned = [turn_points(path, self.shape, self.angle) for path in self.paths]
        ink = draw_paths(self.shape, turned, nib, rng)
        for cut, x, base, scale in self.pasted:
            _paste(ink, cut, (x, base, scale), self.angle)
        return ink

    def outline(self, line: Line, grown: float = 0.0) -> Track:
        """Return the corners of a line's core band on the turned sheet, (4, 2)."""
        top, base = line.base + line.top - grown, line.base + grown
        corners = ((line.left, top), (line.right, top), (line.right, base), (line.left, base))
        return turn_points(np.array(corners, np.float32), self.shape, self.angle)


def _paste(ink: Ink, cut: Cut, place: tuple[float, float, float], angle: float) -> None:
    h, w = ink.shape
    x, base, scale = place
    c, s = np.cos(angle), np.sin(angle)
    dx, dy = x - w / 2, base - cut.base * scale - h / 2
    shift = np.array(
        ((c * scale, -s * scale, c * dx - s * dy + w / 2), (s * scale, c * scale, s * dx + c * dy + h / 2))
    )
    laid = cv2.warpAffine(cut.ink, shift, (w, h), flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    np.maximum(ink, np.asarray(laid, np.float32) * np.float32(1 / 255), out=ink)


@dataclass(frozen=True)
class Style:
    """How a writer writes on one sheet: pixels of 100 units, slant, width of letters, and unrest of the baseline."""

    unit: float
    shear: float = 0.0
    aspect: float = 1.0
    unrest: float = 0.03
    mirrored: bool = False


def sample_style(unit: float, rng: np.random.Generator) -> Style:
    """Return a style for writing of a size."""
    shear, aspect = float(rng.normal(0, 0.12)), float(np.exp(rng.normal(0, 0.12)))
    return Style(unit, shear, aspect, float(rng.uniform(0, 0.07)), bool(rng.random() < 0.07))


def put(script: Script, piece: Written | Cut, x: float, base: float, style: Style) -> Line:
    """Put a piece on a sheet, its left end at ``x`` on the baseline; return where it lies."""
    if isinstance(piece, Cut):
        scale = min(ENLARGED, 0.62 * style.unit / piece.usual)
        script.pasted.append((piece, x, base, scale))
        width, rows = piece.ink.shape[1] * scale, (piece.rows[0] * scale, piece.rows[1] * scale)
        return Line(x, x + width, base, piece.top * scale, (base + rows[0], base + rows[1]))
    scale = style.unit / 100
    across = scale * style.aspect * (-1 if style.mirrored else 1)
    start = x + (piece.width * scale * style.aspect if style.mirrored else 0)
    turn = np.array(((across, 0), (-style.shear * scale, scale)), np.float32)
    script.paths += [smooth_path(path) @ turn + np.float32((start, base)) for path in piece.paths]
    rows = (base + piece.rows[0] * scale, base + piece.rows[1] * scale)
    return Line(x, x + piece.width * scale * style.aspect, base, piece.top * scale, rows)


def put_row(
    script: Script,
    pieces: list[Written] | list[Cut],
    span: tuple[float, float],
    base: float,
    style: Style,
    rng: np.random.Generator,
) -> Line | None:
    """Write pieces side by side from ``span[0]`` until the next would pass ``span[1]``; return the line they make."""
    x, placed = span[0], []
    drift = rng.normal(0, 0.012)
    for _ in range(40):
        piece = pieces[int(rng.integers(len(pieces)))]
        y = base + style.unit * rng.normal(0, style.unrest) + drift * (x - span[0])
        before = (len(script.paths), len(script.pasted))
        line = put(script, piece, x, y, style)
        if line.right > span[1] and placed:
            del script.paths[before[0] :], script.pasted[before[1] :]
            break
        placed.append(line)
        x = line.right + style.unit * float(rng.uniform(0.2, 0.7))
        if x > span[1]:
            break
    if not placed:
        return None
    joined = join(placed)
    script.lines.append(joined)
    return joined


def join(parts: list[Line]) -> Line:
    """Return the line that parts beside each other make: bands and rows are their means by width."""
    weights = np.array([max(part.right - part.left, 1.0) for part in parts])
    values = np.array([(part.base, part.top, *part.rows) for part in parts])
    base, top, low, high = (float(value) for value in np.average(values, axis=0, weights=weights))
    return Line(parts[0].left, max(part.right for part in parts), base, top, (low, high))


def pieces_of(writer: Writer | list[Cut], rng: np.random.Generator, kind: str = "") -> list[Written] | list[Cut]:
    """Return pieces of a writer for a row: words, a line of text, or characters where there is no other."""
    if isinstance(writer, list):
        return writer
    for name in (kind, "words", "texts", "small", "capitals", "digits"):
        if name in writer.pieces and (name in {kind, "words"} or rng.random() < 0.9):
            return writer.pieces[name]
    return next(iter(writer.pieces.values()))


def scrawl(script: Script, line: Line, unit: float, rng: np.random.Generator) -> None:
    """Draw by hand on a line of writing: underline it, strike it out, ring it, fill it up with a long stroke."""
    if rng.random() < 0.4:
        return _bar(script, line, unit, rng)
    kind = rng.random()
    left = float(rng.uniform(line.left, max(line.left + 1, line.right - unit)))
    right = float(min(line.right, left + rng.uniform(0.7, 8) * unit))
    n = max(6, int((right - left) / 12))
    x = np.linspace(left, right, n)
    sway = np.cumsum(rng.normal(0, 0.012 * unit, n)) + rng.normal(0, 0.03) * (x - left)
    if kind < 0.35:
        y = line.base + unit * rng.uniform(0.08, 0.4) + sway
        script.paths.append(np.stack((x, y), 1).astype(np.float32))
    elif kind < 0.6:
        y = line.base + line.top * rng.uniform(0.3, 0.7) + sway
        script.paths.append(np.stack((x, y), 1).astype(np.float32))
    elif kind < 0.8:
        turn = np.linspace(0, 2 * np.pi * rng.uniform(0.95, 1.15), 30) + rng.uniform(0, 6)
        centre = ((left + right) / 2, line.base + line.top / 2)
        axes = ((right - left) / 2 + 0.3 * unit, unit * rng.uniform(0.6, 0.9))
        ring = np.stack((np.cos(turn) * axes[0] + centre[0], np.sin(turn) * axes[1] + centre[1]), 1)
        script.paths.append(
            smooth_path((ring + np.cumsum(rng.normal(0, 0.01 * unit, ring.shape), 0)).astype(np.float32))
        )
    else:
        end = script.shape[1] * rng.uniform(0.7, 1.0)
        x = np.linspace(line.right + 0.2 * unit, max(end, line.right + unit), 24)
        wave = unit * rng.uniform(0, 0.1) * np.sin(x / unit * rng.uniform(1, 6))
        y = line.base + line.top / 2 + np.cumsum(rng.normal(0, 0.01 * unit, 24)) + wave
        script.paths.append(smooth_path(np.stack((x, y), 1).astype(np.float32)))


def _bar(script: Script, line: Line, unit: float, rng: np.random.Generator) -> None:
    """Draw the long bar of a t over a word, or a tall stem: straight as a rule, and yet written."""
    x = float(rng.uniform(line.left, max(line.left + 1, line.right)))
    if rng.random() < 0.65:
        length, y = unit * float(rng.uniform(0.4, 2.5)), line.base + line.top * float(rng.uniform(1.0, 1.9))
        end = np.array((x + length, y + rng.normal(0, 0.08) * length))
    else:
        length, y = unit * float(rng.uniform(0.6, 1.6)), line.base + line.top * float(rng.uniform(1.2, 2.2))
        end = np.array((x + rng.normal(0, 0.15) * length, y + length))
    start = np.array((x, y))
    bend = (start + end) / 2 + rng.normal(0, 0.015 * length, 2)
    script.paths.append(smooth_path(np.stack((start, bend, end)).astype(np.float32)))
