"""Drawers are told by letters that they drew, from other letters of the same alphabet."""

import zipfile
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.scripts import count_hits, load_scripts, mirror, size_scores, turn_quarter, two_texts, write_page
from benchmarks.sections import scripts
from benchmarks.setting import Setting
from duktus.imaging.frames.contours import ContourSettings, Counts, count_directions, smooth, trace_contours, walk
from duktus.types import DataError, Ink, Page
from tests.hands.pages import as_page, hand_of, line_ink, page_ink_of
from tests.hands.training.sets import RECIPE, write_hands

DRAWERS = 4
ALPHABETS = {"background": {"Latin": "ab", "Own": "abdeghknpy"}, "evaluation": {"Other": "cmorstuvwz"}}


def drawing(letter: str, drawer: int) -> Page:
    """A letter in a hand, as Omniglot has one: (105, 105)."""
    ink = line_ink(hand_of(drawer), letter, np.random.default_rng((drawer, ord(letter))))
    room = np.zeros((105, 105), np.float32)
    room[2:102, : ink.shape[1]] = ink[:, :105]
    return as_page(room, paper=255, dark=0)


@pytest.fixture(scope="module")
def omniglot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three alphabets by the pen's hands, in both archives."""
    folder = tmp_path_factory.mktemp("sets") / "omniglot"
    folder.mkdir()
    for part, alphabets in ALPHABETS.items():
        with zipfile.ZipFile(folder / f"images_{part}.zip", "w") as archive:
            for alphabet, letters in alphabets.items():
                for number, letter in enumerate(letters, 1):
                    for drawer in range(1, DRAWERS + 1):
                        name = f"images_{part}/{alphabet}/character{number:02d}/{number:04d}_{drawer:02d}.png"
                        archive.writestr(name, cv2.imencode(".png", drawing(letter, drawer))[1].tobytes())
    return folder


def test_scripts_section(omniglot: Path, setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """All drawers of both foreign alphabets are asked in both directions, hinges and controls beside the encoder."""
    write_hands(omniglot.parent, writers=8)
    (omniglot.parent / "recipes").mkdir()
    text = RECIPE.replace("images = 6", "images = 7")
    (omniglot.parent / "recipes" / "hand-encoder.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("DUKTUS_DATA", str(omniglot.parent))
    rows = scripts.run(replace(setting, limit=None, root=omniglot.parent)).rows
    assert len(rows) == 6 + 2 * len(scripts.WAYS)
    assert rows[0].ours
    assert rows[0].peer
    assert rows[0].ours.n == 2 * 2 * DRAWERS
    assert rows[0].ours.value > 0.5
    assert all(row.peer for row in rows)
    as_written, *turned = (row for row in rows if "DHSD" in row.what and "one half" in row.what)
    assert as_written.ours
    assert as_written.ours.value > 0.3
    assert as_written.peer
    hinges = [row.peer.value for row in turned if row.peer]
    assert hinges == pytest.approx([as_written.peer.value] * 2, abs=0.02)


def test_an_archive_that_is_not_there(omniglot: Path, tmp_path: Path) -> None:
    """Scripts come sorted and without those that are left out; a missing archive is told."""
    assert list(load_scripts(omniglot, ["Latin"])) == ["Other", "Own"]
    with pytest.raises(DataError, match="images_background"):
        load_scripts(tmp_path)


def test_two_texts_share_no_letter() -> None:
    """Both of a drawer's texts have as many letters, and no letter of one is in the other."""
    letters = {number: np.full((105, 105), number, np.uint8) for number in range(1, 8)}
    (first, second), (again, _) = two_texts({1: letters, 2: letters}, 2, np.random.default_rng(0))
    found = [set(np.unique(page)) - {255} for page in (first, second)]
    assert [len(some) for some in found] == [2, 2]
    assert not found[0] & found[1]
    np.testing.assert_array_equal(first, again)


def test_letters_stand_in_rows() -> None:
    """Five letters make two rows of three, with paper where the sixth would be."""
    page = write_page([np.zeros((105, 105), np.uint8)] * 5)
    assert page.shape == (270, 385)
    assert (page == 0).sum() == 5 * 105**2
    assert page[-30, -30] == 255


def test_a_tie_tells_nobody() -> None:
    """A drawer counts where no other's text is as much alike, in either direction."""
    scores = np.array([[0, 5, 0, 5], [5, 0, 1, 0], [0, 1, 0, 2], [5, 0, 2, 0]], float)
    assert count_hits(scores).tolist() == [1, 1]
    heights = [np.pad(np.ones((high, 40), np.float32), 9) for high in (20, 21, 40, 41)]
    assert count_hits(size_scores(heights)).tolist() == [2, 2]


def counts_of(ink: Ink) -> Counts:
    """Hinges of a page at the scale at which it is."""
    traced = trace_contours(ink, 1e9)
    return count_directions(walk(smooth(traced, 0.8), 1.0, 40.0), ContourSettings())


def test_turned_hinges_are_those_of_the_turned_page() -> None:
    """A page turned by a quarter, and one in the mirror, have the hinges that are worked out for them."""
    ink = page_ink_of(1)
    plain = counts_of(ink)
    for turned, found in ((np.rot90(ink, -1), turn_quarter(plain)), (ink[:, ::-1], mirror(plain))):
        expected = counts_of(np.ascontiguousarray(turned))
        apart = np.abs(expected - found).sum()
        assert apart < 0.05 * plain.sum()
        assert np.abs(expected - plain).sum() > 5 * apart
