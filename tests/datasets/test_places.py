"""Data sets are looked for where the user says, then in DUKTUS_DATA, then in the user's cache."""

from pathlib import Path

import pytest

from duktus.datasets.places import find_data, places_of
from duktus.types import DataError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with nothing in it, and no variable that names another place."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.delenv("DUKTUS_DATA", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    return tmp_path


def test_the_variable_comes_before_the_cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set in the cache is found, and one in DUKTUS_DATA instead of it."""
    cached, named = home / ".cache" / "duktus" / "mnist", home / "data" / "mnist"
    cached.mkdir(parents=True)
    assert find_data("mnist") == cached
    monkeypatch.setenv("DUKTUS_DATA", str(named.parent))
    assert find_data("mnist") == cached
    named.mkdir(parents=True)
    assert find_data("mnist") == named


def test_the_cache_may_lie_elsewhere(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XDG_CACHE_HOME moves the cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "elsewhere"))
    assert places_of("mnist") == (home / "elsewhere" / "duktus" / "mnist",)


def test_an_explicit_place_is_the_only_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the caller names a place, no other is taken in its stead."""
    (home / "mnist").mkdir()
    monkeypatch.setenv("DUKTUS_DATA", str(home))
    assert find_data("mnist", home) == home
    with pytest.raises(DataError, match=r"found nothing at .*missing;"):
        find_data("mnist", home / "missing")


def test_nothing_found_says_where_to_put_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the places and both ways out."""
    monkeypatch.setenv("DUKTUS_DATA", str(home / "data"))
    with pytest.raises(DataError) as caught:
        find_data("mnist")
    for words in (str(home / "data" / "mnist"), str(home / ".cache"), "'duktus data mnist'", "set DUKTUS_DATA"):
        assert words in str(caught.value)
