"""Tests of duktus.models.card."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from duktus.imaging.frames.contours import ContourSettings
from duktus.imaging.frames.line import LineFrame
from duktus.imaging.frames.strip import PatchFrame
from duktus.models.card import Calibration, Card, Preprocessing, Spread, Tensor
from duktus.models.likelihood import Likelihood
from duktus.models.migrations import FORMAT, MIGRATIONS, migrate
from duktus.types import JSON, ModelError
from tests.models.networks import LABELS, plain_card

# All text that a file's name can give: it may hold lone low surrogates (PEP 383), never high ones.
NAMES = st.text(st.characters(exclude_categories=()).filter(lambda c: not "\ud800" <= c <= "\udbff"))


@given(labels=st.lists(NAMES, min_size=1, unique=True), limit=NAMES)
def test_json_round_trip(labels: list[str], limit: str) -> None:
    """Any labels survive the way to UTF-8 and back, and the JSON of the result is the same text."""
    card = replace(plain_card(), labels=tuple(labels), limits=(limit,))
    text = card.to_json().encode().decode()
    assert Card.from_json(text) == card
    assert Card.from_json(text).to_json() == text


def test_json_is_canonical() -> None:
    """The order in which fields and versions were given leaves no trace, and runes stay readable."""
    card = plain_card()
    versions = {"keras": "3.12", "b": "2", "a": "1"}
    turned = replace(card.training, versions=dict(reversed(versions.items())))
    card = replace(card, training=replace(card.training, versions=versions))
    assert card.to_json() == replace(card, training=turned).to_json()
    assert "ᚠ" in card.to_json()


@given(arrays(np.float32, array_shapes(min_dims=0, max_dims=4, min_side=0)))
def test_tensor_round_trip(array: NDArray[np.float32]) -> None:
    """A packed array comes back with its shape and every bit."""
    back = Tensor.pack(array).unpack()
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()
    assert back.flags.writeable


@pytest.mark.parametrize(
    "tensor", [Tensor((2,), "AAAA"), Tensor((1,), "no base64"), Tensor((-1, -1), "AAAAAA=="), Tensor((0,), "ä")]
)
def test_tensor_refuses_what_does_not_fill_it(tensor: Tensor) -> None:
    """Bytes that are no base64, too few or for no possible shape give an error."""
    with pytest.raises(ModelError, match="field sample"):
        tensor.unpack()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"labels": ("1", "1")}, "labels"),
        ({"labels": ()}, "labels"),
        ({"created": "yesterday"}, "created"),
        ({"format": 1}, "format"),
        ({"preprocessing": Preprocessing(plain_card().preprocessing.ink, None)}, "preprocessing.glyph"),
        ({"preprocessing": replace(plain_card().preprocessing, patches=PatchFrame())}, "preprocessing.patches"),
    ],
)
def test_refuses_fields_that_contradict(change: dict[str, Any], named: str) -> None:
    """A card that cannot be true is not made, whether by hand or from JSON."""
    with pytest.raises(ModelError, match=f"field {named}"):
        replace(plain_card(), **change)


@pytest.mark.parametrize(
    ("temperature", "accept", "named"),
    [(0.0, 0.99, "temperature"), (float("nan"), 0.99, "temperature"), (1, 2, "accept"), (1, 0.99, "growth")],
)
def test_refuses_impossible_calibration(temperature: float, accept: float, named: str) -> None:
    """A temperature must be positive and a share at most 1."""
    with pytest.raises(ModelError, match=f"calibration.{named}"):
        Calibration(temperature, 0.5, accept, "validation", growth=1.5 if named == "growth" else 0.0)


@pytest.mark.parametrize(
    ("task", "other", "outputs"),
    [
        ("glyph-classifier", False, 3),
        ("hand-classifier", True, 4),
        ("line-transcriber", False, 4),
        ("glyph-encoder", False, None),
    ],
)
def test_outputs_by_task(task: Any, other: bool, outputs: int | None) -> None:
    """Classifiers answer a label or none of them, transcribers have a blank, encoders any length."""
    seen = replace(plain_card().preprocessing, line=LineFrame())
    assert replace(plain_card(), task=task, other=other, preprocessing=seen).outputs == outputs


def test_a_transcriber_has_a_frame_of_lines() -> None:
    """Without one nobody knows what its network sees."""
    with pytest.raises(ModelError, match=r"preprocessing\.line"):
        replace(plain_card(), task="line-transcriber")


def test_encoder_needs_no_labels() -> None:
    """Vectors have no labels, so an encoder's card may have none, nor a calibration."""
    card = replace(plain_card(), task="glyph-encoder", labels=(), other=False, calibration=None)
    assert Card.from_json(card.to_json()) == card


def test_spread_of_an_encoder() -> None:
    """The spread of an encoder's vectors comes back from JSON; other tasks have none."""
    spread = Spread((0.0, 0.1), (0.2, 0.3), (1.0, 2.0))
    card = replace(plain_card(), task="glyph-encoder", labels=(), other=False, calibration=None, spread=spread)
    assert Card.from_json(card.to_json()).spread == spread
    with pytest.raises(ModelError, match=r"field spread: expected null for a glyph-classifier"):
        replace(plain_card(), spread=spread)


@pytest.mark.parametrize("wrong", [((), (), ()), ((0.0,), (1.0,), (1.0, 1.0)), ((0.0,), (0.0,), (1.0,))])
def test_spread_is_checked(wrong: tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]) -> None:
    """A spread without numbers, of unlike lengths or with a variance of 0 is refused."""
    middle, within, between = wrong
    with pytest.raises(ModelError, match="field spread"):
        Spread(middle, within, between)


def test_views_of_lines_come_back_and_are_bounded() -> None:
    """Cards of format 10 read each line at one width; too many widths, and widths that no strip has, are refused."""
    seen = replace(plain_card().preprocessing, line=LineFrame(views=(0.8, 1.25)))
    card = replace(plain_card(), task="line-transcriber", preprocessing=seen)
    assert Card.from_json(card.to_json()) == card
    older = json.loads(card.to_json()) | {"format": 10}
    del older["preprocessing"]["line"]["views"]
    once = replace(card, preprocessing=replace(seen, line=LineFrame()))
    assert Card.from_json(json.dumps(older)) == once
    for views in ((1.0,) * 9, (1e9,), (0.0,)):
        with pytest.raises(ModelError, match=r"preprocessing\.line\.views"):
            replace(card, preprocessing=replace(seen, line=LineFrame(views=views)))


def of_format(number: int) -> JSON:
    """The card as older versions wrote it: without what formats 7, 6, 5 and 4 added."""
    content: JSON = json.loads(plain_card().to_json()) | {"format": number}
    del content["preprocessing"]["darkness"]
    if number == 6:
        return content
    del content["numbers"]
    if number == 5:
        return content
    del content["preprocessing"]["patches"], content["calibration"]["growth"], content["calibration"]["n"]
    if number < 4:
        del content["likelihood"], content["preprocessing"]["contours"]
    return content


def test_format_6_is_migrated() -> None:
    """A card of format 6 knew no page segmenters, and is otherwise what it was."""
    assert Card.from_json(json.dumps(of_format(6))) == plain_card()


def test_format_5_is_migrated() -> None:
    """A card of format 5 knew no whole numbers, and is otherwise what it was."""
    assert Card.from_json(json.dumps(of_format(5))) == plain_card()


def test_a_network_in_whole_numbers() -> None:
    """What a network computes with comes back from JSON, and is described; other numbers are refused."""
    card = replace(plain_card(), numbers="int8")
    assert Card.from_json(card.to_json()) == card
    assert "numbers       int8" in card.describe()
    with pytest.raises(ModelError, match="numbers"):
        Card.from_json(card.to_json().replace('"numbers":"int8"', '"numbers":"int3"'))


def test_format_4_is_migrated() -> None:
    """A card of format 4 knew no patches and no growth of votes, and is otherwise what it was, calibrated or not."""
    assert Card.from_json(json.dumps(of_format(4))) == plain_card()
    bare = of_format(4) | {"calibration": None}
    assert Card.from_json(json.dumps(bare)) == replace(plain_card(), calibration=None)


def test_a_classifier_of_hands() -> None:
    """How patches are cut and votes grow comes back from JSON, and is described."""
    settings = Preprocessing(plain_card().preprocessing.ink, None, patches=PatchFrame(height=90, raw=True))
    scale = Calibration(0.5, 0.3, 0.99, "validation", growth=0.45, n=53)
    card = replace(plain_card(), task="hand-classifier", preprocessing=settings, calibration=scale)
    assert Card.from_json(card.to_json()) == card
    assert "height 90" in card.describe()
    assert "growth 0.45" in card.describe()


def test_format_3_is_migrated() -> None:
    """A card of format 3 knew no contours and no likelihood ratios, and is otherwise what it was."""
    content = of_format(3)
    assert Card.from_json(json.dumps(content)) == plain_card()


def test_an_encoder_of_hands() -> None:
    """Contours and likelihood ratios come back from JSON, and are described."""
    likelihood = Likelihood(1.0, 2.0, -0.5, 0.25, 25.0, 900.0, 9, 36, "nobody")
    settings = Preprocessing(plain_card().preprocessing.ink, None, ContourSettings(legs=(3, 5)))
    card = replace(
        plain_card(), task="hand-encoder", labels=(), other=False, preprocessing=settings, likelihood=likelihood
    )
    assert Card.from_json(card.to_json()) == card
    assert "legs (3, 5)" in card.describe()


def test_format_2_is_migrated() -> None:
    """A card of format 2 knew no spread, and is otherwise what it was."""
    content = of_format(2)
    del content["spread"]
    assert Card.from_json(json.dumps(content)) == plain_card()


def test_format_1_is_migrated() -> None:
    """A card of format 1 keeps what it says; what it could not say is marked as not known."""
    content = of_format(1)
    for added in ("calibration", "other", "attribution", "spread"):
        del content[added]
    content |= {"format": 1, "temperature": 1.5, "threshold": 0.7}
    card = Card.from_json(json.dumps(content))
    assert card.calibration == Calibration(1.5, 0.7, None, "not recorded")
    assert (card.format, card.other, card.attribution, card.labels) == (FORMAT, False, (), LABELS)
    content |= {"temperature": None, "threshold": None}
    assert Card.from_json(json.dumps(content)).calibration is None


def test_format_1_is_strict_too() -> None:
    """A field that a card of format 1 lacks is named."""
    with pytest.raises(ModelError, match=r"calibration\.temperature is missing"):
        Card.from_json(json.dumps(json.loads(plain_card().to_json()) | {"format": 1, "threshold": 0.7}))


def test_every_older_format_has_a_migration() -> None:
    """The chain from format 1 to the newest has no gap, and migrating changes nothing of the newest."""
    assert sorted(MIGRATIONS) == list(range(1, FORMAT))
    assert migrate({"format": FORMAT, "x": 1}) == {"format": FORMAT, "x": 1}


def test_newer_format_is_refused() -> None:
    """A format from the future is refused, naming it, the newest known and what to do."""
    with pytest.raises(ModelError, match=rf"format {FORMAT + 1}.*up to {FORMAT}.*upgrade"):
        Card.from_json(json.dumps({"format": FORMAT + 1}))


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "{}", "null", '{"format": true}', '{"format": 0}', '{"format": "2"}', "[" * 100_000, "9" * 9999],
)
def test_refuses_what_is_no_card(text: str) -> None:
    """Text that is no JSON, or JSON without a format number, gives the project's own error."""
    with pytest.raises(ModelError, match=r"card is not valid JSON|field format"):
        Card.from_json(text)


def test_describe_tells_what_a_person_asks() -> None:
    """The text for people names task, labels, calibration, figures, licences, limits and credits."""
    card = replace(plain_card(), labels=tuple(map(chr, range(0x4E00, 0x4E40))))
    text = card.describe()
    for part in ("glyph-classifier", "64: 一", "…, or none of them", "28 x 28 x 1", "temperature 1.25", "99.00%"):
        assert part in text
    for part in (
        "accuracy 0.9975 [0.9963, 0.9984], test, n = 10000",
        "CC-BY-SA-3.0",
        "Digits only",
        "LeCun",
        "seed = 1",
    ):
        assert part in text
    assert "calibration   none" in replace(card, calibration=None).describe()


def test_describe_can_be_printed() -> None:
    """Labels that no terminal shows are spelled out, on the one line of the labels."""
    card = replace(plain_card(), labels=("a", " ", "\udc80", "x\ny"), limits=("\udc80",))
    (line,) = (line for line in card.describe().splitlines() if line.startswith("labels"))
    assert line == r"labels        4: a ' ' '\udc80' 'x\ny', or none of them"
    assert card.describe().encode()
