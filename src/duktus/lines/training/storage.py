"""What lines are made of, in one file: recorded strokes, real strips, and typefaces. A training reads no more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.learning.checkpoint import load_arrays, save_arrays
from duktus.lines.training.feed import Drawn
from duktus.lines.training.transcribed import RealLine
from duktus.types import DataError
from duktus.written.training.strokes import Writer, as_piece

QUALITY = 45
"""Of the lossy WebP that strips are kept in: some 4 KB a line."""


@dataclass(frozen=True, eq=False)
class Stored:
    """What a file holds: writers of strokes, real lines, and the files of typefaces."""

    writers: list[Writer]
    lines: list[RealLine]
    faces: list[bytes]


def keep_stored(file: Path, writers: Sequence[Writer], lines: Sequence[RealLine], faces: Iterable[Path]) -> None:
    """Write it, whole or not at all. Raises DataError where the disk does not take it."""
    save_arrays(file, {**strokes_of(writers), **_strips(lines), **_faces(faces)}, packed=True)


def kept_stored(file: Path) -> Stored:
    """Return what a file holds. Raises DataError where it is broken or missing."""
    held = load_arrays(file)
    if held is None or not {"points", "strips", "faces"} <= set(held):
        raise DataError(f"{file}: expected the lines of a training, received none; delete its folder")
    cut = [bytes(part) for part in np.split(held["faces"], np.cumsum(held["face_sizes"])[:-1])]
    return Stored(writers_in(held), _lines(held), cut if len(held["face_sizes"]) else [])


def strokes_of(writers: Sequence[Writer]) -> dict[str, NDArray[Any]]:
    """Return recorded strokes as arrays, points in whole units."""
    points, ends, pieces = [np.zeros((0, 2), np.int16)], list[int](), list[int]()
    about = list[tuple[str, str, str]]()
    for writer in writers:
        for kind, written in writer.pieces.items():
            for piece in written:
                for path in piece.paths:
                    whole = np.rint(path).astype(np.int16)
                    points.append(np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int16)))
                    ends.append(len(path))
                    pieces.append(len(about))
                about.append((writer.name, kind, piece.label))
    return {
        "points": np.concatenate(points), "ends": np.array(ends, np.int32), "pieces": np.array(pieces, np.int32),
        "about": np.array(about, dtype=np.str_).reshape(-1, 3),
    }  # fmt: skip


def writers_in(held: Mapping[str, NDArray[Any]]) -> list[Writer]:
    """Return the writers that arrays of ``strokes_of`` hold."""
    paths: dict[int, list[NDArray[np.float32]]] = {}
    stops = np.cumsum(held["ends"])
    for first, last, piece in zip(stops - held["ends"], stops, held["pieces"].tolist(), strict=True):
        path = np.cumsum(held["points"][first:last], axis=0, dtype=np.int32).astype(np.float32)
        paths.setdefault(piece, []).append(path)
    writers: dict[str, Writer] = {}
    for number, (name, kind, label) in enumerate(held["about"].tolist()):
        piece = as_piece(paths.get(number, []), label, characters=kind not in ("words", "texts"))
        if piece is not None:
            writers.setdefault(name, Writer(name, {})).pieces.setdefault(kind, []).append(piece)
    return list(writers.values())


def _strips(lines: Sequence[RealLine]) -> dict[str, NDArray[Any]]:
    packed = [_pack(line.strip) for line in lines]
    return {
        "strips": np.concatenate([np.zeros(0, np.uint8), *packed]),
        "strip_sizes": np.array([len(each) for each in packed], np.int32),
        "said": np.array([(line.text, line.collection, line.group) for line in lines], np.str_).reshape(-1, 3),
    }


def _pack(strip: NDArray[np.uint8]) -> NDArray[np.uint8]:
    _, packed = cv2.imencode(".webp", strip, [cv2.IMWRITE_WEBP_QUALITY, QUALITY])
    return np.asarray(packed, np.uint8)


def _lines(held: dict[str, NDArray[Any]]) -> list[RealLine]:
    parts = np.split(held["strips"], np.cumsum(held["strip_sizes"])[:-1]) if len(held["strip_sizes"]) else []
    return [
        RealLine(np.asarray(cv2.imdecode(part, cv2.IMREAD_GRAYSCALE), np.uint8), *said)
        for part, said in zip(parts, held["said"].tolist(), strict=True)
    ]


def _faces(faces: Iterable[Path]) -> dict[str, NDArray[Any]]:
    contents = [np.frombuffer(face.read_bytes(), np.uint8) for face in faces]
    sizes = np.array([len(content) for content in contents], np.int32)
    return {"faces": np.concatenate([np.zeros(0, np.uint8), *contents]), "face_sizes": sizes}


def keep_drawn(file: Path, drawn: list[Drawn]) -> None:
    """Write strips with their outputs to a file, whole or not at all."""
    widths = np.array([each.strip.shape[1] for each in drawn], np.int32)
    counts = np.array([len(each.outputs) for each in drawn], np.int32)
    strips = np.concatenate([each.strip for each in drawn], axis=1)
    outputs = np.array([output for each in drawn for output in each.outputs], np.int32)
    save_arrays(file, {"strips": strips, "widths": widths, "outputs": outputs, "counts": counts}, packed=True)


def kept_drawn(file: Path) -> list[Drawn]:
    """Return the strips of a file. Raises DataError where it is broken or missing."""
    held = load_arrays(file)
    if held is None or set(held) != {"strips", "widths", "outputs", "counts"}:
        raise DataError(f"{file}: expected the lines of a training, received none; delete its folder")
    strips = np.split(held["strips"], np.cumsum(held["widths"])[:-1], axis=1)
    outputs: list[NDArray[np.int32]] = np.split(held["outputs"], np.cumsum(held["counts"])[:-1])
    return [Drawn(strip, tuple(each.tolist())) for strip, each in zip(strips, outputs, strict=True)]
