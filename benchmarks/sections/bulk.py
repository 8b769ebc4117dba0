"""Ten thousand PNG files to records at least as fast as Keras predicts ready tensors; the network alone 1.3× and 2×."""

import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.engines import keras_batch, keras_time, network_time, reading_time, write_pngs
from benchmarks.reading import glyphs_of, mnist_test
from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import PAIRS, Setting
from benchmarks.timing import Usage, in_turns, median, own_process, paired_ratio, run_command
from duktus.evaluation.intervals import Estimate, Z
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import MissingExtraError, ModelError

COSTS = 0.0005
"""Share of the test images by which bfloat16 may read fewer."""

NOTE = (
    "{n:,} MNIST test images as PNG files; images a second, medians over rounds ({rounds}) in which all take turns, "
    "each engine alone in a process of its own and with all cores. The peer is Keras' `predict` on ready tensors with "
    "the network that the card's recipe names, its weights random (the file holds none in Keras' form, and they do "
    "not change the time), at the fastest of three batch sizes ({batch}). The command line counts from the start of "
    "its process to its end, records written."
)

Timers = dict[str, Callable[[], float]]


def run(setting: Setting) -> Outcome:
    """Race the whole ways and the networks alone, in turns."""
    images, labels = mnist_test(setting)
    session = open_model_file(setting.model)
    fast = _bfloat16(setting.model)
    glyphs = glyphs_of(session, images)
    rounds = setting.pairs or PAIRS
    usages: list[Usage] = []
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder, tensors = Path(scratch) / "png", Path(scratch) / "glyphs.npy"
        write_pngs(images, folder)
        np.save(tensors, glyphs)
        timers = _timers(setting, folder, tensors, fast is not None, stack, usages)
        batch = timers.pop("batch")()
        in_turns(timers, 1 if rounds > 1 else 0)
        usages.clear()
        seconds = in_turns(timers, rounds)
    rows = [_rate(*line, seconds, len(images)) for line in _lines(fast is not None)]
    rows.append(_memory(usages, len(images)))
    if fast is not None:
        rows.append(_cost(session, fast, glyphs, labels))
    return Outcome(tuple(rows), (NOTE.format(n=len(images), rounds=rounds, batch=batch),), {"seconds": seconds})


def _bfloat16(model: str) -> Session | None:
    """Return the model in bfloat16, None where this machine or installation cannot."""
    try:
        return open_model_file(model, precision="bfloat16")
    except (MissingExtraError, ModelError):
        return None


def _timers(setting: Setting, folder: Path, tensors: Path, fast: bool, stack: ExitStack, usages: list[Usage]) -> Timers:
    """Return what is raced, by name, and under "batch" what says Keras' batch size."""
    model = setting.model

    def alone(function: Callable[..., float], *arguments: object) -> Callable[[], float]:
        executor: Executor = stack.enter_context(own_process(setting.isolated))
        return lambda: executor.submit(function, *arguments).result()

    def command() -> float:
        usages.append(run_command(["-m", "duktus", "read", str(folder), "--format", "jsonl", "--model", model]))
        return usages[-1].seconds

    keras: Executor = stack.enter_context(own_process(setting.isolated))
    timers: Timers = {
        "batch": lambda: keras.submit(keras_batch, model, tensors).result(),
        "keras": lambda: keras.submit(keras_time, model, tensors).result(),
        "read_many": alone(reading_time, model, "float32", folder),
        "command": command,
        "network": alone(network_time, model, "float32", tensors),
    }
    if fast:
        timers["read_many_fast"] = alone(reading_time, model, "bfloat16", folder)
        timers["network_fast"] = alone(network_time, model, "bfloat16", tensors)
    return timers


def _lines(fast: bool) -> list[tuple[str, str, float | None, str]]:
    """Return the rows' names, their timers, the ratios aimed at, and the claims."""
    claim = "From PNG files to records it does {ours}, {ratio} what Keras' `predict` does on ready tensors ({peer})."
    lines = [
        ("PNG files to readings, `read_many`", "read_many", 1.0, claim),
        ("PNG files to records, `duktus read FOLDER --format jsonl`", "command", 1.0, ""),
        ("the network alone, float32", "network", 1.3, ""),
    ]
    further = [
        ("PNG files to readings, `read_many`, bfloat16", "read_many_fast", None, ""),
        ("the network alone, bfloat16", "network_fast", 2.0, ""),
    ]
    return [*lines, *further] if fast else [*lines]


def _rate(what: str, timer: str, bound: float | None, claim: str, seconds: Mapping[str, list[float]], n: int) -> Row:
    ours, theirs = (median([n / each for each in seconds[name]]) for name in (timer, "keras"))
    ratio = paired_ratio(seconds["keras"], seconds[timer])
    target = Target(bound, of="ratio") if bound else None
    return Row(what, "images/s", ours, theirs, ratio=ratio, target=target, headline=bound is not None, claim=claim)


def _memory(usages: list[Usage], n: int) -> Row:
    memory = median([usage.megabytes for usage in usages])
    return Row(f"peak memory of the command on {n:,} files", "MB", memory)


def _cost(session: Session, fast: Session, glyphs: NDArray[np.float32], labels: list[str]) -> Row:
    """Return what bfloat16 costs: the share read right in float32 less that in bfloat16, on the same pictures."""
    names, truth = np.array(session.card.labels), np.array(labels)
    exact, rough = (names[each.run(glyphs)[:, : len(names)].argmax(axis=1)] == truth for each in (session, fast))
    difference = exact.astype(int) - rough.astype(int)
    mean, n = float(difference.mean()), len(labels)
    reach = Z * float(difference.std()) / n**0.5
    estimate = Estimate(mean, mean - reach, mean + reach, n)
    return Row("accuracy lost by bfloat16", "points", estimate, target=Target(COSTS, at_least=False), headline=True)
