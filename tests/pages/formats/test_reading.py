"""PAGE and ALTO of other programs and other years, and files that mean harm."""

import time
from pathlib import Path

import pytest

from duktus.pages.formats import markup
from duktus.pages.formats.reading import read_transcription, read_transcription_text
from duktus.types import Box, DataError
from tests.pages.samples import ENTITIES

PRIMA_2010 = """<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2010-03-19">
<Page imageFilename="a.tif" imageWidth="200" imageHeight="100">
 <ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="1" regionRef="r1"/>
  <RegionRefIndexed index="0" regionRef="r2"/></OrderedGroup></ReadingOrder>
 <TextRegion id="r1"><Coords><Point x="0" y="0"/><Point x="9" y="9"/></Coords>
  <TextLine id="l1"><Coords><Point x="10" y="50"/><Point x="90" y="50"/><Point x="90" y="70"/></Coords>
   <TextEquiv><Unicode> second </Unicode></TextEquiv></TextLine></TextRegion>
 <TextRegion id="r2"><TextLine id="l2"><Coords><Point x="10" y="10"/><Point x="90" y="10"/><Point x="90" y="30"/>
   </Coords><Word id="w"><TextEquiv conf="0.5"><PlainText>first</PlainText></TextEquiv></Word></TextLine></TextRegion>
</Page></PcGts>"""

ALTO_2 = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v2#"><Description><MeasurementUnit>mm10</MeasurementUnit>
<sourceImageInformation><fileName>b.jpg</fileName></sourceImageInformation></Description>
<Layout><Page ID="P1" PHYSICAL_IMG_NR="1" WIDTH="2000" HEIGHT="1000"><PrintSpace><TextBlock ID="B"><TextLine ID="L"
HPOS="100" VPOS="200" WIDTH="400" HEIGHT="80" BASELINE="260"><String CONTENT="Hand-" HPOS="100" VPOS="200" WIDTH="200"
HEIGHT="80" WC="0.75"/><SP/><String CONTENT="writ"/><HYP CONTENT="-"/></TextLine></TextBlock></PrintSpace></Page>
</Layout></alto>"""


def lines(text: str, sizes: tuple[tuple[int, int], ...] = ()) -> list[str]:
    """The texts of a document's lines."""
    return [line.text for page in read_transcription_text(text.encode(), "it", sizes) for line in page.lines]


def page(line: str, size: str = 'imageWidth="200" imageHeight="100"') -> str:
    """A PAGE document of one line without a namespace."""
    return f'<PcGts><Page imageFilename="a" {size}><TextRegion id="r">{line}</TextRegion></Page></PcGts>'


def test_an_old_page_is_read_by_the_names_of_its_elements() -> None:
    """Points as elements, plain text, words alone, and the order that the file states."""
    assert lines(PRIMA_2010) == ["first", "second"]


def test_an_old_alto_is_brought_to_its_image() -> None:
    """It counts in tenths of a millimetre, its lines are boxes and its baselines heights."""
    (found,) = read_transcription_text(ALTO_2.encode(), "it", [(1000, 500)])
    (line,) = found.lines
    assert (found.file, line.text, line.confidence) == ("b.jpg", "Hand- writ-", 0.75)
    assert line.box == Box(50, 100, 201, 41)
    assert line.baseline == ((50, 130), (250, 130))


def test_utf16_is_read() -> None:
    """What an encoding declares is what is decoded."""
    text = '<?xml version="1.0" encoding="UTF-16"?>' + PRIMA_2010
    assert [line.text for line in read_transcription_text(text.encode("utf-16"), "it")[0].lines] == ["first", "second"]


def test_places_off_the_page_are_moved_and_told() -> None:
    """A line reaches no farther than its page, and the sheet's notes say how many places were moved."""
    off = '<TextLine id="l"><Coords points="-5,10 900,10 900,20 -5,20"/><Baseline points="0,18 1e9,18"/></TextLine>'
    (found,) = read_transcription_text(page(off).encode(), "it")
    assert found.lines[0].polygon == ((0, 10), (199, 10), (199, 20), (0, 20))
    assert found.lines[0].baseline == ((0, 18), (199, 18))
    assert found.sheet.notes == ("5 places lie off the page of 200 × 100 pixels and were moved to its edge",)


@pytest.mark.parametrize("points", ["", "1,2", "a,b c,d e,f", "nan,1 2,3 4,5", "inf,1 2,3 4,inf", "1e999,2 3,4 5,6"])
def test_a_line_without_a_place_is_left_out_and_told(points: str) -> None:
    """One bad line costs no other."""
    good = '<TextLine id="ok"><Coords points="1,2 3,4 5,6"/></TextLine>'
    bad = f'<TextLine id="bad"><Coords points="{points}"/></TextLine>'
    (found,) = read_transcription_text(page(bad + good).encode(), "it")
    assert len(found.lines) == 1
    assert "line bad has no outline" in found.sheet.notes[0]


def test_a_baseline_alone_is_a_line() -> None:
    """Some programs give nothing else: the outline is then what lines usually take about it."""
    (found,) = read_transcription_text(page('<TextLine><Baseline points="10,50 90,52"/></TextLine>').encode(), "it")
    assert found.lines[0].box.h > 8


@pytest.mark.parametrize("content", [ENTITIES + b"<PcGts/>", b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><alto/>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(content: bytes, encoding: str) -> None:
    """Entities may grow without bound and name other files, whatever the encoding hides."""
    with pytest.raises(DataError, match="without a document type"):
        read_transcription_text(content.decode().encode(encoding), "it")


@pytest.mark.parametrize(
    "content", [b"", b"<alto>", b"\xff\xfe\x00", b"{}", b"<?xml version='1.0' encoding='nope'?><a/>"]
)
def test_what_is_no_xml_is_an_error(content: bytes) -> None:
    """The message says what was expected."""
    with pytest.raises(DataError, match="expected PAGE or ALTO, received broken XML"):
        read_transcription_text(content, "it")


def test_other_xml_is_an_error() -> None:
    """SVG is no transcription, nor is a PAGE file without a page."""
    with pytest.raises(DataError, match="begins with <svg>"):
        read_transcription_text(b"<svg/>", "it")
    with pytest.raises(DataError, match="expected a page at least"):
        read_transcription_text(b"<PcGts/>", "it")


def test_deep_and_endless_trees_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nesting and elements are counted while the file is parsed."""
    with pytest.raises(DataError, match="200 deep"):
        read_transcription_text(b"<a>" * 100_000, "it")
    monkeypatch.setattr(markup, "MOST_ELEMENTS", 100)
    with pytest.raises(DataError, match="at most 100 elements"):
        read_transcription_text(b"<alto>" + b"<a/>" * 200 + b"</alto>", "it")


def test_ten_million_points_are_refused_at_once(tmp_path: Path) -> None:
    """A polygon of 100 MB is refused before it is parsed, one of 20 MB before it is held as numbers."""
    start = time.process_time()
    huge = tmp_path / "huge.xml"
    huge.write_text(page(f'<TextLine><Coords points="{"12345,6789 " * 10_000_000}"/></TextLine>'), encoding="utf-8")
    with pytest.raises(DataError, match="64 MiB"):
        read_transcription(huge)
    with pytest.raises(DataError, match="1,000,000 places"):
        lines(page(f'<TextLine><Coords points="{"12,6 " * 4_000_000}"/></TextLine>'))
    assert time.process_time() - start < 20


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """As is a folder that is given for a file."""
    for place in (tmp_path / "none.xml", tmp_path):
        with pytest.raises(DataError, match="cannot be read"):
            read_transcription(place)


@pytest.mark.parametrize("folder", ["copiste/alto", "lines/timeus/pages", "lines/lectaurep_repertoires/pages"])
def test_published_transcriptions_are_read(data_dir: Path, folder: str) -> None:
    """Of ALTO and PAGE as archives publish them, every line has text or a place."""
    for file in sorted((data_dir / folder).glob("*.xml"))[:5]:
        (found,) = read_transcription(file)
        assert len(found.lines) > 5
        assert not found.sheet.notes


LINE = '<TextLine><Coords points="1,1 9,1 9,9"/></TextLine>'


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (page(f'<TextLine><Coords points="{"1," * 4_000_000}"/></TextLine>'), "places"),
        (page("<TextLine><Coords points='" + "1\u00a0" * 8_000_000 + "'/></TextLine>"), "places"),
        (page(LINE * 50_001), "50,000 lines"),
        ("<PcGts>" + "<Page/>" * 10_001 + "</PcGts>", "10,000 pages"),
        ("<alto>" + "<Page>" * 150 + LINE * 9_000 + "</Page>" * 150 + "</alto>", "one within another"),
        ("<PcGts><Page " + " ".join(f"a{i}=''" for i in range(2_000_001)) + "/></PcGts>", "2,000,000 attributes"),
    ],
    ids=["commas", "spaces of no other kind", "lines", "pages", "pages in pages", "attributes"],
)
def test_what_asks_for_too_much_is_refused(document: str, said: str) -> None:
    """Small files of much: each is refused before it is held a second time."""
    with pytest.raises(DataError, match=said):
        read_transcription_text(document.encode(), "it")
