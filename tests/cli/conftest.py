"""A model whose answers are arbitrary but always the same, and images made by the project's own pen."""

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.door import save_arbitrary_model, write_page


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of ten digits; its network was never trained."""
    return save_arbitrary_model(tmp_path_factory.mktemp("model") / "arbitrary.onnx")


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A folder with two images, one of them in a folder below it."""
    folder = tmp_path / "images"
    (folder / "below").mkdir(parents=True)
    Image.fromarray(write_page()).save(folder / "a.png")
    Image.fromarray(write_page()).save(folder / "below" / "b.jpg")
    return folder
