"""Hands are trained on lines that are parted by page, and measured on patches, lines and pages."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.hands.training.classifier import HandClassifier
from duktus.hands.training.lines import prepare_patches
from duktus.hands.training.settings import HandClassifierRecipe
from duktus.learning.classification import network_of
from duktus.learning.packing import draft_card
from duktus.learning.recipe import load_recipe
from duktus.learning.task import Work
from duktus.learning.train import train
from duktus.models.card import Preprocessing
from duktus.models.file import check_model, open_model_file
from duktus.types import DataError, RecipeError
from tests.datasets.hand_sets import line, save

RECIPE = """
name = "writers"
task = "hand-classifier"

[data]
source = "own"
validation = 6
pool_share = 0.5

[patches]
height = 32
side = 32
size = 16
count = 8
asked = 4
test = 0.3

[network]
layers = ["conv 4 3 bn relu stride 2", "conv 8 3 bn relu stride 2", "gap"]

[fit]
epochs = 2
batch = 16
learning_rate = 0.01
average = 0.0
precision = "float32"
"""


def recipe_of(folder: Path, *overrides: str) -> HandClassifierRecipe:
    """The recipe, from a file."""
    path = folder / "writers.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return load_recipe(path, HandClassifier(), overrides)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of three writers with four pages of two lines each; one more is blank and one cannot be read."""
    folder = tmp_path_factory.mktemp("pages")
    rows = ["file,label,group"]
    for writer in range(3):
        for number in range(8):
            name = f"{writer}-{number}.png"
            save(folder / name, line("2b4r", writer, number, height=40))
            rows.append(f"{name},w{writer},p{writer}-{number // 2}")
    save(folder / "blank.png", np.full((40, 90), 255, np.uint8))
    (folder / "broken.png").write_bytes(b"no picture")
    rows += ["blank.png,w0,p0-0", "broken.png,w1,p1-0"]
    (folder / "written.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder / "written.csv"


def test_pages_stand_on_one_side(tmp_path: Path, pages: Path) -> None:
    """No page of the test part is trained on; what is blank or broken is passed over and told."""
    told: list[str] = []
    recipe, data = prepare_patches(recipe_of(tmp_path), Work(tmp_path, pages, told.append))
    assert recipe.labels == ("w0", "w1", "w2")
    assert len(data.own.frames) == 0
    lines = len(data.characters.frames) // 8 + len(data.validation.frames) // 4 + len(data.test.frames) // 4
    assert lines == 24
    assert len(data.measured.lines) == len(data.measured.pages) == len(data.test.frames)
    assert len(data.calibrated.amounts) == len(data.validation.frames)
    assert data.calibrated.amounts.min() > 0
    assert any("broken.png" in message for message in told)
    assert any("split by group" in message for message in told)
    assert "no page on two sides" in data.sources[0].split


def test_whole_pages_are_parted_into_lines(tmp_path: Path) -> None:
    """Of pages each line has its patches, and its own number and ink; the page is what they share."""
    rows = ["file,label,group"]
    for writer in range(2):
        for number in range(6):
            inks = [
                np.pad(line("2b4r2b", writer, 2 * number + i, height=80), ((0, 0), (30, 30)), constant_values=255)
                for i in (0, 1, 0)
            ]
            wide = min(ink.shape[1] for ink in inks)
            save(tmp_path / f"{writer}-{number}.png", np.concatenate([ink[:, :wide] for ink in inks]))
            rows.append(f"{writer}-{number}.png,w{writer},p{writer}-{number}")
    (tmp_path / "pages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    _, data = prepare_patches(recipe_of(tmp_path, "data.validation=4"), Work(tmp_path, tmp_path / "pages.csv"))
    lines, pages = (len(set(column.tolist())) for column in (data.calibrated.lines, data.calibrated.pages))
    assert lines == 3 * pages
    assert len(data.calibrated.lines) == 4 * lines


def test_a_split_by_line_says_so(tmp_path: Path, pages: Path) -> None:
    """As published: lines of a page on all sides, and the card tells it."""
    _, data = prepare_patches(recipe_of(tmp_path, "patches.split=line"), Work(tmp_path, pages))
    assert "lines of a page on all sides" in data.sources[0].split


def test_the_same_seed_cuts_the_same_patches(tmp_path: Path, pages: Path) -> None:
    """Twice the same, and others by another seed."""
    one, two, other = (
        prepare_patches(recipe_of(tmp_path, f"seed={seed}"), Work(tmp_path, pages))[1] for seed in (1, 1, 2)
    )
    assert (one.characters.frames == two.characters.frames).all()
    assert one.sources == two.sources != other.sources


def test_patches_are_cut_once(tmp_path: Path, pages: Path) -> None:
    """A training that goes on after a kill takes the patches of the first run; with another seed they are cut anew."""
    told: list[str] = []
    shown: list[tuple[float, float, str]] = []
    work = Work(tmp_path / "work", pages, told.append, lambda *step: shown.append(step))
    first = prepare_patches(recipe_of(tmp_path), work)[1]
    assert {what for *_, what in shown} == {"cutting patches"}
    assert sum(" cutting patches" in line for line in told) == 3
    told.clear()
    again = prepare_patches(recipe_of(tmp_path), work)[1]
    assert sum("cut by an earlier run" in line for line in told) == 3
    np.testing.assert_array_equal(first.characters.frames, again.characters.frames)
    np.testing.assert_array_equal(first.calibrated.amounts, again.calibrated.amounts)
    assert first.sources == again.sources
    told.clear()
    prepare_patches(recipe_of(tmp_path, "seed=4"), work)
    assert not any("cut by an earlier run" in line for line in told)


def test_a_card_tells_the_truth_about_other_data(tmp_path: Path, pages: Path, repository: Path) -> None:
    """The shipped recipe on somebody's pages names their table, no licence, how they were divided, and credits none."""
    recipe = load_recipe(repository / "recipes" / "hands.toml", HandClassifier(), ["validation=6", "patches.count=2"])
    named, data = prepare_patches(recipe, Work(tmp_path, pages))
    (source,) = data.sources
    assert (source.name, source.licence) == ("written", "not stated")
    assert draft_card(named, Preprocessing(named.ink, None), data.sources, labels=named.labels).attribution == ()
    rows = [line.rsplit(",", 1)[0] for line in pages.read_text(encoding="utf-8").splitlines()]
    (pages.parent / "bare.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    _, data = prepare_patches(recipe, Work(tmp_path / "bare", pages.parent / "bare.csv"))
    assert "divided by image, as pages are not known" in data.sources[0].split
    assert data.divided == "image"


def test_a_model_is_trained_and_measured_on_three_levels(tmp_path: Path, pages: Path) -> None:
    """The file opens, replays its sample, and its card has patches, lines and pages, each with its number."""
    out = train(HandClassifier(), recipe_of(tmp_path), data=pages, out=tmp_path / "writers.onnx", report=lambda _: None)
    card = open_model_file(out).card
    assert (card.task, card.labels) == ("hand-classifier", ("w0", "w1", "w2"))
    assert [metric.name for metric in card.metrics] == ["patches right", "lines right", "pages right"]
    patches, lines, of_pages = (metric.n for metric in card.metrics)
    assert patches == 4 * lines
    assert lines == 2 * of_pages
    assert card.calibration is not None
    check_model(out)


def test_the_pages_held_out_are_learnt_in_the_end(tmp_path: Path, pages: Path) -> None:
    """With refit, training goes on with the validation part; the test part stays out and is measured."""
    told: list[str] = []
    again = recipe_of(tmp_path, "data.refit=true", "fit.epochs=4")
    _, data = prepare_patches(again, Work(tmp_path, pages, told.append))
    card = open_model_file(
        train(HandClassifier(), again, data=pages, out=tmp_path / "again.onnx", report=told.append)
    ).card
    assert card.training.epochs == 5
    assert f"learning the {len(data.validation.frames)} images that were held out, too" in told
    assert card.metrics[0].n == len(data.test.frames)
    assert card.calibration is not None
    assert card.calibration.split == "validation, lines and pages"


def test_the_network_is_shown_before_its_writers_are_known(tmp_path: Path) -> None:
    """Layers and operations are told, and that the scores are for one writer of many."""
    text = HandClassifier().summary(recipe_of(tmp_path), None)
    assert "scores" in text
    assert "Labels come from the data" in text


def test_writers_of_one_page_cannot_be_measured(tmp_path: Path) -> None:
    """Where no page can be held out the message says what would help."""
    rows = ["file,label,group"]
    for writer in range(2):
        save(tmp_path / f"{writer}.png", line("2b", writer, 1))
        rows.append(f"{writer}.png,w{writer},p{writer}")
    (tmp_path / "lines.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="expected writers of two pages at least"):
        prepare_patches(recipe_of(tmp_path), Work(tmp_path, tmp_path / "lines.csv"))


def test_faults_of_a_recipe_are_told(tmp_path: Path) -> None:
    """Labels come from the data, and settings of the patches are checked."""
    with pytest.raises(RecipeError, match="no labels"):
        recipe_of(tmp_path, 'labels=["a", "b"]')
    with pytest.raises(RecipeError, match=r"patches\.split: page or line"):
        recipe_of(tmp_path, "patches.split=form")


def test_the_published_network_has_its_parameters(repository: Path) -> None:
    """827,698 for 50 writers, as published; both recipes can be read."""
    published = load_recipe(repository / "recipes" / "published" / "hands.toml", HandClassifier())
    fifty = replace(published, labels=tuple(map(str, range(50))))
    assert network_of(fifty).count_params() == 827_698
    own = load_recipe(repository / "recipes" / "hands.toml", HandClassifier())
    assert (own.patches.split, published.patches.split) == ("page", "line")
    assert network_of(replace(own, labels=fifty.labels)).output_shape == (None, 50)
