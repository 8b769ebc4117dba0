"""Recorded characters beside the alphabets of an encoder: one class a shape, writers kept apart."""

from dataclasses import replace
from pathlib import Path

import pytest

from duktus.glyphs.training.pens import prepare_pens
from duktus.glyphs.training.settings import GlyphRecipe
from duktus.glyphs.training.tasks import GlyphEncoder
from duktus.learning.recipe import load_recipe
from duktus.types import DataError
from tests.glyphs.training.sets import quietly
from tests.written.unipen import write_unipen

RECIPE = """
name = "some"
task = "glyph-encoder"

[pools]
recorded = 40

[network]
layers = ["conv 4 3 bn relu stride 2", "gap"]
"""


def recipe(folder: Path, *overrides: str) -> GlyphRecipe:
    """An encoder's recipe with a pool of recorded characters."""
    path = folder / "some.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return load_recipe(path, GlyphEncoder(), overrides)


def test_pens_are_classes_behind_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that look alike are one; of the writers who train nothing each drawing is held out."""
    write_unipen(tmp_path, ("hand0", "hand1", "hand15"))
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    found = prepare_pens(recipe(tmp_path), quietly(tmp_path), 100)
    assert len(found.labels) == 16
    assert all(label.startswith("UNIPEN/") for label in found.labels)
    assert {"UNIPEN/1Il", "UNIPEN/0Oo"} <= set(found.labels)
    assert 30 <= len(found.trained) <= 40
    assert found.trained.classes.min() >= 100
    assert found.trained.classes.max() < 116
    assert sorted(found.held.classes.tolist()) == list(range(100, 116))
    assert [source.name for source in found.sources] == ["unipen"]
    again = prepare_pens(recipe(tmp_path), quietly(tmp_path), 0)
    assert (again.trained.frames == found.trained.frames).all()


def test_none_asked_none_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a pool of them no strokes are looked for; with one, they are missed."""
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    plan = recipe(tmp_path)
    none = prepare_pens(replace(plan, pools=replace(plan.pools, recorded=0)), quietly(tmp_path), 0)
    assert (len(none.trained), len(none.held), none.labels) == (0, 0, ())
    with pytest.raises(DataError, match="unipen"):
        prepare_pens(plan, quietly(tmp_path), 0)
