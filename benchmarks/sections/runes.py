"""The first 24 runes of Omniglot's Futhorc, 12 drawers to train on and 6 others to test: 10 draws of the drawers.

The published recipe trains with and without its copies, for its 5 epochs and for 20; ``duktus train FOLDER`` beside it,
with no other word but the encoder that it starts from. Each is a process of its own, timed from start to end.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.letters import check_unseen
from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from benchmarks.timing import median, run_command
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.glyphs.evaluation.measure import measure_reader
from duktus.glyphs.reading.reader import open_model
from duktus.models.file import open_model_file
from duktus.reporting.intervals import mean_share

DRAWS = 10
ALPHABET = "Anglo-Saxon_Futhorc"
LETTERS, TRAINED, TESTED = 24, 12, 6
"""Runes, and drawers on either side, of 20."""

PUBLISHED = {
    "5 epochs, with copies": ("--epochs", "5", "--copies"),
    "5 epochs, without copies": ("--epochs", "5"),
    "20 epochs, with copies": ("--epochs", "20", "--copies"),
    "20 epochs, without copies": ("--epochs", "20"),
}
"""The published recipe's ways; the first is the peer."""

NOTE = (
    "Drawers are drawn anew for each of the draws, and nobody stands on both sides. The encoder that training starts "
    "from never saw these letters: {encoder}. Times are those of whole processes, the import of TensorFlow included; "
    "ours also exports the model, measures it on drawers that it holds out of the twelve, and writes its report. "
    "Figures are means over the draws, their intervals those of a mean; those of times run over medians."
)


@dataclass(frozen=True)
class Run:
    """One training: the share of the test drawings read right, and the seconds of the whole process."""

    accuracy: float
    seconds: float


def run(setting: Setting) -> Outcome:
    """Train both ways on each draw.

    Raises:
        DataError: the encoder saw the runes.
    """
    check_unseen(open_model_file(setting.encoder).card, [ALPHABET])
    images = load_labelled(find_data("omniglot") / "images_background.zip" / ALPHABET)
    runs: dict[str, list[Run]] = {"ours": [], **{name: [] for name in PUBLISHED}}
    for draw in range(setting.pairs or DRAWS):
        with tempfile.TemporaryDirectory() as folder:
            parts = write_draw(images, Path(folder), draw)
            for name, words in PUBLISHED.items():
                runs[name].append(train_published(parts, words, draw))
            runs["ours"].append(train_ours(parts, setting.encoder))
        told = ", ".join(
            f"{name} {100 * each[-1].accuracy:.1f} % in {each[-1].seconds:.0f} s" for name, each in runs.items()
        )
        setting.report(f"draw {draw + 1}: {told}")
    details = {name: [vars(one) for one in each] for name, each in runs.items()}
    return Outcome(tuple(_rows(runs)), (NOTE.format(encoder=Path(setting.encoder).name),), details)


def write_draw(images: LabelledImages, folder: Path, seed: int, trained: int = TRAINED) -> dict[str, Path]:
    """Write the drawings of one draw as LABEL_DRAWER.png, a table of their drawers beside; return both folders.

    Of fewer drawers to train on, ``trained``, the first are taken; those to test on stay the same.
    """
    drawers = sorted({str(group) for group in images.groups})
    order = np.random.default_rng(seed).permutation(len(drawers))
    sides = {"train": order[:trained], "test": order[TRAINED : TRAINED + TESTED]}
    known = set(images.classes[:LETTERS])
    for side, chosen in sides.items():
        (folder / side).mkdir()
        mine = {drawers[i] for i in chosen}
        lines = ["file,label,group"]
        for image, label, group in zip(images.images, images.labels, images.groups, strict=True):
            if label in known and group in mine and isinstance(image, bytes):
                name = f"{label[-2:]}_{str(group).rpartition('/')[2]}.png"
                (folder / side / name).write_bytes(image)
                lines.append(f"{name},{label[-2:]},{group}")
        (folder / side / "drawings.csv").write_text("\n".join(lines), encoding="utf-8")
    return {side: folder / side for side in sides}


def train_published(parts: Mapping[str, Path], words: tuple[str, ...], seed: int) -> Run:
    """Train the published recipe in a process of its own."""
    folders = (str(parts["train"]), str(parts["test"]))
    usage = run_command(["-m", "benchmarks.published_runes", *folders, *words, "--seed", str(seed)])
    return Run(float(json.loads(usage.output)["accuracy"]), usage.seconds)


def train_ours(parts: Mapping[str, Path], encoder: str) -> Run:
    """Train as ``duktus train FOLDER`` does, and measure the model that it wrote."""
    out = parts["train"].parent / "ours.onnx"
    start = json.dumps(encoder, ensure_ascii=False)
    table = str(parts["train"] / "drawings.csv")
    usage = run_command(["-m", "duktus", "train", table, "--out", str(out), "--set", f"network.start={start}"])
    measured = measure_reader(open_model(out), load_labelled(parts["test"] / "drawings.csv"))
    return Run(measured.evaluation.accuracy.value, usage.seconds)


def _rows(runs: Mapping[str, list[Run]]) -> Iterator[Row]:
    what = f"{LETTERS} runes, {TRAINED} drawers to train on, {TESTED} others"
    peer, *others = PUBLISHED
    ours, theirs = (mean_share([one.accuracy for one in runs[name]]) for name in ("ours", peer))
    claim = "Trained on twelve sheets of runes it reads {ours} of others' ({peer} by the published recipe)."
    yield Row(f"{what}: accuracy; peer {peer}", "share", ours, theirs, target=Target(0.995), headline=True, claim=claim)
    times = [median([one.seconds for one in runs[name]]) for name in ("ours", peer)]
    limit = Target(60, at_least=False)
    yield Row("the whole training", "seconds", times[0], times[1], target=limit, headline=True)
    for name in others:
        yield Row(f"published recipe, {name}", "share", None, mean_share([one.accuracy for one in runs[name]]))
        yield Row(f"published recipe, {name}: time", "seconds", None, median([one.seconds for one in runs[name]]))
