"""The published recipe: 99.1 % of the MNIST test images after ten epochs, one training, timed on this machine."""

from dataclasses import asdict

from benchmarks.peer import SEED, train_peer
from benchmarks.published_digits import BATCH, load_mnist
from benchmarks.results import Outcome, Row, exactly
from benchmarks.setting import Setting
from duktus.datasets.places import find_data
from duktus.reporting.intervals import Estimate, wilson


def run(setting: Setting) -> Outcome:
    """Train the recipe as published and keep its network for the other sections."""
    course = train_peer(setting)
    n = len(load_mnist(find_data("mnist"))[3])
    first, last = course[0], course[-1]
    rows = (
        Row(f"published recipe, MNIST test, after {last.number} epochs", "share", None, _share(last.accuracy, n)),
        Row("published recipe, MNIST test, after its first epoch", "share", None, _share(first.accuracy, n)),
        Row("published recipe, time to train", "seconds", None, exactly(last.seconds)),
    )
    note = (
        f"One training with seed {SEED}, batches of {BATCH}, validated on the test images after every epoch as "
        "published; the time includes that. Its network is the peer in the sections below."
    )
    return Outcome(rows, (note,), {"epochs": [asdict(epoch) for epoch in course]})


def _share(accuracy: float, n: int) -> Estimate:
    return wilson(round(accuracy * n), n)
