"""The small data set, drawn once for the tests of this folder."""

from pathlib import Path

import pytest

from tests.glyphs.training.sets import write_set


@pytest.fixture(scope="session")
def data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a data set of 60 digits to train and choose by, and 18 to test."""
    return write_set(tmp_path_factory.mktemp("set"))
