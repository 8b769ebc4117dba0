"""Simulated pictures of seven sources, none of which training saw: 2,000 of each by the pen and by MNIST's test ink."""

import functools
from concurrent.futures import Executor

from benchmarks.peer import load_peer, peer_hits
from benchmarks.pictures import digit_of, ink_in_scene, pen_digit
from benchmarks.reading import Source, hits, mnist_test, view, workers
from benchmarks.results import Outcome, Row, Target, share
from benchmarks.setting import Setting

N = 2000
KINDS = {"photo": 0.98, "envelope": 0.98, "binary": 0.95, "mouse": 0.99, "cheque": 0.93, "scan": None, "screen": None}
"""Scenes with the targets that the project set itself for the real pictures they stand for."""

NOTE = (
    "**These pictures are simulated**, by the project's own pen, paper, light and camera. The seeds are none that "
    "training used, and the MNIST ink is that of the test images, but the simulation is the one that training drew on: "
    "the figures tell how well the network knows that world, not how like the real one it is."
)


def run(setting: Setting) -> Outcome:
    """Measure both ways on each source, as `read` finds the digit and where it is told that there is one."""
    images, labels = mnist_test(setting)
    count = setting.count(N)
    network = load_peer(setting)
    rows: list[Row] = []
    with workers(setting.workers) as executor:
        for kind, bound in KINDS.items():
            written: list[Source] = [functools.partial(pen_digit, kind, i) for i in range(count)]
            rows += _rows(executor, setting, network, (f"{kind}, by the pen", bound), written, _digits(count))
            chosen = [i * len(images) // min(count, len(images)) for i in range(min(count, len(images)))]
            inked: list[Source] = [functools.partial(ink_in_scene, images[i], kind, i) for i in chosen]
            shown = [labels[i] for i in chosen]
            rows += _rows(executor, setting, network, (f"{kind}, MNIST test ink", bound), inked, shown)
            setting.report(f"{kind}: done")
    return Outcome(tuple(rows), (NOTE,))


def _digits(count: int) -> list[str]:
    return [digit_of(i) for i in range(count)]


def _rows(
    executor: Executor,
    setting: Setting,
    network: object,
    name: tuple[str, float | None],
    sources: list[Source],
    labels: list[str],
) -> list[Row]:
    views = view(executor, setting.model, sources, ("auto", "one"))
    what, bound = name
    n, target = len(labels), Target(bound) if bound else None
    theirs = share(peer_hits(network, views.stretched, labels), n)
    ours, told = (share(hits(views.answers[layout], labels), n) for layout in ("auto", "one"))
    return [
        Row(f"{what} (simulated)", "share", ours, theirs, target=target, headline=target is not None),
        Row(f"{what}, told that it shows one digit", "share", told, theirs),
    ]
