"""Strips of lines: size, place, and what has no ink."""

import cv2
import numpy as np

from duktus.imaging.frames.line import LineFrame, frame_line, padded_width

FRAME = LineFrame(height=48, core=20.0, margin=8)


def _line(height: int, width: int, thick: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float32]]":
    ink = np.zeros((3 * height, width + 40), np.float32)
    for x in range(20, width, height):
        cv2.rectangle(ink, (x, height), (x + height // 2, 2 * height), 1.0, thick)
    return ink


def test_text_of_any_size_has_one_size_on_the_strip() -> None:
    """A line drawn at twice the size gives the same strip."""
    small, large = (frame_line(_line(size, size * 12, size // 9), FRAME) for size in (20, 80))
    assert large.strip.shape[1] / 1.15 < small.strip.shape[1] < large.strip.shape[1] * 1.15
    width = min(small.strip.shape[1], large.strip.shape[1])
    assert np.abs(small.strip[:, :width].astype(int).sum() / large.strip[:, :width].astype(int).sum() - 1) < 0.25


def test_columns_of_the_strip_are_columns_of_the_ink() -> None:
    """The first and the last ink lie where the strip says."""
    ink = _line(40, 400, 4)
    framed = frame_line(ink, FRAME)
    drawn = np.flatnonzero((framed.strip > 128).any(axis=0))
    inked = np.flatnonzero((ink > 0.5).any(axis=0))
    for on_strip, on_ink in ((drawn[0], inked[0]), (drawn[-1] + 1, inked[-1] + 1)):
        assert abs(framed.left + on_strip / framed.scale - on_ink) < 2 / framed.scale


def test_a_dash_stays_a_dash() -> None:
    """A lone dash is not blown up to the height of digits."""
    ink = np.zeros((60, 60), np.float32)
    ink[29:32, 15:45] = 1
    rows = np.flatnonzero((frame_line(ink, FRAME).strip > 128).any(axis=1))
    assert len(rows) < 9


def test_an_empty_line_has_no_columns() -> None:
    """Neither paper nor an array without pixels is a strip."""
    for shape in ((40, 300), (0, 0), (3, 0)):
        assert frame_line(np.zeros(shape, np.float32), FRAME).strip.shape == (48, 0)


def test_strips_of_thin_and_long_lines_are_bounded() -> None:
    """A line 3 pixels high and one 30,000 pixels wide become strips of bounded width."""
    thin = np.zeros((3, 200), np.float32)
    thin[1, ::3] = 1
    assert 0 < frame_line(thin, FRAME).strip.shape[1] <= 4 * FRAME.longest + 16
    long = np.zeros((60, 30_000), np.float32)
    long[20:40, ::7] = 1
    assert 29_000 < frame_line(long, FRAME).strip.shape[1] < 40_000


def test_padding_is_little() -> None:
    """No strip is padded by more than an eighth or 16 columns."""
    assert all(0 <= padded_width(w) - w < max(16, w / 7) for w in range(1, 5000))
