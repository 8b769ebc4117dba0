"""Tests of duktus.hands.identification.reader."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.identification.documents import Document
from duktus.hands.identification.hand import Hand
from duktus.hands.identification.reader import HandReader
from duktus.imaging.layout.regions import Regions
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import Box, DuktusError, GalleryError, Identification, ModelError, Page
from duktus.workers import bulk
from tests.glyphs.encoders import encoder_content
from tests.hands.pages import (
    as_page,
    document,
    hand_of,
    line_ink,
    page_ink_of,
    page_of,
    reader,
    scanned,
    stacked,
)

WRITERS = range(1, 7)


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery with a page of each of six writers."""
    path = tmp_path_factory.mktemp("hands") / "hands.db"
    with SqliteGallery.create(path, reader().encoder) as opened:
        assert sum(done.added for done in reader().enrol(opened, map(document, WRITERS), [])) == len(WRITERS)
    return path


def asked(gallery: Path, page: Page, dots: float | None = None) -> Identification:
    """Whose hand a page is in."""
    with SqliteGallery(gallery) as opened:
        return reader().identify(reader().look([page], dots), reader().known(opened))


def test_another_text_is_recognised(gallery: Path) -> None:
    """A page of another text is found to be its writer's; matches are ranked, and ink is told."""
    for seed in WRITERS:
        found = asked(gallery, page_of(seed, text=1))
        assert found.matches[0].label == f"writer {seed}"
        assert [match.rank for match in found.matches] == [1, 2, 3, 4, 5]
        assert found.matches[0].log10_lr >= found.matches[1].log10_lr
        assert found.ink > 100


def test_most_are_sure(gallery: Path) -> None:
    """Most pages of known writers are accepted."""
    assert sum(asked(gallery, page_of(seed, text=1)).accepted for seed in WRITERS) >= 4


def test_an_enrolled_page_is_itself(gallery: Path) -> None:
    """The very page that is enrolled is its hand's, and the answer says why."""
    found = asked(gallery, page_of(2))
    assert (found.accepted, found.matches[0].label) == (True, "writer 2")
    assert "this page is enrolled itself" in found.notes


def test_files_of_one_document(tmp_path: Path) -> None:
    """Images that are looked at together are a document with the writing of all, and so they are enrolled."""
    for text in (0, 1):
        cv2.imwrite(str(tmp_path / f"{text}.png"), page_of(1, text))
    paths = tuple(tmp_path / f"{text}.png" for text in (0, 1))
    both, first = reader().look_at(paths), reader().look_at(paths[0])
    assert both.ink > 1.5 * first.ink
    joined = Document(page_of(1), "writer 1", "two images", more=(page_of(1, 1),))
    with SqliteGallery.create(tmp_path / "hands.db", reader().encoder) as opened:
        assert sum(done.added for done in reader().enrol(opened, [joined, document(2)], [])) == 2
        found = reader().identify(both, reader().known(opened))
    assert (found.accepted, found.matches[0].label) == (True, "writer 1")


def test_a_label_of_two_hands(tmp_path: Path) -> None:
    """A page unlike the others of its label is reported, and pages of one hand are not."""
    pages = [("one", 1, 0), ("one", 1, 1), ("two", 2, 0), ("two", 2, 1), ("two", 5, 0)]
    documents = [Document(page_of(seed, text), label, f"{seed}-{text}") for label, seed, text in pages]
    with SqliteGallery.create(tmp_path / "hands.db", reader().encoder) as opened:
        list(reader().enrol(opened, documents, []))
        (told,) = reader().mixed_labels(opened)
    assert told.startswith("'two' may be two hands")
    assert "5-0" in told


def test_none_of_the_known_hands(gallery: Path) -> None:
    """Most pages of writers that are not in the gallery are said to be nobody's, alike as the pen's hands are."""
    found = [asked(gallery, page_of(seed)) for seed in range(40, 46)]
    assert sum(not each.accepted for each in found) >= 4
    assert all(each.reason for each in found if not each.accepted)


def test_a_blank_page(gallery: Path) -> None:
    """Paper is an answer."""
    assert asked(gallery, np.full((400, 300), 240, np.uint8)) == Identification((), False, "blank", 0.0)


def test_too_little_ink(gallery: Path) -> None:
    """Of a few letters nothing is said, but that there are few."""
    found = asked(gallery, as_page(np.pad(line_ink(hand_of(1), "it", np.random.default_rng(1)), 20)))
    assert (found.accepted, found.reason) == (False, "too little ink")
    assert 0 < found.ink < 25


def test_one_word_says_less_than_a_page() -> None:
    """A word by the page's writer speaks less for one hand than another page does."""
    word = reader().look([as_page(np.pad(line_ink(hand_of(1), "writer", np.random.default_rng(1)), 20))])
    first, second = (reader().look([page_of(1, text)]) for text in (0, 1))
    by_word, by_page = reader().verify(first, word).log10_lr, reader().verify(first, second).log10_lr
    assert by_word is not None
    assert by_page is not None
    assert by_word < by_page


def test_print_is_nobodys(gallery: Path) -> None:
    """A page of print is none of the known hands."""
    page = np.full((400, 900), 245, np.uint8)
    for line in range(5):
        cv2.putText(
            page, "printed by a machine, not a hand", (20, 60 + 70 * line), cv2.FONT_HERSHEY_COMPLEX, 1.4, 20, 2
        )
    found = asked(gallery, page)
    assert found.accepted is False
    assert found.reason in ("no handwriting", "none of the known hands")


def test_upside_down(gallery: Path) -> None:
    """A page upside down is matched as it was written, and the answer says so."""
    found = asked(gallery, np.ascontiguousarray(page_of(3, text=1)[::-1, ::-1]))
    assert found.matches[0].label == "writer 3"
    assert "matched upside down" in found.notes


def test_two_hands_on_a_page() -> None:
    """Where the lower half of a page is another's, its parts differ more than they do in themselves."""
    mixed = [reader().look([as_page(_mixed(i, i + 1))]).heterogeneity for i in (1, 3, 5)]
    pure = [reader().look([as_page(_mixed(i, i))]).heterogeneity for i in (1, 3, 5)]
    assert min(mixed) > max(pure) + 0.05


def test_fine_scans_are_reduced() -> None:
    """A page at 1,200 dots is looked at as it is at 300, and so are regions on it."""
    usual, fine = reader().look([scanned(1, 300)], 300), reader().look([scanned(1, 1200)], 1200)
    assert fine.vectors[0] @ usual.vectors[0] > 0.97
    assert fine.height == pytest.approx(usual.height, rel=0.1)
    half = Regions((Box(0, 0, scanned(1, 1200).shape[1], scanned(1, 1200).shape[0] // 2),))
    assert reader().look([scanned(1, 1200)], 1200, half).ink == pytest.approx(fine.ink / 2, rel=0.2)


def _mixed(first: int, second: int) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Sixteen lines, the upper eight by one writer and the lower by another."""
    return stacked([page_ink_of(seed, text) for seed in (first, second) for text in (0, 1)])


def test_a_page_twice_changes_nothing(tmp_path: Path) -> None:
    """A page that is there is known; under another name it is a conflict, which leaves the first or is replaced."""
    with SqliteGallery.create(tmp_path / "g.db", reader().encoder) as opened:
        for given, replace_it, counts in (
            ("Anna", False, (1, 0, 0)),
            ("Anna", False, (0, 1, 0)),
            ("Bert", False, (0, 0, 1)),
            ("Bert", True, (0, 0, 1)),
        ):
            (done,) = reader().enrol(opened, [document(1, given)], [], replace=replace_it)
            assert (done.added, done.known, len(done.conflicts)) == counts
        assert [each.label for each in opened.labels()] == ["Bert"]
        assert done.conflicts[0].label == "Anna"


def test_what_a_gallery_keeps(gallery: Path) -> None:
    """A page is kept with its source, its parts' vectors, and patches to look at."""
    with SqliteGallery(gallery) as opened:
        (example,) = opened.get(opened.contents("writer 2"))
    assert example.source == "2-0.png"
    assert len(example.vectors) > 2
    assert len(example.thumbnails) == 3


def test_pages_without_ink_are_told(tmp_path: Path) -> None:
    """A blank page is not enrolled, and the others are."""
    failed: list[str] = []
    blank = Document(np.full((100, 100), 255, np.uint8), "Anna", "blank.png")
    with SqliteGallery.create(tmp_path / "g.db", reader().encoder) as opened:
        (done,) = reader().enrol(opened, [blank, document(1)], failed)
        assert done.added == 1
    assert failed == ["blank.png: expected a page of handwriting, received one with too little ink; leave it out"]


def test_a_gallery_with_one_writer(tmp_path: Path) -> None:
    """One writer is enough: their page is theirs, another's is not taken for it."""
    with SqliteGallery.create(tmp_path / "g.db", reader().encoder) as opened:
        list(reader().enrol(opened, [document(1)], []))
    assert asked(tmp_path / "g.db", page_of(1, text=1)).accepted
    assert not asked(tmp_path / "g.db", page_of(4, text=1)).accepted


def test_an_empty_gallery(tmp_path: Path) -> None:
    """A gallery without hands, or whose last page was removed, says what to do."""
    with SqliteGallery.create(tmp_path / "g.db", reader().encoder) as opened:
        list(reader().enrol(opened, [document(1)], []))
        assert opened.remove_label("writer 1") == 1
        with pytest.raises(GalleryError, match="duktus enrol"):
            reader().known(opened)
        with pytest.raises(GalleryError, match="duktus enrol"):
            reader().search(reader().look([page_of(1)]), opened)


def test_verify_one_hand_and_two() -> None:
    """Pages by one hand speak for it, by two hands against, within bounds, in words."""
    pages = {(seed, text): reader().look([page_of(seed, text)]) for seed in WRITERS for text in (0, 1)}
    same = [reader().verify(pages[i, 0], pages[i, 1]) for i in WRITERS]
    other = [reader().verify(pages[i, 0], pages[j, 1]) for i in WRITERS for j in WRITERS if i != j]
    assert np.median([each.log10_lr for each in same]) > 0.5 > -0.4 > np.median([each.log10_lr for each in other])
    assert "support" in same[0].statement
    for each in (*same, *other):
        assert each.log10_lr is not None
        assert each.bounds[0] <= each.log10_lr <= each.bounds[1]
        assert min(each.ink) > 100
        assert each.limits


def test_search_lists_documents(gallery: Path) -> None:
    """Documents come by likeness, the writer's own first, with where they came from."""
    with SqliteGallery(gallery) as opened:
        found = reader().search(reader().look([page_of(5, text=1)]), opened, top=3)
    assert [each.rank for each in found] == [1, 2, 3]
    assert (found[0].label, found[0].source) == ("writer 5", "5-0.png")
    assert found[0].score >= found[1].score >= found[2].score


def test_several_pages_are_one_document() -> None:
    """Two pages together have the ink of both, counted at the text height of the document."""
    pages = [page_of(1, 0), page_of(1, 1)]
    both = reader().look(pages)
    assert isinstance(both, Hand)
    assert both.ink == pytest.approx(sum(each.amounts.sum() for each in reader().count(pages, None)))


def test_an_encoder_of_letters_is_refused() -> None:
    """A model for another task, and one that says nothing of likelihoods, are refused."""
    with pytest.raises(ModelError, match="expected a hand-encoder"):
        HandReader(Session(encoder_content(), threads=1))
    session = reader()._session
    bare = embed_card(session.content, replace(session.card, likelihood=None))
    with pytest.raises(ModelError, match="with likelihood ratios"):
        HandReader(Session(bare, threads=1))


def test_a_gallery_of_letters_is_refused(tmp_path: Path) -> None:
    """What another encoder made is not compared with."""
    letters = replace(reader().encoder, name="letters", fingerprint="0" * 64)
    SqliteGallery.create(tmp_path / "letters.db", letters).close()
    with pytest.raises(GalleryError, match="cannot"):
        SqliteGallery(tmp_path / "letters.db", reader().encoder)


@contextmanager
def started_at_once() -> Iterator[HandReader]:
    """A reader on two cores whose work in bulk starts processes from its first batch on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bulk, "LEAST_WORK", 0.0)
        yield HandReader(Session(reader()._session.content, threads=2))


def test_many_documents_are_seen_as_one_by_one(tmp_path: Path) -> None:
    """In processes or not, documents come in order, as ``look_at`` sees them, an error in the place of a bad one."""
    for seed in range(1, 6):
        cv2.imwrite(str(tmp_path / f"{seed}.png"), page_of(seed))
    (tmp_path / "3.png").write_bytes(b"no image")
    names = [tmp_path / f"{seed}.png" for seed in (1, 2, 3, 4, 5)] * 6
    with started_at_once() as several:
        found = list(several.look_at_many(names))
    assert [isinstance(each, DuktusError) for each in found] == [name.stem == "3" for name in names]
    assert "3.png" in str(found[2])
    for name, hand in zip(names, found, strict=True):
        if isinstance(hand, Hand):
            expected = reader().look_at(name)
            np.testing.assert_allclose(hand.vectors, expected.vectors, atol=1e-5)
            assert (hand.ink, hand.height) == (expected.ink, expected.height)


def test_pages_are_enrolled_in_bulk_as_one_by_one(tmp_path: Path) -> None:
    """Examples, known pages, blank ones and conflicts are the same where processes encode them."""
    blank = Document(np.full((100, 100), 255, np.uint8), "Anna", "blank.png")
    pages = [*map(document, (1, 2, 3)), blank, *map(document, (1, 4, 5, 6)), document(2, "Bert")] * 3
    outcomes = []
    with started_at_once() as several:
        for place, one in (("one.db", reader()), ("several.db", several)):
            failed: list[str] = []
            with SqliteGallery.create(tmp_path / place, one.encoder) as opened:
                added = list(one.enrol(opened, iter(pages), failed))
                examples = opened.get(opened.contents())
            counts = [sum(each.added for each in added), sum(each.known for each in added)]
            conflicts = [each.offered for done in added for each in done.conflicts]
            outcomes.append(
                (counts, conflicts, failed, [(e.content, e.label, e.source, e.thumbnails) for e in examples])
            )
    assert outcomes[0] == outcomes[1]
    assert outcomes[0][:2] == ([6, 15], ["Bert"] * 3)


def test_a_page_that_cannot_be_processed_is_told(tmp_path: Path) -> None:
    """Where OpenCV fails on a page, or its process dies, the page is named and the others are enrolled."""
    failed: list[str] = []
    with SqliteGallery.create(tmp_path / "g.db", reader().encoder) as opened:
        broken = Document(np.zeros((0, 5), np.uint8), "Anna", "broken.png")
        (done,) = reader().enrol(opened, [broken, document(1)], failed)
    assert done.added == 1
    assert len(failed) == 1
    assert failed[0].startswith("'broken.png': expected an image that can be processed")
