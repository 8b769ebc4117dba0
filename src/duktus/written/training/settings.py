"""The recipe of a page segmenter: what its pages are composed of, and how its network is built."""

from dataclasses import dataclass, field

from duktus.imaging.ink.darkness import DarknessSettings
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.settings import NetworkRecipe
from duktus.learning.task import Faults
from duktus.written.scale import TARGET

DEEPEST = 32
"""A network of five levels halves its input so often that both sides must be multiples of this."""


@dataclass(frozen=True)
class PoolSettings:
    """What a network learns from and is measured on.

    Attributes:
        transcribed: squares of each transcribed page.
        share: of a batch that transcribed squares are; the others are composed, each once.
        side: of a square, in pixels.
        crop: side of the part of a square that a step sees, in pixels.
        views: parts of one square, each varied anew, in a batch: composing takes longer than a step.
        steps: batches an epoch.
        validation: squares, composed of the same writers and typefaces, that choose among the epochs.
        measured: pages composed of writers and typefaces that train nothing.
        page: their size (h, w), in pixels.
        fonts: folders of typefaces; those of the machine if there are none.
    """

    transcribed: int = 10
    share: float = 0.3
    side: int = 320
    crop: int = 256
    views: int = 2
    steps: int = 250
    validation: int = 192
    measured: int = 200
    page: tuple[int, ...] = (960, 720)
    fonts: tuple[str, ...] = ()


@dataclass(frozen=True)
class UNetSettings:
    """The network: channels of each level, from half the page's size down, each half as large; blocks at each."""

    channels: tuple[int, ...] = (16, 32, 64, 96, 128)
    blocks: tuple[int, ...] = (0, 1, 2, 4, 3)


@dataclass(frozen=True)
class SegmenterRecipe(NetworkRecipe):
    """A training of a page segmenter, whole."""

    ink: InkSettings = field(default_factory=InkSettings)
    darkness: DarknessSettings = field(default_factory=DarknessSettings)
    pool: PoolSettings = field(default_factory=PoolSettings)
    unet: UNetSettings = field(default_factory=UNetSettings)


def segmenter_faults(recipe: SegmenterRecipe) -> Faults:
    """Return what may be wrong with a page segmenter's recipe, and whether it is."""
    pool, unet, darkness = recipe.pool, recipe.unet, recipe.darkness
    levels = len(unet.channels)
    return (
        (bool(recipe.network.layers), "no network.layers: a page segmenter's network is laid out by [unet]"),
        (not levels or min(unet.channels) < 1, "unet.channels: integers of at least 1"),
        (levels != DEEPEST.bit_length() - 1, f"unet.channels: {DEEPEST.bit_length() - 1} levels"),
        (len(unet.blocks) != levels or min(unet.blocks) < 0, "unet.blocks: as many as unet.channels, at least 0 each"),
        (bool(unet.blocks) and unet.blocks[0] != 0, "unet.blocks: 0 at the first level, which is one convolution"),
        (pool.crop < DEEPEST or pool.crop % DEEPEST != 0, f"pool.crop: a multiple of {DEEPEST}"),
        (pool.side < pool.crop, "pool.side: at least pool.crop"),
        (min(pool.steps, pool.validation, pool.views) < 1, "pool.steps, validation and views: at least 1"),
        (min(pool.transcribed, pool.measured) < 0, "pool.transcribed and measured: at least 0"),
        (not 0 <= pool.share <= 1, "pool.share: from 0 to 1"),
        (len(pool.page) != 2 or min(pool.page) < 2 * TARGET, "pool.page: a height and a width in pixels"),
        (min(darkness.reduced, darkness.window) < 1, "darkness.reduced and darkness.window: at least 1"),
        (not 0 < darkness.faint < darkness.most, "darkness.faint: above 0 and below darkness.most"),
        (not 0 < darkness.full <= 100 or darkness.least <= 0, "darkness.full: a percentile; darkness.least: above 0"),
    )
