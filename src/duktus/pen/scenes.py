"""Scenes as people's pictures of handwriting have them, drawn at random."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from duktus.pen.camera import Camera, Light, Scanner
from duktus.pen.scene import Framing, Mark, Scene
from duktus.pen.sheet import OFFICE_PAPERS, PAPERS, RGB, TINTS, WHITE, Print, Sheet

_INKS: tuple[RGB, ...] = (
    (0.02, 0.02, 0.03), (0.02, 0.04, 0.30), (0.01, 0.03, 0.15), (0.05, 0.10, 0.55), (0.45, 0.02, 0.04),
    (0.02, 0.20, 0.08), (0.10, 0.10, 0.11), (0.15, 0.05, 0.25),
)  # fmt: skip
_FINE_PRINT = ("waves", "waves", "waves", "rosette", "rosette", "dots", "ruled", "squared")


def _u(rng: np.random.Generator, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _log(rng: np.random.Generator, low: float, high: float) -> float:
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def _pick(rng: np.random.Generator, colours: tuple[RGB, ...]) -> RGB:
    return colours[int(rng.integers(len(colours)))]


def _at_times(rng: np.random.Generator, share: float, low: float, high: float) -> float:
    """Something between two bounds, but 0 unless a share of the cases comes up."""
    return _u(rng, low, high) if rng.random() < share else 0.0


def _chance(rng: np.random.Generator, share: float) -> bool:
    return bool(rng.random() < share)


def _stretch(rng: np.random.Generator, deviation: float) -> float:
    return float(np.exp(rng.normal(0, deviation)))


def _margins(rng: np.random.Generator, low: float, high: float) -> tuple[float, float, float, float]:
    """Four margins of one likely size, more often narrow than wide."""
    reach = low + (high - low) * rng.random() ** 2
    top, right, bottom, left = (low + (reach - low) * rng.uniform(0.4, 1, 4)).tolist()
    return top, right, bottom, left


def _framing(rng: np.random.Generator, height: float, margins: tuple[float, float], slant: float) -> Framing:
    """A crop about the ink; ``slant`` is the deviation of the turn, in radians, and twice that of the keystone."""
    return Framing(
        round(height),
        _margins(rng, *margins),
        turn=float(rng.normal(0, slant)),
        keystone=(float(rng.normal(0, slant / 2)), float(rng.normal(0, slant / 2))),
        stretch=_stretch(rng, 0.06),
    )


def _pen_mark(rng: np.random.Generator, faintest: float, grain: float) -> Mark:
    """A pen of any colour; its line is the writer's own, or one width throughout as a ballpoint's."""
    line = _at_times(rng, 0.5, 0.04, 0.13)
    return Mark(
        _pick(rng, _INKS),
        _u(rng, faintest, 3),
        line=line,
        spread=0.0 if line else _u(rng, -0.015, 0.02),
        grain=_at_times(rng, 0.35, 0.1, grain),
    )


def _rulings(rng: np.random.Generator, share: float) -> tuple[Print, ...]:
    """Ruled or squared paper, as often as ``share`` says."""
    if not _chance(rng, share):
        return ()
    pattern, pitch = ("ruled", _u(rng, 0.5, 2)) if _chance(rng, 0.5) else ("squared", _u(rng, 0.3, 1.2))
    density, line, angle = _u(rng, 0.15, 0.9), _u(rng, 0.5, 2), float(rng.normal(0, 0.03))
    return (Print(pattern, density, _pick(rng, TINTS), pitch, line, angle),)


def _photo(rng: np.random.Generator) -> Scene:
    """A telephone's photograph of a pen on paper."""
    height = _log(rng, 24, 110)
    return Scene(
        replace(_framing(rng, height, (-0.02, 1.2), 0.06), stray=_chance(rng, 0.05)),
        _pen_mark(rng, 0.6, 0.7),
        Sheet(_pick(rng, PAPERS), _u(rng, 0, 0.03), _u(rng, 0, 0.04), _at_times(rng, 0.2, 5, 40), _rulings(rng, 0.3)),
        Light(
            fall=_u(rng, 0, 0.65),
            angle=_u(rng, 0, 6.28),
            lamp=_at_times(rng, 0.4, 0.1, 0.6),
            vignette=_u(rng, 0, 0.3),
            shadow=_at_times(rng, 0.35, 0.2, 0.65),
            softness=_u(rng, 0.02, 0.4),
        ),
        _telephone(rng, height),
        coloured=_chance(rng, 0.7),
    )


def _telephone(rng: np.random.Generator, height: float) -> Camera:
    """A telephone's camera whose blur leaves an ink of a height readable."""
    warm = _u(rng, -0.12, 0.12)
    return Camera(
        defocus=abs(float(rng.normal(0, 0.013))) * height + _u(rng, 0, 0.6),
        motion=_at_times(rng, 0.15, 0.02, 0.05) * height,
        shake=_u(rng, 0, 3.14),
        resolution=_u(rng, min(1.0, 18 / height), 1) if _chance(rng, 0.3) else 1.0,
        shot=_u(rng, 0, 0.04),
        read=_u(rng, 0, 0.015),
        exposure=_u(rng, 0.6, 1.25),
        balance=(1 + warm, 1.0, 1 - warm),
        gamma=_u(rng, 0.38, 0.7),
        black=_at_times(rng, 0.5, 0, 0.15),
        white=_u(rng, 0.85, 1),
        jpeg=_quality(rng),
    )


def _quality(rng: np.random.Generator) -> int:
    return int(rng.integers(35, 97)) if _chance(rng, 0.7) else 0


def _envelope(rng: np.random.Generator) -> Scene:
    """A digit from an envelope, cropped to its box and brought to about 16 pixels of grey."""
    side, edge, brown = int(rng.integers(14, 20)), _u(rng, -0.02, 0.06), _chance(rng, 0.3)
    lining = (Print("chevrons", _u(rng, 0.1, 0.4), pitch=_u(rng, 0.1, 0.4)),) if _chance(rng, 0.15) else ()
    tone = (0.45, 0.32, 0.2) if brown else (0.8, 0.8, 0.8)
    return Scene(
        Framing(int(rng.integers(28, 64)), (edge, edge, edge, edge), stretch=_stretch(rng, 0.1)),
        _pen_mark(rng, 1, 0.45),
        Sheet(tone, _u(rng, 0, 0.05), _u(rng, 0, 0.03), _at_times(rng, 0.3, 5, 30), lining),
        camera=Camera(_u(rng, 0.3, 2), shot=_u(rng, 0, 0.04), read=_u(rng, 0, 0.02), gamma=_u(rng, 0.45, 1)),
        scanner=_scanner(rng) if _chance(rng, 0.7) else None,
        inverted=_chance(rng, 0.6),
        size=(side, side if _chance(rng, 0.5) else 0),
        soften=_at_times(rng, 0.7, 0.2, 0.8),
    )


def _scanner(rng: np.random.Generator) -> Scanner:
    return Scanner(_u(rng, 0.3, 0.62), _u(rng, 0, 0.1), _at_times(rng, 0.25, 0, 0.01))


def _binary(rng: np.random.Generator) -> Scene:
    """A scan in black and white alone, stretched to a square of about 16 pixels."""
    side, edge = (16 if _chance(rng, 0.6) else int(rng.integers(14, 33))), _u(rng, -0.02, 0.03)
    return Scene(
        Framing(int(rng.integers(24, 64)), (edge, edge, edge, edge), turn=float(rng.normal(0, 0.05))),
        replace(_pen_mark(rng, 2, 0.45), line=_at_times(rng, 0.5, 0.06, 0.17)),
        Sheet(WHITE, _u(rng, 0, 0.04)),
        camera=Camera(_u(rng, 0.3, 2), read=_u(rng, 0, 0.03)),
        scanner=_scanner(rng),
        inverted=_chance(rng, 0.5),
        size=(side, side if _chance(rng, 0.8) else 0),
        bilevel=_u(rng, 0.4, 0.68),
    )


def _mouse(rng: np.random.Generator) -> Scene:
    """A drawing by mouse or finger on a flat canvas, large or of a few pixels."""
    small, aliased, grey = _chance(rng, 0.5), _chance(rng, 0.5), _u(rng, 0, 0.2)
    side = int(rng.integers(14, 33)) if small else int(rng.integers(48, 200))
    height = max(10, round(side * (_u(rng, 0.55, 1) if small else _u(rng, 0.3, 0.95))))
    # A canvas of few pixels shows no stroke that is thinner than one of them.
    line = max(_u(rng, 0.04, 0.17), 1.5 / height) if _chance(rng, 0.7) else 0.0
    spread = 0.0 if small else _u(rng, -0.02, 0.04)
    return Scene(
        Framing(
            height,
            canvas=(side, round(side * (1 if _chance(rng, 0.8) else _u(rng, 0.75, 1.6)))),
            place=(_u(rng, 0.2, 0.8), _u(rng, 0.2, 0.8)),
            stretch=_stretch(rng, 0.1),
        ),
        Mark((grey, grey, grey), 1.0, hides=True, line=line, spread=spread, aliased=aliased),
        Sheet((1.0, 1.0, 1.0), 0, 0),
        camera=Camera(gamma=1.0, white=1.0 if _chance(rng, 0.7) else _u(rng, 0.5, 1)),
        inverted=_chance(rng, 0.5),
        coloured=_chance(rng, 0.3),
    )


def _guilloche(rng: np.random.Generator) -> tuple[Print, ...]:
    """A cheque's ground: a tint, and up to three layers of waves, rosettes and rulings in pale inks."""
    layers = []
    if _chance(rng, 0.7):
        layers.append(Print("flat", _u(rng, 0.1, 0.8), _pick(rng, TINTS), 1.0, angle=_u(rng, 0, 6.28)))
    for _ in range(rng.integers(1, 4)):
        pattern = _FINE_PRINT[int(rng.integers(len(_FINE_PRINT)))]
        angle = float(rng.normal(0, 0.3)) if _chance(rng, 0.6) else _u(rng, 0, 3.14)
        density, pitch, line = _log(rng, 0.15, 0.9), _u(rng, 0.07, 0.35), _u(rng, 0.4, 1.5)
        layers.append(Print(pattern, density, _pick(rng, TINTS), pitch, line, angle))
    if _chance(rng, 0.3):
        layers.append(Print("box", _u(rng, 0.3, 1.2), _pick(rng, TINTS), _u(rng, 0.03, 0.15), _u(rng, 1, 2)))
    return tuple(layers)


def _cheque(rng: np.random.Generator) -> Scene:
    """A digit of a cheque's amount on its guilloche."""
    return Scene(
        replace(_framing(rng, _u(rng, 18, 64), (-0.02, 0.5), 0.02), stray=_chance(rng, 0.25)),
        _pen_mark(rng, 1, 0.6),
        Sheet(_pick(rng, PAPERS[:OFFICE_PAPERS]), _u(rng, 0, 0.03), _u(rng, 0, 0.03), prints=_guilloche(rng)),
        camera=Camera(
            _u(rng, 0, 0.9),
            shot=_u(rng, 0, 0.03),
            read=_u(rng, 0, 0.01),
            gamma=_u(rng, 0.4, 0.8),
            black=_u(rng, 0, 0.1),
            white=_u(rng, 0.85, 1),
            jpeg=_quality(rng),
        ),
        coloured=_chance(rng, 0.6),
    )


def _cell(rng: np.random.Generator) -> Scene:
    """A cell of a logbook's form: few pixels, grey pen, pieces of the border, faint bars."""
    tone = 0.1 + 0.75 * rng.random() ** 0.6
    prints = [Print("box", _u(rng, 0.3, 2), pitch=_u(rng, 0.1, 0.4), line=1.0)]
    if _chance(rng, 0.6):
        prints.append(Print("bands", _u(rng, 0.02, 0.15), pitch=_u(rng, 0.2, 0.5), line=1.0))
    return Scene(
        Framing(
            int(rng.integers(10, 23)),
            canvas=(34, 60 if _chance(rng, 0.85) else int(rng.integers(44, 84))),
            place=(float(rng.beta(2, 1.6)), float(rng.beta(1.6, 1.6))),
            turn=float(rng.normal(0, 0.03)),
            stretch=_stretch(rng, 0.08),
            stray=_chance(rng, 0.05),
        ),
        replace(_pen_mark(rng, 0.5, 0.3), colour=(0.02, 0.02, 0.02), density=_log(rng, 0.5, 2.8)),
        Sheet((tone, tone, tone), 0.004, _u(rng, 0, 0.02), prints=tuple(prints)),
        Light(_u(rng, 0, 0.15), _u(rng, 0, 6.28)),
        Camera(_u(rng, 0.45, 0.9), read=_u(rng, 0, 0.004), gamma=0.5, jpeg=int(rng.integers(50, 92))),
    )


def _scan(rng: np.random.Generator) -> Scene:
    """A flat-bed scan at 150 to 300 dots an inch, grey or in colour."""
    fibres = _at_times(rng, 0.2, 5, 30)
    return Scene(
        _framing(rng, _u(rng, 20, 90), (-0.02, 0.8), 0.02),
        _pen_mark(rng, 0.8, 0.7),
        Sheet(_pick(rng, PAPERS[:OFFICE_PAPERS]), _u(rng, 0, 0.02), _u(rng, 0, 0.01), fibres, _rulings(rng, 0.25)),
        camera=Camera(_u(rng, 0.2, 0.9), read=_u(rng, 0, 0.01), exposure=_u(rng, 1, 1.2), jpeg=_quality(rng)),
        coloured=_chance(rng, 0.4),
    )


def _screen(rng: np.random.Generator) -> Scene:
    """Light on dark: chalk on a board, or a screen in its night colours."""
    chalk, height = _chance(rng, 0.5), _log(rng, 24, 110)
    ground: RGB = (0.02, 0.05, 0.035) if _chance(rng, 0.5) else (0.03, 0.03, 0.035)
    glow: RGB = (0.85, 0.85, 0.8) if _chance(rng, 0.6) else (_u(rng, 0.2, 1), _u(rng, 0.4, 1), _u(rng, 0.2, 1))
    grain = _u(rng, 0.3, 0.9) if chalk else 0.0
    return Scene(
        _framing(rng, height, (0, 0.9), 0.04),
        Mark(glow, _u(rng, 0.5, 1), True, _at_times(rng, 0.5, 0.05, 0.15), _u(rng, -0.02, 0.02), grain),
        Sheet(ground, _u(rng, 0, 0.3), _u(rng, 0, 0.5)) if chalk else Sheet(ground, 0, 0),
        Light(_u(rng, 0, 0.5), _u(rng, 0, 6.28), vignette=_u(rng, 0, 0.3)) if chalk else None,
        replace(_telephone(rng, height), exposure=_u(rng, 0.8, 1.2)) if chalk else Camera(_u(rng, 0, 0.8)),
        coloured=_chance(rng, 0.6),
    )


_SAMPLERS: dict[str, Callable[[np.random.Generator], Scene]] = {
    "photo": _photo, "envelope": _envelope, "binary": _binary, "mouse": _mouse,
    "cheque": _cheque, "cell": _cell, "scan": _scan, "screen": _screen,
}  # fmt: skip
SCENE_KINDS = tuple(_SAMPLERS)


def sample_scene(rng: np.random.Generator, kind: str) -> Scene:
    """Draw a scene of one of ``SCENE_KINDS``.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in _SAMPLERS:
        raise ValueError(f"expected a scene of {', '.join(SCENE_KINDS)}; received {kind!r}; name one of these")
    return _SAMPLERS[kind](rng)
