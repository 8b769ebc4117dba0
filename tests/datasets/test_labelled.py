"""Labelled images are found in whichever layout a person has."""

import json
import os
import unicodedata
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.imaging.files.load import load_pages
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
    return [(Path(images.name(i)).name, label) for i, label in enumerate(images.labels)]


def write_omniglot(path: Path, *alphabets: str) -> Path:
    """An archive in Omniglot's form: two characters an alphabet, two drawers each."""
    path.parent.mkdir(parents=True, exist_ok=True)
    data = bytes(cv2.imencode(".png", np.full((105, 105), 255, np.uint8))[1])
    with zipfile.ZipFile(path, "w") as archive:
        for name in (f"{a}/character0{c}/0001_0{d}.png" for a in alphabets for c in (1, 2) for d in (1, 2)):
            archive.writestr(f"{path.stem}/{name}", data)
    return path


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


def test_a_table_may_hold_any_label(tmp_path: Path) -> None:
    """A slash, 200 characters, and letters whose case or form differs stay as they are, but for NFC."""
    labels = ["and/or", "x" * 200, "a", "A", "ﬁ", "fi", "e\u0301", " b"]
    touch(tmp_path, *(f"{i}.png" for i in range(len(labels))))
    rows = (json.dumps({"file": f"{i}.png", "label": label, "group": "e\u0301"}) for i, label in enumerate(labels))
    (tmp_path / "table.jsonl").write_text("\n".join(rows), encoding="utf-8")
    images = load_labelled(tmp_path / "table.jsonl")
    assert images.labels == (*labels[:6], "é", " b")
    assert set(images.groups) == {"é"}


def test_omniglot_comes_zipped(tmp_path: Path) -> None:
    """An archive, or a folder with archives: labels name the character, groups the drawer within the alphabet."""
    archive = write_omniglot(tmp_path / "images_background.zip", "Greek")
    write_omniglot(tmp_path / "images_evaluation.zip", "Tengwar", "Keble")
    images = load_labelled(archive)
    assert images.labels == ("Greek/character01",) * 2 + ("Greek/character02",) * 2
    assert images.groups == ("Greek/01", "Greek/02") * 2
    assert images.name(3) == "images_background.zip/images_background/Greek/character02/0001_02.png"
    assert [page.shape for page in load_pages(images.images[3])] == [(105, 105)]
    assert len(load_labelled(tmp_path)) == 12


@pytest.mark.parametrize(
    "place", ["images_evaluation.zip/Keble", "images_evaluation.zip/images_evaluation/Keble", "Keble"]
)
def test_one_alphabet_is_chosen_as_if_the_archive_were_a_folder(tmp_path: Path, place: str) -> None:
    """From the archive, or from the folder that holds it."""
    write_omniglot(tmp_path / "images_background.zip", "Greek")
    write_omniglot(tmp_path / "images_evaluation.zip", "Tengwar", "Keble")
    assert load_labelled(tmp_path / place).classes == ("Keble/character01", "Keble/character02")


def test_omniglot_comes_unzipped(tmp_path: Path) -> None:
    """The folders of an archive are understood as the archive is."""
    touch(tmp_path, "Greek/character01/0394_01.png", "Greek/character02/0395_01.png")
    images = load_labelled(tmp_path)
    assert (images.labels[0], images.groups[0]) == ("Greek/character01", "Greek/01")
    assert load_labelled(tmp_path / "Greek").labels == images.labels


def test_an_alphabet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The message names those that are, and how one is written."""
    archive = write_omniglot(tmp_path / "images_evaluation.zip", "Tengwar", "Keble")
    with pytest.raises(DataError, match=r"\(Keble, Tengwar\), received 'Grek'; write .*\.zip/Keble"):
        load_labelled(archive / "Grek")
    with pytest.raises(DataError, match="found nothing there"):
        load_labelled(tmp_path / "deep" / "Keble")


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    """Half an archive, given itself or by its folder, is an error of the project's own class."""
    archive = write_omniglot(tmp_path / "images_evaluation.zip", "Tengwar")
    archive.write_bytes(archive.read_bytes()[:500])
    for place in (archive, tmp_path, archive / "Tengwar"):
        with pytest.raises(DataError, match="expected a whole zip file"):
            load_labelled(place)


@pytest.mark.parametrize("own", ["ᚠ/1.png", "ᚠ_1.png"])
def test_images_beside_an_archive_are_two_layouts(tmp_path: Path, own: str) -> None:
    """Nobody knows whether the archive or the folder's own images were meant."""
    write_omniglot(tmp_path / "images_evaluation.zip", "Tengwar")
    with pytest.raises(DataError, match=rf"two \(images_evaluation\.zip beside {own}\)"):
        load_labelled(touch(tmp_path, own))


def test_a_table_in_a_folder_is_pointed_at(tmp_path: Path) -> None:
    """Where a folder's names tell no label, the table that lies in it may."""
    with pytest.raises(DataError, match=r"give the table .*labels\.csv itself, or rename it"):
        load_labelled(touch(tmp_path, "1.png", "labels.csv"))


def test_a_subset_keeps_names(tmp_path: Path) -> None:
    """Files, arrays and members of archives are called in a part what they are called in the whole."""
    write_mnist(tmp_path / "mnist")
    (tmp_path / "letters").mkdir()
    sources = (
        touch(tmp_path / "letters", "a_1.png", "b_1.png", "c_1.png"),
        tmp_path / "mnist",
        write_omniglot(tmp_path / "a.zip", "Greek"),
    )
    for whole in map(load_labelled, sources):
        part = whole.subset([2, 0]).subset(np.array([0]))
        assert (part.name(0), part.labels, part.groups) == (whole.name(2), whole.labels[2:3], whole.groups[2:3])
        assert len(part) == len(part.images) == 1


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
        load_labelled(touch(tmp_path, "x.txt") / "x.txt")


def test_leftovers_of_a_mac_are_no_labels(tmp_path: Path) -> None:
    """What every zip archive from a Mac holds beside its files is passed over; an unread format is an image."""
    for name in ("A/1.png", "A/._1.png", "A/2.heic", "__MACOSX/A/._1.png", ".DS_Store", "logo.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = load_labelled(tmp_path)
    assert [Path(found.name(i)).name for i in range(len(found))] == ["1.png", "2.heic"]
    assert found.classes == ("A",)


def test_a_single_image_is_no_labelled_set(tmp_path: Path) -> None:
    """Who names an image where its folder is wanted is told so, and not of its bytes."""
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    with pytest.raises(DataError, match="received a single image; give the folder"):
        load_labelled(tmp_path / "a.png")
