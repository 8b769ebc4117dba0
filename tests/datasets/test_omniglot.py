"""Omniglot's drawings come straight out of its archives."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.omniglot import (
    Drawing,
    alphabets_of,
    omniglot_archives,
    unzipped_drawings,
    zipped_drawings,
)
from duktus.types import DataError


def archive(path: Path, members: dict[str, bytes]) -> Path:
    """A zip file."""
    with zipfile.ZipFile(path, "w") as target:
        for name, data in members.items():
            target.writestr(name, data)
    return path


def drawing(grey: int) -> bytes:
    """A PNG of one grey."""
    return bytes(cv2.imencode(".png", np.full((105, 105), grey, np.uint8))[1])


def test_every_drawing_comes_with_its_alphabet_character_and_drawer(tmp_path: Path) -> None:
    """What the names say is told, in the order of the archive; other files are passed over."""
    members = {
        "images_background/": b"",
        "images_background/Early_Aramaic/character02/0108_15.png": drawing(7),
        "images_background/Early_Aramaic/readme.txt": b"",
        "images_background/Greek/character24/0415_03.png": drawing(9),
    }
    first, second = zipped_drawings(archive(tmp_path / "a.zip", members))
    assert (first.alphabet, first.character, first.drawer) == ("Early_Aramaic", 2, 15)
    assert (second.alphabet, second.character, second.drawer) == ("Greek", 24, 3)
    assert first.page.shape == (105, 105)
    assert (first.page == 7).all()
    assert (second.page == 9).all()


@pytest.mark.parametrize("data", [b"", b"no picture", drawing(7)[:40]])
def test_a_broken_drawing_is_named(tmp_path: Path, data: bytes) -> None:
    """A drawing that cannot be decoded is refused by its name in the archive."""
    path = archive(tmp_path / "a.zip", {"Greek/character24/0415_03.png": data})
    (broken,) = zipped_drawings(path)
    with pytest.raises(DataError, match=r"a\.zip/Greek/character24/0415_03\.png: expected a PNG"):
        _ = broken.page


def test_another_archive_is_refused(tmp_path: Path) -> None:
    """An archive without drawings, a file that is none, and a missing one each say what was expected."""
    (tmp_path / "text.zip").write_bytes(b"no archive")
    other = archive(tmp_path / "runs.zip", {"run01/test/item01.png": drawing(0)})
    for path, said in ((other, "found none"), (tmp_path / "text.zip", "whole zip"), (tmp_path / "x", "No such file")):
        with pytest.raises(DataError, match=said):
            list(zipped_drawings(path))


def test_drawings_come_as_stored_with_label_and_group(tmp_path: Path) -> None:
    """Nothing is decoded; the label names alphabet and character, the group alphabet and drawer."""
    members = {"set/Greek/character24/0415_03.png": b"one", "set/Latin/character01/0001_20.png": b"two"}
    path = archive(tmp_path / "a.zip", members)
    first, second = zipped_drawings(path)
    name = "a.zip/set/Greek/character24/0415_03.png"
    assert first == Drawing(b"one", name, "Greek", 24, 3, "Greek/character24", "Greek/03")
    assert list(zipped_drawings(path, "Latin")) == [second]
    assert alphabets_of(path) == {"Greek", "Latin"}


@pytest.mark.parametrize("place", ["", "images_evaluation", "images_evaluation/Greek"])
def test_unzipped_drawings_are_found_from_any_folder_of_the_archive(tmp_path: Path, place: str) -> None:
    """Unzipped, alone or beside other sets, or one alphabet of it: label and group are those of the archive."""
    for name in ("character01/0394_02.png", "character02/0395_01.png", "notes.txt"):
        file = tmp_path / "images_evaluation" / "Greek" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    first, second = unzipped_drawings(tmp_path / place)
    assert (first.label, first.group) == ("Greek/character01", "Greek/02")
    assert second.name.endswith("images_evaluation/Greek/character02/0395_01.png")


def test_folders_of_another_layout_hold_no_drawings(tmp_path: Path) -> None:
    """One image with another name, and it is somebody's own folder a label."""
    for name in ("character01/0394_02.png", "character01/mine.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert unzipped_drawings(tmp_path) == []


def test_archives_are_known_by_their_names(tmp_path: Path) -> None:
    """Of the zip files in a folder those count that bear Omniglot's names; one that is given counts anyway."""
    for name in ("all_runs.zip", "images_background.zip", "IMAGES_EVALUATION.zip", "images_other.txt"):
        (tmp_path / name).touch()
    assert {path.name for path in omniglot_archives(tmp_path)} == {"images_background.zip", "IMAGES_EVALUATION.zip"}
    assert omniglot_archives(tmp_path / "all_runs.zip") == [tmp_path / "all_runs.zip"]
    assert omniglot_archives(tmp_path / "missing") == []


def test_a_member_too_large_for_a_drawing_is_refused(tmp_path: Path) -> None:
    """A megabyte of zeros packs into a kilobyte: it is not unpacked."""
    path = archive(tmp_path / "a.zip", {"Greek/character24/0415_03.png": bytes(1_000_001)})
    with pytest.raises(DataError, match="received one of 1,000,001 bytes"):
        list(zipped_drawings(path))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    """A byte changed within a drawing is found by the archive's own checksum."""
    path = archive(tmp_path / "a.zip", {"Greek/character24/0415_03.png": drawing(7)})
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    with pytest.raises(DataError, match="expected a whole zip file"):
        list(zipped_drawings(path))


def test_the_real_archive_is_read(data_dir: Path) -> None:
    """The real evaluation set has 20 alphabets, 20 drawers a character, black on white."""
    drawings = list(zipped_drawings(data_dir / "omniglot" / "images_evaluation.zip"))
    pages = [one.page for one in drawings]
    assert len({one.alphabet for one in drawings}) == 20
    assert len(drawings) == 20 * len({(one.alphabet, one.character) for one in drawings})
    assert {page.shape for page in pages} == {(105, 105)}
    assert 200 < np.mean([page.mean() for page in pages]) < 254
