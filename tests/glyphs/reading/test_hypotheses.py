"""A page in doubt has further hypotheses: other polarity, fainter ink, other cuts."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from duktus.glyphs.reading.hypotheses import (
    LEAST_DASHES,
    Hypothesis,
    HypothesisSettings,
    first_hypothesis,
    further_hypotheses,
)
from duktus.imaging.frames.glyph import GlyphFrame, single_glyph
from duktus.imaging.ink.extraction import InkSettings
from duktus.imaging.layout.writing import find_writing
from duktus.types import Page
from tests.glyphs.handwriting import page_of

AUTO = HypothesisSettings(InkSettings(), GlyphFrame(), "auto")
ONE = HypothesisSettings(InkSettings(), GlyphFrame(), "one")


def again(
    page: Page, settings: HypothesisSettings = AUTO, *, refused: bool = True, lost: bool = False
) -> tuple[Hypothesis, list[Hypothesis]]:
    """The first hypothesis, and the others where all or nothing of it is refused."""
    first = first_hypothesis(page, settings)
    arcs = tuple(range(len(first.lattice.arcs))) if refused else ()
    return first, list(further_hypotheses(page, first, arcs, lost, settings))


def joined(number: str) -> Page:
    """A number whose digits are joined by a stroke."""
    page = page_of(number)
    middle = page.shape[0] // 2
    page[middle : middle + 3, 40:-40] = 0
    return page


def test_wide_pieces_are_cut_at_once() -> None:
    """What is far too wide for a character is cut in the first hypothesis, what may be one is not."""
    assert len(first_hypothesis(joined("407"), AUTO).writing.pieces.numbers) >= 3
    assert len(first_hypothesis(page_of("0"), AUTO).writing.pieces.numbers) == 1


def test_doubtful_pieces_are_cut() -> None:
    """A refused piece is cut in a further hypothesis; one that is accepted stays whole."""
    _, others = again(page_of("8"))
    assert max(len(hypothesis.writing.pieces.numbers) for hypothesis in others) > 1
    assert again(page_of("1"), refused=False)[1] == []


def test_drawings_are_only_cut_and_joined_anew() -> None:
    """Of strokes all ink is known: where all is refused, no other polarity or ink is looked for, as in a photograph."""
    photographed, drawn = (again(page_of("8"), replace(AUTO, drawn=known), lost=True)[1] for known in (False, True))
    assert {hypothesis.writing.polarity for hypothesis in photographed} == {"dark", "light"}
    assert {hypothesis.writing.polarity for hypothesis in drawn} == {"dark"}


def test_what_is_known_is_not_seen_again() -> None:
    """Clean ink shows no more of itself at the second pass: one whole piece is seen again only where it was cut."""
    first, others = again(page_of("8"))
    same = [hypothesis for hypothesis in others if np.array_equal(hypothesis.writing.ink, first.writing.ink)]
    assert len(same) == 1
    assert same[0].writing.pieces.origins


def test_other_polarity() -> None:
    """Where all was refused, its other polarity is tried too."""
    first, others = again(page_of("47"), lost=True)
    assert first.writing.polarity == "dark"
    assert "light" in [hypothesis.writing.polarity for hypothesis in others]
    assert "light" not in [hypothesis.writing.polarity for hypothesis in again(page_of("47"))[1]]


def test_broken_strokes_are_bridged() -> None:
    """A digit in dashes is seen as one piece, too."""
    page = page_of("3")
    page[::12] = page[1::12] = 255
    first, others = again(page)
    assert len(first.writing.pieces.numbers) > 2
    assert min(len(hypothesis.writing.pieces.numbers) for hypothesis in others) == 1


def dashed(number: str) -> Page:
    """A number in thin lines, of which every other few pixels are missing."""
    page = page_of(number)
    thin = cv2.dilate(page, np.ones((3, 3), np.uint8))
    thin[::6] = thin[1::6] = 255
    return np.asarray(thin, np.uint8)


def test_dashes_are_joined_at_once() -> None:
    """A digit of which only dashes are left is one piece in the first hypothesis; digits apart stay apart."""
    page = dashed("3")
    assert len(find_writing(page, AUTO.ink).pieces.numbers) >= LEAST_DASHES
    assert len(first_hypothesis(page, AUTO).writing.pieces.numbers) == 1
    assert len(first_hypothesis(page_of("3141592653"), AUTO).writing.pieces.numbers) == 10


def test_rulings_are_kept_tentatively() -> None:
    """A page that lost a line is seen with it once more, but not in earnest."""
    page = page_of("6")
    page[-4:-2] = 0
    first, others = again(page)
    assert first.writing.ruled
    assert [hypothesis.requirement for hypothesis in others].count("one") == 1
    assert not any(hypothesis.requirement == "one" for hypothesis in again(page_of("6"))[1])


def test_fainter_ink_is_tried() -> None:
    """Writing that hardly stands off the noise shows more of itself at the second pass."""
    noise = np.random.default_rng(1).normal(0, 6, (90, 120))
    faint = cv2.resize(page_of("44"), (120, 90)).astype(np.float32) / 255
    page = np.clip(200 + 14 * faint + noise, 0, 255).astype(np.uint8)
    first, others = again(page)
    assert max(hypothesis.writing.ink.sum() for hypothesis in others) > first.writing.ink.sum()


def test_one_character_is_never_cut() -> None:
    """With the layout "one" every hypothesis shows one glyph, of whatever many pieces."""
    first, others = again(joined("38"), ONE, lost=True)
    assert all(len(hypothesis.lattice.arcs) == 1 for hypothesis in (first, *others))


def test_blank_page() -> None:
    """A blank page has no lattice and no further hypotheses."""
    first, others = again(np.full((30, 30), 200, np.uint8))
    assert first.lattice.arcs == ()
    assert others == []


def test_one_character_lies_where_it_is() -> None:
    """A page taken for one character tells its place on the page, without what strays in, and its very glyph."""
    page = np.pad(page_of("3"), ((30, 0), (50, 10)), constant_values=255)
    page[40:60, :4] = 0
    hypothesis = first_hypothesis(page, ONE)
    box, rows, columns = hypothesis.lattice.arcs[0].box, *np.nonzero(page[:, 20:] < 128)
    assert (box.x, box.y) == pytest.approx((columns.min() + 20, rows.min()), abs=2)
    assert (box.x + box.w, box.y + box.h) == pytest.approx((columns.max() + 21, rows.max() + 1), abs=2)
    np.testing.assert_array_equal(hypothesis.lattice.glyphs[0], single_glyph(page, ONE.ink, ONE.frame))
