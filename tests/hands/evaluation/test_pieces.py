"""Pages are taken apart into lines or words: which, how many, and that serving would see what is put together alike."""

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.hands.evaluation.documents import EncodedPages, served_scores
from duktus.hands.evaluation.pieces import MOST, PAGES, Plan, cut_lines, encode_pieces, hand_score, plan_pieces
from duktus.hands.identification.enrolled import PART
from duktus.imaging.ink.page import page_ink
from duktus.models.file import open_model_file
from duktus.types import DataError
from tests.hands.pages import LINES, as_page, hand_of, line_ink, page_of, reader, stacked


def plan_of(writers: int, pages: int, images: int, ink: float, *, known: bool = True) -> Plan:
    """The plan for so many writers of so many pages, each of so many images with so much ink."""
    places = [(w, p) for w in range(writers) for p in range(pages) for _ in range(images)]
    groups = tuple(f"p{page}" if known else None for _, page in places)
    labelled = LabelledImages(
        np.zeros((len(places), 1, 1), np.uint8), tuple(f"w{writer}" for writer, _ in places), groups
    )
    count = writers * pages
    of = [tuple(range(page * images, (page + 1) * images)) for page in range(count)]
    if not known:
        of, count = [(place,) for place in range(len(places))], len(places)
    inks = np.full(count, ink * len(of[0]))
    seen = EncodedPages(np.zeros((count, 2), np.float32), inks, inks, tuple(of), (), 0)
    return plan_pieces(labelled, seen, np.random.default_rng(0))


def test_images_of_a_page_are_its_lines() -> None:
    """Of pages with five lines four are taken, and amounts go as far; a writer has no more than some pages in it."""
    plan = plan_of(3, 7, 5, 150.0)
    assert (plan.unit, plan.amounts, plan.bands) == ("line", (1, 2, 4), 1)
    assert len(plan.sheets) == 3 * PAGES
    assert {len(sheet.places) for sheet in plan.sheets} == {4}
    assert len({sheet.page for sheet in plan.sheets}) == len(plan.sheets)


def test_words_without_pages_come_from_the_writer() -> None:
    """Forty words make two documents of twenty; no page is made up for them."""
    plan = plan_of(3, 40, 1, 30.0, known=False)
    assert (plan.unit, plan.amounts) == ("word", (1, 2, 5, 10, 20))
    assert [sheet.page for sheet in plan.sheets] == [None] * 3
    assert [len(sheet.places) for sheet in plan.sheets] == [40] * 3


def test_whole_pages_are_cut() -> None:
    """A page of six lines in one image is cut into as many, whether its group is known or not."""
    for known in (True, False):
        plan = plan_of(2, 2, 1, 950.0, known=known)
        assert (plan.unit, plan.amounts, plan.bands) == ("line", (1, 2, 4), 6)
        assert len({sheet.page for sheet in plan.sheets}) == 4


def test_short_pages_are_refused() -> None:
    """Where pages are single lines there is nothing to take together."""
    with pytest.raises(DataError, match="two pages of 2 lines, received 0; add longer pages"):
        plan_of(4, 3, 1, 120.0)


def test_many_writers_stay_within_memory() -> None:
    """Of very many writers some are taken, with two pages each."""
    plan = plan_of(700, 3, 8, 150.0)
    assert sum(len(sheet.places) for sheet in plan.sheets) <= MOST
    assert len(plan.sheets) % 2 == 0


def test_pages_are_cut_between_lines() -> None:
    """Each cut of a page of four lines lies in bare paper, and every row is in one band."""
    ink = page_ink(page_of(3), open_model_file("hand-encoder", 1).card.preprocessing.ink)
    bands = cut_lines(ink, 4)
    assert len(bands) == 4
    assert [start for start, _ in bands[1:]] == [end for _, end in bands[:-1]]
    assert (bands[0][0], bands[-1][1]) == (0, len(ink))
    assert all(ink[start].sum() < 1 for start, _ in bands)


def test_a_blank_page_is_cut_without_an_error() -> None:
    """Where nothing is written bands hold paper."""
    assert cut_lines(np.zeros((90, 40), np.float32), 3)[-1][1] == 90


def test_put_together_lines_are_what_serving_sees() -> None:
    """The lines of a page joined from pieces score as the document of them all does when it is looked at."""
    session = open_model_file("hand-encoder", 1)
    assert session.card.likelihood is not None
    lines = [
        as_page(np.pad(line_ink(hand_of(w), text, np.random.default_rng(w)), 12)) for w in (0, 1) for text in LINES[0]
    ]
    images = LabelledImages(_encoded(lines), tuple("aaaabbbb"), ("p",) * 8)
    plan = plan_of(2, 2, 4, 150.0)
    sheets = tuple(sheet for sheet in plan.sheets if sheet.places[-1] < 8)
    pieces = encode_pieces(session, images, Plan("line", (1, 2), sheets, 1))
    bags = [np.array(sheet.places) for sheet in sheets]
    hands = [reader().look([lines[i] for i in bag]) for bag in bags]
    vectors, inks = np.stack([hand.vectors[0] for hand in hands]), np.array([hand.ink for hand in hands])
    known = np.array([PART * max(1, len(hand.vectors) - 1) for hand in hands])
    expected = served_scores(EncodedPages(vectors, inks, known, (), (), 0), session.card.likelihood)
    assert hand_score(session, pieces, session.card.likelihood)(bags) == pytest.approx(expected.naming, abs=1e-3)


def test_bands_of_a_page_are_pieces() -> None:
    """A page in one image gives as many pieces as bands, each with its own writing and paper."""
    session = open_model_file("hand-encoder", 1)
    rng = np.random.default_rng(5)
    page = as_page(stacked([line_ink(hand_of(2), text, rng) for text in LINES[0]]))
    images = LabelledImages(_encoded([page]), ("a",), ("p",))
    sheet = plan_of(2, 2, 1, 600.0).sheets[0]
    pieces = encode_pieces(session, images, Plan("line", (1, 2), (sheet._replace(places=(0,)),), 4))
    assert len(pieces.inks) == 4
    assert pieces.inks.min() > 20
    assert pieces.inks.sum() == pytest.approx(reader().look([page]).ink, rel=0.2)
    assert pieces.paper.shape == (4, 48)


def test_images_that_are_gone_are_one_message() -> None:
    """What can no longer be read ends no run with another error; where nothing is left, that is said."""
    session = open_model_file("hand-encoder", 1)
    images = LabelledImages((b"no image", *_encoded([page_of(1)])), ("a", "a"), ("p", "p"))
    sheet = plan_of(2, 2, 2, 150.0).sheets[0]
    assert len(encode_pieces(session, images, Plan("line", (1, 2), (sheet._replace(places=(0, 1)),), 1)).inks) == 1
    with pytest.raises(DataError, match="received 1 that are gone"):
        encode_pieces(session, images, Plan("line", (1, 2), (sheet._replace(places=(0,)),), 1))


def _encoded(pages: list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]) -> tuple[bytes, ...]:
    """Pages as PNG files."""
    return tuple(cv2.imencode(".png", page)[1].tobytes() for page in pages)
