"""Light, lens, sensor and scanner."""

import numpy as np
import pytest

from duktus.pen.camera import Camera, Light, Scanner, binarise, compress, expose, illuminate


def test_even_light_is_one() -> None:
    """Light without any fall is 1 everywhere."""
    assert np.all(illuminate((9, 7), Light(), np.random.default_rng(0)) == 1)


@pytest.mark.parametrize("light", [Light(fall=0.6), Light(lamp=0.5), Light(vignette=0.4), Light(shadow=0.5)])
def test_light_is_lost_as_told(light: Light) -> None:
    """No more light is lost than the light's figure says, and some is."""
    most = light.fall + light.lamp + light.vignette + light.shadow
    for seed in range(10):
        lit = illuminate((40, 30), light, np.random.default_rng(seed))
        assert lit.max() <= 1.0001
        assert lit.min() >= 1 - most - 0.2
    assert lit.min() < 1


def test_fall_goes_along_its_angle() -> None:
    """Light that falls off to the right is least at the right edge."""
    lit = illuminate((20, 20), Light(fall=0.6, angle=0), np.random.default_rng(0))
    assert np.all(np.diff(lit[10]) < 0)
    assert np.allclose(np.diff(lit[:, 10]), 0)


def test_noise_grows_with_light() -> None:
    """Shot noise is stronger where more light falls; without noise a flat page stays flat."""
    camera = Camera(shot=0.05, gamma=1.0)
    dark, light = (
        expose(np.full((64, 64), level, np.float32), camera, np.random.default_rng(0)).std() for level in (0.1, 0.8)
    )
    assert light / dark == pytest.approx(np.sqrt(8), rel=0.15)
    assert expose(np.full((8, 8), 0.4, np.float32), Camera(), np.random.default_rng(0)).std() == 0


@pytest.mark.parametrize("camera", [Camera(defocus=2), Camera(motion=7), Camera(resolution=0.3)])
@pytest.mark.parametrize("shape", [(40, 40), (40, 40, 3)])
def test_lenses_soften(camera: Camera, shape: tuple[int, ...]) -> None:
    """Defocus, shake and too few pixels soften an edge and keep the mean."""
    page = np.zeros(shape, np.float32)
    page[:, 21:] = 1
    blurred = expose(page, camera, np.random.default_rng(0)).astype(float)
    assert blurred.shape == shape
    assert np.abs(np.diff(blurred, axis=1)).max() < 200
    assert np.abs(np.diff(expose(page, Camera(), np.random.default_rng(0)).astype(float), axis=1)).max() == 255


def test_white_balance_tints() -> None:
    """A warm balance makes a grey page redder than blue."""
    page = np.full((4, 4, 3), 0.4, np.float32)
    red, _, blue = expose(page, Camera(balance=(1.1, 1.0, 0.9)), np.random.default_rng(0))[0, 0]
    assert red > blue


def test_jpeg_keeps_colours_in_order() -> None:
    """A red page is still red after JPEG, and a page of noise has changed."""
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 200
    stored = compress(red, 90)
    assert stored[..., 0].min() > 180
    assert stored[..., 1:].max() < 20
    noise = np.random.default_rng(0).integers(0, 256, (16, 16), np.uint8)
    assert not np.array_equal(compress(noise, 30), noise)


def test_binarise_finds_the_ink() -> None:
    """A scanner parts dark from light at the level told, and turns over as many specks as told."""
    page = np.full((60, 60), 200, np.uint8)
    page[20:40, 20:40] = 90
    clean = binarise(page, Scanner(0.5, 0), np.random.default_rng(0))
    assert np.array_equal(clean == 0, page == 90)
    specked = binarise(page, Scanner(0.5, 0, 0.02), np.random.default_rng(0))
    assert float((specked != clean).mean()) == pytest.approx(0.02, abs=0.01)
