"""An encoder of hands is measured as it serves, beside its controls, and what is left out is told."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.evaluation.hand_figures import PAPER, TONE
from duktus.evaluation.hand_measure import HandMeasurement, measure_hand_encoder
from duktus.evaluation.hand_seen import look_at_pages, served_scores
from duktus.gallery.sqlite import SqliteGallery
from duktus.imaging.load import load_pages
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.recognition.hands import Document, HandReader
from duktus.types import DataError, Page
from tests.recognition.hand_pages import HIGH, page_of

WRITERS, PAGES = 4, 2


@pytest.fixture(scope="module")
def session() -> Session:
    """The encoder that comes with the project."""
    return open_model_file("hand-encoder", 1)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> LabelledImages:
    """Two pages by each of four writers, each page in two images of two lines."""
    folder = tmp_path_factory.mktemp("hands")
    paths, labels, groups = [], [], []
    for half in (0, 1):
        for writer in range(WRITERS):
            for text in range(PAGES):
                page = page_of(writer, text)
                middle = 24 + 2 * (HIGH + 24)
                path = folder / f"{writer}-{text}-{half}.png"
                cv2.imwrite(str(path), page[:middle] if not half else page[middle:])
                paths.append(path)
                labels.append(f"writer {writer}")
                groups.append(f"page {text}")
    return LabelledImages(tuple(paths), tuple(labels), tuple(groups))


@pytest.fixture(scope="module")
def measured(session: Session, images: LabelledImages) -> HandMeasurement:
    """The figures of the set."""
    return measure_hand_encoder(session, images, source="drawn", times=20)


def pages_in(images: LabelledImages, places: tuple[int, ...]) -> list[Page]:
    """The pages of some images."""
    return [page for place in places for page in load_pages(images.images[place])]


def test_hands_are_told_better_than_by_their_controls(measured: HandMeasurement) -> None:
    """Pages of the same pen and paper are named by their hand, and the controls are asked the same."""
    results = measured.results
    assert (results.samples, results.writers) == (WRITERS * PAGES, WRITERS)
    assert [each.name for each in results.controls] == [PAPER, TONE]
    assert results.hand.closed.top1.value > max(0.7, results.controls[0].closed.top1.value)
    assert {each.closed.top1.n for each in results.all} == {WRITERS * PAGES}
    assert measured.unreadable == ()


def test_ratios_are_those_of_the_card(measured: HandMeasurement, session: Session) -> None:
    """Nothing is calibrated anew: there are no folds, and the ratios keep within the card's bounds."""
    found, likelihood = measured.results.hand.verification, session.card.likelihood
    assert found is not None
    assert likelihood is not None
    assert found.folds == 0
    assert likelihood.bounds[0] <= found.low < found.high <= likelihood.bounds[1]
    assert any("calibrated on dhsd" in note for note in measured.results.notes)


def test_comparing_and_searching_give_what_verify_says(session: Session, images: LabelledImages) -> None:
    """A page's images are pooled as one document is, and the ratio is that of the verdict, before its bounds."""
    assert session.card.likelihood is not None
    seen = look_at_pages(session, images)
    scores = served_scores(seen, session.card.likelihood)
    reader = HandReader(session)
    first, second = (reader.look(pages_in(images, seen.images[i])) for i in (0, 3))
    verdict = reader.verify(first, second)
    assert len(seen.images[0]) == 2
    assert verdict.log10_lr == pytest.approx(np.clip(scores.ratios[0, 3], *scores.bounds), abs=1e-4)
    assert verdict.score == pytest.approx(scores.searching[0, 3], abs=1e-5)


def test_naming_gives_what_identify_says(session: Session, images: LabelledImages, tmp_path: Path) -> None:
    """A row asks, a column is enrolled: the ratio is that of the match."""
    assert session.card.likelihood is not None
    seen = look_at_pages(session, images, apart=True)
    scores = served_scores(seen, session.card.likelihood)
    reader = HandReader(session)
    asked, enrolled = (np.ascontiguousarray(pages_in(images, seen.images[i])[0]) for i in (0, 8))
    with SqliteGallery.create(tmp_path / "hands.db", reader.encoder) as gallery:
        list(reader.enrol(gallery, [Document(enrolled, "b", "b.png")], []))
        match = reader.identify(reader.look([asked]), reader.known(gallery)).matches[0]
    assert len(seen.images) == len(images)
    assert match.log10_lr == pytest.approx(np.clip(scores.naming[0, 8], *scores.bounds), abs=1e-4)


def test_what_is_left_out_is_told(session: Session, images: LabelledImages, tmp_path: Path) -> None:
    """An image that cannot be read leaves its page's others in; a blank page is counted, and in no figure."""
    (tmp_path / "broken.png").write_bytes(b"no image")
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 300), 250, np.uint8))
    more = LabelledImages(
        (*images.images, tmp_path / "broken.png", tmp_path / "blank.png"),
        (*images.labels, images.labels[0], "writer 0"),
        (*images.groups, images.groups[0], "page 9"),
    )
    told: list[tuple[int, int]] = []
    found = measure_hand_encoder(session, more, source="dhsd", report=lambda *each: told.append(each), times=5)
    assert found.results.samples == WRITERS * PAGES
    assert len(found.unreadable) == 1
    assert "broken.png" in found.unreadable[0]
    assert any("too little ink" in note and note.endswith("1.") for note in found.results.notes)
    assert found.results.notes[0].startswith("The encoder was fitted to dhsd: of what it has seen")
    assert told[-1][0] <= told[-1][1] == 3 * len(more)


def test_pages_that_are_not_known_and_a_limit_are_told(session: Session, images: LabelledImages) -> None:
    """Without groups each image is a page of its own, and a part of the images says that it is a part."""
    found = measure_hand_encoder(
        session, replace(images, groups=(None,) * len(images)), source="drawn", limit=12, times=5
    )
    assert found.results.samples == 12
    assert any(note.startswith("Measured on 12 of 16 images") for note in found.results.notes)
    assert any(note.startswith("No pages are known") for note in found.results.notes)


def test_nothing_but_blank_pages_is_one_message(session: Session) -> None:
    """A set in which nothing is written is told as such."""
    blank = LabelledImages(np.full((2, 90, 90), 255, np.uint8), ("a", "b"), (None, None))
    with pytest.raises(DataError, match="received 2 with too little ink"):
        look_at_pages(session, blank)
