"""The examples: pictures that the script makes, that the shipped model reads, and scripts that run as they stand."""

import csv
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

import duktus
from duktus.imaging.files.load import is_supported
from duktus.models.file import shipped_names
from duktus.pen.strokes import read_strokes
from tests.cli.door import PATIENCE, environment

MOST_WRONG = 1
"""Pictures of which the shipped model may misread something: a figure of merit is taken elsewhere, from thousands."""


@pytest.fixture(scope="module")
def folder() -> Path:
    """The examples."""
    return Path(__file__).resolve().parent.parent / "examples"


@pytest.fixture(scope="module")
def reader() -> duktus.Model:
    """The shipped model of digits."""
    if "digits" not in shipped_names():
        pytest.skip("no model of digits is shipped with this checkout")
    return duktus.open_model("digits", threads=1)


def grey(path: Path) -> NDArray[np.float32]:
    """A picture in grey, (h, w)."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L"), np.float32)


def load_script(path: Path) -> ModuleType:
    """A script as a module, without running it."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # a dataclass of the module looks itself up there
    spec.loader.exec_module(module)
    return module


def run_script(path: Path, *arguments: str) -> str:
    """What a script prints, run as a person would run it."""
    done = subprocess.run(
        [sys.executable, str(path), *arguments],
        env=environment(),
        capture_output=True,
        timeout=PATIENCE,
        check=True,
        encoding="utf-8",
    )
    assert done.stderr == ""
    return done.stdout


def test_pictures_are_what_the_script_makes(folder: Path, tmp_path: Path) -> None:
    """One seed makes the pictures anew, but for the last bits of another version's decoder."""
    made = load_script(folder / "make_images.py").make_all(tmp_path)
    pictures = [path for path in folder.iterdir() if is_supported(path)]
    assert {path.name for path in made} == {path.name for path in pictures} | {"85_drawing.inkml"}
    for path in pictures:
        old, new = grey(path), grey(tmp_path / path.name)
        assert old.shape == new.shape
        assert float(np.abs(old - new).mean()) < 2, path.name


def test_examples_are_a_quick_download(folder: Path) -> None:
    """All examples together stay below 300 kB."""
    assert sum(path.stat().st_size for path in folder.iterdir() if path.is_file()) < 300_000


def test_drawing_is_a_drawing(folder: Path) -> None:
    """The stroke file holds the strokes of two digits, in time."""
    strokes = read_strokes(folder / "85_drawing.inkml").strokes
    assert len(strokes) >= 2
    assert all((np.diff(stroke[:, 2]) >= 0).all() for stroke in strokes)


def test_examples_are_read_as_named(folder: Path, reader: duktus.Model) -> None:
    """What the shipped model reads in a picture is what its name says."""
    wrong = []
    for path in sorted(folder.glob("[0-9]*_*")):
        text = "".join(reading.text for reading in reader.read(path))
        if text != path.name.partition("_")[0].replace("-", ""):
            wrong.append(f"{path.name} as {text}")
    assert len(wrong) <= MOST_WRONG, wrong


def test_doodle_is_refused(folder: Path, reader: duktus.Model) -> None:
    """What is no character is accepted nowhere."""
    assert not any(reading.accepted for reading in reader.read(folder / "doodle.jpg"))


@pytest.mark.usefixtures("reader")
def test_folder_script_prints_a_line_an_image(folder: Path) -> None:
    """``read_folder.py`` reads the examples themselves."""
    lines = run_script(folder / "read_folder.py").splitlines()
    assert len(lines) == sum(is_supported(path) for path in folder.iterdir())
    assert "7_photo.jpg: 7" in lines


@pytest.mark.usefixtures("reader")
def test_drawing_script_reads_what_the_pen_wrote(folder: Path) -> None:
    """``draw_and_read.py`` gets most numbers back, and counts them."""
    *lines, total = run_script(folder / "draw_and_read.py", "10").splitlines()
    assert len(lines) == 10
    assert int(total.split()[0]) == sum(not line.endswith("<-") for line in lines)
    assert int(total.split()[0]) >= 6


@pytest.mark.usefixtures("reader")
def test_flagging_script_lists_what_is_in_doubt(folder: Path, tmp_path: Path) -> None:
    """``flag_doubtful.py`` leaves out what was accepted and keeps what a person has to see."""
    table = tmp_path / "doubtful.csv"
    pictures = [str(folder / name) for name in ("7_photo.jpg", "doodle.jpg")]
    out = run_script(folder / "flag_doubtful.py", str(table), *pictures)
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows] == [pictures[1]]
    assert out.startswith("1 of 2 images")
