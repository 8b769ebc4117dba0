"""Results show themselves in notebooks: escaped, and without outside resources."""

import re

import pytest

from duktus.types import (
    Alternative,
    Box,
    Evaluation,
    Explanation,
    Identification,
    Likeness,
    Match,
    Preview,
    Ranking,
    Reading,
    Readings,
    Verdict,
)

EVIL = "<script>alert('\x00\ud800')</script>"

READING = Reading(EVIL, 0.61, False, f"unsure: {EVIL}", (Alternative(EVIL, 0.3),), Box(1, 2, 30, 40), b"\x89PNG")

RESULTS = [
    READING,
    Readings([(1, (READING,))], [Preview(b"\xff\xd8", Box(0, 0, 100, 80))]),
    Readings(),
    Identification((Match(EVIL, 0.8, 1.2, 1), Match("Bert", -0.3, -1.0, 2)), True, "", 120.0, (EVIL,)),
    Identification((), False, "blank", 0.0),
    Ranking([Likeness("00", EVIL, EVIL, 0.9, 1)]),
    Ranking(),
    Verdict(1.4, EVIL, "", 0.9, (-1.6, 2.3), (100.0, 90.0), (EVIL,)),
    Verdict(None, "nothing can be said", "blank", 0.0, (-1.6, 2.3), (0.0, 90.0), ()),
    Evaluation(EVIL, (EVIL,), {}, lambda folder: folder, (EVIL,)),
    Explanation(b'<p title="a&amp;b">x</p>', EVIL),
    Explanation(b"\x89PNG", EVIL),
]


@pytest.mark.parametrize("result", RESULTS, ids=lambda result: type(result).__name__)
def test_shown_safely(result: Reading) -> None:
    """Nothing of a label or a file's name becomes markup, nothing is loaded, and the text can be encoded."""
    shown = result._repr_html_()
    assert "<script" not in shown
    assert not re.search(r"(src|href)=\"(?!data:)", shown)
    assert "\x00" not in shown.encode("utf-8").decode("utf-8")


def test_picture_is_no_part_of_what_is_read() -> None:
    """Readings with and without a picture are equal, and a reading is made as before."""
    assert Reading("4", 0.9, True, "", (), Box(0, 0, 1, 1), b"\x89PNG") == Reading(
        "4", 0.9, True, "", (), Box(0, 0, 1, 1)
    )


def test_text_has_lines_and_question_marks() -> None:
    """Written lines stand one below the other, over all pages; what was refused is "?"."""
    one, two = (
        Reading("1", 0.9, True, "", (), Box(0, 0, 9, 20)),
        Reading("7", 0.5, False, "unsure", (), Box(10, 0, 9, 20)),
    )
    below = Reading("3", 0.9, True, "", (), Box(0, 40, 9, 20))
    assert Readings([(1, (one, two, below)), (2, (one,))]).text == "1?\n3\n1"


def test_explanation_stands_in_a_frame() -> None:
    """A page keeps its own markup, quoted as an attribute that runs no script."""
    shown = Explanation(b'<p title="a&amp;b">x</p>')._repr_html_()
    assert 'srcdoc="<p title=&quot;a&amp;amp;b&quot;>x</p>" sandbox' in shown
