"""Glyphs to train on: the makers give the classes they promise, reproducibly, by the functions that serve."""

from dataclasses import replace

import numpy as np
import pytest

from duktus.glyphs.training import samples
from duktus.glyphs.training.pools import CHARACTERS, OTHERS, Maker
from duktus.glyphs.training.samples import Job, Making, frame_images, join_samples, to_frame
from duktus.imaging.frames.glyph import frame_glyph, ink_box, single_glyph
from duktus.learning.samples import Samples
from duktus.pen.letters import skeletons
from tests.glyphs.training.sets import LABELS, digits
from tests.imaging.handwriting import FRAME, INK, character, on_paper

MAKING = Making(INK, FRAME, tuple(LABELS))
STROKES = ("recorded", "strangers")
"""Makers that need recorded strokes; see ``test_recorded``."""

MAKERS = {name: maker for name, maker in {**CHARACTERS, **OTHERS}.items() if name not in STROKES}


def job(count: int = 8, seed: int = 0) -> Job:
    """A call of a maker for some glyphs, made of the small set."""
    images, classes = digits(3 * count)
    return Job(images, classes.astype(np.int64), seed)


@pytest.mark.parametrize("name", list(MAKERS))
def test_same_seed_same_bytes(name: str) -> None:
    """A maker gives the same glyphs for the same seed, and other ones for another."""
    first, again, other = (MAKERS[name](MAKING, job(seed=seed)) for seed in (5, 5, 6))
    assert first.frames.tobytes() == again.frames.tobytes()
    assert first.classes.tolist() == again.classes.tolist()
    assert first.frames.tobytes() != other.frames.tobytes()


@pytest.mark.parametrize(("name", "maker"), MAKERS.items())
def test_makers_give_glyphs_with_ink(name: str, maker: Maker) -> None:
    """About as many glyphs as asked for, in the frame's shape, each with ink and centred in its frame."""
    made = maker(MAKING, job())
    assert made.frames.dtype == np.uint8
    assert made.frames.shape[1:] == (FRAME.height, FRAME.width)
    assert len(made.frames) == len(made.classes)
    assert (3 if name == "unwritten" else 7) <= len(made.frames) <= 8
    assert made.frames.any(axis=(1, 2)).all()


@pytest.mark.parametrize("name", [name for name in OTHERS if name in MAKERS])
def test_what_is_none_of_the_labels(name: str) -> None:
    """Letters, scribbles, halves and pairs all have the class after the last label."""
    assert set(OTHERS[name](MAKING, job()).classes.tolist()) == {len(LABELS)}


def test_pictures_keep_their_classes() -> None:
    """Pictures of the set's characters are of the classes of the first images of the job, in their order."""
    made, given = samples.pictures(MAKING, job()).classes.tolist(), iter([0, 1, 2, 0, 1, 2, 0, 1])
    assert len(made) >= 7
    assert all(label in given for label in made)


def test_what_is_not_found_again_is_left_out() -> None:
    """A glyph counts where it shows what its picture was made of, whatever its size and proportions; else not."""
    one, two = (samples.enlarge(image) for image in job().images[1:3])
    squeezed = frame_glyph(np.ascontiguousarray(one[:, ::2]), FRAME)
    assert samples.is_recovered(squeezed, one)
    assert not samples.is_recovered(frame_glyph(two, FRAME), one)
    assert not samples.is_recovered(np.zeros((28, 28), np.float32), one)


def test_written_characters_are_of_all_classes() -> None:
    """The pen writes every label, and no other class."""
    assert set(samples.written(MAKING, job(20)).classes.tolist()) == {0, 1, 2}


def test_letters_are_no_labels() -> None:
    """Where all that the pen knows are labels or their twins, there is one letter left to write."""
    known = sorted(set(skeletons()) - samples.LIKE_DIGITS)
    made = samples.letters(replace(MAKING, labels=tuple(known[1:])), job(4))
    assert made.classes.tolist() == [len(known) - 1] * 4


def test_bare_bars_are_no_nothing() -> None:
    """Of what nobody wrote, upright bars are left out: they can only be read as a 1."""
    for frame in samples.no_writing(MAKING, job(40)).frames:
        box = ink_box(frame / np.float32(255))
        assert box.h <= 3 * box.w


def test_halves_hold_less_than_the_whole() -> None:
    """A half of a 0 or a 2 is wider or taller for its size than the whole, and never the whole again."""
    wholes = {frame.tobytes() for frame in frame_images(job().images, MAKING)}
    halves = samples.halves(MAKING, job())
    assert not wholes & {frame.tobytes() for frame in halves.frames}


def test_pairs_are_wide() -> None:
    """Neighbours run together are wider for their height than single characters are."""
    shapes = []
    for frames in (samples.pairs(MAKING, job(30)).frames, frame_images(job(10).images, MAKING)):
        boxes = [ink_box(frame / np.float32(255)) for frame in frames]
        shapes.append(np.median([box.w / box.h for box in boxes]))
    assert shapes[0] > 1.3 * shapes[1]


def test_blank_images_make_nothing() -> None:
    """Images without ink give no halves and no pairs."""
    blank = Job(np.zeros((12, 28, 28), np.uint8), np.zeros(12, np.int64), 0)
    assert len(samples.halves(MAKING, blank).frames) == 0
    assert len(samples.pairs(MAKING, blank).frames) == 0


def test_frames_are_made_as_they_are_served() -> None:
    """The glyph that trains is the glyph that serves, in 256 steps."""
    page = on_paper(character("2"))
    frame = frame_images([page], MAKING)[0]
    np.testing.assert_allclose(frame / 255, single_glyph(page, INK, FRAME), atol=0.5 / 255 + 1e-6)
    np.testing.assert_array_equal(to_frame(np.array([[0, 0.5, 1]], np.float32)), [[0, 128, 255]])


def test_samples_are_joined() -> None:
    """Parts come one after the other; none at all are no glyphs of the right shape."""
    part = Samples(np.ones((2, 28, 28), np.uint8), np.array([0, 1]))
    assert join_samples([part, part], MAKING).classes.tolist() == [0, 1, 0, 1]
    assert join_samples([], MAKING).frames.shape == (0, 28, 28)
