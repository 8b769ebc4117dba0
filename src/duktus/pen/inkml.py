"""InkML, the Ink Markup Language of the W3C (version 1.0, 2011), to and from plain arrays.

Read are traces in any nesting, with or without a namespace, their channels X, Y, T and F in any order and unit, their
formats wherever they are declared, continued traces, and the difference notation. Movements above the paper
(``type="penUp"``) are left out. Mappings, canvas transforms and brushes are not followed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from duktus.types import StrokeError

NAMESPACE = "http://www.w3.org/2003/InkML"
ID = "{http://www.w3.org/XML/1998/namespace}id"
MILLIMETRES = {"m": 1000.0, "cm": 10.0, "mm": 1.0, "in": 25.4, "pt": 25.4 / 72, "pc": 25.4 / 6, "himetric": 0.01}
SECONDS = {"s": 1.0, "ms": 0.001}
MAX_CHANNELS = 64
"""Tablets have up to a dozen: position, time, force, tilt, rotation, buttons."""
VALUE = re.compile(r"([!'\"]?)\s*(#[0-9A-Fa-f]{1,8}|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[*?TF])")


@dataclass(frozen=True)
class Channel:
    """One number of each point: its name, its factor to millimetres, seconds or [0, 1], its zero, its unit."""

    name: str
    factor: float = 1.0
    zero: float = 0.0
    unit: str = ""


CHANNELS = (Channel("X"), Channel("Y"))
"""What a trace holds where no format is declared."""


def parse_inkml(text: str, max_points: int) -> tuple[list[NDArray[np.float64]], bool]:
    """Read the traces of an InkML document.

    Args:
        text: The document. One with a document type is refused, for entities can grow without bound.
        max_points: How many points are read at most.

    Returns:
        The strokes, (n, 4) each: x, y, t and pressure, NaN where the document has no such channel; and whether the
        document says the unit of its times, which then are seconds.

    Raises:
        StrokeError: If the text is not InkML, or a trace is malformed.
    """
    root = _root(text)
    if sum((trace.text or "").count(",") + 1 for trace in _find(root, "trace")) > max_points:
        raise StrokeError(f"A drawing may have up to {max_points} points, and this one has more. Split it.")
    formats = {element.get(ID, ""): element for element in root.iter() if element.get(ID)}
    default = _channels(root, formats) or CHANNELS
    contexts: dict[str, tuple[Channel, ...]] = {}  # looked up once each: a document may name one in every trace
    strokes: list[list[NDArray[np.float64]]] = []  # of each the traces that continue it
    timed = False
    for trace in _find(root, "trace"):
        if trace.get("type", "penDown") == "penUp" or not (trace.text or "").strip():
            continue
        name = trace.get("contextRef", "").removeprefix("#")
        if name not in contexts:
            contexts[name] = (_channels(formats[name], formats) if name in formats else ()) or default
        channels = contexts[name]
        timed = timed or any(channel.name == "T" and channel.unit in SECONDS for channel in channels)
        points = _points(trace.text or "", channels)
        if trace.get("continuation") in {"middle", "end"} and strokes:
            strokes[-1].append(points)
        else:
            strokes.append([points])
    return [np.concatenate(parts) for parts in strokes], timed


def format_inkml(strokes: Iterable[NDArray[np.float32]]) -> str:
    """Write strokes, (n, 4) each, as an InkML document: millimetres, seconds, force from 0 to 1."""
    lines = [
        f'<?xml version="1.0" encoding="UTF-8"?>\n<ink xmlns="{NAMESPACE}">',
        '<traceFormat><channel name="X" type="decimal" units="mm"/><channel name="Y" type="decimal" units="mm"/>'
        '<channel name="T" type="decimal" units="s"/><channel name="F" type="decimal" min="0" max="1"/></traceFormat>',
    ]
    for stroke in strokes:
        points = ", ".join(" ".join(f"{value:.9g}" for value in point) for point in stroke.tolist())
        lines.append(f"<trace>{points}</trace>")
    return "\n".join((*lines, "</ink>\n"))


def _root(text: str) -> ElementTree.Element:
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise StrokeError("InkML without a document type was expected; this one declares one. Remove <!DOCTYPE …>.")
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise StrokeError(f"An InkML document was expected, but the XML is broken: {error}.") from None
    if _local(root) != "ink":
        raise StrokeError(f"An InkML document with the root <ink> was expected, received <{_local(root)}>.")
    return root


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _find(element: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (child for child in element.iter() if _local(child) == name)


def _channels(element: ElementTree.Element, formats: dict[str, ElementTree.Element]) -> tuple[Channel, ...]:
    """The channels of the first format in an element, or of the format that it refers to; empty without either."""
    referred = formats.get(element.get("traceFormatRef", "").removeprefix("#"))
    declared = next(_find(element if referred is None else referred, "traceFormat"), None)
    channels = () if declared is None else tuple(map(_channel, islice(_find(declared, "channel"), MAX_CHANNELS + 1)))
    if len(channels) > MAX_CHANNELS:
        raise StrokeError(f"Traces of up to {MAX_CHANNELS} channels were expected, received more. Leave some out.")
    return channels


def _channel(element: ElementTree.Element) -> Channel:
    name, unit = element.get("name", ""), element.get("units", "")
    if name in {"X", "Y"}:
        return Channel(name, MILLIMETRES.get(unit, 1.0))
    if name == "T" and unit:
        return Channel(name, SECONDS.get(unit, 1.0), unit=unit)
    try:
        low, high = float(element.get("min", "0")), float(element.get("max", "nan"))
    except ValueError:
        return Channel(name)
    return Channel(name, 1 / (high - low), low) if name == "F" and high > low else Channel(name)


def _points(text: str, channels: tuple[Channel, ...]) -> NDArray[np.float64]:
    names = [channel.name for channel in channels]
    if "X" not in names or "Y" not in names:
        raise StrokeError(f"Traces with the channels X and Y were expected, received {' '.join(names)}.")
    table = _table(text, len(channels))
    points = np.full((len(table), 4), np.nan)
    for column, name in enumerate("XYTF"):
        if name in names:
            channel = channels[names.index(name)]
            points[:, column] = (table[:, names.index(name)] - channel.zero) * channel.factor
    return points


def _table(text: str, width: int) -> NDArray[np.float64]:
    """The values of a trace in the notation of explicit values, differences and differences of differences."""
    modes, last, step = ["!"] * width, [0.0] * width, [0.0] * width
    rows: list[tuple[float, ...]] = []
    for point in text.strip().strip(",").split(","):
        values = [match.groups() for match in islice(VALUE.finditer(point), width + 1)]
        if VALUE.sub("", point).strip() or not 0 < len(values) <= width:
            raise StrokeError(f"A trace's point of {width} values was expected, received {point.strip()[:40]!r}.")
        for channel, (prefix, value) in enumerate(values):
            modes[channel] = prefix or modes[channel]
            before = last[channel]
            last[channel] = _next(value, modes[channel], before, step[channel])
            step[channel] = last[channel] - before if rows else 0.0
        rows.append(tuple(last))
    return np.array(rows)


def _next(value: str, mode: str, last: float, step: float) -> float:
    if value in "*?":
        return last
    if value in "TF":
        return float(value == "T")
    number = float(int(value[1:], 16)) if value.startswith("#") else float(value)
    return number + {"!": 0.0, "'": last, '"': last + step}[mode]
