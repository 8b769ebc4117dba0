"""As training data grow: 24 runes by one to twelve drawers; taught, trained, and trained by the published recipe.

Five draws of the drawers; the six to test on are the same for each number of drawers, and so is the seed.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.letters import check_unseen
from benchmarks.machine import busy_cores
from benchmarks.results import Outcome, Row, mean_of_draws
from benchmarks.sections.runes import (
    ALPHABET,
    LETTERS,
    PUBLISHED,
    TESTED,
    Run,
    train_ours,
    train_published,
    write_draw,
)
from benchmarks.setting import Setting
from benchmarks.timing import median, run_command
from duktus import open_gallery
from duktus.datasets.labelled import load_labelled
from duktus.datasets.places import find_data
from duktus.glyphs.evaluation.measure import measure_reader
from duktus.models.file import open_model_file
from duktus.reporting.intervals import Estimate
from duktus.types import JSON

DRAWS = 5
SIZES = (1, 3, 6, 12)
"""Drawings of each letter, each by another person."""

TAUGHT, TRAINED, PEER = "duktus teach", "duktus train", "published recipe"

AT_REST = 0.2
"""Cores that other programs may keep busy while times are taken."""

NOTE = (
    "Means over {draws} draws of the drawers, with the interval of Student's t over them; no drawer is on both "
    "sides. The encoder that teaching and training start from never saw these letters. The published recipe is that of "
    "five epochs with copies. Times are medians of whole processes from the start of Python to its end."
)
LEFT_OUT = (
    "Other programs kept {busy:.1f} cores busy while this was measured, so times are left out: run the command anew on "
    "a machine at rest."
)

Runs = dict[str, dict[int, list[Run]]]
"""By way and number of drawings, a run for each draw."""


def run(setting: Setting) -> Outcome:
    """Teach and train on each number of drawings of each draw.

    Raises:
        DataError: the encoder saw the runes, or they are missing.
    """
    check_unseen(open_model_file(setting.encoder).card, [ALPHABET])
    images = load_labelled(find_data("omniglot") / "images_background.zip" / ALPHABET)
    runs: Runs = {name: {size: [] for size in SIZES} for name in (TAUGHT, TRAINED, PEER)}
    busy = busy_cores()
    for draw in range(setting.pairs or DRAWS):
        for size in SIZES:
            with tempfile.TemporaryDirectory() as folder:
                parts = write_draw(images, Path(folder), draw, size)
                runs[TAUGHT][size].append(teach(parts, setting.encoder))
                runs[TRAINED][size].append(train_ours(parts, setting.encoder))
                runs[PEER][size].append(train_published(parts, next(iter(PUBLISHED.values())), draw))
            told = ", ".join(f"{name} {100 * each[size][-1].accuracy:.1f} %" for name, each in runs.items())
            setting.report(f"draw {draw + 1}, {size} of each letter: {told}")
    busy = max(busy, busy_cores())
    timed = busy < AT_REST
    notes = [NOTE.format(draws=setting.pairs or DRAWS)] + ([] if timed else [LEFT_OUT.format(busy=busy)])
    return Outcome(tuple(_rows(runs, timed)), tuple(notes), {"busy": busy, "curves": curves(runs, timed)})


def teach(parts: dict[str, Path], encoder: str) -> Run:
    """Teach one part's drawings as ``duktus teach`` does, and read the other part's."""
    gallery = parts["train"].parent / "taught.db"
    table = str(parts["train"] / "drawings.csv")
    usage = run_command(["-m", "duktus", "teach", str(gallery), table, "--encoder", encoder])
    reader = open_gallery(gallery, encoder=encoder).reader
    measured = measure_reader(reader, load_labelled(parts["test"] / "drawings.csv"))
    return Run(measured.evaluation.accuracy.value, usage.seconds)


def curves(runs: Runs, timed: bool) -> JSON:
    """Return what the plots are drawn from: by way, a point for each number of drawings, seconds where they count."""
    return {
        name: [
            {"size": size, "accuracy": vars(_mean(some)), "draws": [one.accuracy for one in some]}
            | ({"seconds": vars(_median(some))} if timed else {})
            for size, some in each.items()
        ]
        for name, each in runs.items()
    }


def _rows(runs: Runs, timed: bool) -> Iterator[Row]:
    for size in SIZES:
        peer = runs[PEER][size]
        for name in (TAUGHT, TRAINED):
            ours = runs[name][size]
            what = f"{LETTERS} runes, `{name}` with {size} drawing{'s' * (size > 1)} of each"
            yield Row(f"{what}: accuracy", "share", _mean(ours), _mean(peer))
            if timed:
                yield Row(f"{what}: time", "seconds", _median(ours), _median(peer))


def _mean(runs: Sequence[Run]) -> Estimate:
    """Return the share of drawings read right, over all draws."""
    return mean_of_draws([one.accuracy for one in runs], LETTERS * TESTED)


def _median(runs: Sequence[Run]) -> Estimate:
    """Return the seconds of the whole process."""
    return median([one.seconds for one in runs])
