"""From a recipe to a transcriber, and from a transcriber and one's own lines to a better one."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.datasets.lines.labelled import find_lines
from duktus.door.recipes import open_recipe
from duktus.learning.recipe import load_recipe
from duktus.learning.train import train
from duktus.lines.evaluation.measure import measure_lines
from duktus.lines.reading.transcriber import Transcriber
from duktus.lines.reading.transcript import Scored
from duktus.lines.training.settings import TranscriberRecipe
from duktus.lines.training.start import UNLIKELY, open_start
from duktus.lines.training.transcribing import LineTranscriber
from duktus.models.file import check_model, open_model_file, read_card
from duktus.types import DataError, ModelError, RecipeError
from tests.imaging.handwriting import character, on_paper
from tests.written.unipen import write_unipen

RECIPE = """
name = "few"
task = "line-transcriber"
labels = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ".", ",", "-", "/", "+", ":"]
limits = ["Knows next to nothing."]
attribution = ["UNIPEN: strokes."]

[line]
height = 16
core = 10.0
margin = 4
views = [0.5, 2.0]

[feed]
kind = "numbers"
pictures = 0
batches = 2
versions = 1
steps = 2
validation = 8

[columns]
stem = 4
stages = [4, 6, 6]
residuals = [0, 1, 0]
width = 6
blocks = 1
reach = 3

[fit]
epochs = 1
batch = 4
learning_rate = 0.01
average = 0.5
precision = "float32"
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A transcriber that was trained for two steps."""
    folder = tmp_path_factory.mktemp("model")
    write_unipen(folder, ("hand0", "hand1", "hand15"))
    path = folder / "few.toml"
    path.write_text(RECIPE, encoding="utf-8")
    task = LineTranscriber()
    return train(task, load_recipe(path, task), data=folder, out=folder / "few.onnx", report=lambda _line: None)


def write_lines(folder: Path, texts: Iterable[str]) -> Path:
    """Write pictures of lines, each with its text beside it."""
    for number, text in enumerate(texts):
        pages = [on_paper(character(one if one.isdigit() else "x", number)) for one in text]
        high = min(page.shape[0] for page in pages)
        Image.fromarray(np.hstack([page[:high] for page in pages])).save(folder / f"{number:02}.png")
        (folder / f"{number:02}.gt.txt").write_text(text, encoding="utf-8")
    return folder


def own_recipe(model: Path, **settings: object) -> TranscriberRecipe:
    """The recipe of a short training on one's own lines."""
    values = {"epochs": 1, "steps": 2, "batch": 4, "start": f"'{model}'", **settings}
    recipe = open_recipe("own-lines", [f"{name}={value}" for name, value in values.items()])
    assert isinstance(recipe, TranscriberRecipe)
    return recipe


def test_a_recipe_becomes_a_model(model: Path) -> None:
    """It is whole, and says what it was made of; there is too little to calibrate by."""
    card = read_card(model)
    assert check_model(model).passed
    assert (card.task, card.labels[:2], [source.name for source in card.data]) == (
        "line-transcriber",
        ("0", "1"),
        ["unipen"],
    )


def test_lines_are_read_at_the_widths_of_the_recipe(model: Path) -> None:
    """Each line has its scores and those of its views, of half and of twice as many steps."""
    transcriber = Transcriber(open_model_file(str(model), 1))
    inks = [character(text, 3) for text in "27"]
    for scored in transcriber.score(inks):
        assert isinstance(scored, Scored)
        steps = [len(view) / len(scored.logs) for view in scored.views]
        assert steps == pytest.approx([0.5, 2.0], rel=0.2)
    together, alone = transcriber.read(inks), [transcriber.read([ink])[0] for ink in inks]
    assert [each.text for each in together] == [each.text for each in alone]


def test_a_transcriber_is_taken_apart(model: Path) -> None:
    """Its weights in a network without normalisation give its file's scores; new characters begin as unlikely."""
    start = open_start(str(model))
    assert start.columns.folded
    assert start.columns.stages == (4, 6, 6)
    *_, kernel, bias = start.weights_for((*start.labels, "a", "b"))
    assert kernel.shape[-1] == bias.shape[-1] == len(start.labels) + 3
    assert bias[-2:].tolist() == [UNLIKELY, UNLIKELY]
    with pytest.raises(ModelError, match="expected a line-transcriber to start from, received a glyph-classifier"):
        open_start("digits")


def test_ones_own_lines(model: Path, tmp_path: Path) -> None:
    """The model goes on from the one it starts from, knows what is new, and is measured beside it on lines left out."""
    lines = write_lines(tmp_path, [f"{n}a{n + 1}" if n % 2 else f"{n}{n}" for n in range(1, 9)] * 2)
    recipe = own_recipe(model, held=0.25)
    said: list[str] = []
    out = train(LineTranscriber(), recipe, data=lines, out=tmp_path / "mine.onnx", report=said.append)
    card = read_card(out)
    assert card.labels == (*read_card(model).labels, "a")
    assert card.preprocessing == read_card(model).preprocessing
    assert [metric.name for metric in card.metrics][:2] == ["character error rate", "word error rate"]
    assert card.metrics[2].n == 4
    assert [source.name for source in card.data][1:] == ["unipen"]
    assert "UNIPEN: strokes." in card.attribution
    assert any("few, from which it started, has" in line for line in said)
    assert "12 lines to train, 4 to measure" in said
    assert "Lines read worst" in (tmp_path / "mine.report" / "report.html").read_text(encoding="utf-8")


def test_untrained_weights_read_as_before(model: Path, tmp_path: Path) -> None:
    """With a learning rate of next to nothing, what was known is read as it was."""
    lines = write_lines(tmp_path, ["12", "345", "67", "890", "1a", "2a"])
    recipe = own_recipe(model, learning_rate=1e-9, held=0)
    out = train(LineTranscriber(), recipe, data=lines, out=tmp_path / "same.onnx", report=lambda _line: None)
    found = [
        measure_lines(Transcriber(open_model_file(each)), find_lines(lines), None).figures.characters.value
        for each in (model, out)
    ]
    assert found[0] == pytest.approx(found[1])


def test_what_cannot_be_trained_on(model: Path, tmp_path: Path) -> None:
    """Too few lines, no lines, a start beside a recipe of other lines: each is said."""
    lines = write_lines(tmp_path, ["12", "34"])
    with pytest.raises(DataError, match="expected 4 lines at least"):
        train(LineTranscriber(), own_recipe(model), data=lines, out=tmp_path / "x.onnx")
    with pytest.raises(DataError, match="add --data FOLDER"):
        train(LineTranscriber(), own_recipe(model), out=tmp_path / "x.onnx")
    with pytest.raises(RecipeError, match=r'start, in recipes of feed\.kind "own" alone'):
        open_recipe("numbers", ["start='digits'"])
