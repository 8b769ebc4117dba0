"""Ten thousand PNG files to records at least as fast as Keras predicts ready tensors; the network alone 1.3× and 2×.

Each is run in float32, and in int8 and bfloat16 where the model and the machine have these.
"""

import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.engines import keras_batch, keras_time, network_time, reading_time, write_pngs
from benchmarks.reading import glyphs_of, mnist_test
from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import PAIRS, Setting
from benchmarks.timing import Usage, in_turns, median, own_process, paired_ratio, run_command
from duktus.models.file import open_model_file
from duktus.models.runtime import Precision, Session
from duktus.reporting.intervals import Estimate, Z
from duktus.types import MissingExtraError, ModelError

COSTS = 0.0005
"""Share of the test images by which a coarser precision may read fewer."""

COARSER: tuple[Precision, ...] = ("int8", "bfloat16")

NOTE = (
    "{n:,} MNIST test images as PNG files; images a second, medians over rounds ({rounds}) in which all take turns, "
    "each engine alone in a process of its own and with all cores. The peer is Keras' `predict` on ready tensors with "
    "the network that the card's recipe names, its weights random (the file holds none in Keras' form, and they do "
    "not change the time), at the fastest of three batch sizes ({batch}). The command line counts from the start of "
    "its process to its end, records written. In int8 it reads by the model's int8-quantised copy, for which the "
    "base installation is enough; bfloat16 needs the extra 'fast'."
)

Timers = dict[str, Callable[[], float]]


def run(setting: Setting) -> Outcome:
    """Race the whole ways and the networks alone, in turns."""
    images, labels = mnist_test(setting)
    session = open_model_file(setting.model)
    copies = _copies(setting.model)
    glyphs = glyphs_of(session, images)
    rounds = setting.pairs or PAIRS
    usages: list[Usage] = []
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        folder, tensors = Path(scratch) / "png", Path(scratch) / "glyphs.npy"
        write_pngs(images, folder)
        np.save(tensors, glyphs)
        timers = _timers(setting, folder, tensors, tuple(copies), stack, usages)
        batch = timers.pop("batch")()
        in_turns(timers, 1 if rounds > 1 else 0)
        usages.clear()
        seconds = in_turns(timers, rounds)
    rows = [_rate(*line, seconds, len(images)) for line in _lines(tuple(copies))]
    rows.append(_memory(usages, len(images)))
    rows += [_cost(session, copy, glyphs, labels) for copy in copies.values()]
    return Outcome(tuple(rows), (NOTE.format(n=len(images), rounds=rounds, batch=batch),), {"seconds": seconds})


def _copies(model: str) -> dict[Precision, Session]:
    """Return the model in the coarser precisions that it and this machine have."""
    found: dict[Precision, Session] = {}
    for precision in COARSER:
        with suppress(MissingExtraError, ModelError):
            found[precision] = open_model_file(model, precision=precision)
    return found


def _all(copies: tuple[Precision, ...]) -> tuple[Precision, ...]:
    return ("float32", *copies)


def _timers(
    setting: Setting,
    folder: Path,
    tensors: Path,
    copies: tuple[Precision, ...],
    stack: ExitStack,
    usages: list[Usage],
) -> Timers:
    """Return what is raced, by name, and under "batch" what says Keras' batch size."""
    model = setting.model

    def alone(function: Callable[..., float], *arguments: object) -> Callable[[], float]:
        executor: Executor = stack.enter_context(own_process(setting.isolated))
        return lambda: executor.submit(function, *arguments).result()

    def command(precision: Precision) -> float:
        words = ["read", str(folder), "--format", "jsonl", "--model", model, "--precision", precision]
        usages.append(run_command(["-m", "duktus", *words]))
        return usages[-1].seconds

    keras: Executor = stack.enter_context(own_process(setting.isolated))
    timers: Timers = {
        "batch": lambda: keras.submit(keras_batch, model, tensors).result(),
        "keras": lambda: keras.submit(keras_time, model, tensors).result(),
    }
    for precision in _all(copies):
        timers[f"read_many {precision}"] = alone(reading_time, model, precision, folder)
        timers[f"network {precision}"] = alone(network_time, model, precision, tensors)
    for precision in _all(copies):
        timers[f"command {precision}"] = partial(command, precision)
    return timers


def _lines(copies: tuple[Precision, ...]) -> list[tuple[str, str, float | None, str]]:
    """Return the rows' names, their timers, the ratios aimed at, and the claims."""
    claim = "From PNG files to records it does {{ours}} in {}, {{ratio}} what Keras' `predict` does on ready tensors "
    claim += "({{peer}})."
    lines: list[tuple[str, str, float | None, str]] = []
    for precision in _all(copies):
        aim, said = (None, "") if precision == "bfloat16" else (1.0, claim.format(precision))
        lines.append((f"PNG files to readings, `read_many`, {precision}", f"read_many {precision}", aim, said))
        way = f"PNG files to records, `duktus read FOLDER --format jsonl`, {precision}"
        lines.append((way, f"command {precision}", aim, ""))
        alone = 1.3 if precision == "float32" else 2.0
        lines.append((f"the network alone, {precision}", f"network {precision}", alone, ""))
    return lines


def _rate(what: str, timer: str, bound: float | None, claim: str, seconds: Mapping[str, list[float]], n: int) -> Row:
    ours, theirs = (median([n / each for each in seconds[name]]) for name in (timer, "keras"))
    ratio = paired_ratio(seconds["keras"], seconds[timer])
    target = Target(bound, of="ratio") if bound else None
    return Row(what, "images/s", ours, theirs, ratio=ratio, target=target, headline=bound is not None, claim=claim)


def _memory(usages: list[Usage], n: int) -> Row:
    memory = median([usage.megabytes for usage in usages])
    return Row(f"peak memory of the command on {n:,} files", "MB", memory)


def _cost(session: Session, copy: Session, glyphs: NDArray[np.float32], labels: list[str]) -> Row:
    """Return what a coarser precision costs: the share read right in float32 less that in it, on the same pictures."""
    names, truth = np.array(session.card.labels), np.array(labels)
    exact, rough = (names[each.run(glyphs)[:, : len(names)].argmax(axis=1)] == truth for each in (session, copy))
    difference = exact.astype(int) - rough.astype(int)
    mean, n = float(difference.mean()), len(labels)
    reach = Z * float(difference.std()) / n**0.5
    estimate = Estimate(mean, mean - reach, mean + reach, n)
    what = f"accuracy lost by {copy.precision}"
    return Row(what, "points", estimate, target=Target(COSTS, at_least=False), headline=True)
