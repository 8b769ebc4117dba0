"""Lines with their texts: pairs of files, tables, pages with their ALTO or PAGE files, publishers' sets."""

from pathlib import Path

import pytest
from PIL import Image

from duktus.datasets.lines.labelled import by_image, find_lines
from duktus.types import DataError

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
 <Page imageFilename="{image}" imageWidth="200" imageHeight="100"><TextRegion id="r">
  <TextLine id="a"><Coords points="10,10 190,10 190,40 10,40"/><Baseline points="10,35 190,35"/>
   <TextEquiv><Unicode>first line</Unicode></TextEquiv></TextLine>
  <TextLine id="b"><Coords points="10,50 190,50 190,90 10,90"/><Baseline points="10,85 190,85"/></TextLine>
 </TextRegion></Page></PcGts>"""


def picture(path: Path) -> Path:
    """Write a small picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (200, 100), 255).save(path)
    return path


def test_pairs(tmp_path: Path) -> None:
    """A picture and the text beside it, in whatever folder; the group is what their names begin with."""
    for name, text in (("p1_01", "one  two"), ("p1_02", "three\n"), ("sub/p[2]", "\ufefffour"), ("empty", " \n")):
        picture(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.gt.txt").write_text(text, encoding="utf-8")
    found = find_lines(tmp_path)
    assert [(line.image.name, line.text) for line in found] == [
        ("p1_01.png", "one two"),
        ("p1_02.png", "three"),
        ("p[2].png", "four"),
    ]
    assert found[0].group == found[1].group != found[2].group
    (tmp_path / "lost.gt.txt").write_text("x", encoding="utf-8")
    with pytest.raises(DataError, match="an image named lost beside it"):
        find_lines(tmp_path)


def test_a_table(tmp_path: Path) -> None:
    """Columns file and text; a group of its own where none is named."""
    for name in ("a.png", "b.png"):
        picture(tmp_path / name)
    (tmp_path / "lines.csv").write_text("file,text,group\na.png,12.75,Anna\nb.png,no,\n", encoding="utf-8")
    assert [(line.text, line.group) for line in find_lines(tmp_path / "lines.csv")] == [
        ("12.75", "Anna"),
        ("no", "b.png"),
    ]


@pytest.mark.parametrize("folder", ["", "page", "alto"])
def test_pages(tmp_path: Path, folder: str) -> None:
    """A page's image is the one that its file names, beside it or in a folder; lines without text are none."""
    image = picture(tmp_path / ("pages" if folder else "") / "0001.jpg")
    file = tmp_path / folder / "0001.xml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(PAGE.format(image="0001.jpg"), encoding="utf-8")
    (line,) = find_lines(tmp_path)
    assert (line.image.resolve(), line.text, line.group) == (image.resolve(), "first line", "0001.jpg")
    assert line.place is not None
    assert line.place.baseline.tolist() == [[10, 35], [190, 35]]
    assert find_lines(file)[0].text == "first line"


def test_an_image_that_is_not_there(tmp_path: Path) -> None:
    """It is named."""
    (tmp_path / "x.xml").write_text(PAGE.format(image="C:\\scans\\y.tif"), encoding="utf-8")
    with pytest.raises(DataError, match=r"its image 'y\.tif' beside it"):
        find_lines(tmp_path)


def test_nothing_there(tmp_path: Path) -> None:
    """What was expected is said."""
    with pytest.raises(DataError, match=r"name\.gt\.txt"):
        find_lines(tmp_path)


def test_lines_of_one_image_come_together(tmp_path: Path) -> None:
    """An image is opened once for all of its lines."""
    for name in ("a", "b"):
        picture(tmp_path / f"{name}.png")
    (tmp_path / "t.csv").write_text("file,text\na.png,x\nb.png,y\n", encoding="utf-8")
    assert [len(some) for some in by_image(find_lines(tmp_path / "t.csv"))] == [1, 1]
    assert list(by_image([])) == []
