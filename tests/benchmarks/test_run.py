"""Every section measures small data from end to end, and the report has what it found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.engines import rebuild
from benchmarks.results import Outcome, Row, load_records
from benchmarks.run import SECTIONS, main, run_sections
from benchmarks.sections import accuracy, bulk, cells, process, quick, rejection, robustness, seeds, train, unseen
from benchmarks.setting import Setting
from duktus.glyphs.training.tasks import GlyphClassifier
from duktus.learning.networks import build_network
from duktus.learning.recipe import load_recipe
from duktus.models.file import read_card
from duktus.types import DataError


def row_of(outcome: Outcome, beginning: str) -> Row:
    """The first row whose name begins so."""
    return next(row for row in outcome.rows if row.what.startswith(beginning))


def test_training_section_keeps_the_network(setting: Setting, tmp_path: Path) -> None:
    """The published recipe is trained for its ten epochs, timed, and lies where the other sections look for it."""
    outcome = train.run(replace(setting, runs=tmp_path))
    assert len(outcome.details["epochs"]) == 10
    assert row_of(outcome, "published recipe, time").peer
    assert (tmp_path / "published.keras").exists()


def test_accuracy_section_counts_every_picture(setting: Setting) -> None:
    """Both networks are measured on the same pictures, ours as arrays and as files."""
    outcome = accuracy.run(setting)
    counts = [row.ours.n for row in outcome.rows[:3] if row.ours]
    assert counts == [6, 6, 6]
    assert row_of(outcome, "model file").met


def test_seeds_section_needs_models(setting: Setting) -> None:
    """The mean over two trainings is that of their figures, and none named is an error that says so."""
    outcome = seeds.run(replace(setting, trained=(setting.model, setting.model)))
    assert outcome.rows[0].ours
    assert outcome.rows[1].ours
    assert outcome.rows[0].ours.value == outcome.rows[1].ours.value
    with pytest.raises(DataError, match="--trained"):
        seeds.run(setting)


def test_robustness_section_names_the_worst(setting: Setting) -> None:
    """The first row repeats the least of those that have a target."""
    outcome = robustness.run(setting)
    aimed = [row.ours.value for row in outcome.rows[1:] if row.target and row.ours]
    assert outcome.rows[0].ours
    assert outcome.rows[0].ours.value == min(aimed)
    assert len(outcome.rows) == len(outcome.details) + 1


def test_unseen_section_says_that_it_simulates(setting: Setting) -> None:
    """Seven sources, by the pen and by MNIST's ink, each found and told; every name says what it is."""
    outcome = unseen.run(replace(setting, limit=2))
    assert len(outcome.rows) == 7 * 2 * 2
    assert all("(simulated)" in row.what for row in outcome.rows if row.headline)


def test_cells_section_takes_whole_numbers_alone(setting: Setting) -> None:
    """A cell whose value holds a sign or a point is left out."""
    outcome = cells.run(setting)
    exact = row_of(outcome, "logbook cells").ours
    assert exact
    assert exact.n == 5


def test_rejection_section_leaves_twins_out(setting: Setting) -> None:
    """Both ways are asked about every kind, and Omniglot's twin of a digit is not among them."""
    outcome = rejection.run(replace(setting, limit=3))
    omniglot, noise = (row_of(outcome, f"refused: {name}") for name in ("Omniglot", "noise"))
    assert omniglot.ours
    assert noise.ours
    assert (omniglot.ours.n, noise.ours.n) == (2, 15)
    assert 0 < outcome.details["threshold"] <= 1


def test_process_section_times_whole_processes(setting: Setting) -> None:
    """The command line starts quicker than a script that imports Keras, and in less memory."""
    outcome = process.run(setting)
    assert row_of(outcome, "`duktus read").advantage > 1  # type: ignore[operator]  # both sides ran, so it is a number
    assert row_of(outcome, "its peak memory").advantage > 1  # type: ignore[operator]  # as above


def test_bulk_section_has_all_ways(setting: Setting) -> None:
    """The whole ways and the network alone each have a rate beside that of Keras."""
    outcome = bulk.run(replace(setting, limit=4))
    rates = [row for row in outcome.rows if row.scale == "images/s"]
    assert len(rates) in (3, 6)
    assert all(row.advantage and row.peer for row in rates)


def test_quick_section_compares_courses(setting: Setting) -> None:
    """Both courses have their epochs; a level that untrained networks cannot reach is reported as not reached."""
    outcome = quick.run(setting)
    assert [len(outcome.details[name][0]["epochs"]) for name in ("published", "ours")] == [10, 2]
    first = outcome.rows[0]
    assert first.ours is None
    assert not first.met
    assert "not reached" in first.note


def test_results_of_sections_accumulate(setting: Setting, tmp_path: Path) -> None:
    """A second section joins the first in the report, in the report's order, and a failed one takes nothing away."""
    by_name = {section.name: section for section in SECTIONS}
    assert run_sections([by_name["cells"]], setting, tmp_path) == 0
    assert run_sections([by_name["seeds"], by_name["accuracy"]], setting, tmp_path, " --limit 6") == 1
    assert list(load_records(tmp_path / "results.json")) == ["accuracy", "cells"]
    report = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert report.index("## MNIST") < report.index("## Cells")
    assert "`--only accuracy --limit 6`" in report


def test_command_line_runs_one_section(setting: Setting, tmp_path: Path) -> None:
    """``--only`` with ``--model`` and ``--limit`` writes results that name the command."""
    places = ["--out", str(tmp_path), "--runs", str(setting.runs)]
    assert main(["--only", "cells", "--model", setting.model, "--limit", "2", "--workers", "1", *places]) == 0
    content = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert content["sections"]["cells"]["command"].endswith("--only cells --limit 2 --model own.onnx")


def test_published_recipe_is_the_published_network(repository: Path) -> None:
    """The recipe in the project's words has the published parameters, epochs, batches and constant rate."""
    recipe = load_recipe(repository / "recipes" / "published" / "digits.toml", GlyphClassifier())
    network = build_network(recipe.network.layers, (28, 28), 10)
    assert network.count_params() == 63_639
    assert (recipe.fit.epochs, recipe.fit.batch, recipe.fit.final_rate, recipe.augment) == (10, 200, 1.0, None)


def test_keras_network_is_that_of_the_card(setting: Setting) -> None:
    """The peer of the race in bulk has the layers of the card's recipe and the outputs of the card."""
    network = rebuild(read_card(setting.model))
    assert network.output_shape == (None, 11)
    assert network.count_params() == 4 * (16 + 1) + (7 * 7 * 4 + 1) * 11
