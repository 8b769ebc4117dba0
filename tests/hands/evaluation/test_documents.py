"""Pages are seen, and held against each other, as serving does it."""

from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.evaluation.documents import encode_pages, served_scores
from duktus.hands.identification.documents import Document
from duktus.hands.identification.reader import HandReader
from duktus.imaging.files.load import load_pages
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.types import DataError, Page
from tests.hands.pages import write_lines


@pytest.fixture(scope="module")
def session() -> Session:
    """The encoder that comes with the project."""
    return open_model_file("hand-encoder", 1)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> LabelledImages:
    """Two pages by each of two writers, each page in four images of a line."""
    return write_lines(tmp_path_factory.mktemp("hands"), 2)


def pages_in(images: LabelledImages, places: tuple[int, ...]) -> list[Page]:
    """The pages of some images."""
    return [page for place in places for page in load_pages(images.images[place])]


def test_comparing_and_searching_give_what_verify_says(session: Session, images: LabelledImages) -> None:
    """A page's images are pooled as one document is, and the ratio is that of the verdict, before its bounds."""
    assert session.card.likelihood is not None
    seen = encode_pages(session, images)
    scores = served_scores(seen, session.card.likelihood)
    reader = HandReader(session)
    first, second = (reader.look(pages_in(images, seen.images[i])) for i in (0, 3))
    verdict = reader.verify(first, second)
    assert len(seen.images[0]) == 4
    assert verdict.log10_lr == pytest.approx(np.clip(scores.ratios[0, 3], *scores.bounds), abs=1e-4)
    assert verdict.score == pytest.approx(scores.searching[0, 3], abs=1e-5)


def test_naming_gives_what_identify_says(session: Session, images: LabelledImages, tmp_path: Path) -> None:
    """A row asks, a column is enrolled: the ratio is that of the match."""
    assert session.card.likelihood is not None
    seen = encode_pages(session, images, apart=True)
    scores = served_scores(seen, session.card.likelihood)
    reader = HandReader(session)
    asked, enrolled = (np.ascontiguousarray(pages_in(images, seen.images[i])[0]) for i in (0, 8))
    with SqliteGallery.create(tmp_path / "hands.db", reader.encoder) as gallery:
        list(reader.enrol(gallery, [Document(enrolled, "b", "b.png")], []))
        match = reader.identify(reader.look([asked]), reader.known(gallery)).matches[0]
    assert len(seen.images) == len(images)
    assert match.log10_lr == pytest.approx(np.clip(scores.naming[0, 8], *scores.bounds), abs=1e-4)


def test_nothing_but_blank_pages_is_one_message(session: Session) -> None:
    """A set in which nothing is written is told as such."""
    blank = LabelledImages(np.full((2, 90, 90), 255, np.uint8), ("a", "b"), (None, None))
    with pytest.raises(DataError, match="received 2 with too little ink"):
        encode_pages(session, blank)
