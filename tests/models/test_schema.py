"""Tests of duktus.models.schema."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

import pytest

from duktus.models.schema import decode
from duktus.types import ModelError


@dataclass(frozen=True)
class _Inner:
    size: int
    kind: Literal["pen", "brush"]


@dataclass(frozen=True)
class _Outer:
    inner: _Inner | None
    pair: tuple[float, bool]
    words: tuple[str, ...]
    table: dict[str, int]


WHOLE = {"inner": {"size": 3, "kind": "pen"}, "pair": [1, True], "words": ["a", "b"], "table": {"x": 1}}


def test_decodes_every_kind_of_field() -> None:
    """Nested dataclasses, tuples, tables and choices arrive as their types say, and asdict goes back."""
    outer = decode(_Outer, WHOLE, "")
    assert outer == _Outer(_Inner(3, "pen"), (1.0, True), ("a", "b"), {"x": 1})
    assert type(outer.pair[0]) is float
    assert decode(_Outer, {**WHOLE, "inner": None}, "").inner is None
    assert asdict(outer)["inner"] == WHOLE["inner"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"more": 1}, "unknown field card.more"),
        ({"inner": {"size": 3}}, "card.inner.kind is missing"),
        ({"inner": {"size": True, "kind": "pen"}}, "card.inner.size: expected a whole number, received True"),
        ({"inner": {"size": 3.0, "kind": "pen"}}, "card.inner.size: expected a whole number"),
        ({"inner": {"size": 3, "kind": "quill"}}, "card.inner.kind: expected one of pen, brush"),
        ({"inner": {"size": 3, "kind": []}}, "card.inner.kind: expected one of pen, brush"),
        ({"pair": [1.0]}, "card.pair: expected 2 values, received 1"),
        ({"pair": [1.0, 1]}, r"card.pair\[1\]: expected true or false"),
        ({"pair": [float("inf"), True]}, r"card.pair\[0\]: expected a finite number"),
        ({"pair": [10**400, True]}, r"card.pair\[0\]: expected a finite number"),
        ({"words": "ab"}, "card.words: expected a list, received 'ab'"),
        ({"words": ["a", None]}, r"card.words\[1\]: expected text, received None"),
        ({"table": [1]}, "card.table: expected an object"),
        ({"table": {"x": "y" * 99}}, r"card.table\['x'\]: expected a whole number, received 'yyy.*\.\.\.$"),
    ],
)
def test_names_the_field_that_is_wrong(change: dict[str, Any], named: str) -> None:
    """What is unknown, missing or of another type is refused by its full name."""
    with pytest.raises(ModelError, match=named):
        decode(_Outer, {**WHOLE, **change}, "card")


def test_refuses_what_is_no_object() -> None:
    """A list in place of the whole gets an error that says so."""
    with pytest.raises(ModelError, match="of the whole: expected an object"):
        decode(_Outer, [], "")
