"""A page segmenter is trained from its recipe to its model, on pages composed by the project's own pen."""

from dataclasses import replace
from pathlib import Path
from typing import cast

import matplotlib
import numpy as np
import pytest

from duktus.door.recipes import open_recipe, task_of
from duktus.learning.task import Work
from duktus.learning.train import TrainingInterrupted, train
from duktus.models.file import check_model, open_model_file, read_card, shipped
from duktus.types import DataError, RecipeError
from duktus.written.outputs import CHANNELS
from duktus.written.segmenter import open_segmenter
from duktus.written.training.segmentation import PageSegmenter
from duktus.written.training.settings import SegmenterRecipe
from duktus.written.training.squares import deal, prepare_squares
from tests.written.unipen import write_unipen

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
TINY = (
    "validation=4", "side=96", "crop=64", "steps=6", "measured=2", "page=[160, 200]",
    f"fonts=['{FONTS}']", "channels=[4, 6, 8, 8, 8]", "blocks=[0, 1, 1, 1, 1]", "epochs=2", "batch=2",
    "learning_rate=0.01",
)  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with strokes of two hands, of whom one is kept for measuring."""
    folder = tmp_path_factory.mktemp("sets")
    write_unipen(folder, ("hand0", "hand15"))
    return folder


def recipe_of(*overrides: str) -> SegmenterRecipe:
    """The recipe that comes with Duktus, cut down."""
    return cast("SegmenterRecipe", open_recipe("writing", (*TINY, *overrides)))


def test_a_recipe_becomes_a_model(data: Path, tmp_path: Path) -> None:
    """Interrupted after an epoch and gone on with, it ends in a checked file with measured figures."""
    out = tmp_path / "w.onnx"

    def stop(line: str) -> None:
        if line.startswith("epoch   1"):
            raise KeyboardInterrupt

    with pytest.raises(TrainingInterrupted, match="from the last whole epoch"):
        train(PageSegmenter(), recipe_of(), data=data, out=out, report=stop)
    lines: list[str] = []
    train(PageSegmenter(), recipe_of(), data=data, out=out, report=lines.append)
    assert [line[:11] for line in lines if line.startswith(("going", "epoch", "cutting"))] == [
        "going on af",
        "epoch   2/2",
    ]
    assert "validation overlap" in lines[1]
    assert check_model(out).passed
    card = read_card(out)
    assert (card.task, card.training.epochs, card.data[0].name) == ("page-segmenter", 2, "unipen")
    assert [line.partition(":")[0] for line in card.attribution] == ["UNIPEN"]
    assert card.preprocessing.darkness == recipe_of().darkness
    assert {metric.n for metric in card.metrics} <= {1, 2}
    assert card.metrics
    maps = open_segmenter(out, threads=1).look(np.ones((70, 50), np.float32))
    assert (maps.written.shape, maps.band.shape) == ((70, 50), (35, 25))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["w.onnx", "w.report"]


def test_batches_of_an_epoch_are_the_same_again(data: Path, tmp_path: Path) -> None:
    """The same epoch deals the same squares, another one others; both of the size that the recipe says."""
    recipe = recipe_of()
    held = prepare_squares(recipe, Work(tmp_path, data, report=lambda _: None))
    first, again, other = (list(deal(recipe, held, epoch)) for epoch in (1, 1, 2))
    assert [batch[0].shape for batch in first] == [(2, 64, 64, 1)] * 6
    assert all(np.array_equal(a[0], b[0]) for a, b in zip(first, again, strict=True))
    assert not all(np.array_equal(a[0], b[0]) for a, b in zip(first, other, strict=True))


def test_its_loss_falls(data: Path, tmp_path: Path) -> None:
    """Over some epochs the network learns."""
    recipe = recipe_of("epochs=4")
    work = Work(tmp_path, data, report=lambda _: None)
    _, held = PageSegmenter().prepare(recipe, work)
    losses = [logs["loss"] for logs in PageSegmenter().fit(recipe, held, work).history]
    assert losses[-1] < 0.9 * losses[0]


def test_the_recipe_describes_the_shipped_network() -> None:
    """The shipped model has the weights that the recipe's network has, and its preprocessing."""
    recipe = cast("SegmenterRecipe", open_recipe("writing"))
    session = open_model_file(shipped("writing"))
    network = PageSegmenter().network(recipe)
    page = np.zeros((1, 64, 96, 1), np.float32)
    assert session.run(page).shape == network(page).shape == (1, 32, 48, CHANNELS)
    assert session.card.preprocessing.darkness == recipe.darkness
    assert 0.9 < len(session.content) / (4 * network.count_params()) < 1.3


def test_what_is_wrong_with_a_recipe() -> None:
    """Sides that the network cannot halve and layers of other networks are named."""
    with pytest.raises(RecipeError, match=r"pool\.crop: a multiple of 32"):
        recipe_of("crop=60")
    with pytest.raises(RecipeError, match=r"unet\.channels: 5 levels"):
        recipe_of("channels=[4, 4]", "blocks=[0, 1]")
    with pytest.raises(RecipeError, match=r"no network\.layers"):
        recipe_of("network.layers=['dense 3']")


def test_without_typefaces_or_strokes_it_says_so(data: Path, tmp_path: Path) -> None:
    """What is missing is named before anything is trained."""
    work = Work(tmp_path, data, report=lambda _: None)
    recipe = recipe_of()
    bare = replace(recipe, pool=replace(recipe.pool, fonts=(str(tmp_path),)))
    with pytest.raises(DataError, match=r"expected typefaces under .* received 0 and 0; 'apt-get install"):
        PageSegmenter().prepare(bare, work)
    with pytest.raises(DataError, match=r"UNIPEN's strokes in unipen/words\.jsonl\.gz"):
        PageSegmenter().prepare(recipe, replace(work, data=tmp_path))


def test_a_summary() -> None:
    """Its layers and operations are told without any data."""
    text = task_of("page-segmenter").summary(recipe_of(), None)
    assert "darkness" in text
    assert "million multiply-adds" in text
