"""Small data sets in their own layouts, made by the pen, a model that fits them, and a setting that is quick."""

import gzip
import struct
import zipfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.pictures import digit_of, ink_in_scene, pen_digit
from benchmarks.setting import Setting
from duktus.models.card import Card, Training
from duktus.models.file import save_model
from tests.models.networks import card_of, convolutional

RECIPE = """
name = "digits-quick"
task = "glyph-classifier"
labels = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
other = true
[data]
validation = 4
[network]
layers = ["conv 4 4 valid relu stride 4", "flatten"]
[fit]
epochs = 2
batch = 20
precision = "float32"
"""


def small(number: int) -> NDArray[np.uint8]:
    """A digit of the pen as MNIST would have it: (28, 28), white on black."""
    page = cv2.imdecode(np.frombuffer(pen_digit("mouse", number), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert page is not None
    dark = page if page[0, 0] < 128 else 255 - page
    return np.asarray(cv2.resize(dark, (28, 28), interpolation=cv2.INTER_AREA), np.uint8)


def write_idx(path: Path, array: NDArray[np.uint8]) -> None:
    """Write an array as one gzipped idx file of bytes."""
    head = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(head + array.tobytes()))


def write_mnist(folder: Path) -> None:
    """Write 40 digits to train on and 20 to test, in MNIST's files."""
    folder.mkdir()
    for part, first, count in (("train", 0, 40), ("t10k", 40, 20)):
        write_idx(folder / f"{part}-images-idx3-ubyte.gz", np.stack([small(first + i) for i in range(count)]))
        write_idx(folder / f"{part}-labels-idx1-ubyte.gz", (np.arange(count) % 10).astype(np.uint8))


def write_cells(folder: Path) -> None:
    """Write six cells, one of which holds no number of digits alone."""
    (folder / "cells").mkdir(parents=True)
    lines = [f"{i}.png,{digit_of(i)}" for i in range(5)]
    (folder / "values.csv").write_text("\n".join(["file,value", *lines, "5.png,-1.5", ""]), encoding="utf-8")
    for i in range(6):
        (folder / "cells" / f"{i}.png").write_bytes(ink_in_scene(small(i), "cell", i))


def write_omniglot(folder: Path) -> None:
    """Write an archive of three characters, the first of which is a digit's twin."""
    folder.mkdir()
    with zipfile.ZipFile(folder / "images_evaluation.zip", "w") as archive:
        for character in (1, 2, 3):
            png = cv2.imencode(".png", 255 - cv2.resize(small(character), (105, 105)))[1].tobytes()
            archive.writestr(f"images_evaluation/Own/character{character:02d}/000{character}_01.png", png)


@pytest.fixture(scope="session")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as DUKTUS_DATA names one, with three data sets."""
    folder = tmp_path_factory.mktemp("sets")
    write_mnist(folder / "mnist")
    write_cells(folder / "meza")
    write_omniglot(folder / "omniglot")
    return folder


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A model file whose untrained network answers something, and whose card names its recipe."""
    network = convolutional(outputs=11)
    card: Card = replace(card_of(network), labels=tuple(map(str, range(10))), training=Training(RECIPE, 1, {}, 1.0, 2))
    path = tmp_path_factory.mktemp("model") / "own.onnx"
    save_model(network, card, path)
    return str(path)


@pytest.fixture(scope="session")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout's recipes, small ones."""
    folder = tmp_path_factory.mktemp("root")
    (folder / "recipes").mkdir()
    (folder / "recipes" / "digits-quick.toml").write_text(RECIPE, encoding="utf-8")
    (folder / "recipes" / "omniglot-twins.csv").write_text("alphabet,character,digit\nOwn,1,1\n", encoding="utf-8")
    return folder


@pytest.fixture
def setting(sets: Path, model: str, root: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A run on six pictures of each set, one timed run of each side, all in this process; the peer is trained once."""
    monkeypatch.setenv("DUKTUS_DATA", str(sets))
    lines: list[str] = []
    return Setting(
        model=model, limit=6, pairs=1, isolated=False, root=root, runs=root / "runs", report=partial(list.append, lines)
    )
