"""Pictures go through both ways as their users would send them."""

import functools

import numpy as np
import pytest

from benchmarks.pictures import pen_digit
from benchmarks.reading import Answer, Source, glyphs_of, hits, mnist_test, summarise, view, workers
from benchmarks.setting import Setting
from duktus.glyphs.reading.reader import open_model
from duktus.models.runtime import Session
from duktus.types import Box, Reading

PLACE = Box(0, 0, 1, 1)


def reading(text: str, accepted: bool) -> Reading:
    """A reading of one character."""
    return Reading(text, 0.9, accepted, "", (), PLACE)


def test_answer_joins_the_readings() -> None:
    """Texts are joined; accepted means all of them, refused means none."""
    both, one = (reading("4", True), reading("2", True)), (reading("4", True), reading("2", False))
    assert summarise(both) == Answer("42", accepted=True, refused=False)
    assert summarise(one) == Answer("42", accepted=False, refused=False)
    assert summarise(()) == Answer("", accepted=False, refused=True)


def test_hits_are_exact() -> None:
    """An answer with one character too many is wrong."""
    answers = [Answer(text, True, False) for text in ("4", "42", "")]
    assert hits(answers, ["4", "4", "4"]) == 1


def test_view_is_what_the_reader_says(setting: Setting) -> None:
    """The answers are those of ``Reader.read`` on the same bytes, for each layout."""
    pngs = [pen_digit("scan", number) for number in range(3)]
    with workers(1) as executor:
        views = view(executor, setting.model, pngs, ("auto", "one"))
    reader = open_model(setting.model, threads=1)
    assert views.answers["auto"] == [summarise(reader.read(png)) for png in pngs]
    assert views.answers["one"] == [summarise(reader.read(png, layout="one")) for png in pngs]


def test_several_workers_answer_as_one(setting: Setting) -> None:
    """Pictures that are made in the workers keep their order and their answers."""
    sources: list[Source] = [functools.partial(pen_digit, "mouse", number) for number in range(6)]
    views = []
    for count in (1, 2):
        with workers(count) as executor:
            views.append(view(executor, setting.model, sources))
    assert views[0].answers == views[1].answers
    assert np.array_equal(views[0].stretched, views[1].stretched)


def test_picture_that_cannot_be_read_is_a_wrong_answer(setting: Setting) -> None:
    """A file that is no image is no reason to stop a measurement."""
    with workers(1) as executor:
        views = view(executor, setting.model, [b"no image"])
    assert views.answers["auto"] == [Answer("", accepted=False, refused=True)]
    assert not views.stretched.any()


@pytest.mark.parametrize("limit", [1, 7, None])
def test_limit_takes_evenly_from_all(setting: Setting, limit: int | None) -> None:
    """Pictures and labels stay together, and no more are taken than asked for."""
    images, labels = mnist_test(Setting(limit=limit))
    whole, names = mnist_test(Setting())
    assert len(images) == len(labels) == (limit or 20)
    known = {(image.tobytes(), name) for image, name in zip(whole, names, strict=True)}
    assert {(image.tobytes(), label) for image, label in zip(images, labels, strict=True)} <= known
    assert setting.count(3) == 3


def test_glyphs_have_the_frame_of_the_card(setting: Setting) -> None:
    """Pictures of any size come to the network's input."""
    assert glyphs_of(Session(setting.model), np.zeros((2, 40, 30), np.uint8)).shape == (2, 28, 28, 1)
