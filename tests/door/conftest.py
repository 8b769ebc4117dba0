"""A folder as its owner has it: drawings of letters, pages by two writers, and galleries of both."""

from pathlib import Path

import pytest
from PIL import Image

import duktus
from duktus.types import Page
from tests.glyphs.encoders import letter_page
from tests.hands.pages import page_of


def save(page: Page, path: Path) -> None:
    """Save a page as an image file, its folders too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(page).save(path)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """The folder, with links to the examples and the recipes of the project."""
    folder = tmp_path_factory.mktemp("door")
    for name in ("examples", "recipes"):
        (folder / name).symlink_to(repository / name)
    for letter in "ABC":
        for number in (1, 2):
            save(letter_page(letter, number), folder / "drawings" / letter / f"{number}.png")
        save(letter_page(letter, 7), folder / "more-drawings" / letter / "7.png")
    for seed, writer in enumerate(("Anna", "Bert"), 1):
        save(page_of(seed), folder / "letters" / writer / "1.png")
    save(page_of(1, text=1), folder / "letter.png")
    duktus.teach(folder / "runes.db", folder / "drawings")
    duktus.enrol(folder / "hands.db", folder / "letters")
    return folder


@pytest.fixture
def home(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, as the present one."""
    monkeypatch.chdir(prepared)
    return prepared
