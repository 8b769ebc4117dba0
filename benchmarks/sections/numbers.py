"""Numbers read whole by ``numbers``: cells of a clinic's logbook and amounts of cheques, none of them trained on."""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.results import Outcome, Row, share
from benchmarks.sections.cells import load_values
from benchmarks.setting import Setting
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.door.models import open_model
from duktus.reporting.intervals import Estimate
from duktus.types import Readings

NOTE = (
    "Read by `duktus read --model numbers`, greedily. Exact is the value with its points, commas and signs; where "
    "digits are counted, these are not. The values of cheques have digits only. No network and no threshold was fitted "
    "to either set; how ink is found on cells, and what composed numbers look like, was worked on while looking at "
    "each ninth cell and each second amount, which are left out here. At which widths a number is read was chosen by "
    "each second cell."
)

NINTH, SECOND = 9, 2
"""Each so many pictures were looked at."""


class Answer(NamedTuple):
    """What was read in a picture, whether it was accepted, its value, and whether the picture was looked at."""

    text: str
    accepted: bool
    value: str
    seen: bool


def run(setting: Setting) -> Outcome:
    """Measure exact match, and how right it is where what is doubtful is left to people."""
    cells = [answer for answer in _read(setting, "meza", "cells", NINTH) if not answer.seen]
    amounts = [answer for answer in _read(setting, "cheques", "amounts", SECOND) if not answer.seen]
    plain = [answer for answer in cells if answer.value.isdecimal()]
    signed = [answer for answer in cells if not answer.value.isdecimal()]
    rows = (
        Row("logbook cells of digits, exact", "share", _exact(plain)),
        Row("the same, digits counted", "share", _digits(plain)),
        Row("cells with points, commas, signs, exact", "share", _exact(signed)),
        Row("the same, digits counted", "share", _digits(signed)),
        Row("cheque amounts, digits counted", "share", _digits(amounts)),
        *_accepted("cells", cells),
        *_accepted("amounts", amounts),
    )
    return Outcome(rows, (NOTE,))


def _read(setting: Setting, name: str, folder: str, seen: int) -> list[Answer]:
    root = find_data(name)
    rows = load_values(root)
    chosen = choose_evenly(len(rows), setting.limit)
    files = [root / folder / rows[i][0] for i in chosen]
    found = open_model("numbers", threads=setting.workers).read_many(files, layout="line")
    answers = []
    for i, reading in zip(chosen, found, strict=True):
        ok = isinstance(reading, Readings) and bool(reading)
        text, accepted = (reading.text, reading[0].accepted) if ok and isinstance(reading, Readings) else ("", False)
        answers.append(Answer(text, accepted, rows[i][1], i % seen == 0))
    return answers


def _only_digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())


def _right(answer: Answer) -> bool:
    """Tell whether a value is read; where it has digits only, as those of cheques, its digits count."""
    return _only_digits(answer.text) == _only_digits(answer.value)


def _exact(answers: Sequence[Answer]) -> Estimate | None:
    return share(sum(answer.text == answer.value for answer in answers), len(answers))


def _digits(answers: Sequence[Answer]) -> Estimate | None:
    return share(sum(map(_right, answers)), len(answers))


def _accepted(what: str, answers: Sequence[Answer]) -> list[Row]:
    """Return the rows of what is accepted, and how much of it is right."""
    kept = [answer for answer in answers if answer.accepted]
    exact = what == "cells"
    right = sum(answer.text == answer.value if exact else _right(answer) for answer in kept)
    return [
        Row(f"{what} that are accepted", "share", share(len(kept), len(answers))),
        Row(f"right among the accepted {what}", "share", share(right, len(kept))),
    ]
