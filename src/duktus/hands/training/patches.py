"""The part of a recipe that says how patches of lines are cut to train on."""

from dataclasses import dataclass

from duktus.imaging.frames.strip import PatchFrame

SPLITS = ("page", "line")
"""What stands on one side of a split: a page with all its lines, or each line by itself."""


@dataclass(frozen=True)
class PatchSettings:
    """How patches are cut from images of lines, and how the images are divided.

    Attributes:
        height: pixels to which an image of a line is brought; 0 leaves it as it was scanned, a hand's size with it.
        side: pixels of a patch at that height.
        size: pixels to which a patch is brought.
        count: patches cut of each image for training; an epoch shows ``data.pool_share`` of them.
        asked: patches cut of each image to choose by and to measure on.
        ink: share of the mean ink of an image's patches that a patch must have; 0 takes all.
        split: "page" or "line" (``SPLITS``); by line, lines of one page stand on both sides, as published recipes do.
        test: share of the images that is measured on.
    """

    height: int = 113
    side: int = 113
    size: int = 56
    count: int = 40
    asked: int = 20
    ink: float = 0.5
    split: str = "page"
    test: float = 0.2

    def frame(self, *, raw: bool) -> PatchFrame:
        """Return what the card carries: how the network sees a line, its ink or, raw, the page in grey."""
        return PatchFrame(self.height, self.side, self.size, self.ink, raw)


def patch_faults(settings: PatchSettings) -> tuple[tuple[bool, str], ...]:
    """Return what may be wrong with the settings, and whether it is."""
    return (
        (settings.height < 0 or min(settings.side, settings.size) < 8, "patches.side and size: at least 8 pixels"),
        (min(settings.count, settings.asked) < 1, "patches.count and asked: at least 1"),
        (not 0 <= settings.ink <= 1, "patches.ink: from 0 to 1"),
        (settings.split not in SPLITS, f"patches.split: {' or '.join(SPLITS)}"),
        (not 0 < settings.test < 1, "patches.test: between 0 and 1"),
    )
