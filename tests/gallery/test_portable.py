"""A gallery as one file to hand on: it comes back the same, and does no harm where it was made to."""

import io
import json
import re
import resource
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duktus.gallery.portable import export_gallery, import_gallery, read_export
from duktus.gallery.sqlite import SqliteGallery
from duktus.gallery.store import Added, Conflict
from duktus.types import GalleryError
from tests.gallery.examples import ENCODER, axis, content, example, fields, thumbnail

EXAMPLES = (
    replace(example(5, "a/../b\\"), thumbnails=(thumbnail(5), thumbnail(6), thumbnail(7))),
    replace(example(2, "two\nlines\u2028\r"), thumbnails=(), source=""),
    example(9, "👩‍👩‍👧" * 40, np.random.default_rng(0).standard_normal((9, 8)).astype(np.float32)),
    example(1, "\0'\"%"),
)

Members = dict[str, bytes]


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[SqliteGallery]:
    """A gallery of examples that are hard to keep."""
    with SqliteGallery.create(tmp_path / "g.db", ENCODER) as opened:
        opened.add(EXAMPLES)
        yield opened


@pytest.fixture
def exported(gallery: SqliteGallery, tmp_path: Path) -> Path:
    """That gallery, exported."""
    export_gallery(gallery, tmp_path / "g.zip")
    return tmp_path / "g.zip"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[SqliteGallery]:
    """A gallery to import into."""
    with SqliteGallery.create(tmp_path / "empty.db", ENCODER) as opened:
        yield opened


def unpack(path: Path) -> Members:
    """What any program finds in the file."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, members: Members, method: int = zipfile.ZIP_STORED) -> Path:
    """The file as any program would write it."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def refusal(path: Path) -> str:
    """The error of a file that is refused; it begins with the file's name."""
    with pytest.raises(GalleryError) as caught:
        read_export(path)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value)


def test_comes_back_the_same(exported: Path, empty: SqliteGallery) -> None:
    """Every example arrives with all that it had, in the same order, and its vectors are the same to the bit."""
    assert import_gallery(empty, read_export(exported)) == Added(4, 0, ())
    assert [fields(one) for one in empty.get(empty.contents())] == [fields(one) for one in EXAMPLES]
    assert empty.contents() == tuple(one.content for one in EXAMPLES)
    assert import_gallery(empty, read_export(exported)) == Added(0, 4, ())


def test_packed_anew_by_hand(exported: Path, empty: SqliteGallery) -> None:
    """A file that somebody unpacked and packed again, with what their system adds, is the same gallery."""
    members = {"./": b"", ".DS_Store": b"\0\1", **unpack(exported)}
    pack(exported, members, zipfile.ZIP_DEFLATED)
    assert import_gallery(empty, read_export(exported)).added == 4


def test_any_program_can_read_it(exported: Path) -> None:
    """Nothing is needed but a reader of zip, JSON, PNG and NumPy's arrays."""
    members = unpack(exported)
    vectors = np.load(io.BytesIO(members["vectors.npy"]), allow_pickle=False)
    lines = [json.loads(line) for line in members["examples.jsonl"].decode().split("\n")[:-1]]
    assert json.loads(members["gallery.json"]) == {"format": 1, "encoder": vars(ENCODER)}
    assert [line["label"] for line in lines] == [one.label for one in EXAMPLES]
    np.testing.assert_array_equal(vectors[lines[2]["row"] :][: lines[2]["count"]], EXAMPLES[2].vectors)
    image = cv2.imdecode(np.frombuffer(members[lines[0]["thumbnails"][1]], np.uint8), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert np.unique(image).tolist() == [6]


def test_same_examples_give_the_same_bytes(gallery: SqliteGallery, exported: Path, tmp_path: Path) -> None:
    """The time of day leaves no trace in the file."""
    assert export_gallery(gallery, tmp_path / "again.zip") == 4
    assert (tmp_path / "again.zip").read_bytes() == exported.read_bytes()


def test_empty_gallery(empty: SqliteGallery, tmp_path: Path) -> None:
    """A gallery without examples is exported with its encoder."""
    assert export_gallery(empty, tmp_path / "e.zip") == 0
    assert import_gallery(empty, read_export(tmp_path / "e.zip")) == Added(0, 0, ())
    assert read_export(tmp_path / "e.zip").encoder == ENCODER


def test_another_encoder_is_refused(exported: Path, tmp_path: Path) -> None:
    """Vectors of two encoders are not mixed; the error names both."""
    with (
        SqliteGallery.create(tmp_path / "hands.db", replace(ENCODER, name="hand-encoder")) as hands,
        pytest.raises(GalleryError, match=r"the export: expected .* hand-encoder .* received one of glyph-encoder"),
    ):
        import_gallery(hands, read_export(exported))


def test_conflicts_are_left_to_the_caller(exported: Path, empty: SqliteGallery) -> None:
    """What is there under another label stays, or is replaced where that is asked for."""
    empty.add([example(9, "mine")])
    conflict = Conflict(content(9), "mine", EXAMPLES[2].label)
    assert import_gallery(empty, read_export(exported)) == Added(3, 0, (conflict,))
    assert empty.known([content(9)]) == {content(9): "mine"}
    assert import_gallery(empty, read_export(exported), replace=True) == Added(0, 3, (conflict,))
    assert empty.known([content(9)]) == {content(9): EXAMPLES[2].label}


@pytest.mark.parametrize("name", ["../evil.png", "/etc/evil", "thumbnails/../../evil", "..\\evil", "\\evil"])
def test_names_that_lead_outside(exported: Path, name: str) -> None:
    """A name that would leave the folder it is unpacked to betrays a file that means harm."""
    pack(exported, unpack(exported) | {name: b"x"})
    assert "expected names within the file" in refusal(exported)


@pytest.mark.parametrize("name", ["vectors.npy", "examples.jsonl", "thumbnails/000001-1.png", "other"])
def test_bomb(exported: Path, name: str) -> None:
    """A small file that unpacks to 30 MB is refused before any of it is in memory."""
    pack(exported, unpack(exported) | {name: bytes(30_000_000)}, zipfile.ZIP_DEFLATED)
    tracemalloc.start()
    try:
        assert "bytes at most when unpacked, received 30," in refusal(exported)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_member_that_lies_about_its_size(exported: Path) -> None:
    """What a member holds beyond the size that it declares is not unpacked."""
    members = unpack(exported)
    size = len(members["examples.jsonl"])
    pack(exported, members | {"examples.jsonl": members["examples.jsonl"] + bytes(20_000_000)}, zipfile.ZIP_DEFLATED)
    real = (size + 20_000_000).to_bytes(4, "little")
    exported.write_bytes(exported.read_bytes().replace(real, size.to_bytes(4, "little")))
    assert "examples.jsonl" in refusal(exported)


def test_other_compression(exported: Path) -> None:
    """Methods that this file has no use for are not tried."""
    pack(exported, unpack(exported), zipfile.ZIP_LZMA)
    assert "expected deflated content" in refusal(exported)


def line_changed(**changed: Any) -> Callable[[Members], Members]:
    """The file with another first example."""

    def change(members: Members) -> Members:
        first, rest = members["examples.jsonl"].split(b"\n", 1)
        line = json.dumps(json.loads(first) | changed).encode()
        return members | {"examples.jsonl": line + b"\n" + rest}

    return change


def array_saved(array: object, *, in_columns: bool = False) -> Callable[[Members], Members]:
    """The file with another array of vectors."""
    file = io.BytesIO()
    np.save(file, np.asarray(array, order="F" if in_columns else "C"), allow_pickle=True)
    return lambda members: members | {"vectors.npy": file.getvalue()}


def array_claimed(shape: tuple[int, ...]) -> Callable[[Members], Members]:
    """The file with an array that claims a shape and holds hardly anything."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return lambda members: members | {"vectors.npy": file.getvalue() + bytes(64)}


def without(name: str) -> Callable[[Members], Members]:
    """The file that lacks a member."""
    return lambda members: {key: data for key, data in members.items() if key != name}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("gallery.json"), "no item named 'gallery.json'"),
        (without("vectors.npy"), "no item named 'vectors.npy'"),
        (without("thumbnails/000001-2.png"), "line 1: .*no item named"),
        (lambda members: members | {"gallery.json": b'{"format": 2, "news": 1}'}, "has format 2, .* upgrade"),
        (lambda members: members | {"gallery.json": b'{"format": 0}'}, "field gallery.json.encoder is missing"),
        (lambda members: members | {"gallery.json": b"[" * 100_000}, "expected JSON"),
        (lambda members: members | {"examples.jsonl": b"{}\n"}, "line 1: field content is missing"),
        (lambda members: members | {"examples.jsonl": b"\xff\n"}, "line 1: expected JSON"),
        (line_changed(label=""), "line 1: label: expected 1 to 1,000 characters"),
        (line_changed(label=7), "line 1: field label: expected text, received 7"),
        (line_changed(content="../x"), "line 1: content: expected 64"),
        (line_changed(created="yesterday"), "line 1: Invalid isoformat"),
        (line_changed(created="2026-01-31"), "line 1: created: expected a time with its zone"),
        (line_changed(row=-1), "line 1: expected rows of 0 to 12, received 1 from -1"),
        (line_changed(count=13), "line 1: expected rows of 0 to 12, received 13 from 0"),
        (line_changed(count=2), "line 2: expected rows of 2 to 12, received 1 from 1"),
        (line_changed(count=0), "line 1: expected rows"),
        (line_changed(thumbnails=["gallery.json"]), "line 1: thumbnail: expected a PNG file"),
        (line_changed(thumbnails=["../x.png"]), "line 1: .*no item named"),
        (line_changed(thumbnails=["thumbnails/000001-1.png"] * 2), "line 1: expected thumbnails of its own"),
        (line_changed(thumbnails=["thumbnails/000003-1.png"]), "line 3: expected thumbnails of its own"),
        (line_changed(news=1), "line 1: unknown field news"),
        (array_saved(np.array([{}], object)), r"vectors\.npy: expected float32 \(m, 8\)"),
        (array_saved(np.zeros((12, 8))), "received float64"),
        (array_saved(np.zeros((12, 8), np.float32), in_columns=True), "expected float32"),
        (array_saved(np.zeros((12, 8), np.float32)), "line 1: vectors: .*length 0"),
        (array_saved(np.zeros((12, 7), np.float32)), r"received float32 \(12, 7\)"),
        (array_saved(np.float32(1)), r"received float32 \(\)"),
        (array_claimed((10**12, 8)), r"received float32 \(1000000000000, 8\)"),
        (array_claimed((-1, 8)), r"received float32 \(-1, 8\)"),
        (lambda members: members | {"vectors.npy": b"\x93NUMPY\x03\x00"}, "expected version 1.0"),
        (lambda members: members | {"vectors.npy": b"PK"}, "expected an exported gallery"),
    ],
)
def test_damaged_or_forged(exported: Path, change: Callable[[Members], Members], said: str) -> None:
    """Whatever does not hold together is refused with the place and what was expected there."""
    pack(exported, change(unpack(exported)))
    assert re.search(said, refusal(exported))


def test_refused_file_changes_nothing(exported: Path, empty: SqliteGallery) -> None:
    """A file that is broken at its end leaves the gallery as it was."""
    pack(exported, without("thumbnails/000004-1.png")(unpack(exported)))
    with pytest.raises(GalleryError, match="line 4"):
        import_gallery(empty, read_export(exported))
    assert (empty.contents(), empty.change) == ((), 0)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A place for damaged files, and an undamaged one's content."""
    folder = tmp_path_factory.mktemp("damaged")
    with SqliteGallery.create(folder / "g.db", ENCODER) as gallery:
        gallery.add(EXAMPLES)
        export_gallery(gallery, folder / "damaged.zip")
    return folder / "damaged.zip", (folder / "damaged.zip").read_bytes()


@given(share=st.floats(0, 1, exclude_max=True), inserted=st.binary(max_size=4), cut=st.booleans())
def test_truncated_or_changed_anywhere(whole: tuple[Path, bytes], share: float, inserted: bytes, cut: bool) -> None:
    """However a file is damaged, it either still holds examples or gives the project's own error."""
    path, data = whole
    place = int(share * len(data))
    path.write_bytes(data[:place] if cut else data[:place] + inserted + data[place + 1 :])
    with suppress(GalleryError):
        assert len(read_export(path).examples) <= 4


def test_files_of_something_else(tmp_path: Path) -> None:
    """What is no exported gallery is told so, and none of these hangs."""
    (tmp_path / "text").write_text("a,b\n" * 100)
    (tmp_path / "empty").touch()
    pack(tmp_path / "other.zip", {"a.txt": b"x"})
    assert "File is not a zip file" in refusal(tmp_path / "text")
    assert "File is not a zip file" in refusal(tmp_path / "empty")
    assert "no item named 'gallery.json'" in refusal(tmp_path / "other.zip")
    assert "received a folder or a device" in refusal(tmp_path)
    assert "No such file" in refusal(tmp_path / "missing")
    assert "null byte" in refusal(tmp_path / "a\0b")


def test_export_replaces_whole_files_only(gallery: SqliteGallery, exported: Path) -> None:
    """An export that the disk does not take leaves the older file, and nothing beside it."""
    before, names = exported.read_bytes(), sorted(exported.parent.iterdir())
    gallery.add(example(i, vectors=axis(*range(8))) for i in range(20, 60))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(GalleryError, match=r"g\.zip: the gallery could not be exported"):
            export_gallery(gallery, exported)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (exported.read_bytes(), sorted(exported.parent.iterdir())) == (before, names)
    assert export_gallery(gallery, exported) == 44


@pytest.mark.parametrize("name", ["no/x.zip", "a\0b", "n" * 300])
def test_places_that_take_no_export(gallery: SqliteGallery, tmp_path: Path, name: str) -> None:
    """A folder that is not there or an impossible name is an error."""
    with pytest.raises(GalleryError, match="could not be exported"):
        export_gallery(gallery, tmp_path / name)
