"""The project's own stroke skeletons: how digits and letters are written, several forms each.

The skeletons stand in ``skeletons.txt`` beside this module, one form a line; the file's head says how to read it.
"""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from types import MappingProxyType

from duktus.types import StrokeError


@dataclass(frozen=True)
class Point:
    """A control point of a stroke: x and y in hundredths of the em, y downward; a corner breaks the tangent."""

    x: float
    y: float
    corner: bool = False


@dataclass(frozen=True)
class Form:
    """One way to write a character; ``weight`` says how usual it is among the forms of that character."""

    name: str
    weight: float
    strokes: tuple[tuple[Point, ...], ...]


@functools.cache
def skeletons() -> Mapping[str, tuple[Form, ...]]:
    """Every character that the pen can write, with its forms. Read from the package on the first call."""
    text = files("duktus.pen").joinpath("skeletons.txt").read_text(encoding="utf-8")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("--")]
    groups = groupby(lines, key=lambda words: words[0])
    return MappingProxyType({character: tuple(map(_form, group)) for character, group in groups})


def forms(character: str) -> tuple[Form, ...]:
    """The forms of one character.

    Raises:
        StrokeError: If the pen has no skeleton of it.
    """
    known = skeletons()
    if character not in known:
        raise StrokeError(
            f"The pen writes the characters {''.join(known)} and spaces, and received {character!r}. "
            "Leave it out, or add its form to duktus/pen/skeletons.txt."
        )
    return known[character]


def _form(words: list[str]) -> Form:
    _, name, weight, *tokens = words
    strokes = " ".join(tokens).split(" ; ")
    return Form(name, float(weight), tuple(_stroke(stroke.split()) for stroke in strokes))


def _stroke(tokens: list[str]) -> tuple[Point, ...]:
    points: list[Point] = []
    for token in tokens:
        numbers = [float(number) for number in token.strip("@!").split(",")]
        points += _arc(numbers) if token.startswith("@") else [Point(numbers[0], numbers[1], token.endswith("!"))]
    return tuple(points)


def _arc(numbers: list[float]) -> list[Point]:
    x, y, rx, ry, start, end = numbers
    steps = max(2, math.ceil(abs(end - start) / 40))
    angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
    return [Point(x + rx * math.sin(angle), y - ry * math.cos(angle)) for angle in angles]
