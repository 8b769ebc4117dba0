"""The stores that keep the contract of ``duktus.gallery.store.Gallery``: a new one is one more line here."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.store import Encoder, Gallery
from tests.gallery.examples import ENCODER

Opener = Callable[[Encoder], Gallery]
"""Opens one and the same store each time, made at the first."""

OPENERS: dict[str, Callable[[Path], Opener]] = {
    "sqlite": lambda folder: lambda encoder: SqliteGallery.create(folder / "gallery.db", encoder),
}


@pytest.fixture(params=sorted(OPENERS))
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Opener:
    """Each store in turn, empty."""
    return OPENERS[request.param](tmp_path)


@pytest.fixture
def gallery(opener: Opener) -> Iterator[Gallery]:
    """An empty gallery for the examples of ``tests.gallery.examples``."""
    with opener(ENCODER) as opened:
        yield opened


@pytest.fixture
def other(gallery: Gallery, opener: Opener) -> Iterator[Gallery]:
    """The same gallery, opened once more, as another process would."""
    with opener(gallery.encoder) as opened:
        yield opened
