"""Pens, and what they leave."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.pen.framing import ink_box
from duktus.pen.strokes import Drawing, Stroke
from duktus.pen.tools import PENS, Pen, draw_ink, fit_pen, redraw, sample_pen, stroke_width, stroke_widths


def bar(x: float = 0.0, length: float = 6.0, pressure: float = 0.5, slow: float = 1.0) -> Stroke:
    """An upright stroke of 31 points, drawn at an even speed."""
    t = np.linspace(0, 1, 31)
    return np.stack([np.full(31, x), length * t, slow * t, np.full(31, pressure)], 1).astype(np.float32)


PLAIN = Pen(width=0.5, pressing=0.0)


def test_height_is_kept() -> None:
    """The array is as high as asked, and the ink lies inside with a bare rim."""
    ink = draw_ink(Drawing((bar(), bar(3))), pen=PLAIN, height=80)
    assert ink.dtype == np.float32
    assert ink.shape[0] == 80
    assert ink.max() == 1
    assert not ink[[0, -1]].any()
    assert not ink[:, [0, -1]].any()


def test_scale_keeps_proportions() -> None:
    """At a scale in pixels a millimetre, a stroke twice as long is twice as long on paper."""
    short, tall = (ink_box(draw_ink(Drawing((bar(length=length),)), pen=PLAIN, scale=10)) for length in (3, 6))
    assert tall.h - short.h == pytest.approx(30, abs=1)
    assert tall.w == pytest.approx(5, abs=1)


def test_nothing_drawn_is_bare() -> None:
    """A drawing without strokes gives bare paper."""
    assert not draw_ink(Drawing(())).any()
    assert not draw_ink(Drawing((np.zeros((0, 4), np.float32),)), height=40).any()


def test_single_point_is_a_dot() -> None:
    """A stroke of one point leaves a dot as wide as the pen."""
    box = ink_box(draw_ink(Drawing((np.array([[1, 2, 0, 0.5]], np.float32),)), pen=PLAIN, scale=20))
    assert box.w == pytest.approx(10, abs=2)
    assert box.h == pytest.approx(10, abs=2)


def test_huge_drawing_stays_within_bounds() -> None:
    """A drawing a kilometre long is drawn smaller instead of filling the memory."""
    ink = draw_ink(Drawing((bar(length=1e6),)), pen=PLAIN, scale=10)
    assert max(ink.shape) <= 8192
    assert ink.any()


@pytest.mark.parametrize(
    ("pen", "thin", "broad"),
    [
        (Pen(pressing=0.5), bar(pressure=0.1), bar(pressure=0.9)),
        (Pen(flat=0.5, nib=np.pi / 2), bar(), bar()[:, [1, 0, 2, 3]]),
    ],
)
def test_widths_follow_the_hand(pen: Pen, thin: Stroke, broad: Stroke) -> None:
    """Pressure and the nib's edge change the width as they do on paper."""
    assert stroke_widths(thin, pen).mean() < stroke_widths(broad, pen).mean()


def test_brush_tapers() -> None:
    """A brush's stroke is thin at both ends alike and full between."""
    widths = stroke_widths(bar(), Pen(taper=0.8))
    assert widths[0] < 0.6 * widths[15]
    assert widths[0] == pytest.approx(widths[-1], rel=1e-4)


def test_speed_thins() -> None:
    """Where the pen runs faster than it mostly does, a racing pen's line is thinner."""
    t = np.linspace(0, 1, 31)
    stroke = np.stack([t**3, np.zeros(31), t, np.full(31, 0.5)], 1).astype(np.float32)
    widths = stroke_widths(stroke, Pen(racing=0.5, pressing=0))
    assert widths[25] < 0.8 * widths[5]


@pytest.mark.parametrize("kind", PENS)
def test_pens_of_every_kind(kind: str) -> None:
    """Every pen draws, reproducibly from a seed; the mouse alone leaves no half-tones."""
    inks = []
    for seed in (3, 3, 4):
        rng = np.random.default_rng(seed)
        inks.append(draw_ink(Drawing((bar(), bar(2))), pen=sample_pen(rng, kind), height=64, rng=rng))
    assert np.array_equal(inks[0], inks[1])
    assert not np.array_equal(inks[0], inks[2])
    assert (len(np.unique(inks[0])) == 2) == (kind == "mouse")


def test_pen_suits_the_size() -> None:
    """No pen is broader than a sixth of the characters, and a pen fitted to a drawing a twelfth of its stroke."""
    rng = np.random.default_rng(0)
    assert max(sample_pen(rng, size=3).width for _ in range(50)) <= 0.5
    assert fit_pen(Drawing((bar(length=600),)), PLAIN).width == pytest.approx(50)
    assert fit_pen(Drawing(()), PLAIN) == PLAIN


def test_grain_breaks_the_line() -> None:
    """A pencil's line has less ink than a ballpoint's, and gaps."""
    drawing = Drawing((bar(),))
    full = draw_ink(drawing, pen=PLAIN, height=100)
    grainy = draw_ink(drawing, pen=replace(PLAIN, grain=0.8), height=100, rng=np.random.default_rng(0))
    assert grainy.sum() < 0.9 * full.sum()
    assert grainy[full == 1].std() > 0.1


@pytest.mark.parametrize("width", [4.0, 7.0, 12.0])
def test_redraw_gives_one_width(width: float) -> None:
    """A line drawn anew has the width asked for, whatever it had, and stays in its place."""
    ink = np.zeros((80, 80), np.float32)
    ink[10:70, 36:45] = 1
    again = redraw(ink, width)
    rim = (again.shape[0] - 80) // 2
    assert again[rim + 40].sum() == pytest.approx(width, abs=1.1)
    assert again[rim + 40, rim + 39 : rim + 42].min() == 1
    assert not redraw(np.zeros((9, 9), np.float32), width).any()


def test_stroke_width_is_measured() -> None:
    """The mean width of a ring of ink is that with which it was drawn."""
    y, x = np.mgrid[:100, :100] - 49.5
    ring = (np.abs(np.hypot(x, y) - 30) < 4).astype(np.float32)
    assert stroke_width(ring) == pytest.approx(8, rel=0.15)
