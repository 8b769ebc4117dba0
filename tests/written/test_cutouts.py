"""Each line's own ink, level: nothing of its neighbours, and every place of it known on the page."""

import cv2
import numpy as np
import pytest

from duktus.types import Ink
from duktus.written.cutouts import DRAWN, cut_lines
from duktus.written.lines import TextLine


def draw(slope: float = 0.0, rows: tuple[int, ...] = (60, 110)) -> tuple[Ink, list[TextLine]]:
    """A page with lines of five strokes each, 24 pixels high, and where they run."""
    ink = np.zeros((200, 400), np.float32)
    lines = []
    for row in rows:
        for x in range(60, 340, 60):
            y = round(row + slope * (x - 60))
            cv2.line(ink, (x, y), (x, y - 24), 1.0, 3)
        baseline = np.array([[40, row - 20 * slope], [360, row + 300 * slope]], np.float32)
        polygon = np.concatenate((baseline - (0, 28), baseline[::-1] - (0, -4))).astype(np.float32)
        lines.append(TextLine(polygon, baseline, 24.0, 360))
    return ink, lines


@pytest.mark.parametrize("slope", [0.0, 0.1, -0.25])
def test_a_line_is_cut_out_level(slope: float) -> None:
    """All strokes stand on one row, however the line slopes, and all its ink is there."""
    ink, lines = draw(slope, (110,))
    (cut,) = cut_lines(ink, lines)
    drawn = cut.ink >= 0.5
    stats = np.asarray(cv2.connectedComponentsWithStats(drawn.view(np.uint8))[2])[1:]
    feet = stats[:, cv2.CC_STAT_TOP] + stats[:, cv2.CC_STAT_HEIGHT]
    assert len(feet) == 5
    assert np.ptp(feet) <= 3
    assert abs(np.median(feet) - cut.baseline) <= 3
    assert drawn.sum() == pytest.approx((ink >= 0.5).sum(), rel=0.1)


def test_a_place_in_a_line_is_known_on_the_page() -> None:
    """The columns of a stroke are its box on the page."""
    ink, lines = draw(0.1, (110,))
    (cut,) = cut_lines(ink, lines)
    columns = np.flatnonzero((cut.ink >= 0.5).any(axis=0))
    first = columns[: int(np.flatnonzero(np.diff(columns) > 1)[0]) + 1]
    box = cut.place(first[0], first[-1] + 1)
    assert abs(box.x + box.w / 2 - 60) <= 3
    assert abs(box.y + box.h - 110) <= 4
    assert 20 <= box.h <= 34


def test_neighbours_keep_their_ink() -> None:
    """A descender that hangs into the next line is the first line's, and an accent of the second the second's."""
    ink, lines = draw()
    cv2.line(ink, (120, 60), (120, 84), 1.0, 3)
    cv2.line(ink, (180, 80), (190, 78), 1.0, 3)
    first, second = cut_lines(ink, lines)
    below = first.ink[int(first.baseline) + 12 :]
    assert (below >= DRAWN).any()
    assert (second.ink >= DRAWN).sum() == pytest.approx((ink[78:] >= DRAWN).sum() - 21, rel=0.15)


@pytest.mark.parametrize(
    "baseline",
    [
        [(5, 5), (5, 5)],
        [(390, 190), (900, 400)],
        [(-50, -50), (-10, -20)],
        [(200, 10), (200, 190)],
        [(300, 100), (100, 100)],
    ],
)
def test_any_baseline_is_borne(baseline: list[tuple[int, int]]) -> None:
    """Of one point, off the page, upright, from right to left: there is an answer, and its places are numbers."""
    ink, _ = draw()
    points = np.array(baseline, np.float32)
    (cut,) = cut_lines(ink, [TextLine(np.concatenate((points, points[::-1] - (0, 20))), points, 0.0, 0)])
    assert cut.ink.ndim == 2
    assert np.isfinite(cut.along).all()
    assert cut.place(0, cut.ink.shape[1]).w >= 1


def test_no_lines_no_ink() -> None:
    """A page without lines has none to cut out."""
    assert cut_lines(np.zeros((10, 10), np.float32), []) == []
