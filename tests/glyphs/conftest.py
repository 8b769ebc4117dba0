"""A reader of one writer's digits, made once for the tests of this folder."""

import pytest

from duktus.glyphs.reading.reader import Reader
from tests.glyphs.handwriting import make_reader


@pytest.fixture(scope="session")
def writer_reader() -> Reader:
    """Knows the hand of ``tests.glyphs.handwriting`` and no other."""
    return make_reader()
