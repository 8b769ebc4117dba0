"""Letters are taught by drawings and read at once, by a reader that has seen nothing else of them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus import open_gallery
from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.teaching.teacher import Lesson, Teacher, fit_examples
from duktus.models.card import Spread
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import GalleryError, ModelError
from tests.gallery.examples import ENCODER
from tests.glyphs.encoders import LETTERS, encoder_content, letter_page
from tests.models.networks import card_of, convolutional


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The encoder as a file."""
    path = tmp_path_factory.mktemp("encoder") / "places.onnx"
    path.write_bytes(encoder_content())
    return path


@pytest.fixture
def teacher(encoder: Path) -> Teacher:
    """A teacher by that encoder."""
    return Teacher(Session(encoder, threads=1))


def lessons(letters: str, *seeds: int) -> list[Lesson]:
    """Drawings of letters, each with its label."""
    return [Lesson(letter_page(c, seed), c, f"{c}_{seed}.png") for c in letters for seed in seeds]


def taught(path: Path, teacher: Teacher, given: list[Lesson]) -> list[str]:
    """Teach drawings to a gallery; what failed."""
    failed: list[str] = []
    with SqliteGallery.create(path, teacher.encoder) as gallery:
        list(teacher.teach(gallery, given, failed))
    return failed


def test_one_drawing_each_is_enough(encoder: Path, teacher: Teacher, tmp_path: Path) -> None:
    """Letters by a hand of which one drawing was seen are told, nearly all."""
    taught(tmp_path / "g.db", teacher, lessons(LETTERS, 1))
    reader = open_gallery(tmp_path / "g.db", encoder=encoder, threads=1).reader
    asked = lessons(LETTERS, 20, 21, 22)
    right = [reader.read(one.page, layout="one")[0].text == one.label for one in asked]
    assert np.mean(right) > 0.9


def test_what_was_not_taught_is_refused(encoder: Path, teacher: Teacher, tmp_path: Path) -> None:
    """Letters of which nothing is known are accepted much less often than those that were taught."""
    taught(tmp_path / "g.db", teacher, lessons(LETTERS[:4], 1, 2, 3))
    reader = open_gallery(tmp_path / "g.db", encoder=encoder, threads=1).reader
    accepted = {
        part: np.mean([reader.read(one.page, layout="one")[0].accepted for one in lessons(part, 20, 21, 22)])
        for part in (LETTERS[:4], LETTERS[4:])
    }
    assert accepted[LETTERS[:4]] > accepted[LETTERS[4:]] + 0.4


def test_an_example_is_kept_with_the_mean_of_its_copies(teacher: Teacher, tmp_path: Path) -> None:
    """A drawing has its own vector, the mean with its copies, which is near, and a thumbnail."""
    taught(tmp_path / "g.db", teacher, lessons("A", 1))
    with SqliteGallery(tmp_path / "g.db") as gallery:
        (one,) = gallery.get(gallery.contents())
    np.testing.assert_allclose(one.vectors, teacher.vectors([letter_page("A", 1)])[0], atol=1e-6)
    assert 0.8 < float(one.vectors[0] @ one.vectors[1]) < 0.9999
    assert one.thumbnails[0].startswith(b"\x89PNG")
    assert (one.label, one.source) == ("A", "A_1.png")


def test_letters_with_enough_examples_have_no_copies(teacher: Teacher, tmp_path: Path) -> None:
    """Of two letters taught at once, that with three drawings has one vector each, that with two has two."""
    taught(tmp_path / "g.db", teacher, [*lessons("A", 1, 2), *lessons("K", 1, 2, 3)])
    with SqliteGallery(tmp_path / "g.db") as gallery:
        counts = {one.label: len(one.vectors) for one in gallery.get(gallery.contents())}
        assert counts == {"A": 2, "K": 1}
        assert teacher.head(gallery).labels == ("A", "K")


def test_few_examples_are_stretched_many_are_not() -> None:
    """A letter with two examples is fitted to the means with their copies, one with three to its own vectors."""
    spread = Spread((0.0,) * 2, (0.1,) * 2, (0.2,) * 2)
    own, stretched = (np.repeat(np.eye(2, dtype=np.float32)[[axis]], 5, axis=0) for axis in (0, 1))
    head = fit_examples(own, stretched, [*"aa", *"bbb"], spread)
    first, second = head.scores(np.eye(2, dtype=np.float32))[:, :2]
    assert first[1] > first[0]
    assert second[0] > second[1]


def test_twice_changes_nothing(teacher: Teacher, tmp_path: Path) -> None:
    """The same drawing taught again leaves the gallery as it is."""
    with SqliteGallery.create(tmp_path / "g.db", teacher.encoder) as gallery:
        (first,) = teacher.teach(gallery, lessons("A", 1, 2), [])
        change = gallery.change
        (again,) = teacher.teach(gallery, lessons("A", 1, 2), [])
        assert (first.added, again.added, again.known, gallery.change) == (2, 0, 2, change)


def test_wrong_labels_are_told(teacher: Teacher, tmp_path: Path) -> None:
    """Of 48 drawings with the labels of two exchanged, these are named first, with where they came from."""
    given = lessons(LETTERS, *range(1, 7))
    first, last = given[0], given[-1]
    wrong = [replace(first, label=last.label, source="wrong-a.png"), replace(last, label=first.label, source="b.png")]
    for name, some in (("right.db", given), ("wrong.db", [*given[1:-1], *wrong])):
        taught(tmp_path / name, teacher, some)
    with SqliteGallery(tmp_path / "right.db") as right, SqliteGallery(tmp_path / "wrong.db") as mixed:
        assert teacher.label_errors(right) == []
        told = teacher.label_errors(mixed)
    assert told[0].startswith("Labels that look wrong: 2 of 48 (4.2%)")
    assert sorted(line.split(":")[0] for line in told[1:]) == ["  b.png", "  wrong-a.png"]


def test_pictures_without_ink_are_told(teacher: Teacher, tmp_path: Path) -> None:
    """A blank picture is left out and told, the others are taught."""
    blank = Lesson(np.full((40, 40), 250, np.uint8), "A", "blank.png")
    failed = taught(tmp_path / "g.db", teacher, [blank, *lessons("A", 1)])
    assert len(failed) == 1
    assert failed[0].startswith("blank.png: expected a drawing of a letter")
    with SqliteGallery(tmp_path / "g.db") as gallery:
        assert len(gallery.contents()) == 1


def test_copies_are_the_same_each_time(teacher: Teacher, tmp_path: Path) -> None:
    """What a drawing teaches depends on the drawing alone."""
    vectors = []
    for name in ("a.db", "b.db"):
        taught(tmp_path / name, teacher, lessons("K", 5))
        with SqliteGallery(tmp_path / name) as gallery:
            vectors.append(gallery.snapshot().vectors)
    np.testing.assert_array_equal(vectors[0], vectors[1])


def test_empty_gallery_and_wrong_models(encoder: Path, teacher: Teacher, tmp_path: Path) -> None:
    """A gallery without examples cannot be read by, a classifier cannot teach, an encoder alone cannot read."""
    taught(tmp_path / "g.db", teacher, [])
    with pytest.raises(GalleryError, match="received an empty one; 'duktus teach' adds some"):
        _ = open_gallery(tmp_path / "g.db", encoder=encoder).reader
    network = convolutional()
    with pytest.raises(ModelError, match="expected an encoder of letters"):
        Teacher(Session(embed_card(network, card_of(network)), threads=1))
    with pytest.raises(ModelError, match="expected a glyph-classifier, received a glyph-encoder"):
        Reader(Session(encoder, threads=1))


def test_another_encoders_gallery_is_refused(encoder: Path, tmp_path: Path) -> None:
    """Vectors of one encoder are never compared with those of another."""
    SqliteGallery.create(tmp_path / "g.db", ENCODER).close()
    with pytest.raises(GalleryError, match=r"expected a gallery of the encoder places .*received one of glyph-encoder"):
        _ = open_gallery(tmp_path / "g.db", encoder=encoder).reader
