"""What a model says of itself, and its JSON: one canonical text."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Literal, TypeAlias

from duktus.imaging.frames.contours import ContourSettings
from duktus.imaging.frames.glyph import GlyphFrame
from duktus.imaging.frames.line import MOST_VIEWS, LineFrame
from duktus.imaging.frames.strip import PatchFrame
from duktus.imaging.ink.darkness import DarknessSettings
from duktus.imaging.ink.extraction import InkSettings
from duktus.models.likelihood import Likelihood
from duktus.models.migrations import FORMAT as FORMAT  # noqa: PLC0414  # of a card, which others import from here
from duktus.models.migrations import migrate
from duktus.models.ranges import check_ranges
from duktus.models.sample import Sample as Sample  # noqa: PLC0414  # a part of the card, which others import from here
from duktus.models.sample import Tensor as Tensor  # noqa: PLC0414  # likewise
from duktus.models.schema import decode
from duktus.models.transcription import LineCalibration
from duktus.types import ModelError
from duktus.types.text import visible

LABELLED = ("-classifier", "-transcriber")
"""Ends of the names of tasks whose outputs are scores of the labels."""

_TASK = re.compile(r"[a-z]+(-[a-z]+)+")
"""A task's name: what is seen and what is made of it, as in ``glyph-classifier``."""

Numbers: TypeAlias = Literal["float32", "int8"]
"""What the layers of a network compute with; its input and output are float32 either way."""


@dataclass(frozen=True)
class Preprocessing:
    """Every parameter between a page and the network's input; all but ``ink`` are None where the task has none."""

    ink: InkSettings
    glyph: GlyphFrame | None
    contours: ContourSettings | None = None
    patches: PatchFrame | None = None
    darkness: DarknessSettings | None = None
    line: LineFrame | None = None


@dataclass(frozen=True)
class Calibration:
    """How logits become probabilities, and which probability is enough.

    ``temperature`` divides the logits (Guo et al. 2017); ``threshold`` is the least probability that is accepted;
    ``accept`` is the share in [0, 1] of characters that the threshold accepts on ``split``, None if not recorded.

    Of a hand classifier the logits are votes (``hands/identification/votes.py``), which first are multiplied by the
    amount of writing, in lines, to the power of ``growth``; ``threshold`` is the least agreement of its patches, and
    ``n`` pages were voted on, None if not recorded.
    """

    temperature: float
    threshold: float
    accept: float | None
    split: str
    growth: float = 0.0
    n: int | None = None

    def __post_init__(self) -> None:
        """Raises ModelError where a value is out of its range."""
        check_ranges(self, "calibration")


@dataclass(frozen=True)
class Spread:
    """How an encoder's vectors scatter, number by number.

    ``middle`` is the mean of all letters' places, ``within`` the variance of vectors about their letter's place, and
    ``between`` that of those places about the middle. ``offset`` is added to the score of every taught letter, by which
    as many of them are taken for one of those that were taught as is wanted.
    """

    middle: tuple[float, ...]
    within: tuple[float, ...]
    between: tuple[float, ...]
    offset: float = 0.0

    def __post_init__(self) -> None:
        """Raises ModelError where the numbers cannot be variances of one vector."""
        lengths = [len(self.middle), len(self.within), len(self.between)]
        if len(set(lengths)) > 1 or not lengths[0]:
            expected = "as many means as variances of either kind, and some"
            raise ModelError(f"field spread: expected {expected}, received {', '.join(map(str, lengths))}")
        if not min(*self.within, *self.between) > 0:
            least = min(*self.within, *self.between)
            raise ModelError(f"field spread: expected variances above 0, received {least}")


@dataclass(frozen=True)
class Training:
    """How the network came about: the recipe's TOML text, seed, library versions, wall-clock seconds, epochs."""

    recipe: str
    seed: int
    versions: dict[str, str]
    seconds: float
    epochs: int


@dataclass(frozen=True)
class DataSource:
    """One set of data that the network was made from: its SHA-256, licence, number of examples and split."""

    name: str
    fingerprint: str
    licence: str
    n: int
    split: str


@dataclass(frozen=True)
class Metric:
    """One figure with its 95 % interval ``low`` to ``high``, measured on ``n`` examples of ``split``."""

    name: str
    value: float
    low: float
    high: float
    n: int
    split: str


@dataclass(frozen=True)
class Card:
    """What a model says of itself.

    ``task`` names what is seen and what is made of it: classifiers and transcribers answer with scores of ``labels``,
    encoders with vectors, others as their readers know. ``labels`` are in the order of the network's outputs; with
    ``other`` one more output, the last, stands for "none of the labels". ``limits`` are sentences on what the model is
    not for, ``attribution`` credits that its licences ask for, ``created`` an ISO date. ``spread`` is that of a
    glyph-encoder's vectors, ``likelihood`` turns the likeness of a hand-encoder's into likelihood ratios; None for
    other tasks. ``transcription`` is how a line-transcriber's probabilities are calibrated. ``numbers`` are what the
    network computes with. ``alike`` are groups of labels that one shape may show, such as c and C: a classifier is as
    sure of a glyph as it is of its group.

    Raises:
        ModelError: naming a field that contradicts another or is out of range.
    """

    name: str
    task: str
    labels: tuple[str, ...]
    other: bool
    preprocessing: Preprocessing
    calibration: Calibration | None
    training: Training
    data: tuple[DataSource, ...]
    metrics: tuple[Metric, ...]
    limits: tuple[str, ...]
    sample: Sample
    created: str
    attribution: tuple[str, ...]
    spread: Spread | None = None
    likelihood: Likelihood | None = None
    transcription: LineCalibration | None = None
    numbers: Numbers = "float32"
    alike: tuple[tuple[str, ...], ...] = ()
    format: int = FORMAT

    def __post_init__(self) -> None:
        """Raises ModelError where the fields contradict each other, or a number is out of its range."""
        check_ranges(self.preprocessing, "preprocessing")
        if self.format != FORMAT:
            raise ModelError(f"field format: expected {FORMAT}, received {self.format}")
        if not _TASK.fullmatch(self.task):
            raise ModelError(f"field task: expected a name such as glyph-classifier, received {self.task!r}")
        if self.task.startswith("glyph-") and self.preprocessing.glyph is None:
            raise ModelError(f"field preprocessing.glyph: expected a frame for a {self.task}, received null")
        if self.preprocessing.patches is not None and self.task != "hand-classifier":
            raise ModelError(f"field preprocessing.patches: expected null for a {self.task}, received a frame")
        if self.task == "page-segmenter" and self.preprocessing.darkness is None:
            raise ModelError("field preprocessing.darkness: expected settings for a page-segmenter, received null")
        if self.task == "line-transcriber" and self.preprocessing.line is None:
            raise ModelError("field preprocessing.line: expected a frame for a line-transcriber, received null")
        if self.preprocessing.line is not None and len(self.preprocessing.line.views) > MOST_VIEWS:
            raise ModelError(f"field preprocessing.line.views: expected at most {MOST_VIEWS}, received more")
        if not self.labels and self.task.endswith(LABELLED):
            raise ModelError(f"field labels: expected at least one for a {self.task}, received none")
        if self.spread is not None and not self.task.endswith("-encoder"):
            raise ModelError(f"field spread: expected null for a {self.task}, received the spread of vectors")
        grouped = [label for group in self.alike for label in group]
        if len(set(grouped)) != len(grouped) or not set(self.labels) >= set(grouped):
            raise ModelError("field alike: expected groups of labels, each label in one group at most")
        if len(set(self.labels)) != len(self.labels):
            raise ModelError("field labels: expected every label once, received one twice")
        try:
            date.fromisoformat(self.created)
        except ValueError as error:
            raise ModelError(f"field created: expected a date such as 2026-01-31, received {self.created!r}") from error

    @property
    def outputs(self) -> int | None:
        """The length of the network's last axis; None for tasks without scores, such as an encoder's vectors."""
        if not self.task.endswith(LABELLED):
            return None
        blank = self.task == "line-transcriber"  # connectionist temporal classification has a blank beside the labels
        return len(self.labels) + self.other + blank

    def to_json(self) -> str:
        """The card as canonical JSON: keys sorted, no spaces, labels readable; always encodable as UTF-8."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8", "backslashreplace").decode()  # a lone surrogate becomes JSON's own \udc80

    def describe(self) -> str:
        """The card for people: a line or more a heading, in the order in which one asks about a model."""
        return "\n".join(f"{heading:<13} {visible(text)}" for heading, texts in _sections(self) for text in texts)

    @classmethod
    def from_json(cls, text: str) -> "Card":
        """Reads a card of this format or an older one.

        Raises:
            ModelError: for text that is not JSON, a format that is newer than this version knows, or a field that
                is unknown, missing or of a wrong type.
        """
        try:
            content = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelError(f"the card is not valid JSON ({error}); fetch or export the model again") from error
        card: Card = decode(cls, migrate(content), "")
        return card


def _sections(card: Card) -> Iterator[tuple[str, list[str]]]:
    training, scale = card.training, card.calibration
    versions = ", ".join(f"{name} {version}" for name, version in sorted(training.versions.items()))
    yield "name", [card.name]
    yield "task", [card.task]
    yield "labels", [f"{len(card.labels)}: {_shorten(card.labels)}" + (", or none of them" if card.other else "")]
    yield "alike", [_shorten(tuple("".join(group) for group in card.alike))] if card.alike else []
    yield "input", [" x ".join(map(str, card.sample.input.shape[1:]))]
    yield "numbers", [card.numbers]
    yield "ink", [_list_fields(card.preprocessing.ink)]
    yield "glyph", [_list_fields(card.preprocessing.glyph)] if card.preprocessing.glyph else []
    yield "patches", [_list_fields(card.preprocessing.patches)] if card.preprocessing.patches else []
    yield "contours", [_list_fields(card.preprocessing.contours)] if card.preprocessing.contours else []
    yield "darkness", [_list_fields(card.preprocessing.darkness)] if card.preprocessing.darkness else []
    yield "line", [_list_fields(card.preprocessing.line)] if card.preprocessing.line else []
    yield "transcription", [_list_fields(card.transcription)] if card.transcription else []
    yield "likelihood", [_list_fields(card.likelihood)] if card.likelihood else []
    yield "calibration", [_describe_calibration(scale) if scale else "none"]
    yield "metrics", [f"{m.name} {m.value:.4g} [{m.low:.4g}, {m.high:.4g}], {m.split}, n = {m.n}" for m in card.metrics]
    yield "data", [f"{d.name}, {d.split}, n = {d.n}, {d.licence}, sha256 {d.fingerprint}" for d in card.data]
    yield "limits", list(card.limits)
    yield "attribution", list(card.attribution)
    yield "training", [f"{card.created}, {training.epochs} epochs in {training.seconds:.0f} s, seed {training.seed}"]
    yield "versions", [versions or "not recorded"]
    yield "recipe", training.recipe.splitlines()


def _describe_calibration(scale: Calibration) -> str:
    accepted = "" if scale.accept is None else f", accepts {scale.accept:.2%}"
    grown = f", growth {scale.growth:.2g}" if scale.growth else ""
    return f"temperature {scale.temperature:.4g}{grown}, threshold {scale.threshold:.4g}{accepted} ({scale.split})"


def _list_fields(
    settings: InkSettings
    | GlyphFrame
    | PatchFrame
    | ContourSettings
    | DarknessSettings
    | LineFrame
    | LineCalibration
    | Likelihood,
) -> str:
    return ", ".join(f"{name} {value}" for name, value in asdict(settings).items())


def _shorten(labels: tuple[str, ...], most: int = 40) -> str:
    shown = (label if label.isprintable() and label.strip() else repr(label) for label in labels[:most])
    return " ".join(shown) + (" …" if len(labels) > most else "")
