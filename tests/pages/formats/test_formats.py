"""What is written as PAGE or ALTO is what is read from it, and what the formats' schemas allow."""

import importlib.util
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.pages.formats.alto import write_alto
from duktus.pages.formats.document import PageText
from duktus.pages.formats.hocr import write_hocr
from duktus.pages.formats.prima import write_prima
from duktus.pages.formats.reading import read_transcription_text
from duktus.types import Sheet
from tests.pages.samples import line, sample, table

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)

Write = Callable[[PageText], str]


def prima(page: PageText) -> str:
    """A page as PAGE."""
    return write_prima(page, "Duktus 0", NOW)


def alto(page: PageText) -> str:
    """A page as ALTO."""
    return write_alto([page], "Duktus", "0")


def hocr(page: PageText) -> str:
    """A page as hOCR."""
    return write_hocr([page], "Duktus 0")


def again(text: str) -> PageText:
    """What a document says."""
    (page,) = read_transcription_text(text.encode(), "it")
    return page


@pytest.mark.parametrize("write", [prima, alto])
@pytest.mark.parametrize("page", [sample(), sample(90), table()])
def test_what_is_written_is_read_again(write: Write, page: PageText) -> None:
    """The image's name, its size, and of each line outline, baseline, text, words and where it stands."""
    found = again(write(page))
    assert (found.file, found.sheet.width, found.sheet.height) == (page.file, page.sheet.width, page.sheet.height)
    for line_found, written in zip(found.lines, page.lines, strict=True):
        assert line_found.text == written.text
        assert (line_found.polygon, line_found.baseline, line_found.box) == (
            written.polygon,
            written.baseline,
            written.box,
        )
        assert line_found.block == written.block
        assert written.words in ((), line_found.words)
        assert [each.text for each in line_found.alternatives] == [each.text for each in written.alternatives]


def test_prima_keeps_confidences_and_cells() -> None:
    """A line's own probability, those of its other readings, and its place in a table come back."""
    for page in (sample(), table()):
        found = again(prima(page))
        for line_found, written in zip(found.lines, page.lines, strict=True):
            assert (line_found.confidence, line_found.cell) == (written.confidence, written.cell)
            assert line_found.alternatives == written.alternatives


PRINTABLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(texts=st.lists(PRINTABLE, max_size=4), size=st.tuples(st.integers(1, 500), st.integers(1, 500)))
@pytest.mark.parametrize("write", [prima, alto, hocr])
def test_any_text_and_size_gives_a_document(write: Write, texts: list[str], size: tuple[int, int]) -> None:
    """Control characters, markup and lines that lie off the page: the document is well formed, its names are unique."""
    lines = tuple(line(text, 40 * number, 30 * number) for number, text in enumerate(texts))
    root = ET.fromstring(write(PageText('"<&>\x00.png', Sheet(1, *size), lines)))
    names = [value for each in root.iter() for key, value in each.attrib.items() if key.lower() == "id"]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in names)
    places = [each.get("points") or each.get("POINTS") or "" for each in root.iter()]
    for x, y in (pair.split(",") for text in places for pair in text.split()):
        assert 0 <= int(x) < size[0]
        assert 0 <= int(y) < size[1]


@pytest.mark.parametrize("page", [sample(), sample(270), table(), PageText("blank.png", Sheet(1, 10, 10), ())])
def test_prima_is_valid(page: PageText) -> None:
    """PAGE documents obey the schema that its makers publish."""
    xmlschema = pytest.importorskip("xmlschema")
    found = importlib.util.find_spec("ocrd_validators")
    if found is None or not found.submodule_search_locations:
        pytest.skip("the published schema is not installed: requirements-schemas.lock")
    schema = xmlschema.XMLSchema(Path(found.submodule_search_locations[0]) / "page.xsd")
    assert [error.reason for error in schema.iter_errors(prima(page))] == []


ALTO = "{http://www.loc.gov/standards/alto/ns-v4#}"
PLACE = {"HPOS", "VPOS", "WIDTH", "HEIGHT"}
CHILDREN = {
    "alto": (["Description", "Layout"], {"SCHEMAVERSION"}),
    "Description": (["MeasurementUnit", "sourceImageInformation", "Processing"], set()),
    "sourceImageInformation": (["fileName"], set()),
    "Processing": (["processingStepDescription", "processingSoftware"], {"ID"}),
    "processingSoftware": (["softwareName", "softwareVersion"], set()),
    "Layout": (["Page"], set()),
    "Page": (["PrintSpace"], {"ID", "PHYSICAL_IMG_NR", "WIDTH", "HEIGHT"}),
    "PrintSpace": (["TextBlock"], PLACE),
    "TextBlock": (["Shape", "TextLine"], {"ID", *PLACE}),
    "Shape": (["Polygon"], set()),
    "Polygon": ([], {"POINTS"}),
    "TextLine": (["Shape", "String", "SP"], {"ID", "BASELINE", *PLACE}),
    "String": (["ALTERNATIVE"], {"ID", "CONTENT", "WC", *PLACE}),
    "SP": ([], {"HPOS", "VPOS", "WIDTH"}),
}
"""Of each element of ALTO 4.4 that is written the children in their order, and the attributes that it has to have."""


@pytest.mark.parametrize("page", [sample(), sample(180), table(), PageText("blank.png", Sheet(1, 10, 10), ())])
def test_alto_has_the_structure_of_its_schema(page: PageText) -> None:
    """Each element of an ALTO document stands where the schema allows it, with the attributes that it asks for."""
    root = ET.fromstring(alto(page))
    assert root.tag == f"{ALTO}alto"
    for element in root.iter():
        order, needed = CHILDREN.get(element.tag.removeprefix(ALTO), ([], set()))
        names = [child.tag.removeprefix(ALTO) for child in element]
        assert set(names) <= set(order), element.tag
        ranks = [order.index("String" if name == "SP" else name) for name in names]
        assert ranks == sorted(ranks), element.tag
        assert needed <= element.attrib.keys()
    for text_line in root.iter(f"{ALTO}TextLine"):
        kinds = [child.tag.removeprefix(ALTO) for child in text_line]
        assert kinds[:2] == ["Shape", "String"]
        assert kinds[-1] == "String"


def test_a_document_of_several_pages_is_one_alto_and_one_hocr() -> None:
    """ALTO and hOCR hold all pages of an image file."""
    pages = [sample(), PageText("scans/a b.png", Sheet(2, 50, 60), (line("7", 1, 2),))]
    found = read_transcription_text(write_alto(pages, "Duktus", "0").encode(), "it")
    assert [len(page.lines) for page in found] == [3, 1]
    root = ET.fromstring(write_hocr(pages, "Duktus 0"))
    assert [each.get("id") for each in root.iter() if each.get("class") == "ocr_page"] == ["page_1", "page_2"]


def test_hocr_says_where_and_how_sure() -> None:
    """Lines have a box and a baseline, words a box and a confidence, as hOCR spells them."""
    root = ET.fromstring(hocr(sample()))
    titles = {each.get("id"): each.get("title", "") for each in root.iter()}
    assert titles["page_1"] == 'image "scans/a b.png"; bbox 0 0 400 200; ppageno 0'
    assert titles["line_1_1"].startswith("bbox 10 20 191 41; baseline 0.0000 -6; poly 10 20 190 20")
    assert titles["word_1_1_1"] == "bbox 10 20 90 40; x_wconf 90"
