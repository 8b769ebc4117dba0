"""Omniglot's drawings come straight out of its archives."""

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.omniglot import load_omniglot
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
    first, second = load_omniglot(archive(tmp_path / "a.zip", members))
    assert (first.alphabet, first.character, first.drawer) == ("Early_Aramaic", 2, 15)
    assert (second.alphabet, second.character, second.drawer) == ("Greek", 24, 3)
    assert first.image.shape == (105, 105)
    assert (first.image == 7).all()
    assert (second.image == 9).all()


@pytest.mark.parametrize("data", [b"", b"no picture", drawing(7)[:40]])
def test_a_broken_drawing_is_named(tmp_path: Path, data: bytes) -> None:
    """A drawing that cannot be decoded is refused by its name in the archive."""
    path = archive(tmp_path / "a.zip", {"Greek/character24/0415_03.png": data})
    with pytest.raises(DataError, match=r"a\.zip: Greek/character24/0415_03\.png: expected a PNG"):
        list(load_omniglot(path))


def test_another_archive_is_refused(tmp_path: Path) -> None:
    """An archive without drawings, a file that is none, and a missing one each say what was expected."""
    (tmp_path / "text.zip").write_bytes(b"no archive")
    other = archive(tmp_path / "runs.zip", {"run01/test/item01.png": drawing(0)})
    for path, said in ((other, "found none"), (tmp_path / "text.zip", "whole zip"), (tmp_path / "x", "No such file")):
        with pytest.raises(DataError, match=said):
            list(load_omniglot(path))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    """A byte changed within a drawing is found by the archive's own checksum."""
    path = archive(tmp_path / "a.zip", {"Greek/character24/0415_03.png": drawing(7)})
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    with pytest.raises(DataError, match="expected a whole zip file"):
        list(load_omniglot(path))


def test_the_real_archive_is_read(data_dir: Path) -> None:
    """The real evaluation set has 20 alphabets, 20 drawers a character, black on white."""
    drawings = list(load_omniglot(data_dir / "omniglot" / "images_evaluation.zip"))
    assert len({one.alphabet for one in drawings}) == 20
    assert len(drawings) == 20 * len({(one.alphabet, one.character) for one in drawings})
    assert {one.image.shape for one in drawings} == {(105, 105)}
    assert 200 < np.mean([one.image.mean() for one in drawings]) < 254
