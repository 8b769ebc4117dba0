"""Pictures of ink: reproducible, of the kinds that were asked for, and with the ink still to be seen."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from duktus.pen.camera import Camera
from duktus.pen.framing import ink_box
from duktus.pen.paper import take
from duktus.pen.scene import Framing, Mark, Scene
from duktus.pen.scenes import SCENE_KINDS, sample_scene
from duktus.pen.sheet import Sheet
from duktus.types import Ink, Page


def ring(height: int = 96, width: int = 80) -> Ink:
    """A nought of clean ink."""
    canvas = np.zeros((height, width), np.uint8)
    cv2.ellipse(canvas, (width // 2, height // 2), (width // 4, height // 3), 0, 0, 360, 255, 7, cv2.LINE_AA)
    return canvas.astype(np.float32) / np.float32(255)


PLAIN = Scene(Framing(48), Mark(), Sheet(tooth=0, mottle=0))


def grey(page: Page) -> Page:
    """A page without its colours."""
    return page if page.ndim == 2 else np.asarray(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), np.uint8)


@pytest.mark.parametrize("kind", SCENE_KINDS)
def test_same_seed_same_bytes(kind: str) -> None:
    """A seed gives the same picture again, and another seed another one."""
    first, again, other = (take(ring(), sample_scene(rng, kind), rng) for rng in map(np.random.default_rng, (5, 5, 6)))
    assert first.tobytes() == again.tobytes()
    assert first.shape == again.shape
    assert first.tobytes() != other.tobytes()


@pytest.mark.parametrize("kind", SCENE_KINDS)
def test_every_scene_gives_a_page(kind: str) -> None:
    """Whatever the scene, what comes out is an 8-bit page of a sane size, grey or RGB."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        page = take(ring(), sample_scene(rng, kind), rng)
        assert page.dtype == np.uint8
        assert page.ndim == 2 or page.shape[2] == 3
        assert 6 <= min(page.shape[:2]) <= max(page.shape[:2]) <= 512
        assert page.flags.c_contiguous


@pytest.mark.parametrize("kind", SCENE_KINDS)
def test_ink_is_still_seen(kind: str) -> None:
    """In most pictures of a scene the ring is told from its ground by its grey alone."""
    contrasts = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        page = grey(take(ring(), sample_scene(rng, kind), rng)).astype(np.float32)
        flat = cv2.resize(page, (24, 24), interpolation=cv2.INTER_AREA)
        contrasts.append(float(np.ptp(flat)))
    assert np.median(contrasts) > 50


@pytest.mark.parametrize("kind", SCENE_KINDS)
@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (90, 60)])
def test_no_ink_at_all(kind: str, shape: tuple[int, int]) -> None:
    """An array without ink, of whatever shape, becomes a picture of the bare sheet."""
    rng = np.random.default_rng(2)
    page = take(np.zeros(shape, np.float32), sample_scene(rng, kind), rng)
    assert page.dtype == np.uint8
    assert page.size


def test_ink_comes_to_its_place() -> None:
    """The ink's box has the height of the framing and the margins about it."""
    page = take(ring(), replace(PLAIN, framing=Framing(50, (0.2, 0.4, 0.6, 0.8))), np.random.default_rng(0))
    box = ink_box(1 - page.astype(np.float32) / np.float32(page.max()))
    assert box.h == pytest.approx(50, abs=2)
    assert box.y == pytest.approx(10, abs=2)
    assert box.x == pytest.approx(40, abs=2)
    assert page.shape[0] - box.y - box.h == pytest.approx(30, abs=2)
    assert page.shape[1] - box.x - box.w == pytest.approx(20, abs=2)


def test_only_the_ink_counts() -> None:
    """Bare paper about the ink in the array changes nothing of the picture."""
    wide = np.pad(ring(), ((30, 5), (2, 60)))
    pages = [take(ink, PLAIN, np.random.default_rng(0)).astype(int) for ink in (ring(), wide)]
    assert pages[0].shape == pages[1].shape
    assert np.abs(pages[0] - pages[1]).mean() < 1


def test_inversion_is_exact() -> None:
    """An inverted scene gives the negative of the other one."""
    dark = take(ring(), PLAIN, np.random.default_rng(0))
    light = take(ring(), replace(PLAIN, inverted=True), np.random.default_rng(0))
    assert np.array_equal(light, 255 - dark)


def test_size_loses_the_aspect_unless_free() -> None:
    """A picture is stretched to a square where columns are named, and keeps its aspect where they are 0."""
    square, free = (take(ring(), replace(PLAIN, size=(16, columns)), np.random.default_rng(0)) for columns in (16, 0))
    assert square.shape == (16, 16)
    assert free.shape[0] == 16
    assert free.shape[1] < 16


def test_bilevel_leaves_two_values() -> None:
    """A scene in black and white has no greys, even after it was resized."""
    page = take(ring(), replace(PLAIN, size=(16, 16), bilevel=0.5), np.random.default_rng(0))
    assert len(np.unique(page)) == 2


def test_line_sets_the_stroke_width() -> None:
    """A mark with a line of its own has twice the ink where the line is twice as broad."""
    thin, broad = (
        float((take(ring(), replace(PLAIN, mark=Mark(line=line)), np.random.default_rng(0)) < 128).sum())
        for line in (0.05, 0.1)
    )
    assert broad / thin == pytest.approx(2, rel=0.3)


def test_spread_widens_and_thins() -> None:
    """Spread moves the edges of strokes outwards, below 0 inwards, and never makes them vanish."""
    thin, plain, broad = (
        int((take(ring(), replace(PLAIN, mark=Mark(spread=spread)), np.random.default_rng(0)) < 128).sum())
        for spread in (-0.5, 0, 0.03)
    )
    assert 0 < thin < plain < broad


def test_density_follows_beer_and_lambert() -> None:
    """Twice the ink squares the share of the light that is left."""
    linear = Camera(gamma=1.0)
    darkest = [
        float(
            take(ring(), replace(PLAIN, camera=linear, mark=Mark((0, 0, 0), density)), np.random.default_rng(0)).min()
        )
        / (255 * 0.86)
        for density in (0.6, 1.2)
    ]
    assert darkest[1] == pytest.approx(darkest[0] ** 2, abs=0.02)


def test_unknown_kind_names_the_known_ones() -> None:
    """A kind of scene that there is not is refused with the kinds that there are."""
    with pytest.raises(ValueError, match=r"photo.*received 'beach'"):
        sample_scene(np.random.default_rng(0), "beach")
