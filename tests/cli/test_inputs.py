"""What is named on the command line is found, in order, and nothing else."""

import io
import os
import sys
from pathlib import Path

import pytest

from duktus.cli.inputs import Input, find_inputs
from duktus.cli.terminal import STANDARD_INPUT


def found_in(folder: Path) -> list[str]:
    """The files found in a folder, relative to it; none may be an error."""
    inputs = list(find_inputs([str(folder)]))
    assert not any(found.error for found in inputs)
    return [os.path.relpath(found.file, folder) for found in inputs]


def touch(folder: Path, *names: str) -> None:
    """Make empty files, and the folders they lie in."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def test_folder_gives_images_and_drawings_sorted(tmp_path: Path) -> None:
    """A folder counts with all below it, in the order of names; other files do not."""
    touch(tmp_path, "c.png", "a.JPG", "b/z.tiff", "b/notes.txt", "d.inkml", "Makefile")
    assert found_in(tmp_path) == ["a.JPG", "b/z.tiff", "c.png", "d.inkml"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    """What a file manager hides is no input: thumbnails, resource forks, version control."""
    touch(tmp_path, "a.png", "._a.png", ".cache/b.png", ".c.inkml")
    assert found_in(tmp_path) == ["a.png"]


@pytest.mark.parametrize(
    ("content", "counts"),
    [
        ('{"unit": "mm", "strokes": []}', True),
        ("[ [ [1, 2], [3, 4] ] ]", True),
        ('[{"points": [[1, 2]]}]', True),
        ('{"accuracy": 0.99}', False),
        ("[1, 2]", False),
    ],
)
def test_json_counts_where_it_holds_strokes(tmp_path: Path, content: str, counts: bool) -> None:
    """A folder may hold other JSON beside its images; only strokes are read."""
    (tmp_path / "a.png").touch()
    (tmp_path / "b.json").write_text(content)
    assert ("b.json" in found_in(tmp_path)) == counts


def test_named_files_are_taken_as_they_are(tmp_path: Path) -> None:
    """Whoever names a file means it, whatever it is called and whether or not it is there."""
    named = [str(tmp_path / "missing"), "notes.txt"]
    assert [found.file for found in find_inputs(named)] == named


def test_standard_input_is_taken_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is piped in is there as content, under the name "-"."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\x89PNG")))
    assert list(find_inputs([STANDARD_INPUT])) == [Input("-", content=b"\x89PNG")]


def test_closed_standard_input_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can come in, the error says how to send something."""
    monkeypatch.setattr(sys, "stdin", None)
    (found,) = find_inputs([STANDARD_INPUT])
    assert "send one in" in found.error


def test_empty_folder_is_an_error_in_its_place(tmp_path: Path) -> None:
    """A folder without images is not passed over in silence."""
    (found,) = find_inputs([str(tmp_path)])
    assert found.file == str(tmp_path)
    assert "found none" in found.error


def test_link_to_an_upper_folder_is_not_followed(tmp_path: Path) -> None:
    """A walk never goes in circles; a link to a file is followed."""
    touch(tmp_path, "a.png")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    assert found_in(tmp_path) == ["a.png", "b.png"]


def test_folder_that_vanishes_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be listed gives its reason, and what follows is still found."""
    monkeypatch.setattr(os.path, "isdir", lambda name: name == "gone")
    gone, after = find_inputs(["gone", "after.png"])
    assert "No such file" in gone.error
    assert after == Input("after.png")


def test_files_come_before_the_walk_ends(tmp_path: Path) -> None:
    """The first file of a folder is there before the others are looked for, so that any number streams."""
    touch(tmp_path, "a.png", "b/c.png")
    walk = find_inputs([str(tmp_path)])
    first = next(walk)
    (tmp_path / "b" / "d.png").touch()
    assert [Path(found.file).name for found in (first, *walk)] == ["a.png", "c.png", "d.png"]


def test_images_that_are_not_read_have_a_place(tmp_path: Path) -> None:
    """A photograph of a telephone is found, so that reading it says how to convert it; a Mac's leftovers are not."""
    touch(tmp_path, "a.HEIC", "b.psd", "__MACOSX/._a.HEIC", "__MACOSX/c.png", ".DS_Store", "._b.psd")
    assert found_in(tmp_path) == ["a.HEIC", "b.psd"]
