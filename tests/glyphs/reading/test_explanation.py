"""A page read by taught letters is explained by its ink and by the examples that it is most like."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from duktus.gallery.sqlite import SqliteGallery
from duktus.glyphs.reading.explanation import explain, nearest_examples
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.stages import find_stages
from duktus.glyphs.teaching.teacher import Lesson, Teacher
from duktus.models.runtime import Session
from tests.glyphs.encoders import LETTERS, encoder_content, letter_page
from tests.glyphs.handwriting import page_of


@pytest.fixture(scope="module")
def session() -> Session:
    """An encoder of glyphs."""
    return Session(encoder_content(), threads=1)


def test_characters_are_explained_by_ink_alone_without_a_gallery(writer_reader: Reader) -> None:
    """Each character of a page has its evidence, in the order of reading, and no examples."""
    stages = find_stages(writer_reader, page_of("204"))
    explained = list(explain(writer_reader, stages))
    assert [one.character.reading.text for one in explained] == list("204")
    assert all(one.evidence.drops.shape == one.character.glyph.shape for one in explained)
    assert all(one.evidence.strongest > 0 and one.neighbours == () for one in explained)


def test_nearest_examples_are_shown(session: Session, tmp_path: Path) -> None:
    """The most like come first, each once with its label, picture and source, of its own letter at that."""
    teacher = Teacher(session)
    with SqliteGallery.create(tmp_path / "g.db", teacher.encoder) as gallery:
        list(teacher.teach(gallery, [Lesson(letter_page(c, i), c, f"{c}{i}") for c in LETTERS for i in (1, 2)], []))
        reader = Reader(session, teacher.head(gallery))
        stages = find_stages(reader, letter_page("K", 30), layout="one")
        (one,) = explain(reader, stages, partial(nearest_examples, gallery, session))
        (itself, *_) = nearest_examples(gallery, session, find_stages(reader, letter_page("K", 1)).characters[0].glyph)
    assert len(one.neighbours) == len({each.source for each in one.neighbours}) == 5
    assert {each.label for each in one.neighbours[:2]} == {"K"}
    assert [each.likeness for each in one.neighbours] == sorted((e.likeness for e in one.neighbours), reverse=True)
    assert one.neighbours[0].picture.startswith(b"\x89PNG")
    assert (itself.source, round(itself.likeness, 3)) == ("K1", 1.0)


def test_small_galleries_have_fewer_neighbours(session: Session, tmp_path: Path) -> None:
    """Of one example there is one neighbour, and of none there is none."""
    teacher = Teacher(session)
    glyph = np.eye(28, dtype=np.float32)
    with SqliteGallery.create(tmp_path / "g.db", teacher.encoder) as gallery:
        assert nearest_examples(gallery, session, glyph) == ()
        list(teacher.teach(gallery, [Lesson(letter_page("A", 1), "A", "a")], []))
        assert [one.source for one in nearest_examples(gallery, session, glyph)] == ["a"]
