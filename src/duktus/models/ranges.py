"""What the numbers of a card may be, so that no preprocessing fails or never ends on them."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from types import MappingProxyType

from duktus.types import ModelError

_SHARE = (0.0, 1.0)
_SIDE = (1, 4096)  # pixels

RANGES: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "preprocessing.ink.min_contrast": _SHARE,
        "preprocessing.ink.noise_floor": (0, 100),
        "preprocessing.ink.soft_floor": (0, 0.9),
        "preprocessing.ink.gain_floor": (0.001, 1),
        "preprocessing.ink.speck": _SHARE,
        "preprocessing.glyph.height": _SIDE,
        "preprocessing.glyph.width": _SIDE,
        "preprocessing.glyph.box": _SIDE,
        "preprocessing.glyph.stroke_min": (0, 4096),
        "preprocessing.glyph.stroke_max": (0.1, 4096),
        "preprocessing.contours.smoothing": (0, 100),
        "preprocessing.contours.legs": (1, 1000),
        "preprocessing.contours.gaps": (1, 1000),
        "preprocessing.contours.chord": (1, 1000),
        "preprocessing.contours.bins": (2, 360),
        "preprocessing.contours.lowest": (1, 4096),
        "preprocessing.contours.highest": (1, 4096),
        "preprocessing.patches.height": (0, 4096),
        "preprocessing.patches.side": _SIDE,
        "preprocessing.patches.size": _SIDE,
        "preprocessing.patches.ink": _SHARE,
        "preprocessing.darkness.reduced": (1, 256),
        "preprocessing.darkness.window": (1, 255),
        "preprocessing.darkness.faint": _SHARE,
        "preprocessing.darkness.full": (0, 100),
        "preprocessing.darkness.least": (0.001, 1),
        "preprocessing.darkness.most": (0.1, 100),
        "preprocessing.line.height": _SIDE,
        "preprocessing.line.core": (1, 4096),
        "preprocessing.line.margin": (0, 4096),
        "preprocessing.line.step": (1, 64),
        "preprocessing.line.longest": (64, 2**16),
        "preprocessing.line.views": (0.25, 4),
        "transcription.threshold": _SHARE,
        "transcription.bias": (-1e3, 1e3),
        "transcription.whole": (-1e3, 1e3),
        "transcription.least": (-1e3, 1e3),
        "transcription.left": (-1e3, 1e3),
        "calibration.temperature": (1e-6, 1e6),
        "calibration.threshold": (-1, 1),  # of encoders and of distances it may lie below 0
        "calibration.accept": _SHARE,
        "calibration.growth": _SHARE,
    }
)
"""The least and the greatest value of a card's numbers, by their place."""


def check_ranges(part: object, where: str) -> None:
    """Look over a part of a card, and all below it.

    Args:
        part: a dataclass, such as a card's preprocessing.
        where: its place in the card, such as ``preprocessing``.

    Raises:
        ModelError: naming the first number that is out of its range, or the first pair that contradicts itself.
    """
    for place, value in _numbers(part, where):
        low, high = RANGES.get(place, (-1e300, 1e300))
        if not low <= value <= high:
            raise ModelError(f"field {place}: expected {low:g} to {high:g}, received {value:g}")


def _numbers(part: object, where: str) -> Iterator[tuple[str, float]]:
    if is_dataclass(part):
        for field in fields(part):
            yield from _numbers(getattr(part, field.name), f"{where}.{field.name}")
    elif isinstance(part, tuple):
        for member in part:
            yield from _numbers(member, where)
    elif isinstance(part, (int, float)) and not isinstance(part, bool):
        yield where, part
