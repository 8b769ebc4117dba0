"""The settings of patches are checked, and become what the card carries."""

import pytest

from duktus.hands.training.patches import PatchSettings, patch_faults
from duktus.imaging.frames.strip import PatchFrame


@pytest.mark.parametrize(
    "settings",
    [PatchSettings(size=4), PatchSettings(count=0), PatchSettings(ink=1.5), PatchSettings(split="form")],
)
def test_settings_out_of_range_are_told(settings: PatchSettings) -> None:
    """One fault each, and none in the settings as they stand."""
    assert sum(wrong for wrong, _ in patch_faults(settings)) == 1
    assert not any(wrong for wrong, _ in patch_faults(PatchSettings()))


def test_the_card_carries_what_serving_needs() -> None:
    """Height, side, size, ink and whether the page is taken raw; how many are cut is training's own affair."""
    settings = PatchSettings(height=90, side=80, size=40, ink=0.25, count=7)
    assert settings.frame(raw=True) == PatchFrame(90, 80, 40, 0.25, True)
