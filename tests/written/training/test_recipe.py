"""The recipe of the shipped segmenter is read, and what it does not know is refused."""

from pathlib import Path

import pytest

from duktus.types import RecipeError
from duktus.written.training.recipe import read_recipe


def test_the_shipped_recipe(repository: Path) -> None:
    """Tables become settings, and the seed is that of the fit."""
    recipe = read_recipe(repository / "recipes" / "writing.toml")
    assert recipe.network.channels == (16, 32, 64, 96, 128)
    assert recipe.fit.seed == recipe.seed == 1
    assert recipe.pool.page == (960, 720)


@pytest.mark.parametrize("line", ["steps = 3\n", "[fit]\nepochs = 3\n", "[fits]\nsteps = 3\n"])
def test_unknown_keys_are_refused(line: str, tmp_path: Path) -> None:
    """A key that no table knows is named."""
    file = tmp_path / "r.toml"
    file.write_text(f'name = "a"\ntask = "page-segmenter"\n{line}', encoding="utf-8")
    with pytest.raises(RecipeError, match="take it out"):
        read_recipe(file)
