"""Every task by its name, and the recipes that come with Duktus, by theirs or by their paths."""

from pathlib import Path

import pytest

from duktus.door.recipes import TASKS, is_recipe, open_recipe, recipe_names, task_of
from duktus.door.training import summarize
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.learning.classification import FrameRecipe
from duktus.learning.networks import build_network, operations
from duktus.types import RecipeError


def test_every_task_has_its_name() -> None:
    """What a recipe names is what its task calls itself."""
    assert {name: task_of(name).name for name in TASKS} == {name: name for name in TASKS}
    with pytest.raises(RecipeError, match="received 'line-reader'; correct the recipe"):
        task_of("line-reader")


@pytest.mark.parametrize("place", ["digits-quick", "recipes/digits-quick.toml", "mnist"])
def test_recipes_by_name(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe that comes with Duktus is found from any folder, by its name, its path, or its data set's name."""
    monkeypatch.chdir(tmp_path)
    assert is_recipe(place)
    assert open_recipe(place, ["epochs=1"]).name == "digits-quick"
    (tmp_path / place).mkdir(parents=True)
    assert not is_recipe(place)


def test_missing_recipe(tmp_path: Path) -> None:
    """A path that leads nowhere is answered with the names of those there are."""
    with pytest.raises(RecipeError, match=r"found no file .*other\.toml; those .* are digits, digits-quick"):
        open_recipe(tmp_path / "other.toml")


def test_every_recipe_opens(repository: Path) -> None:
    """Each recipe has a name, labels unless they are the data's, and the tables that it names."""
    assert {"digits", "digits-quick", "glyph-encoder", "hand-encoder", "hands", "runes"} < set(recipe_names())
    for name in recipe_names():
        recipe = open_recipe(name)
        assert recipe.name
        if isinstance(recipe, GlyphRecipe):
            assert len(recipe.labels) >= 2 or recipe.task == "glyph-encoder" or recipe.data.held
            for table in filter(None, (recipe.data.twins, recipe.data.names)):
                assert (repository / "recipes" / f"{name}.toml").with_name(table).is_file()


def test_every_network_builds() -> None:
    """The network of every recipe can be built, and has an operation for each parameter."""
    for recipe in map(open_recipe, recipe_names()):
        if isinstance(recipe, FrameRecipe) and recipe.network.layers:
            outputs = len(recipe.labels) or 100  # an encoder's letters come from its data
            network = build_network(recipe.network.layers, recipe.shape, outputs)
            assert 1000 < network.count_params() < 1.01 * operations(network)


def test_summary_of_what_has_no_network() -> None:
    """An encoder of hands is described without Keras' words."""
    assert "no network is trained" in summarize("hand-encoder")
