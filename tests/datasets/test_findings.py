"""What an audit found is told in sentences that a person reads."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.audit import audit
from duktus.datasets.findings import describe
from duktus.datasets.labelled import LabelledImages
from duktus.types import Page
from tests.datasets.drawings import changed, drawing


def told(labels: str | list[str], pages: list[Page] | None = None, group: str | None = None) -> str:
    """What is said of images with these labels."""
    pages = [drawing(i) for i in range(len(labels))] if pages is None else pages
    return "\n".join(describe(audit(LabelledImages(np.stack(pages), tuple(labels), (group,) * len(labels)))))


def test_a_set_in_order_is_told_in_three_lines() -> None:
    """How many, how large, and whose."""
    assert told("a" * 10 + "b" * 11) == (
        "21 images of 2 classes: 10 to 11 a class, 10 in the median.\n"
        "They measure 64 pixels on the longer side.\nNo groups (hands or pages) are known."
    )
    assert told("a" * 10 + "b" * 10, group="anna").endswith("\n1 group (hands or pages).")


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("aa", "Only one class, 'a': two at least are needed"),
        ("aab", "One usable image alone, so that none is left to measure on: 1 class ('b')."),
        (
            "aAaA",
            "white space alone are kept apart; rename those that mean one: 'A' and 'a'.",
        ),
        ("\u00b5\u03bc", "rename those that mean one: '\u00b5' (U+00B5) and '\u03bc' (U+03BC)."),
        (["b ", "b"], "white space alone are kept apart; rename those that mean one: 'b' and 'b '"),
        (["x" * 200, "y/z\n"], f"2 classes ('{'x' * 24}…', 'y/z\\n')."),
        ("abcdef", "6 classes ('a', 'b', 'c' … and 3 more)."),
    ],
)
def test_doubtful_labels_are_named(labels: str | list[str], said: str) -> None:
    """Three at most, each as it can be told from the others, and none can break the line."""
    assert said in told(labels)


def test_few_images_are_remarked_on() -> None:
    """Below ten of a class."""
    said = "Fewer than 10 usable images, so that their figures say little: 1 class ('a')."
    assert said in told("a" * 9 + "b" * 10)


def test_what_was_left_out_is_named() -> None:
    """Repeated, disputed and blank images, and a class that loses all of its own."""
    one, two, blank = drawing(1), drawing(2), np.full((64, 64), 255, np.uint8)
    lines = told("aaabcd", [one, one, drawing(3), two, two, blank])
    assert lines.startswith("6 images of 4 classes, 2 of them usable: 0 to 2 a class")
    assert "Repeated pixel by pixel under one label, left out: 1 image (image 1 is image 0)." in lines
    assert "left out altogether: 1 picture (image 3, image 4 under 'b', 'c')." in lines
    assert "Without ink, left out: 1 image (image 5)." in lines
    assert "No usable image: 3 classes ('b', 'c', 'd')." in lines


def test_copies_are_counted() -> None:
    """Three copies of two drawings."""
    pages = [drawing(1), *(changed(drawing(1), d) for d in (10, -10)), drawing(2), changed(drawing(2), 20), drawing(3)]
    assert "(turned, moved, scaled, or named so): 3 images of 2 drawings, kept together." in told("aaaaab", pages)


def test_unreadable_files_are_told_line_by_line(tmp_path: Path) -> None:
    """With the reason, three of them, by the end of their path; a set of nothing else says no more than that."""
    names = [f"{i}.png" for i in range(5)]
    for name in names:
        (tmp_path / name).write_text("no image")
    lines = describe(audit(LabelledImages([tmp_path / name for name in names], tuple("aabbb"), (None,) * 5)))
    assert lines[0] == "5 images of 2 classes, 0 of them usable: 0 a class."
    assert lines[2] == "Cannot be read, left out: 5 images."
    assert lines[3].startswith(f"  {tmp_path.name}/0.png: expected PNG")
    assert lines[6:8] == ["  … and 2 more", "No usable image: 2 classes ('a', 'b')."]


def test_a_page_among_letters_is_remarked_on(tmp_path: Path) -> None:
    """Sizes that differ much are told with the two files."""
    files = [tmp_path / "letter.png", tmp_path / "page.png"]
    for file, side in zip(files, (40, 400), strict=True):
        file.write_bytes(bytes(cv2.imencode(".png", drawing(1, side))[1]))
    lines = describe(audit(LabelledImages(files, ("a", "b"), (None, "anna"))))
    assert "They measure 40 to 400 pixels on the longer side, 220 in the median." in lines
    assert "1 group (hands or pages); of 1 image none is known." in lines
    assert lines[-1].startswith("Sizes differ more than 8 times, from ")
    assert lines[-1].endswith("/page.png: a page among single letters?")


def test_no_image_is_no_error() -> None:
    """Nothing is said of an empty set but that."""
    assert describe(audit(LabelledImages((), (), ()))) == ["No image."]
