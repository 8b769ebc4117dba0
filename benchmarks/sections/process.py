"""`duktus read one.png`, the whole process, in a twelfth of a Keras script's time and in 200 MB; 7 pairs."""

import tempfile
from functools import partial
from pathlib import Path

import cv2

from benchmarks.peer import peer_file
from benchmarks.reading import mnist_test
from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import PAIRS, Setting
from benchmarks.timing import Usage, in_turns, median, paired_ratio, run_command

SCRIPT = Path(__file__).parent.parent / "keras_script.py"
FASTER = 12
MEMORY = 200
NOTE = (
    "Wall time from the start of the Python process to its end, files in the page cache, one warm-up of each, then "
    "runs in turns. The peer loads the published recipe's Keras model and predicts one picture. Memory is the "
    "process's peak resident set."
)


def run(setting: Setting) -> Outcome:
    """Time both processes in turns on one of the test images."""
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "one.png"
        cv2.imwrite(str(picture), mnist_test(setting)[0][0])
        named = [] if setting.model == "digits" else ["--model", setting.model]
        commands = {
            "ours": ["-m", "duktus", "read", str(picture), *named],
            "keras": [str(SCRIPT), str(peer_file(setting).resolve()), str(picture)],
        }
        usages = _take_turns(commands, setting.pairs or PAIRS)
    seconds = {name: [usage.seconds for usage in each] for name, each in usages.items()}
    memory = {name: median([usage.megabytes for usage in each]) for name, each in usages.items()}
    ratio = paired_ratio(seconds["keras"], seconds["ours"])
    ours, theirs = median(seconds["ours"]), median(seconds["keras"])
    claim = "`duktus read one.png` takes {ours} where a script with the Keras model takes {peer}."
    rows = (
        Row(
            "`duktus read one.png`, whole process",
            "seconds",
            ours,
            theirs,
            ratio=ratio,
            target=Target(FASTER, of="ratio"),
            headline=True,
            claim=claim,
        ),
        Row(
            "its peak memory",
            "MB",
            memory["ours"],
            memory["keras"],
            target=Target(MEMORY, at_least=False),
            headline=True,
        ),
    )
    return Outcome(rows, (NOTE,), {"seconds": seconds})


def _take_turns(commands: dict[str, list[str]], pairs: int) -> dict[str, list[Usage]]:
    """Return what each command took, after a warm-up where there is more than one pair."""
    usages: dict[str, list[Usage]] = {name: [] for name in commands}

    def once(name: str) -> float:
        usages[name].append(run_command(commands[name]))
        return usages[name][-1].seconds

    warm_up = int(pairs > 1)
    in_turns({name: partial(once, name) for name in commands}, pairs + warm_up)
    return {name: each[warm_up:] for name, each in usages.items()}
