"""Tests of duktus.hands.identification.explanation_page."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.hands.identification.evidence import Patches
from duktus.hands.identification.explanation import HandExplanation, Other
from duktus.hands.identification.explanation_page import Provenance, cut, densities, draw_page, render_hand_explanation
from duktus.hands.identification.similar_forms import Pair
from duktus.types import Box, Identification, Match, Verdict
from tests.glyphs.evaluation.test_report import Outline

INK = np.zeros((40, 100), np.float32)
INK[10:30, 10:40] = INK[10:30, 60:90] = 1
BOXES = (Box(10, 10, 30, 20), Box(60, 10, 30, 20))
PROVENANCE = Provenance(
    {"Image, SHA-256": "ab" * 32},
    {"Regions": "<1,2,3,4>"},
    {"Encoder": "hand-encoder"},
    "No ratio above <+2.3>.",
    ("A <limit>.",),
)


def explained(label: str = "Anna", reason: str = "", notes: tuple[str, ...] = ()) -> HandExplanation:
    """A page of two words, one for the hand and one against it, and a pair of forms."""
    owners = np.zeros(INK.shape, np.int32)
    owners[10:30, 10:40], owners[10:30, 60:90] = 1, 2
    patches = Patches(
        BOXES, owners, np.ones((2, 1, 4), np.float32), np.array([30.0, 60.0]), np.zeros((1, 4), np.float32), 0.0
    )
    matches = (Match(label, 0.91, 1.5, 1), Match("Bert", 0.4, -1.1, 2))
    found = Identification(matches, not reason, reason, 90.0, notes)
    pair = Pair(Box(12, 12, 8, 8), np.eye(8, dtype=np.float32), 0.87, 0)
    others = (Other("a <b>.png", "cd" * 32, ()),)
    page = np.full(INK.shape, 255, np.uint8)
    return HandExplanation(page, INK, 300.0, found, label, patches, np.array([0.2, -0.4]), others, (pair,))


@pytest.mark.parametrize("label", ["Anna", "<Anna> \udc80", "ᚠ" * 1000])
def test_page_is_well_formed_and_loads_nothing(label: str) -> None:
    """Tags close in order, every picture stands in the page itself, and texts from outside stay texts."""
    text = render_hand_explanation(explained(label, f"unsure: {label}", ("<note>",)), PROVENANCE, "<page>")
    outline = Outline(text)
    assert outline.open == []
    assert all(address.startswith("data:image/png;base64,") for address in outline.addresses)
    assert not {"script", "link", "iframe"} & set(outline.tags)
    assert not any(bad in text for bad in ("<Anna>", "<b>", "<page>", "<note>", "<limit>", "<1,"))


def test_page_tells_all() -> None:
    """The answer, ink, ranking in figures and words, bounds, share of words, pairs, hashes, versions and limits."""
    text = render_hand_explanation(explained(notes=("matched upside down",)), PROVENANCE, "page.png")
    told = (
        "In the hand of <bdi>Anna</bdi>",
        "90 text heights of contour",
        "matched upside down",
        "+1.50",
        "moderate support for one hand having written both",
        "moderate support for two hands",
        "No ratio above &lt;+2.3&gt;.",
        "1 of 2 words speak for it, with 33.33&nbsp;%",
        "+0.200",
        "-0.400",
        "1: 0.87, a &lt;b&gt;.png",
        "ab" * 32,
        "hand-encoder",
        "A &lt;limit&gt;.",
    )
    assert [part for part in told if part not in text] == []


def test_another_document() -> None:
    """Of two documents the verdict is told in words and figures, with their ink and what was seen."""
    limits = ("A <limit>.", "No ratio above <+2.3>.", "matched <upside> down")
    words = "moderate support for one hand having written both, rather than two"
    verdict = Verdict(1.5, words, "", 0.91, (-1.6, 2.3), (90.0, 1234.0), limits)
    text = render_hand_explanation(replace(explained("b <2>.png"), found=verdict), PROVENANCE, "a.png")
    assert Outline(text).open == []
    told = (
        '<p class="lead">Moderate support for one hand having written both, rather than two.</p>',
        "compared with b &lt;2&gt;.png",
        "+1.50",
        "0.910",
        "90 text heights",
        "1,234 text heights",
        "<li>No ratio above &lt;+2.3&gt;.</li><li>matched &lt;upside&gt; down</li></ul>",
        "for the hand of b &lt;2&gt;.png is shared out",
        "1 of 2 words speak for it",
        "in the patches of the other document",
        "ab" * 32,
    )
    assert [part for part in told if part not in text] == []
    assert text.count("A &lt;limit&gt;.") == 1


def test_nothing_can_be_said() -> None:
    """Where there is no ratio, neither figures nor telling words are shown, but why."""
    verdict = Verdict(None, "nothing can be said (blank): more", "blank", 0.0, (-1.6, 2.3), (90.0, 0.0), ())
    text = render_hand_explanation(replace(explained(""), found=verdict), PROVENANCE, "a.png")
    assert "Nothing can be said (blank): more." in text
    assert not any(part in text for part in ("log10 likelihood ratio", "The same forms", "speak for it"))


def test_what_is_not_accepted_says_why() -> None:
    """The reason stands at the top, with the best match all the same."""
    text = render_hand_explanation(explained(reason="none of the known hands"), PROVENANCE, "page.png")
    assert "Not accepted: none of the known hands. The best match is <bdi>Anna</bdi>" in text


def test_a_blank_page_and_no_pairs() -> None:
    """A page without ink has its inputs and limits, and no ranking; without pairs that is said."""
    empty, none = np.zeros((0, 1, 4), np.float32), np.zeros(INK.shape, np.int32)
    nothing = Patches((), none, empty, np.zeros(0), np.zeros((1, 4), np.float32), 0.0)
    blank = replace(
        explained(""), found=Identification((), False, "blank", 0.0), patches=nothing, worths=np.zeros(0), pairs=()
    )
    text = render_hand_explanation(blank, PROVENANCE, "page.png")
    assert "Nothing is written here." in text
    assert "The known hands" not in text
    assert "ab" * 32 in text
    assert "No form of the page" in render_hand_explanation(replace(explained(), pairs=()), PROVENANCE, "page.png")


def test_colours_are_by_worth_for_as_much_ink() -> None:
    """Ink for the hand is blue, against it orange, the same worth in twice the ink half as strong; paper is white."""
    both = explained()
    assert densities(both).tolist() == pytest.approx([0.2, -0.2])
    picture = draw_page(both).astype(int)
    assert picture[20, 20, 2] > picture[20, 20, 0]
    assert picture[20, 80, 0] > picture[20, 80, 2]
    assert picture[2, 2].tolist() == [255, 255, 255]


def test_a_large_page_is_reduced() -> None:
    """The picture of a page is no larger than a screen, whatever the page's size."""
    large = replace(explained(), ink=np.tile(INK, (50, 50)))
    large = replace(large, patches=replace(large.patches, owners=np.tile(large.patches.owners, (50, 50))))
    assert max(draw_page(large).shape) == 1400


def test_cuts_stay_on_the_page() -> None:
    """A box at the page's edge is cut out with what there is around it."""
    assert cut(INK, Box(0, 0, 10, 10), 0.5).shape == (15, 15)
    assert cut(INK, Box(90, 30, 20, 20), 0).shape == (10, 10)
