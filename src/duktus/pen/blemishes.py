"""What else is on people's pages: stamps, stains, holes, staples, folds, edges, guilloches and halftones.

Each function returns a layer, (h, w) in [0, 1].
"""

import cv2
import numpy as np

from duktus.pen.quick import Nib, Track, draw_paths, smooth_path
from duktus.pen.sheet import Field, clouds
from duktus.pen.typeset import Face, lay_print, set_line
from duktus.types import Ink


def draw_stamp(shape: tuple[int, int], faces: list[Face], words: list[str], rng: np.random.Generator) -> Ink:
    """A rubber stamp: a ring or a frame with print in and along it, at any angle, its ink uneven."""
    reach = float(rng.uniform(25, 75))
    side = int(2 * reach + 8)
    small = np.zeros((side, side), np.float32)
    face = faces[int(rng.integers(len(faces)))]
    _stamp_outline(small, reach, rng)
    for number in range(int(rng.integers(1, 4))):
        text = " ".join(rng.choice(words, int(rng.integers(1, 3))))
        line = set_line(text.upper() if rng.random() < 0.6 else text, face, int(rng.uniform(9, max(10.0, reach / 3))))
        line = line[:, : int(1.7 * reach)]
        lay_print(small, line, side / 2 - line.shape[1] / 2, side / 2 + (number - 1) * reach * 0.45)
    turn = cv2.getRotationMatrix2D((side / 2, side / 2), float(rng.uniform(-40, 40)), 1.0)
    turn[:, 2] += rng.uniform(-0.2, 0.9, 2) * np.array(shape[::-1])
    laid = np.asarray(cv2.warpAffine(small, turn, shape[::-1], flags=cv2.INTER_LINEAR), np.float32)
    blotches = 1 - float(rng.uniform(0, 0.7)) * np.clip(clouds(shape, float(rng.uniform(6, 40)), rng), 0, 1)
    return np.asarray(laid * blotches.clip(0, 1), np.float32)


def _stamp_outline(small: Ink, reach: float, rng: np.random.Generator) -> None:
    middle, width = small.shape[0] // 2, int(rng.integers(1, 5))
    if rng.random() < 0.55:
        for radius in [reach, reach * float(rng.uniform(0.6, 0.9))][: int(rng.integers(1, 3))]:
            axes = (int(radius), int(radius * (1 if rng.random() < 0.7 else rng.uniform(0.5, 0.9))))
            cv2.ellipse(small, (middle, middle), axes, 0, 0, 360, 1.0, width, cv2.LINE_AA)
        _ring_text(small, reach, rng)
        return
    half = (int(reach), int(reach * rng.uniform(0.3, 0.7)))
    corners = ((middle - half[0], middle - half[1]), (middle + half[0], middle + half[1]))
    cv2.rectangle(small, *corners, 1.0, width, cv2.LINE_AA)


def _ring_text(small: Ink, reach: float, rng: np.random.Generator) -> None:
    """Short bars along a ring, as letters of 6 pixels are after a scan."""
    middle = small.shape[0] / 2
    for angle in np.arange(0, 2 * np.pi * rng.uniform(0.4, 1), rng.uniform(0.12, 0.3)):
        way = np.array((np.cos(angle), np.sin(angle)))
        start, end = middle + way * reach * 0.72, middle + way * reach * rng.uniform(0.8, 0.9)
        side = np.array((-way[1], way[0])) * reach * rng.uniform(-0.06, 0.06)
        cv2.line(small, np.rint(start).astype(int).tolist(), np.rint(end + side).astype(int).tolist(), 1.0, 1)


def draw_stains(shape: tuple[int, int], rng: np.random.Generator) -> Field:
    """Blots and rings of a liquid, with soft or dark edges."""
    field = clouds(shape, float(rng.uniform(20, 120)), rng) + 0.4 * clouds(shape, float(rng.uniform(6, 30)), rng)
    level = float(np.quantile(field, rng.uniform(0.85, 0.99)))
    soft = float(rng.uniform(0.03, 0.5))
    stain = np.clip((field - level) / soft, 0, 1)
    if rng.random() < 0.4:
        stain = stain * (1 - 0.8 * np.clip((field - level - soft) / soft, 0, 1))
    return np.asarray(stain, np.float32)


def draw_specks(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """Dust: dots of one to some pixels anywhere."""
    sheet = np.zeros(shape, np.float32)
    count = int(np.exp(rng.uniform(np.log(3), np.log(400))))
    places = rng.uniform(0, 1, (count, 2)) * (shape[1], shape[0])
    radii = rng.exponential(float(rng.uniform(0.3, 1.2)), count) + 0.4
    for (x, y), radius in zip(places, np.minimum(radii, 4), strict=True):
        cv2.circle(sheet, (round(x * 8), round(y * 8)), max(4, round(radius * 8)), 1.0, -1, cv2.LINE_AA, 3)
    return sheet


def draw_hole(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """A punched hole with what lies behind it, or its rim alone, or a staple."""
    sheet = np.zeros(shape, np.float32)
    x, y = (rng.uniform(0, 1, 2) * (shape[1], shape[0])).astype(int).tolist()
    if rng.random() < 0.25:
        way = rng.uniform(10, 30) * np.array((np.cos(a := rng.uniform(0, 6.3)), np.sin(a)))
        cv2.line(sheet, (x, y), (round(x + way[0]), round(y + way[1])), 1.0, int(rng.integers(2, 5)), cv2.LINE_AA)
        return sheet
    radius = int(rng.uniform(8, 30))
    filled = rng.random() < 0.5
    cv2.circle(
        sheet, (x, y), radius, float(rng.uniform(0.4, 1)), -1 if filled else int(rng.integers(1, 4)), cv2.LINE_AA
    )
    return sheet


def draw_edge(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """What lies beyond the sheet on one or two sides: a scanner's lid, a table, the gutter of a book."""
    sheet = np.zeros(shape, np.float32)
    h, w = shape
    for side in rng.permutation(4)[: int(rng.integers(1, 3))]:
        depth = rng.uniform(1, 0.18 * w, 2)
        wavy = np.linspace(depth[0], depth[1], 40) + np.cumsum(rng.normal(0, rng.choice([0.05, 0.6]), 40))
        along = np.linspace(-5, w + 5, 40)
        outline = np.concatenate((np.stack((along, wavy), 1), ((w + 5, -9), (-5, -9))))
        layer = np.zeros(shape, np.float32)
        cv2.fillPoly(layer, [np.rint(outline * 8).astype(np.int32)], 1.0, cv2.LINE_AA, 3)
        turned = np.rot90(layer, int(side))
        np.maximum(sheet, cv2.resize(np.ascontiguousarray(turned), (w, h)), out=sheet)
    if rng.random() < 0.4:
        sheet = np.asarray(cv2.GaussianBlur(sheet, (0, 0), float(rng.uniform(1, 12))), np.float32)
    return sheet


def draw_guilloche(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """Security print: bundles of fine lines that swing together, a rosette, or rays of dots."""
    kind, paths = rng.random(), []
    count = int(rng.integers(8, 40))
    if kind < 0.65:
        along = np.linspace(-20, shape[1] + 20, 90)
        gap, swing = rng.uniform(3, 14), rng.uniform(4, 40, 2)
        phase, turns = rng.uniform(0, 6.3, 2), 2 * np.pi / rng.uniform(40, 320, 2)
        drift = rng.uniform(-0.15, 0.15)
        for number in range(count):
            wave = swing[0] * np.sin(along * turns[0] + phase[0] + number * drift) + swing[1] * np.sin(
                along * turns[1] + phase[1] - number * drift
            )
            paths.append(np.stack((along, wave + number * gap + rng.uniform(0, 1e-3)), 1).astype(np.float32))
        shift = np.float32((0, rng.uniform(-0.2, 0.8) * shape[0]))
        paths = [path + shift for path in paths]
    else:
        paths = _rosette(shape, count, rng)
    return draw_paths(shape, paths, Nib(float(rng.uniform(0.5, 1.6)), pressing=0.0), rng)


def _rosette(shape: tuple[int, int], count: int, rng: np.random.Generator) -> list[Track]:
    turn = np.linspace(0, 2 * np.pi, 160)
    middle = rng.uniform(0, 1, 2) * (shape[1], shape[0])
    lobes, reach = int(rng.integers(3, 12)), float(rng.uniform(30, 150))
    paths = []
    for number in range(count):
        radius = reach * (0.65 + 0.3 * np.sin(lobes * turn + number * 2 * np.pi / count))
        points = np.stack((np.cos(turn), np.sin(turn)), 1) * radius[:, None] + middle
        paths.append(points.astype(np.float32))
    return paths


def draw_halftone(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """A printed picture: a rectangle of tones, rendered as they are or by a screen of dots."""
    tones = 0.5 + 0.25 * clouds(shape, 60, rng) + 0.2 * clouds(shape, 12, rng)
    h, w = shape
    box = np.zeros(shape, np.float32)
    x, y = (rng.uniform(-0.1, 0.7, 2) * (w, h)).astype(int)
    box[max(0, y) : y + int(rng.uniform(0.2, 0.6) * h), max(0, x) : x + int(rng.uniform(0.2, 0.6) * w)] = 1
    if rng.random() < 0.6:
        u, v = np.meshgrid(np.arange(w), np.arange(h))
        turn, pitch = rng.uniform(0, np.pi / 2), rng.uniform(3, 9)
        first, second = u * np.cos(turn) + v * np.sin(turn), v * np.cos(turn) - u * np.sin(turn)
        screen = 0.5 + 0.25 * (np.cos(2 * np.pi * first / pitch) + np.cos(2 * np.pi * second / pitch))
        tones = np.clip((tones - screen) * 4 + 0.5, 0, 1)
    return np.asarray(box * tones.clip(0, 1), np.float32)


def draw_lines_of_light(shape: tuple[int, int], rng: np.random.Generator) -> Ink:
    """Folds and the streaks of a scanner: thin straight lines of any length, faint and soft, some crumpled."""
    h, w = shape
    paths = []
    for _ in range(int(rng.integers(1, 4))):
        start = rng.uniform(-0.1, 1.1, 2) * (w, h)
        angle = rng.choice([0, np.pi / 2]) + rng.normal(0, 0.05) if rng.random() < 0.7 else rng.uniform(0, np.pi)
        way = np.array((np.cos(angle), np.sin(angle))) * (w + h)
        steps = np.linspace(-1, 1, 30)[:, None]
        path = start + steps * way + rng.normal(0, rng.choice([0.0, 1.0]), (30, 2))
        paths.append(smooth_path(path.astype(np.float32)))
    return draw_paths(shape, paths, Nib(float(rng.uniform(0.7, 4)), pressing=0.1), rng)
