"""A gallery of hands is measured on pages that are not in it: its writers, and strangers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.evaluation.figures import PAPER, TONE
from duktus.hands.evaluation.gallery import measure_hand_gallery
from duktus.hands.evaluation.measure import HandMeasurement
from duktus.hands.evaluation.report import render_hand_page
from duktus.hands.identification.documents import Named, documents_of
from duktus.hands.identification.notes import UPSIDE_DOWN
from duktus.hands.identification.reader import HandReader
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import DataError, GalleryError
from tests.hands.pages import page_of

KNOWN, WRITERS = 4, 6


@pytest.fixture(scope="module")
def session() -> Session:
    """The encoder that comes with the project."""
    return open_model_file("hand-encoder", 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pages by each of six writers."""
    folder = tmp_path_factory.mktemp("pages")
    for writer in range(WRITERS):
        for text in (0, 1):
            cv2.imwrite(str(folder / f"{writer}-{text}.png"), page_of(writer, text))
    return folder


@pytest.fixture(scope="module")
def gallery(session: Session, folder: Path) -> Iterator[SqliteGallery]:
    """The first page of each of four writers."""
    reader = HandReader(session)
    with SqliteGallery.create(folder / "hands.db", reader.encoder) as gallery:
        enrol(reader, gallery, [folder / f"{writer}-0.png" for writer in range(KNOWN)])
        yield gallery


def enrol(reader: HandReader, gallery: SqliteGallery, paths: list[Path]) -> None:
    """Enrol pages under their writers' numbers."""
    failed: list[str] = []
    list(
        reader.enrol(
            gallery, documents_of((Named(path, f"w{path.name[0]}", str(path)) for path in paths), failed), failed
        )
    )
    assert failed == []


def labelled(folder: Path, *names: str) -> LabelledImages:
    """Pages under their writers' numbers."""
    chosen = names or tuple(sorted(path.stem for path in folder.glob("*.png")))
    paths = tuple(folder / f"{name}.png" for name in chosen)
    return LabelledImages(paths, tuple(f"w{name[0]}" for name in chosen), (None,) * len(chosen))


@pytest.fixture(scope="module")
def measured(session: Session, gallery: SqliteGallery, folder: Path) -> HandMeasurement:
    """The gallery's figures on all pages."""
    return measure_hand_gallery(session, gallery, labelled(folder), source="drawn")


def test_known_hands_are_named_and_strangers_refused(measured: HandMeasurement) -> None:
    """Enrolled pages are left out; the known writers' others are asked, and all of the unknown ones'."""
    results = measured.results
    closed, opened = results.hand.closed, results.hand.open_set
    assert opened is not None
    assert opened.at is not None
    assert (results.samples, closed.writers, closed.asked, closed.draws) == (8, KNOWN, KNOWN, 0)
    assert (opened.known, opened.unknown) == (KNOWN, WRITERS - KNOWN)
    assert closed.top1.value >= 0.75
    assert closed.cmc[-1].value == 1
    assert "Pages that are enrolled, and in no figure: 4." in results.notes


def test_answers_are_those_of_identify(
    session: Session, gallery: SqliteGallery, folder: Path, measured: HandMeasurement
) -> None:
    """What is accepted, and how the first is named, are the same page by page."""
    reader = HandReader(session)
    known = reader.known(gallery)
    names = [f"{writer}-{text}" for writer in range(WRITERS) for text in (0, 1) if text or writer >= KNOWN]
    found = {name: reader.identify(reader.look_at(folder / f"{name}.png"), known) for name in names}
    right = [each.accepted and each.matches[0].label == f"w{name[0]}" for name, each in found.items()]
    strangers = [each.accepted for name, each in found.items() if int(name[0]) >= KNOWN]
    at = measured.results.hand.open_set.at if measured.results.hand.open_set else None
    assert at is not None
    assert at.found.value == pytest.approx(sum(right) / KNOWN)
    assert at.false_alarms.value == pytest.approx(np.mean(strangers))


def test_controls_come_from_where_pages_were_enrolled(measured: HandMeasurement) -> None:
    """Both controls answer the same questions, and the report shows them."""
    results = measured.results
    assert [each.name for each in results.controls] == [PAPER, TONE]
    assert {each.closed.top1.n for each in results.all} == {KNOWN}
    assert results.hand.closed.top1.value > results.controls[0].closed.top1.value
    page = render_hand_page(results)
    assert "The hand beside its controls" in page
    assert "4 hands in the gallery" in page


def test_pages_that_are_gone_leave_no_controls(session: Session, folder: Path, tmp_path: Path) -> None:
    """Where an enrolled page was moved or changed, the hand is measured and the note names whose page it is."""
    reader = HandReader(session)
    for writer in (0, 1):
        shutil.copy(folder / f"{writer}-0.png", tmp_path)
    with SqliteGallery.create(tmp_path / "hands.db", reader.encoder) as gallery:
        enrol(reader, gallery, [tmp_path / "0-0.png", tmp_path / "1-0.png"])
        cv2.imwrite(str(tmp_path / "1-0.png"), page_of(1, 1))
        results = measure_hand_gallery(session, gallery, labelled(folder, "0-1", "1-1"), source="drawn").results
    assert results.controls == ()
    assert results.hand.closed.top1.n == 2
    assert any(note.startswith("The controls were not measured: no page of w1 is") for note in results.notes)
    assert any(note.startswith("All pages are by writers of the gallery") for note in results.notes)
    assert render_hand_page(results).startswith("<!DOCTYPE html>")


def test_strangers_alone_are_measured(session: Session, gallery: SqliteGallery, folder: Path) -> None:
    """Where no known writer is asked, what is refused is told, and that the rest is not known."""
    results = measure_hand_gallery(session, gallery, labelled(folder, "4-0", "5-0"), source="drawn").results
    opened = results.hand.open_set
    assert opened is not None
    assert opened.at is not None
    assert opened.at.refused.n == 2
    assert np.isnan(results.hand.closed.top1.value)
    assert any(note.startswith("No page is by a writer of the gallery") for note in results.notes)
    assert render_hand_page(results).startswith("<!DOCTYPE html>")


def test_a_page_enrolled_under_another_name_is_told(session: Session, gallery: SqliteGallery, folder: Path) -> None:
    """It is in no figure, and both names are said."""
    images = LabelledImages((folder / "0-0.png", folder / "4-0.png"), ("w9", "w4"), (None, None))
    results = measure_hand_gallery(session, gallery, images, source="drawn").results
    assert results.samples == 1
    assert any("0-0.png is enrolled as 'w0', not 'w9': one of the two is wrong." in note for note in results.notes)


def test_a_page_upside_down_is_asked_as_identify_does(session: Session, gallery: SqliteGallery, tmp_path: Path) -> None:
    """It is turned where that fits a known hand far better."""
    cv2.imwrite(str(tmp_path / "0-0.png"), page_of(0)[::-1, ::-1])
    reader = HandReader(session)
    identified = reader.identify(reader.look_at(tmp_path / "0-0.png"), reader.known(gallery))
    assert UPSIDE_DOWN in identified.notes
    hand = measure_hand_gallery(session, gallery, labelled(tmp_path, "0-0"), source="drawn").results.hand
    assert hand.closed.top1.value == 1
    assert hand.open_set is not None
    assert hand.open_set.at is not None
    assert hand.open_set.at.found.value == identified.accepted


def test_nothing_to_ask_is_one_message(session: Session, gallery: SqliteGallery, folder: Path, tmp_path: Path) -> None:
    """Enrolled pages alone, blank ones alone and an empty gallery are each told."""
    with pytest.raises(DataError, match="not in the gallery, received 2 that are enrolled"):
        measure_hand_gallery(session, gallery, labelled(folder, "0-0", "1-0"), source="drawn")
    blank = LabelledImages(np.full((1, 90, 90), 255, np.uint8), ("w0",), (None,))
    with pytest.raises(DataError, match="received 1 with too little ink"):
        measure_hand_gallery(session, gallery, blank, source="drawn")
    with (
        SqliteGallery.create(tmp_path / "none.db", HandReader(session).encoder) as empty,
        pytest.raises(GalleryError, match="received an empty one"),
    ):
        measure_hand_gallery(session, empty, labelled(folder), source="drawn")
