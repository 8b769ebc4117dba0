"""Recorded strokes as glyphs: by writers who may train, in any pen, with neighbours that reach in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.training import recorded
from duktus.glyphs.training.dataset import prepare
from duktus.glyphs.training.samples import ROW_HEIGHT, tight
from duktus.pen.families import sample_family
from duktus.types import DataError
from duktus.written.training.sources import is_kept
from tests.glyphs.training.sets import quietly, small_recipe, write_set
from tests.glyphs.training.test_samples import MAKING, job
from tests.written.unipen import write_unipen


@pytest.fixture(scope="module")
def strokes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three writers, one of whom is kept to measure on."""
    names = ("hand0", "hand1", "hand15")
    assert [is_kept(name) for name in names] == [False, False, True]
    return write_unipen(tmp_path_factory.mktemp("data"), names)


def test_writers_are_kept_apart(strokes: Path) -> None:
    """Who is kept trains nothing; characters of all three files are known by label, and one high or wide."""
    known, kept = (recorded.recorded_characters(strokes, kept=kept) for kept in (False, True))
    assert set(known) == set(kept) == set("0123456789ABCabg")
    assert (len(known["7"]), len(kept["7"])) == (2, 1)
    for forms in known["7"]:
        sides = np.ptp(np.concatenate(forms[0]), axis=0)
        assert sides.max() == pytest.approx(1, abs=1e-3)


def test_recorded_glyphs_are_of_all_labels(strokes: Path) -> None:
    """The labels' characters alone are drawn, and of others those that look like no digit."""
    making = replace(MAKING, recorded=strokes)
    made = recorded.recorded(making, job(40))
    assert set(made.classes.tolist()) == {0, 1, 2}
    assert len(made.frames) >= 30
    others = recorded.strangers(making, job(20))
    assert set(others.classes.tolist()) == {3}
    with pytest.raises(ValueError, match=r"Making\.recorded"):
        recorded.recorded(MAKING, job(2))


def test_a_neighbour_is_a_rim() -> None:
    """What reaches in stands on one side of the whole character, and is less than a quarter of itself."""
    rng = np.random.default_rng(1)
    ring, block = (tight(recorded.draw_strokes(sample_family(digit, rng) or (), rng)) for digit in "03")
    own = ring.shape[1] * ROW_HEIGHT / ring.shape[0]
    most = recorded.REACHES * block.shape[1] * ROW_HEIGHT / block.shape[0]
    widths = [recorded.beside(ring, block, rng).shape[1] for _ in range(40)]
    assert min(widths) > 0.7 * own
    assert max(widths) < own + most + 14
    assert max(widths) - min(widths) > 8


def test_a_recipe_with_recorded_strokes(strokes: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are found where data sets lie, named on the card, and missed by name where they are not there."""
    plan = small_recipe(tmp_path, "pools.recorded=6", "pools.families=6", "pools.strangers=4", "other=true")
    work = quietly(tmp_path, write_set(tmp_path / "mnist"))
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(DataError, match="unipen"):
        prepare(plan, work)
    monkeypatch.setenv("DUKTUS_DATA", str(strokes.parent))
    data = prepare(plan, work)
    assert [source.name for source in data.sources][1:] == ["unipen"]
    assert 8 <= len(data.characters.frames) <= 12
    assert len(data.others.frames) <= 4
