"""Light, lens, sensor and scanner: from what a sheet reflects to the 8-bit picture that a person has of it."""

from dataclasses import dataclass

import cv2
import numpy as np

from duktus.pen.sheet import RGB, Field
from duktus.types import Page


@dataclass(frozen=True)
class Light:
    """How unevenly a sheet is lit; every figure is the share of the light that is lost where least arrives.

    ``fall`` is lost from one side to the other along ``angle`` (radians), ``lamp`` from the lamp's spot outwards,
    ``vignette`` from the middle to the corners, ``shadow`` within a shadow whose edge is ``softness`` pictures wide.
    """

    fall: float = 0.0
    angle: float = 0.0
    lamp: float = 0.0
    vignette: float = 0.0
    shadow: float = 0.0
    softness: float = 0.1


@dataclass(frozen=True)
class Camera:
    """A lens and a sensor. Lengths in pixels of the picture.

    ``defocus`` is the standard deviation of the blur, ``motion`` the length of the shake along ``shake`` (radians).
    ``shot`` and ``read`` are the noise's standard deviations at full light and in the dark: Foi et al., "Practical
    Poissonian-Gaussian noise modeling and fitting for single-image raw-data", IEEE TIP 2008. ``resolution`` below 1
    is a digital zoom. ``balance`` are the gains of red, green and blue, ``gamma`` the exponent of the tone curve,
    ``black`` and ``white`` the values that dark and light come to; ``jpeg`` is the quality of the file, 0 for none.
    """

    defocus: float = 0.0
    motion: float = 0.0
    shake: float = 0.0
    resolution: float = 1.0
    shot: float = 0.0
    read: float = 0.0
    exposure: float = 1.0
    balance: RGB = (1.0, 1.0, 1.0)
    gamma: float = 1 / 2.2
    black: float = 0.0
    white: float = 1.0
    jpeg: int = 0


@dataclass(frozen=True)
class Scanner:
    """A scanner that knows black and white alone.

    ``level`` between paper (0) and ink (1) parts the two, ``ragged`` is the deviation of that level from pixel to
    pixel, ``specks`` the share of the pixels that turn over.
    """

    level: float = 0.5
    ragged: float = 0.05
    specks: float = 0.0


def illuminate(shape: tuple[int, int], light: Light, rng: np.random.Generator) -> Field:
    """The light on a sheet, (h, w), 1 where it is brightest."""
    y = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    along = x * np.float32(np.cos(light.angle)) + y * np.float32(np.sin(light.angle))
    lit = 1 - np.float32(light.fall / 2) * (1 + along / np.float32(1.42))
    if light.lamp:
        u, v = rng.uniform(-1, 1, 2).astype(np.float32)
        lit *= 1 / (1 + np.float32(light.lamp / (1 - light.lamp) / 4) * ((x - u) ** 2 + (y - v) ** 2))
    if light.vignette:
        lit *= 1 - np.float32(light.vignette / 2) * (x * x + y * y)
    if light.shadow:
        lit *= 1 - np.float32(light.shadow) * _shadow(x, y, light.softness, rng)
    return np.asarray(lit, np.float32)


def _shadow(x: Field, y: Field, softness: float, rng: np.random.Generator) -> Field:
    """The shadow of a hand or a telephone: one side of a large circle's rim, 1 in the dark."""
    turn, radius = rng.uniform(0, 2 * np.pi), rng.uniform(1, 6)
    edge = rng.uniform(-0.8, 0.8)
    u, v = np.float32((radius + edge) * np.cos(turn)), np.float32((radius + edge) * np.sin(turn))
    depth = np.float32(radius) - np.sqrt((x - u) ** 2 + (y - v) ** 2)
    return np.asarray(np.clip(0.5 + depth / np.float32(2 * softness + 0.02), 0, 1), np.float32)


def expose(page: Field, camera: Camera, rng: np.random.Generator) -> Page:
    """Photograph a sheet: blur, noise that grows with the light, tone curve, 8 bits, JPEG.

    Args:
        page: linear light, (h, w) or (h, w, 3).
        camera: the lens, sensor and file.
        rng: where the noise comes from.

    Returns:
        The picture, uint8, of the same shape.
    """
    seen = _through_lens(page, camera) * np.float32(camera.exposure)
    if camera.shot or camera.read:
        spread = np.sqrt(np.float32(camera.shot**2) * np.maximum(seen, 0) + np.float32(camera.read**2))
        seen = seen + spread * rng.standard_normal(seen.shape, np.float32)
    if page.ndim > 2 and camera.balance != (1.0, 1.0, 1.0):
        seen = seen * np.array(camera.balance, np.float32)
    toned = np.asarray(cv2.pow(np.clip(seen, 0, 1), camera.gamma), np.float32)
    spread_out = np.float32(255 * (camera.white - camera.black)) * toned + np.float32(255 * camera.black + 0.5)
    picture = np.clip(spread_out, 0, 255).astype(np.uint8)
    return compress(picture, camera.jpeg) if camera.jpeg else picture


def _through_lens(page: Field, camera: Camera) -> Field:
    """Defocus, shake and too few pixels."""
    if camera.resolution < 1:
        h, w = page.shape[:2]
        few = (max(4, round(w * camera.resolution)), max(4, round(h * camera.resolution)))
        page = np.asarray(cv2.resize(page, few, interpolation=cv2.INTER_AREA), np.float32)
        page = np.asarray(cv2.resize(page, (w, h), interpolation=cv2.INTER_LINEAR), np.float32)
    if camera.motion > 1:
        page = np.asarray(cv2.filter2D(page, -1, _shaken(camera)), np.float32)
    if camera.defocus > 0.2:
        page = np.asarray(cv2.GaussianBlur(page, (0, 0), camera.defocus), np.float32)
    return page


def _shaken(camera: Camera) -> Field:
    """The kernel of a straight shake: its weights sum to 1."""
    reach = int(np.ceil(camera.motion / 2))
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
    step = camera.motion / 2 * np.array([np.cos(camera.shake), np.sin(camera.shake)])
    ends = np.rint((np.array([reach - step, reach + step])) * 16).astype(np.int32)
    cv2.polylines(kernel, [ends], False, 1.0, 1, cv2.LINE_8, 4)
    return np.asarray(kernel / kernel.sum(), np.float32)


def compress(picture: Page, quality: int) -> Page:
    """Store a picture as JPEG of a quality from 1 to 100 and read it back."""
    coloured = picture.ndim > 2
    ordered = picture[:, :, ::-1] if coloured else picture  # OpenCV's colours begin with blue
    _, data = cv2.imencode(".jpg", ordered, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB if coloured else cv2.IMREAD_GRAYSCALE), np.uint8)


def binarise(picture: Page, scanner: Scanner, rng: np.random.Generator) -> Page:
    """Part a grey picture of dark ink on light paper into 0 and 255, between its darkest and its lightest value."""
    dark, light = np.percentile(picture, (1, 90))
    level = dark + (light - dark) * (1 - scanner.level)
    noise = rng.standard_normal(picture.shape, np.float32) * np.float32(scanner.ragged * (light - dark))
    black = picture + noise < level
    if scanner.specks:
        black ^= rng.random(picture.shape, np.float32) < scanner.specks
    return np.where(black, np.uint8(0), np.uint8(255))
