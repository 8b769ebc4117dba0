"""Sheets: their tone, their grain and what is printed on them."""

import numpy as np
import pytest

from duktus.pen.sheet import PATTERNS, Print, Sheet, clouds, cover, lay_sheet, stain


@pytest.mark.parametrize("bands", [1, 3])
def test_tone_is_kept(bands: int) -> None:
    """A sheet's mean reflectance is its tone, in colour and, as luminance, in grey."""
    sheet = lay_sheet(Sheet((0.6, 0.4, 0.2), 0.02, 0.02), (80, 60), 40, bands, np.random.default_rng(0))
    assert sheet.shape == ((80, 60, 3) if bands == 3 else (80, 60))
    expected = (0.6, 0.4, 0.2) if bands == 3 else 0.2126 * 0.6 + 0.7152 * 0.4 + 0.0722 * 0.2
    assert sheet.mean((0, 1)) == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("pattern", PATTERNS)
@pytest.mark.parametrize("shape", [(8, 8), (34, 60), (120, 90)])
def test_prints_darken(pattern: str, shape: tuple[int, int]) -> None:
    """Whatever is printed takes light away, never more than its density allows, and never adds any."""
    layer = Print(pattern, 1.0, pitch=0.25)
    for seed in range(8):
        sheet = lay_sheet(Sheet((1.0, 1.0, 1.0), 0, 0, 0, (layer,)), shape, 30, 1, np.random.default_rng(seed))
        assert sheet.max() <= 1.0001
        assert sheet.min() >= np.exp(-1.01)


@pytest.mark.parametrize("pattern", ["ruled", "squared", "waves", "rosette", "dots", "flat", "chevrons"])
def test_prints_are_seen(pattern: str) -> None:
    """A pattern covers a part of the sheet and leaves a part bare."""
    layer = Print(pattern, 1.0, pitch=0.3)
    sheet = lay_sheet(Sheet((1.0, 1.0, 1.0), 0, 0, 0, (layer,)), (90, 90), 30, 1, np.random.default_rng(1))
    assert sheet.min() < 0.6
    assert sheet.max() > 0.8


def test_fibres_are_few_and_dark() -> None:
    """Fibres darken a small part of the sheet."""
    sheet = lay_sheet(Sheet((0.8, 0.8, 0.8), 0, 0, 20), (100, 100), 40, 1, np.random.default_rng(0))
    share = float((sheet < 0.79).mean())
    assert 0.005 < share < 0.3


def test_stain_multiplies() -> None:
    """Two thin layers take as much light as one of their summed density."""
    page, mask = np.full((4, 4, 3), 0.8, np.float32), np.full((4, 4), 0.5, np.float32)
    twice = stain(stain(page, mask, 0.7, (0.1, 0.5, 1.0)), mask, 0.5, (0.1, 0.5, 1.0))
    assert np.allclose(twice, stain(page, mask, 1.2, (0.1, 0.5, 1.0)), atol=1e-6)
    assert np.allclose(twice[..., 2], 0.8)


def test_cover_hides() -> None:
    """A hiding layer shows its own colour, whatever lies below."""
    full = np.ones((2, 2), np.float32)
    dark, light = (cover(full * np.float32(ground), full, 1, (0.7, 0.7, 0.7)) for ground in (0, 1))
    assert np.allclose(dark, 0.7)
    assert np.allclose(light, 0.7)


def test_clouds_have_their_size() -> None:
    """Neighbours within a cloud are alike, and pixels far apart are not."""
    field = clouds((200, 200), 20, np.random.default_rng(0))
    near = np.corrcoef(field[:, :-2].ravel(), field[:, 2:].ravel())[0, 1]
    far = np.corrcoef(field[:, :-60].ravel(), field[:, 60:].ravel())[0, 1]
    assert near > 0.9
    assert abs(far) < 0.4
