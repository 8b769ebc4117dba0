"""The recipe of a line-transcriber."""

from dataclasses import dataclass, field

from duktus.imaging.frames.line import LineFrame
from duktus.imaging.ink.extraction import InkSettings
from duktus.learning.settings import NetworkRecipe


@dataclass(frozen=True)
class TranscriberRecipe(NetworkRecipe):
    """A training of a line-transcriber, whole."""

    labels: tuple[str, ...] = ()
    ink: InkSettings = field(default_factory=InkSettings)
    line: LineFrame = field(default_factory=LineFrame)
