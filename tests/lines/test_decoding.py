"""Patterns, word lists and the beam: what is allowed is read, and nothing takes long."""

import re
import time
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from duktus.lines.evaluation.edits import distance
from duktus.lines.reading.beam import Anything, search
from duktus.lines.reading.ctc import log_softmax, text_log_prob
from duktus.lines.reading.decoder import Decoder
from duktus.lines.reading.lexicon import Lexicon
from duktus.lines.reading.options import Decoding
from duktus.lines.reading.patterns import Pattern
from duktus.types import UsageError

LABELS = tuple("0123456789.,-")


def _spelled(text: str, sure: float = 6.0) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """Scores of a strip that says a text, three steps a character."""
    rows = np.zeros((3 * len(text) + 1, len(LABELS) + 1), np.float32)
    rows[:, 0] = sure
    for place, character in enumerate(text):
        rows[3 * place + 1] = 0
        rows[3 * place + 1, 1 + LABELS.index(character)] = sure
    return log_softmax(rows)


@pytest.mark.parametrize(
    "pattern",
    [
        r"[0-9]{1,3}([.,][0-9]+)?",
        r"\d+",
        r"-?\d{2,}",
        r"(1|22|333)*",
        r"[^12]*",
        r"a?b{0,2}|1.",
        r"(?:1[23])+",
        r"\.|-",
    ],
)
def test_patterns_match_as_regular_expressions_do(pattern: str) -> None:
    """All short texts of a few characters match here and there alike."""
    own = Pattern(pattern)
    texts = ["".join(letters) for count in range(5) for letters in product("12.-b", repeat=count)]
    assert [own.matches(text) for text in texts] == [re.fullmatch(pattern, text) is not None for text in texts]


@pytest.mark.parametrize(
    "pattern", ["(", ")", "[", "a{", "a{3,1}", "*", "(?=a)", r"\q", "[z-a]", "a{9999}{99}", "(" * 99]
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    """The error names the pattern."""
    with pytest.raises(UsageError, match="pattern"):
        Pattern(pattern)


def test_a_catastrophic_expression_takes_no_time() -> None:
    """Nested repetitions, on which backtracking never ends."""
    taken = []
    for _ in range(3):
        began = time.process_time()
        assert not Pattern("(1+)+,").matches("1" * 200)
        taken.append(time.process_time() - began)
    assert min(taken) < 1


def test_the_beam_finds_the_likeliest_texts() -> None:
    """A beam wide enough gives the texts in the order of their whole probabilities."""
    logs = log_softmax(np.random.default_rng(1).normal(0, 1.5, (4, 3)).astype(np.float32))
    found = search(logs, ("a", "b"), 200, Anything())
    texts = {t for n in range(5) for t in product((1, 2), repeat=n)}
    expected = sorted(texts, key=lambda text: -text_log_prob(logs, text))
    assert [text for text, _ in found][:5] == expected[:5]
    assert found[0][1] == pytest.approx(text_log_prob(logs, expected[0]))


def test_a_pattern_decides_between_readings() -> None:
    """What looks like 1275 is read 12.75 where a number with a point is asked for, and nothing where letters are."""
    logs = _spelled("12.75", 2.0)
    logs[7] = log_softmax(np.where(np.arange(14) == 0, 5.0, np.where(np.arange(14) == 11, 2.5, 0)).astype(np.float32))
    free, bound, none = (
        Decoder(Decoding(pattern=pattern, beam=8), LABELS) for pattern in ("", r"\d+[.]\d\d", "[a-z]+")
    )
    assert bound.text(bound.decode(logs)[0].outputs) == "12.75"
    assert free.text(free.decode(logs)[0].outputs) == "1275"
    assert none.decode(logs) == []


def test_words_are_read_from_a_list_of_a_million() -> None:
    """The nearest entry is read, and the list is opened and asked within seconds."""
    began = time.process_time()
    lexicon = Lexicon(str(number) for number in range(0, 2_000_000, 2))
    decoder = Decoder(Decoding(words=lexicon), LABELS)
    logs = _spelled("12345", 1.5)
    text = decoder.text(decoder.decode(logs)[0].outputs)
    assert distance("12345", text) == 1
    assert int(text) % 2 == 0
    assert time.process_time() - began < 20


def test_an_empty_list_is_refused() -> None:
    """A list without words would read nothing."""
    with pytest.raises(UsageError, match="list of 1"):
        Lexicon(["", ""])


def test_views_of_a_line_decide_together() -> None:
    """What two of three widths say is read, the other text is an alternative, and its probability is the mean."""
    first, second = _spelled("71", 3.0), _spelled("11", 5.0)
    decoder = Decoder(Decoding(), LABELS)
    best, other = decoder.decode(first, (second, second))
    assert [decoder.text(each.outputs) for each in (best, other)] == ["11", "71"]
    means = [np.mean([text_log_prob(view, best.outputs) for view in (first, second, second)])]
    assert best.log_prob == pytest.approx(means[0])
    assert other.log_prob < best.log_prob
    assert [decoder.text(each.outputs) for each in decoder.decode(first)] == ["71"]


def test_a_view_too_narrow_for_a_text_only_speaks_against_it() -> None:
    """It does not forbid what the others are sure of; patterns hold for every view."""
    wide, narrow = _spelled("12.5", 12.0), _spelled("1", 1.0)[:2]
    decoder = Decoder(Decoding(), LABELS)
    texts = [decoder.text(each.outputs) for each in decoder.decode(wide, (wide, narrow))]
    assert "12.5" in texts
    bound = Decoder(Decoding(pattern="[0-9]{2}"), LABELS)
    found = bound.decode(_spelled("71"), (_spelled("7"), _spelled("17.")))
    assert found
    assert all(re.fullmatch("[0-9]{2}", bound.text(each.outputs)) for each in found)
    assert not Decoder(Decoding(pattern="[a-c]"), LABELS).decode(wide, (wide,))


def test_a_set_that_is_repeated_is_held_once() -> None:
    """A range of thousands of characters, nine thousand times, takes no more than its states."""
    start = time.process_time()
    assert Pattern("[\u0100-\u1000]{9000}").matches("\u0200" * 9000)
    assert time.process_time() - start < 5


def test_any_label_may_be_looked_up() -> None:
    """The last character of all, and labels of several that a stranger's model may have."""
    words = Lexicon(["\U0010ffff", "ab", "\U0010ffffa"])
    last = words.step(words.start, "\U0010ffff")
    assert last is not None
    assert words.accepts(last)
    assert words.step(last, "a") is not None
    both = words.step(words.start, "ab")
    assert both is not None
    assert words.accepts(both)
    assert words.step(words.start, "ac") is None


def test_a_list_without_end_is_refused() -> None:
    """A device is read no further than a list of words is long."""
    with pytest.raises(UsageError, match="at most 128 MiB"):
        Lexicon.of_file(Path("/dev/zero"))
