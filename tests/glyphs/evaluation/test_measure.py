"""A model is measured on labelled images by the very functions that serve."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.datasets.split import choose_evenly
from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.evaluation.measure import Lessons, measure_reader
from duktus.glyphs.evaluation.report import write_report
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.teaching.teacher import Lesson, Teacher
from duktus.imaging.files.png import encode_png
from duktus.imaging.frames.glyph import single_glyph, stack_glyphs
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import draw_ink
from duktus.types import DataError, ModelError, Page
from tests.glyphs.encoders import encoder_content, letter_page
from tests.models.networks import card_of, convolutional


@pytest.fixture(scope="module")
def session() -> Session:
    """A classifier of three digits, never trained."""
    network = convolutional()
    return Session(embed_card(network, replace(card_of(network), labels=("0", "1", "2"))), threads=1)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """Pages that show 0, 1, 2, 0, 1, 2 and so on, in many hands."""
    rng = np.random.default_rng(3)
    inks = [draw_ink(write(str(i % 3), sample_hand(rng), rng), height=40) for i in range(12)]
    return [(255 * (1 - ink)).astype(np.uint8) for ink in inks]


def labelled(pages: list[Page], labels: list[str]) -> LabelledImages:
    """Pages of unequal size as a data set, of which no groups are known."""
    side = max(max(page.shape) for page in pages)
    whole = [np.pad(p, ((0, side - p.shape[0]), (0, side - p.shape[1])), constant_values=255) for p in pages]
    return LabelledImages(np.stack(whole), tuple(labels), (None,) * len(labels))


def test_images_and_their_glyphs_measure_alike(session: Session, pages: list[Page]) -> None:
    """Framing happens by the card: measuring images is measuring the glyphs that a reader would see."""
    data, preprocessing = labelled(pages, list("012" * 4)), session.card.preprocessing
    assert preprocessing.glyph is not None
    assert isinstance(data.images, np.ndarray)
    glyphs = [single_glyph(page, preprocessing.ink, preprocessing.glyph) for page in data.images]
    scores = session.run(stack_glyphs(glyphs, preprocessing.glyph))[:, : len(session.card.labels)]
    right = [session.card.labels[i] == label for i, label in zip(scores.argmax(axis=1), data.labels, strict=True)]
    assert measure_reader(Reader(session), data).evaluation.accuracy.value == pytest.approx(np.mean(right))


def test_mistakes_bring_their_pictures(session: Session, pages: list[Page], tmp_path: Path) -> None:
    """A report can show each mistake, and says what the figures stand on."""
    measured = measure_reader(Reader(session), labelled(pages, list("012" * 4)))
    assert {mistake.index for mistake in measured.evaluation.mistakes} <= set(measured.pictures)
    assert "No groups" in measured.notes[-1]
    page = write_report(measured.evaluation, measured.pictures, session.card, tmp_path, notes=measured.notes)
    shown = len(measured.evaluation.mistakes) + len(measured.evaluation.intruders)
    assert page.read_text(encoding="utf-8").count("data:image/png") == shown
    assert {i for each in measured.confusions for i in each.examples} <= set(measured.pictures)


def test_unknown_labels_are_no_characters(session: Session, pages: list[Page]) -> None:
    """Letters among digits measure how well the model refuses what it does not know."""
    measured = measure_reader(Reader(session), labelled(pages, list("01x" * 4)))
    assert measured.evaluation.accuracy.n == 8
    assert measured.evaluation.out_of_alphabet is not None
    assert any("labelled x " in note for note in measured.notes)


def test_unreadable_images_are_told_and_left_out(session: Session, tmp_path: Path) -> None:
    """A broken file is named, counted and in no figure; the indices of the others stay right."""
    import cv2

    names = ("0_a.png", "1_b.png", "2_c.png")
    for name in names:
        cv2.imwrite(str(tmp_path / name), np.full((9, 9), 255, np.uint8))
    (tmp_path / names[0]).write_bytes(b"no image")
    data = LabelledImages(tuple(tmp_path / name for name in names), ("0", "1", "2"), ("p", "p", "q"))
    measured = measure_reader(Reader(session), data)
    assert measured.evaluation.accuracy.n == 2
    assert names[0] in measured.unreadable[0]
    assert measured.notes == ("Images that could not be read, and are in no figure: 1.",)


def test_limit_takes_evenly(session: Session, pages: list[Page]) -> None:
    """A limit measures images from the whole set, tells how far it is, and says so in the notes."""
    seen: list[tuple[int, int]] = []
    measured = measure_reader(
        Reader(session), labelled(pages, list("012" * 4)), limit=3, report=lambda *done: seen.append(done)
    )
    assert seen == [(3, 3)]
    assert measured.evaluation.accuracy.n == 3
    assert "3 of 12" in measured.notes[0]
    assert choose_evenly(12, 3).tolist() == [0, 4, 8]


def test_nothing_readable_is_an_error(session: Session, tmp_path: Path) -> None:
    """There is no figure of nothing."""
    with pytest.raises(DataError, match="can be read"):
        measure_reader(Reader(session), LabelledImages((tmp_path / "missing.png",), ("0",), (None,)))


def test_only_classifiers_are_measured(pages: list[Page]) -> None:
    """An encoder has no answers to be right or wrong about."""
    network = convolutional()
    card = replace(card_of(network), task="glyph-encoder", labels=(), other=False)
    with pytest.raises(ModelError, match="glyph-classifier"):
        measure_reader(Reader(Session(embed_card(network, card), threads=1)), labelled(pages, list("012" * 4)))


@pytest.fixture
def lessons(tmp_path: Path) -> Iterator[Lessons]:
    """A gallery of one drawing of each of four letters, and its encoder."""
    encoder = Session(encoder_content(), threads=1)
    teacher = Teacher(encoder)
    with SqliteGallery.create(tmp_path / "g.db", teacher.encoder) as gallery:
        list(teacher.teach(gallery, [Lesson(letter_page(c, 1), c, c) for c in "AEHK"], []))
        yield Lessons(gallery, encoder)


def test_what_taught_is_left_out_and_said(lessons: Lessons) -> None:
    """Nobody is measured on what taught them; where nothing else is left there is no figure."""
    reader = Reader(lessons.session, Teacher(lessons.session).head(lessons.gallery))
    pages = [letter_page(c, seed) for c in "AEHK" for seed in (1, 2, 3)]
    labels = [c for c in "AEHK" for _ in range(3)]
    paths = LabelledImages([encode_png(page) for page in pages], tuple(labels), (None,) * 12)
    measured = measure_reader(reader, paths, lessons=lessons)
    assert measured.evaluation.accuracy.n == 8
    assert "Images that taught the labels, and are in no figure: 4." in measured.notes
    with pytest.raises(DataError, match="4 that taught the labels"):
        measure_reader(reader, paths.subset([0, 3, 6, 9]), lessons=lessons)


def test_other_pictures_of_what_taught_are_told(lessons: Lessons) -> None:
    """A drawing that taught, with more paper around it, is another picture; the note says what is right without it."""
    reader = Reader(lessons.session, Teacher(lessons.session).head(lessons.gallery))
    pages = [np.pad(letter_page("A", 1), 9, constant_values=255), letter_page("T", 5)]
    images = LabelledImages([encode_png(page) for page in pages], ("A", "E"), ("p", "p"))
    measured = measure_reader(reader, images, lessons=lessons)
    assert measured.evaluation.accuracy.n == 2
    assert "may show the same drawing: 1; without them 0 of 1 are right" in measured.notes[-1]
