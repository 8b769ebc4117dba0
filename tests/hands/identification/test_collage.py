"""What a network of writers makes of a document, patch by patch."""

import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.collage import EDGE, FOR, GAP, ROW, Seen, draw_collage, find_twins
from duktus.hands.identification.collage_page import Voted, render_collage
from duktus.hands.identification.explanation_page import Provenance
from duktus.types import Identification
from tests.glyphs.evaluation.test_report import Outline
from tests.hands.models import classifier
from tests.hands.pages import page_of

SIDE = 8
NOTHING = Provenance({}, {}, {}, "", ())


def seen(chances: list[list[float]], lines: list[int] | None = None) -> Seen:
    """Patches, each in a tone of its own, that a network gives to writers with these probabilities."""
    count = len(chances)
    patches = np.repeat(np.arange(count, dtype=np.uint8), SIDE * SIDE).reshape(count, SIDE, SIDE)
    return Seen(patches, np.log(np.array(chances, np.float32)), np.array(lines or [0] * count))


def test_twins_are_given_to_one_writer_by_both() -> None:
    """The surest come first, each patch is used once, and an output that is no writer is none."""
    one = seen([[0.9, 0.05, 0.05], [0.6, 0.3, 0.1], [0.1, 0.8, 0.1], [0.1, 0.2, 0.7]])
    other = seen([[0.1, 0.85, 0.05], [0.7, 0.2, 0.1]])
    twins = find_twins(one, other, 2, 9)
    assert [(pair.writer, int(pair.one[0, 0]), int(pair.other[0, 0])) for pair in twins] == [(1, 2, 0), (0, 0, 1)]
    assert [round(pair.chance, 2) for pair in twins] == [0.8, 0.7]
    assert [pair.chance for pair in find_twins(one, other, 2, 1)] == [twins[0].chance]
    assert find_twins(seen([[0.9, 0.1]]), seen([[0.1, 0.9]]), 2, 9) == ()


def test_lines_begin_rows_and_frames_say_whose() -> None:
    """A line longer than a row goes on in the next; a certain patch of the answer's writer is framed in full colour."""
    chances = [[1.0, 1e-9]] + [[0.5, 0.5]] * ROW + [[0.2, 0.8]]
    picture = draw_collage(seen(chances, [0] * (ROW + 1) + [1]), 2, 0)
    tile = SIDE + 2 * EDGE + GAP
    assert picture.shape == (3 * tile, ROW * tile, 3)
    assert tuple(picture[0, 0].tolist()) == FOR
    red, _, blue = map(int, picture[2 * tile, 0])
    assert red > blue
    assert (picture[2 * tile :, tile:] == 255).all()
    patch: NDArray[np.uint8] = picture[EDGE : EDGE + SIDE, EDGE : EDGE + SIDE]
    assert (patch == 255).all()  # the first patch has no ink


def test_a_page_by_a_writer_and_another() -> None:
    """The page names the answer, lists whom patches go to, and shows patches of both documents, and loads nothing."""
    voted = []
    for seed in (1, 5):
        ballot, patches = classifier().see([page_of(seed, text=1)])
        assert len(patches.patches) == len(ballot.scores)
        voted.append(Voted(f"<{seed}>.png", patches, classifier().identify(ballot), classifier().labels))
    alone, beside = render_collage(voted[0], NOTHING), render_collage(voted[0], NOTHING, voted[1])
    for page in (alone, beside):
        outline = Outline(page)
        assert outline.open == []
        assert not {"script", "link", "iframe", "object"} & set(outline.tags)
        assert "In the hand of <bdi>writer 1</bdi>" in page
        assert "&lt;1&gt;.png" in page
    assert "For the answer" in alone
    assert "Side by side" not in alone
    assert "&lt;5&gt;.png, at the right" in beside


def test_a_blank_page_has_no_collage() -> None:
    """It is said to be blank, and nothing is drawn."""
    ballot, patches = classifier().see([np.full((300, 300), 240, np.uint8)])
    found = classifier().identify(ballot)
    page = render_collage(Voted("b", patches, found, classifier().labels), NOTHING)
    assert found == Identification((), False, "blank", 0.0)
    assert "Nothing is written here." in page
    assert "<img" not in page
