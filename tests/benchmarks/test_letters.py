"""Taught letters are measured on alphabets that the encoder's card does not list, and no others."""

import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.letters import CHANGES, check_unseen
from benchmarks.results import Outcome
from benchmarks.sections import letters, oneshot, taught
from benchmarks.setting import Setting
from duktus.models.card import DataSource
from duktus.models.container import embed_card
from duktus.models.runtime import Session
from duktus.types import DataError
from tests.glyphs.encoders import LETTERS, encoder_content, letter_page

DRAWERS = 12


def png(letter: str, seed: int) -> bytes:
    """A drawing as a PNG file."""
    return cv2.imencode(".png", letter_page(letter, seed))[1].tobytes()


@pytest.fixture(scope="module")
def alphabets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two alphabets in one archive, a third in another, and a one-shot run."""
    folder = tmp_path_factory.mktemp("sets") / "omniglot"
    folder.mkdir()
    parts = {"background": {"Anglo-Saxon_Futhorc": LETTERS[:4], "Greek": LETTERS[4:6]}, "evaluation": {"Own": "WZ"}}
    for part, known in parts.items():
        with zipfile.ZipFile(folder / f"images_{part}.zip", "w") as archive:
            for alphabet, some in known.items():
                for i, letter in enumerate(some, 1):
                    for drawer in range(1, DRAWERS + 1):
                        name = f"images_{part}/{alphabet}/character{i:02d}/{i:04d}_{drawer:02d}.png"
                        archive.writestr(name, png(letter, drawer))
    with zipfile.ZipFile(folder / "all_runs.zip", "w") as archive:
        table = [f"run01/test/item{i}.png run01/training/class{i}.png" for i in range(4)]
        archive.writestr("run01/class_labels.txt", "\n".join(table))
        for i, letter in enumerate(LETTERS[:4]):
            archive.writestr(f"run01/training/class{i}.png", png(letter, 1))
            archive.writestr(f"run01/test/item{i}.png", png(letter, 2))
    return folder.parent


@pytest.fixture
def taught_setting(alphabets: Path, setting: Setting, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    """A run with an encoder whose card lists another alphabet."""
    monkeypatch.setenv("DUKTUS_DATA", str(alphabets))
    content = encoder_content()
    latin = DataSource("own", "0", "own", 1, "1 to train; 1 alphabets: Latin")
    card = replace(Session(content, threads=1).card, data=(latin,))
    path = tmp_path / "places.onnx"
    path.write_bytes(embed_card(content, card))
    return replace(setting, encoder=str(path), limit=20)


def figures(outcome: Outcome) -> dict[str, float]:
    """What each row measured."""
    return {row.what: row.ours.value for row in outcome.rows if row.ours}


def test_letters_section(taught_setting: Setting) -> None:
    """Letters that differ are told from one example and from five, and by other tools too."""
    found = figures(letters.run(taught_setting))
    assert found["runes, 1 example each"] > 0.9
    assert found["runes, 5 examples each"] >= found["runes, 1 example each"] - 0.02
    assert found["Greek on scanned paper, 10 examples each"] > 0.6
    assert 0 < found["Greek letters, refused by runes"] <= 1


def test_one_shot_section(taught_setting: Setting) -> None:
    """The errors of the runs are counted, none here."""
    outcome = oneshot.run(taught_setting)
    assert figures(outcome) == {"one-shot runs, errors": 0.0}
    assert outcome.rows[0].ours is not None
    assert outcome.rows[0].ours.n == 4


def test_taught_section(taught_setting: Setting) -> None:
    """Both processes and both doors are timed."""
    found = figures(taught.run(replace(taught_setting, pairs=1)))
    assert len(found) == 5
    assert all(0 < seconds < 60 for seconds in found.values())


def test_an_encoder_that_saw_the_alphabet_is_refused() -> None:
    """A card that lists the alphabet, and one that lists none, are no ground for a figure."""
    card = Session(encoder_content(), threads=1).card
    seen = replace(card, data=(DataSource("own", "0", "own", 1, "1 to train; 2 alphabets: Greek, Latin"),))
    with pytest.raises(DataError, match="never saw Greek"):
        check_unseen(seen, ["Futhorc", "Greek"])
    with pytest.raises(DataError, match="lists the alphabets"):
        check_unseen(card, ["Greek"])


@pytest.mark.parametrize("change", CHANGES)
def test_changed_drawings_differ_and_are_the_same_again(change: str) -> None:
    """Each change makes another picture, the same for the same seed, with ink in it."""
    page = letter_page("K", 3)
    first, again = (CHANGES[change](page, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert first.shape != page.shape or (first != page).any()
    assert first.min() < 128
