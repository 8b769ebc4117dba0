"""The controls see stationery and no hand."""

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.hands.evaluation.controls import (
    control_scores,
    control_vectors,
    page_means,
    paper_vector,
    stroke_widths,
    tone_vector,
)
from duktus.hands.evaluation.retrieval import closed_set
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import DataError, Ink, Page


def ink_of(text: str, hand: int, *, width: float = 0.1, height: int = 60) -> Ink:
    """A line by a hand, with bare paper around."""
    writer = sample_hand(np.random.default_rng((11, hand)))
    drawing = write(text, writer, np.random.default_rng((12, hand, len(text))))
    return np.pad(draw_ink(drawing, pen=Pen(width=width * writer.size, pressing=0), height=height), 30)


def page_of(ink: Ink, *, paper: int = 230, dark: int = 30, noise: float = 3.0, seed: int = 0) -> Page:
    """Ink on noisy paper of one grey."""
    page = paper - (paper - dark) * ink + np.random.default_rng(seed).normal(0, noise, ink.shape)
    return np.asarray(np.clip(np.rint(page), 0, 255), np.uint8)


def test_the_paper_is_told_whoever_writes() -> None:
    """Four papers, each with three hands: by paper alone the paper is found, and the hand is not."""
    papers = [(235, 2.0), (235, 6.0), (200, 2.0), (215, 4.0)]
    vectors, sheets, hands = [], [], []
    for number, (tone, noise) in enumerate(papers):
        for hand in range(3):
            page = page_of(ink_of("2b4r", hand), paper=tone, noise=noise, seed=hand)
            vectors.append(paper_vector(page))
            sheets.append(f"sheet {number}")
            hands.append(f"hand {hand}")
    scores = control_scores(np.stack(vectors))
    by_sheet, by_hand = (closed_set(scores, names, rng=np.random.default_rng(0), times=10) for names in (sheets, hands))
    assert by_sheet.top1.value > 0.8
    assert by_hand.top1.value < 0.6


def test_the_paper_is_the_same_whatever_is_written() -> None:
    """Two hands on one kind of paper differ less than one hand on two kinds."""
    one, other = (paper_vector(page_of(ink_of("2b4r", hand), seed=hand)) for hand in (3, 4))
    elsewhere = paper_vector(page_of(ink_of("2b4r", 3), paper=215, noise=2.0, seed=3))
    assert np.abs(one - other).max() <= 1
    assert np.abs(one - elsewhere).max() > 10


def test_the_pen_is_told_whoever_writes() -> None:
    """Three pens, each with three hands: the nearest by tone and width alone is of the same pen."""
    pens = [(0.05, 20), (0.12, 20), (0.09, 120)]
    vectors, names = [], []
    for number, (width, dark) in enumerate(pens):
        for hand in range(3):
            page = page_of(ink_of("2b4r", hand, width=width), dark=dark, seed=hand)
            vectors.append(tone_vector(page))
            names.append(f"pen {number}")
    found = closed_set(control_scores(np.stack(vectors)), names, rng=np.random.default_rng(0), times=10)
    assert found.top1.value > 0.9


def test_forms_are_not_seen() -> None:
    """A page upside down and mirrored is the same to both: there is no direction in what they take."""
    page = page_of(ink_of("2b4r", 5))
    turned = np.ascontiguousarray(page[::-1, ::-1])
    assert tone_vector(turned) == pytest.approx(tone_vector(page), abs=0.1)
    assert np.abs(paper_vector(turned) - paper_vector(page)).max() < 0.5


@pytest.mark.parametrize("width", [3, 5, 9])
def test_widths_are_measured_at_the_ridge(width: int) -> None:
    """A bar so many pixels wide has strokes of that width, within a pixel."""
    stroke = np.zeros((60, 200), bool)
    stroke[20 : 20 + width, 20:180] = True
    assert float(np.median(stroke_widths(stroke))) == pytest.approx(width, abs=1.1)


def test_pages_of_nothing_are_no_error() -> None:
    """A blank page has no pen, a black one neither, a point-sized one has no paper."""
    blank = np.full((80, 120), 255, np.uint8)
    assert not tone_vector(blank).any()
    assert paper_vector(blank).any()
    for shape, grey in (((80, 120), 0), ((3, 3), 200), ((1, 400), 200)):
        page = np.full(shape, grey, np.uint8)
        assert np.isfinite(tone_vector(page)).all()
        assert np.isfinite(paper_vector(page)).all()


def test_colour_is_told() -> None:
    """Yellow paper and blue ink show in the last numbers; a grey page has no tint."""
    grey = page_of(ink_of("2b4r", 1))
    page = np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)
    page[:, :, 2] = np.minimum(page[:, :, 2], 150)
    assert paper_vector(page)[-1] < -40
    assert paper_vector(grey)[-2:].tolist() == [0, 0]
    assert tone_vector(page).shape == tone_vector(grey).shape == (32,)
    assert paper_vector(page).shape == paper_vector(grey).shape == (48,)


def test_numbers_that_never_differ_do_not_count() -> None:
    """A constant number is no division by zero, and the nearest is the like."""
    scores = control_scores(np.array([[1.0, 5.0], [1.0, 5.1], [1.0, 9.0]]))
    assert np.isfinite(scores).all()
    assert scores[0].argsort().tolist() == [2, 1, 0]


def test_a_set_is_described_image_by_image() -> None:
    """What cannot be read is told and left out, and the others keep their places."""
    pages = [page_of(ink_of("2b", hand)) for hand in range(2)]
    good = [bytes(cv2.imencode(".png", page)[1]) for page in pages]
    images = LabelledImages((good[0], b"no picture", good[1]), ("a", "a", "b"), (None,) * 3, ("1", "2", "3"))
    seen: list[tuple[int, int]] = []
    found = control_vectors(images, report=lambda done, of: seen.append((done, of)))
    assert found.kept.tolist() == [0, 2]
    assert len(found.unreadable) == 1
    assert seen[-1] == (3, 3)
    assert (found.paper[1] == paper_vector(pages[1])).all()
    assert (found.tone[1] == tone_vector(pages[1])).all()
    with pytest.raises(DataError, match="expected images that can be read, received 1 that cannot"):
        control_vectors(images.subset([1]))


def test_a_page_is_the_mean_of_its_lines() -> None:
    """A page of several lines has their mean, a page of one line that line."""
    vectors = np.arange(10.0).reshape(5, 2)
    means = page_means(vectors, [0, 1, 0, 2, 3])
    assert means.tolist() == [[2, 3], [2, 3], [6, 7], [8, 9]]


def test_of_a_very_large_page_the_middle_is_seen() -> None:
    """A rim beyond the middle 4,096 pixels changes nothing."""
    page = np.full((40, 4200), 230, np.uint8)
    page[10:30, 2000:2100] = 20
    other = page.copy()
    other[:, :30] = 0
    assert (paper_vector(page) == paper_vector(other)).all()
    assert (tone_vector(page) == tone_vector(other)).all()
