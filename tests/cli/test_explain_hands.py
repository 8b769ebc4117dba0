"""``duktus explain`` with a gallery of hands, and regions for all that looks at hands."""

import hashlib
import html
import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.cli import main
from duktus.door.galleries import Gallery
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.store import Encoder
from tests.cli.door import duktus
from tests.glyphs.encoders import encoder_content
from tests.hands.pages import as_page, page_ink_of, page_of, reader, stacked

Captured = pytest.CaptureFixture[str]

LOWER = "0,{},5000,5000"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a gallery of three hands, a page by the second, and one whose lower half is the third's."""
    folder = tmp_path_factory.mktemp("hands")
    for seed in (1, 2, 3):
        (folder / "known" / f"writer {seed}").mkdir(parents=True)
        Image.fromarray(page_of(seed)).save(folder / "known" / f"writer {seed}" / "a.png")
    Image.fromarray(page_of(2, text=1)).save(folder / "asked.png", dpi=(300, 300))
    Image.fromarray(as_page(stacked([page_ink_of(2, 1), page_ink_of(3, 1)]))).save(folder / "mixed.png")
    assert main(["enrol", str(folder / "hands.db"), str(folder / "known")]) == 0
    return folder


def half() -> int:
    """The row at which the second hand begins."""
    return int(page_ink_of(2, 1).shape[0]) + 36


def test_a_page_is_explained(place: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is written, named after the image, with the answer, the file's hash and the encoder's."""
    monkeypatch.chdir(place)
    assert main(["explain", "asked.png", "--gallery", "hands.db"]) == 0
    assert capsys.readouterr().out == "asked.explained.html\n"
    text = Path("asked.explained.html").read_text(encoding="utf-8")
    told = (
        "writer 2</bdi>",
        hashlib.sha256(Path("asked.png").read_bytes()).hexdigest(),
        reader().encoder.fingerprint,
        "3 hands, 3 pages",
        "300 dots per inch",
        "The same forms",
        "The most telling words",
        "ONNX Runtime",
        *reader()._session.card.limits,
    )
    assert [part for part in told if part not in text] == []


def test_regions_are_used_and_left_out(place: Path, capsys: Captured) -> None:
    """Explain and identify look where they are told, and the page says where that was."""
    mixed, gallery, lower = str(place / "mixed.png"), str(place / "hands.db"), LOWER.format(half())
    for option, writer in (("--regions", "writer 3"), ("--without", "writer 2")):
        assert main(["identify", mixed, "--gallery", gallery, option, lower, "--format", "jsonl"]) == 0
        assert json.loads(capsys.readouterr().out)["matches"][0]["label"] == writer
        assert main(["explain", mixed, "--gallery", gallery, option, lower, "--out", str(place / "r.html")]) == 0
        capsys.readouterr()
        text = (place / "r.html").read_text(encoding="utf-8")
        assert lower in text
        assert text.index(f"{writer}</bdi>") < text.index("The known hands")


def test_halves_of_a_page_are_compared(place: Path, capsys: Captured) -> None:
    """Verify holds one part of a page against another part, and against other pages."""
    mixed, asked, lower = str(place / "mixed.png"), str(place / "asked.png"), LOWER.format(half())
    ratios = []
    for second, regions in ((mixed, ["--without", lower, "--second-regions", lower]), (asked, ["--without", lower])):
        assert main(["verify", mixed, second, *regions, "--format", "jsonl"]) == 0
        ratios.append(json.loads(capsys.readouterr().out)["log10_lr"])
    assert ratios[0] < ratios[1]


def test_a_region_beside_the_page(place: Path, capsys: Captured) -> None:
    """What lies beside the page is an error of that image; what is no box is wrong usage."""
    asked, gallery = str(place / "asked.png"), str(place / "hands.db")
    assert main(["identify", asked, "--gallery", gallery, "--regions", "9000,0,5,5", "--format", "jsonl"]) == 1
    assert "on the page" in json.loads(capsys.readouterr().out)["error"]
    assert main(["explain", asked, "--gallery", gallery, "--regions", "9000,0,5,5"]) == 1
    assert main(["explain", asked, "--gallery", gallery, "--regions", "5,5"]) == 2
    assert "x,y,w,h" in capsys.readouterr().err


def test_a_page_against_another(place: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a gallery: the verdict that 'duktus verify' gives, both files' hashes, and the forms of both."""
    monkeypatch.chdir(place)
    assert main(["verify", "asked.png", "known/writer 2/a.png", "--format", "jsonl"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert main(["explain", "asked.png", "--against", "known/writer 2/a.png"]) == 0
    assert capsys.readouterr().out == "asked.explained.html\n"
    text = Path("asked.explained.html").read_text(encoding="utf-8")
    told = (
        *(hashlib.sha256(Path(name).read_bytes()).hexdigest() for name in ("asked.png", "known/writer 2/a.png")),
        f"{verdict['log10_lr']:+.2f}",
        verdict["statement"][1:],
        reader().encoder.fingerprint,
        "300 dots per inch",
        "The most telling words",
        "The same forms",
        *(html.escape(limit) for limit in verdict["limits"]),
    )
    assert [part for part in told if part not in text] == []


def test_two_halves_of_a_page_are_explained(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One part of a page is held against another part of it, each named by its own regions, as the report tells."""
    monkeypatch.chdir(place)
    lower, text = LOWER.format(half()), ""
    for options in (["--without", lower, "--second-regions", lower], ["--regions", lower, "--second-without", lower]):
        assert main(["explain", "mixed.png", "--against", "mixed.png", *options, "--out", "h.html"]) == 0
        text = Path("h.html").read_text(encoding="utf-8")
        assert text.count(f"<dd>{lower}</dd>") == 2
        assert "differ as much as two hands do" not in text
    assert "Regions left out of the other document" in text


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--against", "mixed.png", "--gallery", "hands.db"], 2, "received both"),
        (["--against", "mixed.png", "--page", "2"], 1, "2 pages"),
        (["--against", "hands.db"], 2, "received a gallery; name it by --gallery"),
        (["--against", "mixed.png", "--stages"], 2, "--stages"),
        (["--gallery", "hands.db", "--second-regions", "0,0,9,9"], 2, "name it by --against"),
        (["--against", "mixed.png", "--second-regions", "5,5"], 2, "x,y,w,h"),
        (["--against", "mixed.png", "--model", "digits"], 1, "expected a hand-encoder"),
        (["--against", "none.png"], 1, "none.png"),
        (["--against", "mixed.png", "--second-regions", "9000,0,5,5"], 1, "on the page"),
        (["--stages", "--gallery", "hands.db"], 2, "--stages"),
        (["--regions", "0,0,9,9"], 2, "--gallery"),
        (["--gallery", "hands.db", "--page", "2"], 1, "2 pages"),
        (["--gallery", "none.db"], 1, "none.db"),
    ],
)
def test_what_cannot_be_done_is_one_message(
    arguments: list[str], code: int, told: str, place: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stages of a hand, regions without hands, a page or a gallery that is not there: told."""
    monkeypatch.chdir(place)
    assert main(["explain", "asked.png", *arguments]) == code
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert told in err


def test_standard_input_and_a_blank_page(place: Path, tmp_path: Path) -> None:
    """An image may come through a pipe, and may be blank."""
    blank = io.BytesIO()
    Image.fromarray(np.full((90, 90), 250, np.uint8)).save(blank, "PNG")
    done = duktus("explain", "-", "--gallery", place / "hands.db", given=blank.getvalue(), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    page = place / "asked.png"
    done = duktus("explain", page, "--against", "-", given=blank.getvalue(), folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Nothing can be said (blank)" in (tmp_path / "asked.explained.html").read_text(encoding="utf-8")
    assert "Nothing is written here." in (tmp_path / "standard-input.explained.html").read_text(encoding="utf-8")


def test_what_a_gallery_is_of(place: Path, tmp_path: Path) -> None:
    """The model that is named decides, or else the name of the gallery's encoder."""
    letters = tmp_path / "letters.db"
    SqliteGallery.create(letters, Encoder("glyph-encoder", "5f8a", 3)).close()
    (tmp_path / "places.onnx").write_bytes(encoder_content())
    assert Gallery(place / "hands.db").is_of_hands
    assert Gallery(letters, encoder="hand-encoder").is_of_hands
    assert not Gallery(letters).is_of_hands
    assert not Gallery(place / "hands.db", encoder=tmp_path / "places.onnx").is_of_hands
