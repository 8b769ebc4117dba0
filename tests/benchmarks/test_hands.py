"""Hands are measured on sets that the encoder's card does not list, beside their controls, and a page is timed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hands import A4, check_set_unseen, draw_a4, first_of_page, random_examples
from benchmarks.results import Outcome
from benchmarks.sections import hands, words
from benchmarks.setting import Setting
from duktus.datasets.labelled import LabelledImages
from duktus.hands.identification.reader import open_hands
from duktus.models.card import DataSource
from duktus.models.file import open_model_file
from duktus.types import DataError
from tests.benchmarks.iam import write_iam
from tests.hands.training.sets import RECIPE, write_hands

WRITERS = 6


@pytest.fixture(scope="module")
def iam(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set laid out as IAM: two forms by each of six writers, four lines each."""
    folder = tmp_path_factory.mktemp("sets")
    write_iam(folder / "iam", writers=WRITERS)
    return folder


def figures(outcome: Outcome) -> dict[str, float]:
    """What each row measured."""
    return {row.what: row.ours.value for row in outcome.rows if row.ours}


def test_hands_section(iam: Path, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms and lines are told, each figure's controls stand beside it, and the page is timed."""
    monkeypatch.setenv("DUKTUS_DATA", str(iam))
    outcome = hands.run(replace(setting, limit=None))
    found = figures(outcome)
    assert found["IAM, forms: named right, one enrolled"] > 0.6
    assert 0 < found["one A4 page at 300 dots per inch, among 1,000 writers"] < 20
    peers = [row.what for row in outcome.rows if row.peer]
    assert "IAM, lines: pairs, Cllr, paper alone" in peers
    assert "IAM, forms: retrieval, mAP, tone and width alone" in peers
    assert found["IAM, forms: named right, 1 line by 1 line"] < found["IAM, forms: named right, 4 lines by 4 lines"]
    assert {"IAM, forms: named right, 2 lines by 2 lines, paper alone", "IAM, lines: unknown, refused"} <= {
        *peers,
        *found,
    }
    assert 0 <= found["IAM, forms: unknown, refused"] <= 1
    assert sum(row.headline for row in outcome.rows) == 7


def test_words_section(tmp_path: Path, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either half of the writers is told by an encoder of the other."""
    write_hands(tmp_path, writers=8)
    (tmp_path / "recipes").mkdir()
    text = RECIPE.replace("images = 6", "images = 7")
    (tmp_path / "recipes" / "hand-encoder.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path))
    monkeypatch.setattr(words, "WORDS", 2)
    outcome = words.run(replace(setting, root=tmp_path))
    found = figures(outcome)
    assert len(found) == 4
    assert all(0.3 < value <= 1 for value in found.values())
    assert sum(row.what.endswith("paper alone") for row in outcome.rows if row.peer) == 4
    assert sum(row.what.endswith("tone and width alone") for row in outcome.rows if row.peer) == 4


def test_an_encoder_that_saw_the_set_is_refused() -> None:
    """A card that lists the set, and one that lists none, are no ground for a figure."""
    card = open_model_file("hand-encoder", 1).card
    check_set_unseen(card, "iam")
    with pytest.raises(DataError, match="never saw iam, received one fitted to iam"):
        check_set_unseen(replace(card, data=(DataSource("iam", "0", "own", 1, "all"),)), "iam")
    with pytest.raises(DataError, match="names no data"):
        check_set_unseen(replace(card, data=()), "iam")


def test_first_images_of_each_page() -> None:
    """Of each page the first are taken, in their order."""
    images = LabelledImages(np.zeros((5, 9, 9), np.uint8), tuple("aabab"), ("p", "p", "q", "p", "q"))
    assert [first_of_page(images, 2).name(i) for i in range(4)] == ["image 0", "image 1", "image 2", "image 4"]


def test_the_page_by_the_pen_is_full_of_writing() -> None:
    """It has the size of A4 at 300 dots per inch, and far more ink than a line."""
    page = draw_a4(1)
    assert page.shape == A4
    assert open_hands(threads=1).look([page], 300).ink > 2000


def test_random_examples_have_as_many_labels() -> None:
    """Each has a label of its own where there are as many, and vectors of length 1."""
    some = list(random_examples(3, 16, 9, 3))
    assert len({each.label for each in some}) == len({each.content for each in some}) == 3
    assert np.linalg.norm(some[0].vectors, axis=1) == pytest.approx(1, abs=1e-5)
