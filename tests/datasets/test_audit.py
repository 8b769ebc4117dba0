"""A labelled set is looked at once, and all that is wrong with it is told without ending the run."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.audit import audit
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.types import Page
from tests.datasets.drawings import changed, drawing


def write(folder: Path, pages: dict[str, Page]) -> LabelledImages:
    """The pages as files, found again."""
    for name, page in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(bytes(cv2.imencode(Path(name).suffix, page)[1]))
    return load_labelled(folder)


def labelled(*entries: tuple[str, Page, str | None]) -> LabelledImages:
    """Images in memory: label, page, group."""
    labels, pages, groups = zip(*entries, strict=True)
    return LabelledImages(np.stack(pages), labels, groups)


def test_a_set_in_order_is_usable_as_it_is(tmp_path: Path) -> None:
    """Nothing is found where nothing is wrong, and images are counted by label."""
    found = audit(
        write(tmp_path, {f"{label}_{i}.png": drawing(ord(label) + i * 100) for i in (1, 2) for label in "ab"})
    )
    assert found.classes == {"a": 2, "b": 2}
    assert found.usable.name(0) == str(tmp_path / "a_1.png")
    assert (found.found, found.sides.tolist(), found.copies.tolist()) == (4, [64] * 4, [0, 1, 2, 3])
    assert not any((found.unreadable, found.blank, found.duplicates, found.conflicts))


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """No image, half an image, and a name in a table without a file: the others go on."""
    write(tmp_path, {"a_1.png": drawing(1), "a_2.png": drawing(2)})
    (tmp_path / "a_2.png").write_bytes((tmp_path / "a_2.png").read_bytes()[:99])
    (tmp_path / "b_3.png").write_text("no image")
    rows = "a_1.png,x\na_2.png,x\nb_3.png,y\nb_4.png,y\n"
    (tmp_path / "t.csv").write_text(f"file,label\n{rows}", encoding="utf-8")
    found = audit(load_labelled(tmp_path / "t.csv"))
    assert found.classes == {"x": 1, "y": 0}
    assert [message.split(":")[0].split("/")[-1] for message in found.unreadable] == ["a_2.png", "b_3.png", "b_4.png"]


def test_the_same_pixels_count_once(tmp_path: Path) -> None:
    """A drawing saved as another format, in colour or elsewhere is the same; the first stays."""
    page = drawing(1)
    found = audit(
        write(tmp_path, {"a/1.png": page, "a/2.bmp": page, "a/3.png": np.dstack([page] * 3), "a/4.png": page.T})
    )
    assert [[Path(name).name for name in same] for same in found.duplicates] == [["1.png", "2.bmp", "3.png"]]
    assert [Path(found.usable.name(i)).name for i in range(2)] == ["1.png", "4.png"]


def test_one_picture_under_two_labels_is_left_out() -> None:
    """Nobody can say which label is right, so neither is learnt."""
    found = audit(labelled(("a", drawing(1), None), ("b", drawing(1), None), ("a", drawing(2), None)))
    assert [(one.names, one.labels) for one in found.conflicts] == [(("image 0", "image 1"), ("a", "b"))]
    assert found.classes == {"a": 1, "b": 0}
    assert found.duplicates == ()


def test_blank_images_are_left_out() -> None:
    """White, black and noise-free grey hold no ink; a dot on a large page does, though it is lost when reduced."""
    page = np.full((800, 800), 255, np.uint8)
    page[266, 400] = 0
    found = audit(LabelledImages(np.stack([page, page * 0, page * 0 + 99]), ("a",) * 3, (None,) * 3))
    assert found.blank == ("image 1", "image 2")
    assert len(found.usable) == 1


@pytest.mark.parametrize("groups", [None, "anna"])
def test_copies_bear_one_number(tmp_path: Path, groups: str | None) -> None:
    """By ink or by name, within a label; where the group is known, the group says what belongs together."""
    pages = {"a/1.png": drawing(1), "a/2.png": changed(drawing(1), 10), "b/1.png": changed(drawing(1), -20)}
    images = write(tmp_path, pages | {"b/2.png": drawing(2), "b/2_rot10.png": drawing(3)})
    found = audit(LabelledImages(images.images, images.labels, (groups,) * 5))
    assert found.copies.tolist() == ([0, 0, 2, 3, 3] if groups is None else [0, 1, 2, 3, 4])
    assert audit(images, copies=False).copies.tolist() == [0, 1, 2, 3, 4]


def test_copies_are_numbered_by_what_is_usable() -> None:
    """Where the original drops out, its copies still belong together."""
    entries = [
        ("b", drawing(1), None),
        ("a", drawing(1), None),
        *(("a", changed(drawing(1), d), None) for d in (9, 19)),
    ]
    found = audit(labelled(*entries))
    assert len(found.conflicts) == 1
    assert found.copies.tolist() == [0, 0]


def test_progress_is_told_of_every_image(tmp_path: Path) -> None:
    """Images that fail count as well."""
    images = write(tmp_path, {"a_1.png": drawing(1), "b_1.png": drawing(2)})
    (tmp_path / "b_1.png").write_bytes(b"")
    done: list[tuple[int, int]] = []
    audit(images, report=lambda *progress: done.append(progress))
    assert done == [(1, 2), (2, 2)]
