"""Small changes to bytes and to JSON, drawn at random."""

import copy
import json
import struct
import zlib
from typing import Any

import numpy as np

_ODD = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)

HOSTILE: tuple[Any, ...] = (
    None, True, [], {}, "", 0, -1, 1e308, -1.7e308, 1e-308, 2**31, 2**63, 10**30, "\x1b]52;c;aGk=\x07",
    "=1+1|cmd", "\u202egnp.exe", "\ud800", "x" * 5000, [[[[]]]], [0] * 100, {"x": {}},
)  # fmt: skip
"""Values that hardly any field expects."""


def mutate(data: bytes, rng: np.random.Generator, other: bytes = b"") -> bytes:
    """Change bytes in one to four places: bits, numbers, parts taken out, doubled, or taken from ``other``."""
    for _ in range(rng.integers(1, 5)):
        data = _change(data, rng, other)
    return _with_checksums(data) if data.startswith(b"\x89PNG") and rng.random() < 0.7 else data


def _change(data: bytes, rng: np.random.Generator, other: bytes) -> bytes:  # noqa: PLR0911  # a return a kind
    if not data:
        return bytes(rng.integers(0, 256, 8, np.uint8))
    place = int(min(rng.integers(len(data)), rng.integers(len(data))))  # headers stand in front
    length = int(2 ** rng.uniform(0, 8))
    match int(rng.integers(7)):
        case 0 | 1:
            return data[:place] + bytes([data[place] ^ 1 << int(rng.integers(8))]) + data[place + 1 :]
        case 2:
            form = str(rng.choice(["<H", ">H", "<I", ">I"]))
            value = _ODD[rng.integers(len(_ODD))] % 256 ** struct.calcsize(form)
            return data[:place] + struct.pack(form, value) + data[place + struct.calcsize(form) :]
        case 3:
            return data[:place]
        case 4:
            return data[:place] + data[place + length :]
        case 5:
            return data[: place + length] + data[place:]
        case _:
            start = int(rng.integers(max(1, len(other))))
            return data[:place] + other[start : start + length] + data[place + length :]


def _with_checksums(data: bytes) -> bytes:
    """A PNG whose chunks have their right checksums again, so that what is in them is looked at."""
    parts, place = [data[:8]], 8
    while place + 12 <= len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        body = data[place + 4 : place + 8 + length]
        parts.append(struct.pack(">I", length) + body + struct.pack(">I", zlib.crc32(body)))
        place += 12 + length
    return b"".join(parts) + data[place:]


def mutate_json(document: Any, rng: np.random.Generator) -> Any:
    """Put a hostile value in the place of one, anywhere in a JSON document, take it out, or rename its key."""
    document = copy.deepcopy(document)
    holder, key = document, None
    while isinstance(holder, (dict, list)) and holder:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = keys[rng.integers(len(keys))]
        below = holder[key]
        if not isinstance(below, (dict, list)) or not below or rng.random() < 0.15:
            break
        holder = below
    if key is None or not holder:
        return HOSTILE[rng.integers(len(HOSTILE))]
    if rng.random() < 0.1:
        del holder[key]
    else:
        holder[key] = HOSTILE[rng.integers(len(HOSTILE))]
    return document


def to_json(document: Any) -> bytes:
    """A document as bytes; numbers that JSON does not have are written as Python does."""
    return json.dumps(document).encode()
