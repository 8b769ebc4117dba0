"""``duktus explain``: the page, or with --stages the picture, comes to lie where it is wanted."""

from pathlib import Path

import pytest
from PIL import Image

from duktus.cli import main
from duktus.glyphs.reading.stages import WIDTH
from tests.cli.door import duktus
from tests.glyphs.encoders import encoder_content, letter_page

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


def test_ink_that_decided_is_shown(
    images: Path, model: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --stages there is an HTML page, named after the image, with each character of a page."""
    monkeypatch.chdir(images.parent)
    assert main(["explain", str(images / "a.png"), "--model", str(model)]) == 0
    assert capsys.readouterr().out == "a.explained.html\n"
    text = Path("a.explained.html").read_text(encoding="utf-8")
    assert text.count("the ink that decided") == 2
    assert "taught examples" not in text


def test_taught_letters_are_explained_by_examples(tmp_path: Path, capsys: Captured) -> None:
    """With a gallery, each character stands beside the examples that it is most like, their labels as text."""
    encoder, gallery = tmp_path / "places.onnx", tmp_path / "g.db"
    encoder.write_bytes(encoder_content())
    for letter, label in zip("AK", "ᚨᚦ", strict=True):
        Image.fromarray(letter_page(letter, 1)).save(tmp_path / f"{letter}.png")
        taught = ["teach", str(gallery), str(tmp_path / f"{letter}.png"), "--label", label, "--encoder", str(encoder)]
        assert main(taught) == 0
    words = ["--gallery", str(gallery), "--model", str(encoder), "--layout", "one", "--out", str(tmp_path / "k.html")]
    assert main(["explain", str(tmp_path / "K.png"), *words]) == 0
    text = (tmp_path / "k.html").read_text(encoding="utf-8")
    assert text.count("<li title=") == 2
    assert text.index("ᚦ</bdi>") < text.index("ᚨ</bdi>")
    assert main(["explain", str(tmp_path / "K.png"), "--stages", *words[:-1], str(tmp_path / "k.png")]) == 0
    assert width_of(tmp_path / "k.png") == WIDTH
    capsys.readouterr()
    assert main(["explain", str(tmp_path / "K.png"), "--gallery", "no.db", "--model", str(encoder)]) == 1
    assert "no.db" in capsys.readouterr().err
