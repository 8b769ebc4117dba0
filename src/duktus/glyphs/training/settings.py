"""The recipes of glyph classifiers and glyph encoders: their tables, and what may be wrong with them."""

from dataclasses import dataclass, field

from duktus.glyphs.training.pools import OTHERS, PoolSettings
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.learning.classification import FrameDataSettings, FrameRecipe, frame_faults
from duktus.learning.settings import NetworkSettings
from duktus.learning.task import Faults
from duktus.models.confidence import Alike, alike_columns

FOLDER = "folder"
"""The source of recipes whose images lie where the caller says."""


@dataclass(frozen=True)
class GlyphDataSettings(FrameDataSettings):
    """What glyphs are trained on.

    Attributes:
        within: place below the data set's folder, such as one alphabet of an archive.
        names: table (CSV), beside the recipe, with the columns label and name: what the data's labels mean.
        held: share of labelled images that is held out, by group: one half calibrates, the other measures. The labels
            are then those of the data. 0 for sets with a test part of their own.
        unlike: synthetic negatives, drawings turned and mirrored until they look like none of the labels, as a share of
            those trained on.
        turns: degrees by which copies of the images trained on are turned, their edges continued.
        twins: table, beside the recipe, of Omniglot's characters that look like one of the labels.
        without: alphabets of Omniglot that the network never sees; an encoder is measured on them.
        quarter_turns: drawings turned by 90, 180 and 270 degrees are further characters (Santoro et al. 2016).
        group_by: what the group of an image is read off, where none is known: "" for nothing, "number" for the number
            behind its label (``ᚠ_07.png``), which may be its drawer's.
    """

    within: str = ""
    names: str = ""
    held: float = 0.0
    unlike: float = 0.0
    turns: tuple[float, ...] = ()
    twins: str = ""
    without: tuple[str, ...] = ()
    quarter_turns: bool = False
    group_by: str = ""


@dataclass(frozen=True)
class GlyphNetworkSettings(NetworkSettings):
    """The network of glyphs.

    Attributes:
        vector: numbers of an encoder's vectors.
        start: glyph encoder whose layers, weights, ink and frame a classifier starts from, in the place of ``layers``
            and ``[glyph]``: a shipped model's name, or the path of a model file.
    """

    vector: int = 128
    start: str = ""


@dataclass(frozen=True)
class GlyphRecipe(FrameRecipe):
    """A training on glyphs, whole.

    An encoder's labels are those of its data; those of a classifier that holds out a share of its data, too.

    Attributes:
        alike: groups of labels that one shape may show, such as c and C.
    """

    data: GlyphDataSettings = field(default_factory=GlyphDataSettings)
    glyph: GlyphFrame = field(default_factory=GlyphFrame)
    pools: PoolSettings = field(default_factory=PoolSettings)
    network: GlyphNetworkSettings = field(default_factory=GlyphNetworkSettings)
    alike: tuple[tuple[str, ...], ...] = ()

    @property
    def alike_columns(self) -> Alike:
        """The groups, by the places of their labels."""
        return alike_columns(self.labels, self.alike)

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of a glyph."""
        return self.glyph.height, self.glyph.width


def classifier_faults(recipe: GlyphRecipe) -> Faults:
    """Return what may be wrong with a classifier's recipe, and whether it is."""
    data, network, named = recipe.data, recipe.network, recipe.labels
    of_labelled = bool(data.unlike or data.turns or data.names)
    return (
        (_mixed(recipe), "alike: groups of labels, each label in one group at most"),
        (not data.held and (len(set(named)) != len(named) or len(named) < 2), "labels: at least two, none twice"),
        (data.held > 0 and bool(named), "no labels beside data.held: they are those of the data"),
        (bool(data.without or data.quarter_turns), "data.without and quarter_turns in encoders alone"),
        (not 0 <= data.held < 1, "data.held: from 0 up to but not 1"),
        (not data.held and of_labelled, "data.held above 0 beside data.unlike, turns or names"),
        (data.refit and not data.held, "data.refit beside data.held above 0"),
        (data.held > 0 and any(vars(recipe.pools).values()), "no pools beside data.held"),
        (not 0 <= data.unlike <= 3, "data.unlike: from 0 to 3"),
        (data.unlike > 0 and not (recipe.other and network.start), "other and network.start beside data.unlike"),
        (bool(data.turns) and not data.raw, "data.raw beside data.turns; [augment] turns ink"),
        (not network.layers and not network.start, "network.layers: at least one layer, or network.start"),
        (bool(network.start and network.layers), "network.layers or network.start, not both"),
        (
            bool(network.start) and (data.raw or recipe.glyph != GlyphFrame()),
            "network.start in classifiers of ink, without [glyph]: the frame is the encoder's",
        ),
        *_glyph_faults(recipe),
    )


def encoder_faults(recipe: GlyphRecipe) -> Faults:
    """Return what may be wrong with an encoder's recipe, and whether it is."""
    data = recipe.data
    of_classifier = bool(data.held or data.refit or data.unlike or data.turns or data.names)
    return (
        (bool(recipe.alike), "alike in classifiers alone"),
        (bool(recipe.labels), "no labels: an encoder's are those of its data"),
        (of_classifier, "data.held, refit, unlike, turns and names in classifiers alone"),
        (bool(recipe.network.start), "network.start in classifiers alone"),
        (not recipe.network.layers, "network.layers: at least one layer"),
        *_glyph_faults(recipe),
    )


def _mixed(recipe: GlyphRecipe) -> bool:
    """Return whether a label of a group is none, or stands in two."""
    grouped = [label for group in recipe.alike for label in group]
    return len(set(grouped)) != len(grouped) or not set(recipe.labels) >= set(grouped)


def _glyph_faults(recipe: GlyphRecipe) -> Faults:
    """Return what may be wrong with the frame, the pools and what all recipes of frames have, and whether it is."""
    frame, pools = recipe.glyph, recipe.pools
    negatives = sum(getattr(pools, kind) for kind in (*OTHERS, "omniglot"))
    return (
        *frame_faults(recipe),
        (recipe.data.group_by not in ("", "number"), 'data.group_by: "" or "number"'),
        (not 1 <= frame.box <= min(frame.height, frame.width), "glyph.box: from 1 to the frame's height and width"),
        (not 0 < frame.stroke_min <= frame.stroke_max, "glyph.stroke_min: above 0 and up to glyph.stroke_max"),
        (min(vars(pools).values()) < 0, "pools: no figure below 0"),
        (negatives > 0 and not recipe.other, "other = true, an output for the pools of what is none of the labels"),
    )
