"""A writer's hand: habits that stay, and what changes from one character to the next."""

import bisect
import functools
import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.pen.letters import forms, skeletons
from duktus.pen.motion import Touch, perform, sample_touch
from duktus.pen.splines import Course, lay_course, rotation
from duktus.pen.strokes import Drawing

Array = NDArray[np.float32]
EM = 100.0
HABITS = 61
WAVES = 4


@dataclass(frozen=True, eq=False)
class Hand:
    """One writer's habits. Lengths are in hundredths of the em, where nothing else is said.

    Args:
        size: Height of a digit, in millimetres.
        aspect: Width against the skeleton's.
        slant: Shear to the right, as a tangent.
        turn: Rotation of every character, in radians.
        favourites: The form that the writer prefers, an index a character.
        constancy: How often the favourite is written.
        habits: (HABITS, 2) displacements of control points that come back in every instance of a character.
        waves: (WAVES, 5) a smooth deformation of the em box: wave vector, phase, amplitude.
        waist: How far the middle of a character is sunk; negative lifts it.
        taper: How much wider a character is at its foot than at its head, relative to its width.
        unrest: How far control points stray from one instance to the next.
        strokes_apart: How far whole strokes of a character stray from one another.
        rounding: 0 keeps corners, 1 runs a tangent through them.
        slur: 0 follows the path, 1 averages along it, as fast writing does.
        overshoot: How far strokes run past their ends; negative leaves loops open.
        overshoot_spread: Its standard deviation from end to end.
        hook: How far the pen drags at landing and lifting.
        size_spread: Relative standard deviation of the size, from character to character.
        spacing: Gap between characters.
        spacing_spread: Its standard deviation.
        slope: Rise of the line of writing, as a tangent; positive sinks.
        drift: How far the baseline strays from one character to the next.
        touch: How the pen is moved and pressed.
    """

    size: float
    aspect: float
    slant: float
    turn: float
    favourites: Mapping[str, int]
    constancy: float
    habits: Array
    waves: Array
    waist: float
    taper: float
    unrest: float
    strokes_apart: float
    rounding: float
    slur: float
    overshoot: float
    overshoot_spread: float
    hook: float
    size_spread: float
    spacing: float
    spacing_spread: float
    slope: float
    drift: float
    touch: Touch


def sample_hand(rng: np.random.Generator) -> Hand:
    """Draw a writer; most are legible, a few hurried, and some shake."""
    haste = float(rng.beta(1.6, 2.6))
    return Hand(
        size=float(np.clip(5.0 * rng.lognormal(0.0, 0.22), 2.5, 10.0)),
        aspect=float(np.clip(rng.lognormal(0.10, 0.27), 0.6, 2.2)),
        slant=float(np.clip(rng.normal(0.12, 0.22), -0.4, 0.8)),
        turn=float(rng.normal(0.0, 0.04)),
        favourites={character: _draw_form(character, rng.random()) for character in skeletons()},
        constancy=float(rng.beta(6, 1.5)),
        habits=_normal(rng, (HABITS, 2), rng.uniform(0.5, 4.5)),
        waves=_waves(rng, rng.uniform(0.4, 2.2)),
        waist=float(rng.normal(0.0, 6.5)),
        taper=float(rng.normal(0.0, 0.15)),
        unrest=0.5 + 1.8 * haste,
        strokes_apart=0.5 + 3.0 * haste,
        rounding=float(rng.beta(1.2, 2.5)) * (0.3 + haste),
        slur=float(rng.beta(1.2, 2.0)) * (0.3 + haste),
        overshoot=float(rng.normal(0.5, 2.0)),
        overshoot_spread=0.8 + 3.0 * haste,
        hook=float(rng.exponential(2.0)) * (rng.random() < 0.5),
        size_spread=0.02 + 0.08 * haste,
        spacing=float(np.clip(rng.normal(28.0, 10.0), 8.0, 70.0)),
        spacing_spread=2.0 + 6.0 * haste,
        slope=float(rng.normal(0.0, 0.025)),
        drift=1.0 + 3.0 * haste,
        touch=sample_touch(haste, rng),
    )


def write(text: str, hand: Hand, rng: np.random.Generator) -> Drawing:
    """Write one line of text.

    Args:
        text: Characters of ``skeletons()`` and spaces.
        hand: The writer.
        rng: What varies from one writing to the next.

    Returns:
        The strokes; the first character's box starts at x = 0, and the baseline at y = 0.

    Raises:
        StrokeError: If the pen has no skeleton of a character.
    """
    paths: list[Array] = []
    courses: list[Course] = []
    right = 0.0
    for character in text:
        gap = hand.spacing + hand.spacing_spread * rng.standard_normal()
        if character == " ":
            right += EM * 0.35 + gap
            continue
        course = _course(character, _choose(character, hand, rng))
        path = _shape(character, course, hand, rng)
        left = right - path[:, 0].min() + (gap if courses else 0.0)
        path += np.array((left, hand.drift * rng.standard_normal() + left * hand.slope), np.float32)
        right = float(path[:, 0].max())
        paths.append(path)
        courses.append(course)
    return _perform(paths, courses, hand, rng) if paths else Drawing(())


def _perform(paths: list[Array], courses: list[Course], hand: Hand, rng: np.random.Generator) -> Drawing:
    scale = np.float32(hand.size / EM)
    starts = np.cumsum([0, *(len(path) for path in paths[:-1])])
    first = np.concatenate([course.first + start for course, start in zip(courses, starts, strict=True)])
    near_end = np.concatenate([course.near_end for course in courses])
    return perform(np.concatenate(paths) * scale, first, near_end * scale, hand.touch, rng)


@functools.cache
def _weights(character: str) -> list[float]:
    """The cumulative weights of a character's forms."""
    return list(itertools.accumulate(form.weight for form in forms(character)))


def _draw_form(character: str, share: float) -> int:
    """The form that stands at a share, in [0, 1), of the weights of a character's forms."""
    weights = _weights(character)
    return bisect.bisect_left(weights, share * weights[-1])


@functools.cache
def _course(character: str, index: int) -> Course:
    return lay_course(forms(character)[index])


def _choose(character: str, hand: Hand, rng: np.random.Generator) -> int:
    if rng.random() < hand.constancy and character in hand.favourites:
        return hand.favourites[character]
    return _draw_form(character, rng.random())


def _normal(rng: np.random.Generator, shape: tuple[int, ...], scale: float) -> Array:
    return rng.standard_normal(shape, np.float32) * np.float32(scale)


def _waves(rng: np.random.Generator, amplitude: float) -> Array:
    """Waves of at least 1.2 em, so that a character is bent as a whole and not crumpled."""
    waves = rng.standard_normal((WAVES, 5), np.float32)
    waves[:, :2] *= 2 * math.pi / (1.2 * EM) / np.maximum(1.0, np.linalg.norm(waves[:, :2], axis=1, keepdims=True))
    waves[:, 2] *= math.pi
    waves[:, 3:] *= amplitude
    return waves


def _shape(character: str, course: Course, hand: Hand, rng: np.random.Generator) -> Array:
    """One instance of a form: (n, 2) in hundredths of the em, baseline at y = 0."""
    control = _control(character, course, hand, rng)
    path: Array = (1 - hand.rounding) * (course.sharp @ control) + hand.rounding * (course.smooth @ control)
    path += hand.slur * (course.slurred @ control - course.smooth @ control)
    if hand.hook:
        path += _drag(course, hand, rng)
    _reproportion(path, hand, rng)
    waves = np.concatenate((hand.waves, _waves(rng, 0.3 + 0.6 * hand.unrest)))
    path += np.sin(path @ waves[:, :2].T + waves[:, 2]) @ waves[:, 3:]
    path[:, 1] -= EM
    return np.asarray(path @ _stance(hand, rng))


def _reproportion(path: Array, hand: Hand, rng: np.random.Generator) -> None:
    """Sink the waist and widen the foot, in place; both keep the head line and the baseline."""
    stray = _normal(rng, (2,), hand.unrest)
    low = path[:, 1] * np.float32(1 / EM)
    path[:, 0] += (path[:, 0] - 28) * (low - 0.5) * (hand.taper + 0.06 * stray[0])
    path[:, 1] += (hand.waist + 2.0 * stray[1]) * np.sin(math.pi * low)


def _control(character: str, course: Course, hand: Hand, rng: np.random.Generator) -> Array:
    count = len(course.control)
    habit = hand.habits[(np.arange(count) + 17 * ord(character)) % HABITS]
    control: Array = course.control + course.kinship @ (habit + _normal(rng, (count, 2), hand.unrest))
    if len(course.first) > 1:
        control += _normal(rng, (len(course.first), 2), hand.strokes_apart)[course.stroke_of_control]
    inward = control[course.ends] - control[course.before_ends]
    length = np.sqrt((inward * inward).sum(axis=1, keepdims=True)) + 1e-6
    run = hand.overshoot + _normal(rng, (len(inward), 1), hand.overshoot_spread)
    control[course.ends] += inward / length * np.maximum(run, -0.3 * length)
    return control


def _drag(course: Course, hand: Hand, rng: np.random.Generator) -> Array:
    """The pen lands from the upper left and lifts towards the upper right, where the next character stands."""
    landing, lifting = hand.hook * np.abs(_normal(rng, (2,), 1.0))
    start = np.exp(course.to_start / -5.0)[:, None] * np.array((-landing, -0.6 * landing), np.float32)
    end = np.exp(course.to_end / -5.0)[:, None] * np.array((lifting, -0.6 * lifting), np.float32)
    return np.asarray(start + end, np.float32)


def _stance(hand: Hand, rng: np.random.Generator) -> Array:
    """The linear map (applied from the right) of one instance: size, aspect, slant and turn."""
    size, aspect, slant, turn = rng.standard_normal(4) * hand.size_spread
    wide, high = math.exp(size + aspect) * hand.aspect, math.exp(size)
    shear, angle = hand.slant + 0.6 * slant, hand.turn + 0.5 * turn
    upright = np.array(((wide, 0.0), (-shear * high, high)))
    return np.asarray(upright @ rotation(angle), np.float32)
