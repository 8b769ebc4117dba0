"""The recipe of a line-transcriber: what its lines are made of, and how its network is built."""

from dataclasses import dataclass, field

from duktus.imaging.frames.line import MOST_VIEWS, LineFrame
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.settings import NetworkRecipe
from duktus.learning.task import Faults

KINDS = ("numbers", "lines", "own")
"""What a transcriber may be trained on: composed numbers; lines of sets; one's own lines."""


@dataclass(frozen=True)
class FeedSettings:
    """What a network learns from.

    Attributes:
        kind: one of ``KINDS``.
        pictures: drawings of digits that are taken from MNIST.
        batches: that are made at once, of strips of like width.
        columns: that the strips of a batch have together at most, so that long lines come a few at a time; 0 for any.
        versions: of each strip that are seen, varied anew.
        steps: batches an epoch.
        validation: lines that choose among the epochs.
        composed: share of composed lines; the others are real ones.
        held: share of one's own lines that is left out and measured on.
    """

    kind: str = "lines"
    pictures: int = 8000
    batches: int = 4
    columns: int = 0
    versions: int = 2
    steps: int = 200
    validation: int = 1000
    composed: float = 0.5
    held: float = 0.15


@dataclass(frozen=True)
class ColumnSettings:
    """The network: convolutions to a column a step, and blocks along the line.

    Attributes:
        stem: channels of the first convolution, 5 × 5 of stride 2.
        stages: channels of each further one, 3 × 3; the first halves both sides behind it, the others the height.
        residuals: further convolutions of each stage, each added to what it sees.
        width: channels of the columns.
        blocks: residual blocks along the line.
        reach: length of their depthwise convolutions, in steps.
        dropout: share of channels that are dropped in training before the scores.
        shortcut: weight of a second head on the columns alone, in training.
        folded: convolutions have a bias and no normalisation behind them, as those of a model to start from do.
    """

    stem: int = 24
    stages: tuple[int, ...] = (48, 80, 128)
    residuals: tuple[int, ...] = (0, 1, 1)
    width: int = 128
    blocks: int = 4
    reach: int = 7
    dropout: float = 0.1
    shortcut: float = 0.1
    folded: bool = False


@dataclass(frozen=True)
class TranscriberRecipe(NetworkRecipe):
    """A training of a line-transcriber, whole.

    Attributes:
        labels: characters; of one's own lines those of the model that it starts from, and new ones.
        start: transcriber whose layers, weights, ink and frame it starts from: a shipped model's name, or the path of a
            model file.
    """

    start: str = ""
    labels: tuple[str, ...] = ()
    ink: InkSettings = field(default_factory=InkSettings)
    line: LineFrame = field(default_factory=LineFrame)
    feed: FeedSettings = field(default_factory=FeedSettings)
    columns: ColumnSettings = field(default_factory=ColumnSettings)


def transcriber_faults(recipe: TranscriberRecipe) -> Faults:
    """Return what may be wrong with a line-transcriber's recipe, and whether it is."""
    feed, columns = recipe.feed, recipe.columns
    counts = (feed.batches, feed.versions, feed.steps, feed.validation)
    return (
        (bool(recipe.network.layers), "no network.layers: a transcriber's network is laid out by [columns]"),
        ((feed.kind == "own") != bool(recipe.start), 'start, in recipes of feed.kind "own" alone'),
        (feed.kind == "own" and bool(recipe.labels), "no labels beside start: they are its own and those of the data"),
        (not 0 <= feed.held < 1, "feed.held: from 0 up to but not 1"),
        (feed.kind not in KINDS, f"feed.kind: {' or '.join(KINDS)}"),
        (min(counts) < 1, "feed.batches, versions, steps and validation: at least 1"),
        (feed.pictures < 0 or feed.columns < 0, "feed.pictures and columns: at least 0"),
        (not 0 <= feed.composed <= 1, "feed.composed: from 0 to 1"),
        (len(columns.stages) != len(columns.residuals), "columns.residuals: as many as columns.stages"),
        (
            not columns.stages or min(columns.stem, columns.width, *columns.stages) < 1,
            "columns: channels of at least 1",
        ),
        (min(columns.blocks, *columns.residuals, 0) < 0, "columns.blocks and residuals: at least 0"),
        (columns.reach < 1, "columns.reach: at least 1"),
        (not 0 <= columns.dropout < 1 or columns.shortcut < 0, "columns.dropout: from 0 to 1; shortcut: at least 0"),
        (
            len(recipe.line.views) > MOST_VIEWS or any(not 0.25 <= share <= 4 for share in recipe.line.views),
            f"line.views: at most {MOST_VIEWS} widths of 0.25 to 4",
        ),
        (recipe.line.step != 4, "line.step: 4, since the network halves the width twice"),
        (recipe.line.height % (1 << len(columns.stages)) != 0, "line.height: a multiple of 2 for each stage"),
    )
