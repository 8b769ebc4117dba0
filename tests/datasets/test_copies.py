"""Images that belong together are told by their names, by their ink, and through each other."""

from pathlib import Path

import pytest

from duktus.datasets.copies import find_copies, together
from duktus.datasets.likeness import signature
from duktus.imaging.ink.extraction import extract_ink
from tests.datasets.drawings import changed, drawing


def named(*names: str) -> list[int]:
    """The first of each set, by names alone."""
    return list(find_copies([(Path("f") / name, None) for name in names]))


@pytest.mark.parametrize(
    "name",
    [
        "ᚠ_01_rot10.png",
        "ᚠ_01_rot-20.png",
        "ᚠ_01-rotated_+20deg.jpg",
        "ᚠ_01_aug_3.png",
        "ᚠ_01 - Copy (2).png",
        "ᚠ_01.scale0.9_shift3px.png",
        "ᚠ_01.jpg",
    ],
)
def test_a_copy_is_named_after_its_original(name: str) -> None:
    """What programs write behind a name for a copy is understood."""
    assert named("ᚠ_01.png", name, "ᚠ_02.png") == [0, 0, 2]


@pytest.mark.parametrize(
    "names",
    [
        ("scale_1.png", "scale_2.png"),
        ("sheet_turn_1.png", "sheet_turn_2.png"),
        ("ᚠ.png", "ᚠ_1.png", "ᚠ_2.png"),
        ("rot_1.png", "rot_2.png"),
        ("ᚠ_1.png", "ᚠ_10.png"),
        ("ᚠ_1.png", "a/ᚠ_1_rot10.png"),
    ],
)
def test_other_names_join_nothing(names: tuple[str, ...]) -> None:
    """A number behind a name is no copy, and a name that tells of an image which is not there tells nothing."""
    assert named(*names) == list(range(len(names)))


def test_names_and_ink_work_together() -> None:
    """A copy by its name and a copy of that copy by its ink are one set; what has neither stands alone."""
    pages = [drawing(1), drawing(2), changed(drawing(2), 10), drawing(3)]
    files = [Path("1.png"), Path("1_flip.png"), None, None]
    drawings = [(file, signature(extract_ink(page))) for file, page in zip(files, pages, strict=True)]
    assert find_copies(drawings).tolist() == [0, 0, 0, 3]


def test_marks_join_in_chains() -> None:
    """Through several lists of marks and in any order, the first of a set names it; no marks join nothing."""
    assert together(["x", None, "y", "y", None], [7, 8, 7, None, 8]).tolist() == [0, 1, 0, 0, 1]
    assert together(range(3)).tolist() == [0, 1, 2]
    assert together([]).tolist() == []
