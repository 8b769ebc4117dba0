"""Drawings, the strokes of a pen with time and pressure, and the files that carry them: InkML and JSON.

JSON is a list of strokes, or an object with the key ``strokes``; a stroke is a list of points, or an object with the
key ``points``; a point is ``[x, y]``, ``[x, y, t]``, ``[x, y, t, pressure]`` or an object with these names.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.pen.inkml import format_inkml, parse_inkml
from duktus.types import StrokeError

Stroke: TypeAlias = NDArray[np.float32]
"""(n, 4): x and y in millimetres (y downward), t in seconds, pressure in [0, 1]; n = 1 is a dot."""

MAX_POINTS: Final = 250_000
"""Forty minutes of a tablet's 100 points a second."""
MAX_STROKES: Final = 10_000
"""A dense page of handwriting has some 3,000."""
MAX_BYTES: Final = 16 * 2**20
MAX_COORDINATE: Final = 1e7
MAX_TIME: Final = 1e20
"""Nanoseconds since 1970 are 1.8e18."""
SUFFIXES: Final = (".inkml", ".json")
SAMPLE_SECONDS: Final = 0.01
"""Time from point to point where a file has none: a tablet's 100 points a second."""
LIFT_SECONDS: Final = 0.1
"""Time from stroke to stroke where a file has none."""
PLAIN_PRESSURE: Final = 0.5
"""Pressure where a file has none."""


@dataclass(frozen=True, eq=False)
class Drawing:
    """What a pen did: its strokes, in the order of writing."""

    strokes: tuple[Stroke, ...]

    def bounds(self) -> tuple[float, float, float, float]:
        """The least x and y and the greatest x and y; zeros where there is no stroke."""
        if not self.strokes:
            return 0.0, 0.0, 0.0, 0.0
        points = np.concatenate(self.strokes)[:, :2]
        (left, top), (right, bottom) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
        return left, top, right, bottom

    def placed(self, scale: float = 1.0, x: float = 0.0, y: float = 0.0) -> "Drawing":
        """The drawing scaled about its origin and then moved by (x, y)."""
        factor, shift = np.array((scale, scale, 1, 1), np.float32), np.array((x, y, 0, 0), np.float32)
        return Drawing(tuple(stroke * factor + shift for stroke in self.strokes))


def is_stroke_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file's name says that it holds strokes and not an image."""
    return os.fspath(path).lower().endswith(SUFFIXES)


def read_strokes(source: str | os.PathLike[str] | bytes) -> Drawing:
    """Read a drawing from a file or from its content.

    Times start at 0 and never go back. Without a unit they are seconds where most points are less than half of one
    apart, and milliseconds otherwise. Pressures that go beyond 1 are taken relative to the greatest. Missing times
    are evenly spaced, missing pressures 0.5.

    Args:
        source: A path, or the bytes of an InkML or JSON document.

    Raises:
        StrokeError: If it holds no drawing, or one of more than ``MAX_POINTS`` points, ``MAX_STROKES``
            strokes or ``MAX_BYTES`` bytes.
        OSError: If the file cannot be opened.
    """
    text = _decode(source if isinstance(source, bytes) else _content(source))
    if text.startswith("<"):
        strokes, timed = parse_inkml(text, MAX_POINTS)
    else:
        strokes, timed = _parse_json(text)
    return _normalise(strokes, timed)


def write_inkml(drawing: Drawing) -> str:
    """Write a drawing as an InkML document, which ``read_strokes`` reads back."""
    return format_inkml(drawing.strokes)


def write_json(drawing: Drawing) -> str:
    """Write a drawing as JSON, which ``read_strokes`` reads back: points of x, y, t and pressure."""
    strokes = [[[float(f"{value:.9g}") for value in point] for point in stroke.tolist()] for stroke in drawing.strokes]
    return json.dumps({"unit": "mm", "time_unit": "s", "strokes": strokes})


def _content(path: str | os.PathLike[str]) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise StrokeError(f"A stroke file may have up to {MAX_BYTES:,} bytes, and this one has more. Split it.")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding).strip()
    except UnicodeDecodeError:
        raise StrokeError("InkML or JSON in UTF-8 was expected, received other bytes. Is this an image?") from None
    if not text:
        raise StrokeError("A drawing was expected (InkML or JSON), and the file is empty.")
    return text


def _parse_json(text: str) -> tuple[list[NDArray[np.float64]], bool]:
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise StrokeError(f"InkML or a JSON list of strokes was expected, but the text is neither: {error}.") from None
    unit = document.get("time_unit") if isinstance(document, dict) else None
    strokes = document.get("strokes") if isinstance(document, dict) else document
    if not isinstance(strokes, list):
        raise StrokeError(f"A list of strokes was expected, received {_glimpse(document)}.")
    _limit(sum(len(stroke) for stroke in strokes if isinstance(stroke, list)), len(strokes))
    parsed = [_parse_stroke(stroke) for stroke in strokes if stroke]
    if unit == "ms":
        for stroke in parsed:
            stroke[:, 2] /= 1000
    return parsed, unit in ("s", "ms")  # a tuple: the unit may be anything, and a list has no hash


def _limit(points: int, strokes: int) -> None:
    if points > MAX_POINTS or strokes > MAX_STROKES:
        most = f"up to {MAX_POINTS:,} points in up to {MAX_STROKES:,} strokes"
        raise StrokeError(f"A drawing may have {most}, and this one has {points:,} in {strokes:,}. Split it.")


def _refuse(constant: str) -> NoReturn:
    raise StrokeError(f"Finite numbers were expected, received {constant}.")


def _parse_stroke(stroke: Any) -> NDArray[np.float64]:
    points = stroke.get("points") if isinstance(stroke, dict) else stroke
    if not isinstance(points, list):
        raise StrokeError(f"A stroke as a list of points was expected, received {_glimpse(stroke)}.")
    rows = [_named(point) if isinstance(point, dict) else point for point in points]
    try:
        table = np.array(rows, np.float64)
    except (ValueError, TypeError, OverflowError):
        table = np.empty(0)
    if table.ndim != 2 or not 2 <= table.shape[1] <= 4:
        raise StrokeError(f"Points of 2 to 4 numbers (x, y, t, pressure) were expected, received {_glimpse(points)}.")
    whole = np.full((len(table), 4), np.nan)
    whole[:, : table.shape[1]] = table
    return whole


def _named(point: dict[str, Any]) -> list[Any]:
    time = point.get("t", point.get("time", np.nan))
    return [point.get("x"), point.get("y"), time, point.get("pressure", point.get("p", np.nan))]


def _glimpse(received: Any) -> str:
    return repr(received)[:60]


def _normalise(strokes: list[NDArray[np.float64]], timed: bool) -> Drawing:
    strokes = [stroke for stroke in strokes if len(stroke)]
    if not strokes:
        raise StrokeError("A drawing of at least one point was expected, and this one has no stroke.")
    _limit(sum(map(len, strokes)), len(strokes))
    points = np.concatenate(strokes)
    if not (np.abs(points[:, :2]) <= MAX_COORDINATE).all() or np.isinf(points).any():
        raise StrokeError(f"Finite coordinates up to {MAX_COORDINATE:g} were expected. Scale the drawing down.")
    if (np.abs(points[:, 2]) > MAX_TIME).any():  # missing times are NaN, and compare as False
        raise StrokeError(f"Times up to {MAX_TIME:g} were expected. Start them at 0.")
    first = np.cumsum([0, *(len(stroke) for stroke in strokes[:-1])])
    points[:, 2] = _times(points[:, 2], first, timed)
    points[:, 3] = _pressures(points[:, 3])
    return Drawing(tuple(np.split(points.astype(np.float32), first[1:])))


def _times(times: NDArray[np.float64], first: NDArray[np.intp], timed: bool) -> NDArray[np.float64]:
    steps = np.diff(times, prepend=times[0])
    if np.isnan(steps).any():
        steps = np.full(len(times), SAMPLE_SECONDS)
        steps[first], steps[0] = LIFT_SECONDS, 0.0
    elif not timed:
        within = np.delete(steps, first)
        steps /= 1000 if np.median(np.abs(within if within.size else steps)) >= 0.5 else 1
    return np.cumsum(np.maximum(steps, 0.0))


def _pressures(pressures: NDArray[np.float64]) -> NDArray[np.float64]:
    missing = np.isnan(pressures)
    greatest = 1.0 if missing.all() else max(1.0, float(np.nanmax(pressures)))
    return np.where(missing, PLAIN_PRESSURE, np.clip(pressures / greatest, 0.0, 1.0))
