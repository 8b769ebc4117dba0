"""``duktus explain --stages``: the picture comes to lie where it is wanted."""

from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from duktus.recognition.stages import WIDTH
from tests.cli.door import duktus

Captured = pytest.CaptureFixture[str]


def width_of(path: Path) -> int:
    """The width of an image file."""
    with Image.open(path) as image:
        return image.width


def test_picture_takes_its_name_from_the_image(
    images: Path, model: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --out it lies in the present folder, and its name is printed."""
    monkeypatch.chdir(images.parent)
    assert main(["explain", str(images / "a.png"), "--stages", "--model", str(model)]) == 0
    assert capsys.readouterr().out == "a.stages.png\n"
    assert width_of(Path("a.stages.png")) == WIDTH


def test_picture_is_put_where_it_is_wanted(images: Path, model: Path, capsys: Captured) -> None:
    """--out names the file."""
    target = images / "stages.png"
    assert main(["explain", "--stages", str(images / "a.png"), "--out", str(target), "--model", str(model)]) == 0
    assert capsys.readouterr().out == f"{target}\n"
    assert width_of(target) == WIDTH


def test_standard_input_is_explained(images: Path, model: Path) -> None:
    """An image may come through a pipe."""
    target = images / "stages.png"
    image = (images / "a.png").read_bytes()
    done = duktus("explain", "-", "--stages", "--out", target, "--model", model, given=image)
    assert (done.returncode, done.stderr) == (0, b"")
    assert target.exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["missing.png"], "check the path"),
        (["a.png", "--page", "2"], "2 pages"),
        (["a.png", "--out", "no/x.png"], "--out"),
    ],
)
def test_what_cannot_be_done_is_one_message(
    arguments: list[str],
    told: str,
    images: Path,
    model: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A missing image, a page that is not there, a folder that cannot be written: told, and nothing is left."""
    monkeypatch.chdir(images)
    assert main(["explain", *arguments, "--stages", "--model", str(model)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err
    assert err.count("\n") == 1
    assert not list(images.glob("*.stages.png"))
