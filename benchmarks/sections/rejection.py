"""What is no digit: 99 % of noise, blanks and scribbles refused where 99 % of the MNIST test digits are accepted."""

import functools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.degrade import to_png
from benchmarks.peer import load_peer, peer_probabilities
from benchmarks.pictures import HIGH, WIDE, flat, half, no_writing, noise, pen_letter
from benchmarks.published_digits import to_tensor
from benchmarks.reading import Source, Views, glyph_scores, mnist_test, view, workers
from benchmarks.results import Outcome, Row, Target, share
from benchmarks.setting import Setting
from benchmarks.table import figure
from duktus.datasets.omniglot import zipped_drawings
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.glyphs.reading.reader import UNCALIBRATED
from duktus.glyphs.training.out_of_alphabet import read_lookalikes
from duktus.models.confidence import fit_threshold, judge
from duktus.models.file import find_model, open_model_file, save_model
from duktus.pen.negatives import NEGATIVE_KINDS

N, N_OTHERS = 1000, 300
"""Pictures of each kind that the target names, and of each that is there to learn from: noise takes long to read."""

ACCEPT = 0.99
SURE = 0.9
"""The confidence over which the published network counts as having called something a digit."""

NOISE, BLANK, SCRIBBLES, LETTERS = "noise", "blank paper", "scribbles", "Omniglot characters that are no digit's twin"
TARGETS = {NOISE: 0.99, BLANK: 0.99, SCRIBBLES: 0.99, LETTERS: 0.9}
"""The shares to refuse of each group that the project's target names."""

KINDS = {"uniform": NOISE, "gaussian": NOISE, "speckled": NOISE, "blank": BLANK, "scribble": SCRIBBLES}
"""The pen's pictures without writing that belong to such a group."""

TOLD = ", told that it shows one character"

NOTE = (
    "The threshold is the one at which 99 % of the MNIST test images are accepted as glyphs ({threshold:.4f}). A "
    "picture is refused where none of its readings is accepted; `read` may find many characters in one picture, unless "
    "it is told that there is one. The peer counts as refusing where its confidence is at most {sure}; the notes below "
    "say what it refuses at its own threshold that accepts 99 % of MNIST test ({own:.4f}). Noise, paper, scribbles and "
    "letters are simulated, with seeds that training never used; Omniglot's are the characters of the evaluation "
    "alphabets less those in `recipes/omniglot-twins.csv`."
)


@dataclass(frozen=True)
class Foreign:
    """A set of pictures that show no digit, and the group of the target that it belongs to, if any."""

    name: str
    sources: list[Source]
    group: str = ""


@dataclass(frozen=True)
class Refused:
    """How many of ``n`` pictures are refused: by ours, by ours when told, by the peer, by the peer at its threshold."""

    counts: tuple[int, int, int, int]
    n: int

    def __add__(self, other: "Refused") -> "Refused":
        """Return the counts of both sets."""
        a, b = self.counts, other.counts
        return Refused((a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]), self.n + other.n)


def run(setting: Setting) -> Outcome:
    """Measure the share refused of each kind of picture that shows no digit."""
    images, labels = mnist_test(setting)
    network = load_peer(setting)
    own = float(np.quantile(peer_probabilities(network, to_tensor(images)[..., 0]).max(axis=1), 1 - ACCEPT))
    found: dict[str, Refused] = {}
    groups: dict[str, Refused] = {}
    with tempfile.TemporaryDirectory() as folder, workers(setting.workers) as executor:
        model, threshold = _with_threshold(setting, images, Path(folder))
        digits = view(executor, model, [to_png(image) for image in images], ("auto", "one"))
        for foreign in _foreign(setting, images, labels):
            views = view(executor, model, foreign.sources, ("auto", "one"))
            found[foreign.name] = _count(views, peer_probabilities(network, views.stretched), own)
            if foreign.group:
                groups[foreign.group] = groups.get(foreign.group, Refused((0, 0, 0, 0), 0)) + found[foreign.name]
            setting.report(f"{foreign.name}: {found[foreign.name].counts} of {found[foreign.name].n}")
    rows = [row for name in TARGETS for row in _rows(f"refused: {name}", groups[name], TARGETS[name])]
    rows += _accepted(digits)
    rows += [row for name, refused in found.items() for row in _rows(f"refused: {name}", refused)]
    note = NOTE.format(threshold=threshold, sure=SURE, own=own)
    counts = {name: {"refused": refused.counts, "n": refused.n} for name, refused in found.items()}
    return Outcome(tuple(rows), (note,), {"threshold": threshold, "published threshold": own, "counts": counts})


def _with_threshold(setting: Setting, images: NDArray[np.uint8], folder: Path) -> tuple[str, float]:
    """Return a copy of the model whose threshold accepts the wanted share of the test images, and that threshold."""
    session = open_model_file(setting.model)
    card = session.card
    calibration = card.calibration or UNCALIBRATED
    rank = judge(glyph_scores(session, images), len(card.labels), calibration.temperature).rank
    threshold = fit_threshold(rank, ACCEPT)
    path = folder / "model.onnx"
    changed = replace(calibration, threshold=threshold, accept=ACCEPT, split="mnist test")
    save_model(find_model(setting.model), replace(card, calibration=changed), path)
    return str(path), threshold


def _foreign(setting: Setting, images: NDArray[np.uint8], labels: list[str]) -> Iterator[Foreign]:
    """Yield each set; its pictures are made where they are read."""
    many, some = range(setting.count(N)), range(setting.count(N_OTHERS))
    for kind in ("uniform", "gaussian"):
        yield Foreign(f"{kind} noise of 28 × 28", [functools.partial(noise, kind, i) for i in many], NOISE)
    yield Foreign("a page of one grey", [functools.partial(flat, i) for i in many], BLANK)
    for kind in NEGATIVE_KINDS:
        group = KINDS.get(kind, "")
        sources: list[Source] = [functools.partial(no_writing, kind, i) for i in (many if group else some)]
        yield Foreign(f"the pen's {kind!r}", sources, group)
    yield Foreign("letters that look like no digit, by the pen", [functools.partial(pen_letter, i) for i in many])
    cut = [i for i, label in enumerate(labels) if label in WIDE or label in HIGH][: len(many)]
    yield Foreign("halves of MNIST test digits", [functools.partial(half, images[i], labels[i], i) for i in cut])
    yield Foreign("Omniglot, evaluation alphabets", _omniglot(setting), LETTERS)


def _omniglot(setting: Setting) -> list[Source]:
    twins = read_lookalikes(setting.root / "recipes" / "omniglot-twins.csv")
    archive = find_data("omniglot") / "images_evaluation.zip"
    pages = [item.page for item in zipped_drawings(archive) if (item.alphabet, item.character) not in twins]
    return [to_png(pages[i]) for i in choose_evenly(len(pages), setting.limit)]


def _count(views: Views, probabilities: NDArray[np.float32], own: float) -> Refused:
    confidence = probabilities.max(axis=1, initial=0)
    auto, told = (sum(answer.refused for answer in views.answers[layout]) for layout in ("auto", "one"))
    return Refused((auto, told, int((confidence <= SURE).sum()), int((confidence < own).sum())), len(confidence))


def _rows(what: str, refused: Refused, bound: float | None = None) -> list[Row]:
    """Return the row as `read` finds characters and the one where it is told; a group's stand in the first table."""
    auto, told, theirs, at_own = (share(count, refused.n) for count in refused.counts)
    target = Target(bound) if bound else None
    note = f"the published network refuses {figure(at_own, 'share')} at its own threshold" if bound else ""
    return [
        Row(what, "share", auto, theirs, target=target, headline=bound is not None, note=note),
        Row(what + TOLD, "share", told, theirs, target=target, headline=bound is not None),
    ]


def _accepted(digits: Views) -> list[Row]:
    """Return how many of the digits themselves the same readers accept."""
    names = {"auto": "MNIST test digits accepted", "one": "MNIST test digits accepted" + TOLD}
    accepted = {layout: [answer.accepted for answer in digits.answers[layout]] for layout in names}
    return [Row(name, "share", share(sum(accepted[layout]), len(accepted[layout]))) for layout, name in names.items()]
