"""Pools: as many as asked of each kind, the same whatever the number of processes."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.glyphs.training import pools
from duktus.glyphs.training.pools import PoolSettings, make_pools
from duktus.glyphs.training.samples import Making
from duktus.learning.samples import Samples
from duktus.types import DataError
from tests.glyphs.training.sets import LABELS, digits
from tests.imaging.handwriting import FRAME, INK, character, on_paper

MAKING = Making(INK, FRAME, tuple(LABELS))


def source() -> Samples:
    """The small set."""
    images, classes = digits(30)
    return Samples(images, classes.astype(np.int64))


def omniglot(folder: Path) -> Path:
    """An archive in Omniglot's form: three drawings of each of two characters."""
    path = folder / "images_background.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in (1, 2):
            for drawer in (1, 2, 3):
                page = on_paper(np.asarray(cv2.resize(character("xw"[number - 1], drawer), (105, 105))))
                data = bytes(cv2.imencode(".png", page)[1])
                archive.writestr(f"images_background/Latin/character0{number}/0{number}_0{drawer}.png", data)
    return path


def test_same_bytes_whatever_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process and two give the same pools, each kind in several jobs."""
    monkeypatch.setattr(pools, "CHUNK", 4)
    settings = PoolSettings(pictures=9, written=6, letters=5, unwritten=7, halves=9, pairs=6)
    one, two = (
        make_pools(settings, MAKING, source(), seed=3, omniglot=None, lookalikes=None, workers=workers)
        for workers in (1, 2)
    )
    for first, second in zip(one, two, strict=True):
        np.testing.assert_array_equal(first.frames, second.frames)
        np.testing.assert_array_equal(first.classes, second.classes)
    assert 13 <= len(one[0].frames) <= 15
    assert set(one[0].classes.tolist()) == {0, 1, 2}
    assert 18 <= len(one[1].frames) <= 27
    assert set(one[1].classes.tolist()) == {3}


def test_omniglot_without_twins(tmp_path: Path) -> None:
    """Drawings of other alphabets come in, as many as asked for at most, the characters in the table left out."""
    archive = omniglot(tmp_path)
    twins = tmp_path / "twins.csv"
    twins.write_text("alphabet,character\nLatin,2\n", encoding="utf-8")
    counts = []
    for table, most in ((None, 100), (None, 4), (twins, 100)):
        settings = PoolSettings(omniglot=most)
        characters, others = make_pools(
            settings, MAKING, source(), seed=1, omniglot=archive, lookalikes=table, workers=1
        )
        assert len(characters.frames) == 0
        counts.append(len(others.frames))
    assert counts == [6, 4, 3]


def test_broken_archive(tmp_path: Path) -> None:
    """An archive that is none is refused."""
    path = tmp_path / "images_background.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(DataError, match="zip"):
        make_pools(PoolSettings(omniglot=5), MAKING, source(), seed=1, omniglot=path, lookalikes=None, workers=1)


def test_nothing_asked_nothing_made() -> None:
    """Without any figure both pools are empty, in the frame's shape."""
    for pool in make_pools(PoolSettings(), MAKING, source(), seed=1, omniglot=None, lookalikes=None, workers=1):
        assert pool.frames.shape == (0, 28, 28)
        assert pool.classes.shape == (0,)


def test_every_kind_has_its_maker() -> None:
    """Each figure of the settings is that of a maker, or Omniglot's."""
    assert {*pools.CHARACTERS, *pools.OTHERS, "omniglot"} == set(vars(PoolSettings()))
