"""Sets of hands are found as their publishers lay them out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from duktus.datasets.labelled import load_labelled
from duktus.datasets.writers import find_hands
from duktus.imaging.files.load import load_pages
from duktus.types import DataError
from tests.datasets.hand_sets import line, save, write_dhsd, write_iam, write_wills


@pytest.mark.parametrize("unit", ["sentences", "lines"])
def test_iam_is_a_writer_and_a_form_a_piece(tmp_path: Path, unit: str) -> None:
    """The label is the writer that forms.txt names, the group the form; words come with their punctuation apart."""
    images = load_labelled(write_iam(tmp_path, unit))
    assert images.labels == ("000", "000", "002", "002", "000", "000")
    assert images.groups == ("a01-000u", "a01-000u", "a01-003", "a01-003", "b02-001", "b02-001")
    assert next(load_pages(images.images[0])).ndim == 2
    samples = find_hands(tmp_path)
    assert samples is not None
    assert {sample.text for sample in samples} == {"2 b r ."}


def test_iam_needs_no_transcripts(tmp_path: Path) -> None:
    """Writers are known from forms.txt alone."""
    (write_iam(tmp_path) / "ascii" / "sentences.txt").unlink()
    samples = find_hands(tmp_path)
    assert samples is not None
    assert [sample.text for sample in samples] == [None] * 6


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ascii/forms.txt", "a01-000u\n", "line 1: expected a form and its one writer"),
        ("ascii/forms.txt", "a01-003 002\na01-003 003\n", "line 2: expected a form and its one writer"),
        ("ascii/forms.txt", "a01-003 002\n", r"received sentences/a01/a01-000u/.*, whose form it does not list"),
        ("ascii/forms.txt", b"\xff\xfe\x00", "expected text in UTF-8"),
        ("ascii/sentences.txt", "a01-000u-s00-00 0 ok 154\n", "line 1: expected a piece and its words"),
    ],
)
def test_a_broken_iam_is_refused(tmp_path: Path, name: str, content: str | bytes, said: str) -> None:
    """A table that is cut short, contradicts itself or misses a form says so, with the line."""
    file = write_iam(tmp_path) / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataError, match=said):
        load_labelled(tmp_path)


def test_iam_without_images_is_refused(tmp_path: Path) -> None:
    """With its tables alone, or an empty folder, the message says what to unpack."""
    folder = write_iam(tmp_path)
    (folder / "sentences").rename(folder / "elsewhere")
    with pytest.raises(DataError, match="found neither; unpack one of them there"):
        load_labelled(folder)
    (folder / "sentences").mkdir()
    with pytest.raises(DataError, match=r"expected images such as sentences/a01/.*, found none"):
        load_labelled(folder)


@pytest.mark.parametrize("place", ["", "data.csv"])
def test_dhsd_is_a_writer_a_word(tmp_path: Path, place: str) -> None:
    """No page is known, and a missing word is told by whoever opens it, not here."""
    images = load_labelled(write_dhsd(tmp_path) / place)
    assert images.labels == ("1", "1", "2", "2")
    assert images.groups == (None,) * 4
    assert [Path(images.name(i)).is_file() for i in range(4)] == [True, True, True, False]
    samples = find_hands(tmp_path)
    assert samples is not None
    assert samples[1].text == "Ulm, 1"


@pytest.mark.parametrize("place", ["", "pages.csv"])
def test_wills_are_a_hand_each(tmp_path: Path, place: str) -> None:
    """The label is the will, the group its page."""
    images = load_labelled(write_wills(tmp_path) / place)
    assert images.labels == ("AD78_0005", "AD78_0005", "AD78_0006")
    assert images.groups == ("AD78_0005/0", "AD78_0005/1", "AD78_0006/0")
    assert all(Path(images.name(i)).is_file() for i in range(3))


@pytest.mark.parametrize(
    ("make", "row", "said"),
    [
        (write_dhsd, "x.png,Ulm,\n", r"line 6: expected a file and its writer"),
        (write_dhsd, "german_hw_data/writer1/1_0.png,Ulm,2\n", r"expected each file once, received 1_0\.png again"),
        (write_wills, "x.jpg,,0,1\n", r"line 5: expected a file, its will and page"),
    ],
)
def test_a_broken_table_is_refused(tmp_path: Path, make: Callable[[Path], Path], row: str, said: str) -> None:
    """A row without its writer and a file under two writers are told."""
    table = next(make(tmp_path).glob("*.csv"))
    with table.open("a", encoding="utf-8") as file:
        file.write(row)
    with pytest.raises(DataError, match=said):
        load_labelled(tmp_path)


def test_a_table_without_its_images_is_refused(tmp_path: Path) -> None:
    """Where no file is there the wrong folder was given, or nothing was unpacked."""
    folder = write_wills(tmp_path)
    (folder / "pages").rename(folder / "elsewhere")
    with pytest.raises(DataError, match="found none of 3"):
        load_labelled(folder)


def test_other_layouts_are_none_of_these(tmp_path: Path) -> None:
    """A folder a writer and a table of one's own are read as ever."""
    for writer in (1, 2):
        save(tmp_path / f"anna{writer}" / "page 1.png", line("1", writer, 1))
    (tmp_path / "data.csv").write_text("file,label,group\nanna1/page 1.png,anna,p1\n", encoding="utf-8")
    assert find_hands(tmp_path) is None
    assert find_hands(tmp_path / "missing") is None
    assert load_labelled(tmp_path).classes == ("anna1", "anna2")
    assert load_labelled(tmp_path / "data.csv").groups == ("p1",)


def test_the_real_sets_are_read(data_dir: Path) -> None:
    """Each of the three sets has the writers and pages that it is known to have."""
    iam, dhsd, wills = (load_labelled(data_dir / name) for name in ("iam", "dhsd", "testaments"))
    assert (len(iam), len(iam.classes), len(set(iam.groups))) == (4119, 50, 380)
    assert (len(dhsd), len(dhsd.classes)) == (5939, 37)
    assert (len(wills), len(wills.classes), len(set(wills.groups))) == (210, 137, 210)
    samples = find_hands(data_dir / "iam")
    assert samples is not None
    assert samples[0].text == "A MOVE to stop Mr. Gaitskell from"
    assert all(sample.text for sample in samples)
