"""Labelled images are found in whichever layout a person has."""

import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.imaging.load import load_pages
from duktus.types import DataError
from tests.datasets.idx_files import write_mnist


def touch(folder: Path, *names: str) -> Path:
    """Files without contents: labels are found without opening them."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def pairs(images: LabelledImages) -> list[tuple[str, str]]:
    """The name and label of each image."""
    return [(Path(path).name, label) for path, label in zip(images.images, images.labels, strict=True)]


def test_a_folder_is_a_label(tmp_path: Path) -> None:
    """Each folder's images bear its name, and what is no image is passed over."""
    touch(
        tmp_path,
        "ᚠ/2.png",
        "ᚠ/1.JPG",
        "ᚢ/1.png",
        "ᚢ/notes.txt",
        "ᚢ/.hidden.png",
        ".git/x.png",
        "empty/x.txt",
        "readme.md",
    )
    images = load_labelled(tmp_path)
    assert pairs(images) == [("1.JPG", "ᚠ"), ("2.png", "ᚠ"), ("1.png", "ᚢ")]
    assert images.classes == ("ᚠ", "ᚢ")
    assert images.groups == (None, None, None)
    assert len(images) == 3


def test_a_label_stands_before_the_first_underscore(tmp_path: Path) -> None:
    """The rest of the name does not matter."""
    touch(tmp_path, "b_1_x.png", "a_.png", "a_2.tiff", "ab_c.webp", "-_1.png")
    assert pairs(load_labelled(tmp_path)) == [
        ("-_1.png", "-"),
        ("a_.png", "a"),
        ("a_2.tiff", "a"),
        ("ab_c.webp", "ab"),
        ("b_1_x.png", "b"),
    ]


def test_labels_do_not_depend_on_the_file_system(tmp_path: Path) -> None:
    """A letter with its accent apart is the same label as the letter in one."""
    touch(tmp_path, unicodedata.normalize("NFD", "é_1.png"), unicodedata.normalize("NFC", "é_2.png"))
    assert load_labelled(tmp_path).classes == (unicodedata.normalize("NFC", "é"),)


def test_a_table_brings_groups(tmp_path: Path) -> None:
    """A table is read in its order, with the groups that it names."""
    touch(tmp_path, "x.png", "y.png")
    (tmp_path / "table.csv").write_text("file,label,group\ny.png,b,anna\nx.png,a,\n", encoding="utf-8")
    images = load_labelled(tmp_path / "table.csv")
    assert pairs(images) == [("y.png", "b"), ("x.png", "a")]
    assert images.groups == ("anna", None)


def test_idx_files_are_mnist(tmp_path: Path) -> None:
    """A folder with MNIST's files gives arrays, the part that is asked for."""
    write_mnist(tmp_path)
    train, test = load_labelled(tmp_path), load_labelled(tmp_path, part="test")
    assert (len(train), len(test)) == (6, 2)
    assert test.labels == ("0", "1")
    assert [page.shape for image in train.images for page in load_pages(image)] == [(2, 2)] * 6
    assert isinstance(test.images, np.ndarray)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "found no image"),
        (["notes.txt", "a/notes.txt"], "found no image"),
        (["a/1.png", "b_1.png"], r"received two \(a/ with images beside b_1.png\)"),
        (["train/a/1.png", "test/a/1.png"], "received the folder a; give .*test itself"),
        (["1.png"], r"1.png: expected a label before an underscore \(7_01.png\)"),
        (["_1.png"], "received none; rename it"),
        (["train-images-idx3-ubyte.gz"], "found 1 of them; put train-labels"),
    ],
)
def test_an_unclear_layout_is_refused(tmp_path: Path, names: list[str], said: str) -> None:
    """What cannot be understood for certain is not guessed."""
    with pytest.raises(DataError, match=said):
        load_labelled(touch(tmp_path, *names))


@pytest.mark.skipif(os.name == "nt", reason="names are always Unicode there")
def test_a_label_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    """A label has to be text."""
    touch(tmp_path, os.fsdecode(b"\xe9_1.png"))
    with pytest.raises(DataError, match="expected a name in UTF-8"):
        load_labelled(tmp_path)


def test_a_place_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    """A path that leads nowhere, and a file that is no table, say so."""
    with pytest.raises(DataError, match="found nothing there"):
        load_labelled(tmp_path / "missing")
    with pytest.raises(DataError, match=r"or a table as \.csv, \.tsv or \.jsonl"):
        load_labelled(touch(tmp_path, "x.png") / "x.png")
