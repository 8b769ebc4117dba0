"""Many pictures through both ways, in several processes: what a user of Duktus gets, and what the recipe would see."""

import functools
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.published_digits import read_own_picture
from benchmarks.setting import Setting
from duktus.datasets.idx import load_mnist
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.glyphs.reading.reader import Reader, open_model
from duktus.imaging.frames.glyph import single_glyph, stack_glyphs
from duktus.models.runtime import Session
from duktus.types import ImageError, Reading

CHUNK = 100
"""Pictures that a worker is sent at once."""

Source: TypeAlias = bytes | Callable[[], bytes]
"""An image file's content, or a function that makes it where it is wanted; the function must survive pickling."""

Layouts: TypeAlias = tuple[str, ...]
"""Of ``Reader.read``: "auto", "one"."""


@dataclass(frozen=True)
class Answer:
    """What a picture's readings come to: their texts joined, whether all are accepted, whether none is."""

    text: str
    accepted: bool
    refused: bool


@dataclass(frozen=True)
class Seen:
    """One picture both ways: an answer for each layout, and what the published recipe's network is shown."""

    answers: tuple[Answer, ...]
    stretched: NDArray[np.float32]


@dataclass(frozen=True)
class Views:
    """Many pictures both ways: the answers by layout, and (n, 28, 28) in [0, 1] for the published network."""

    answers: dict[str, list[Answer]]
    stretched: NDArray[np.float32]


def mnist_test(setting: Setting) -> tuple[NDArray[np.uint8], list[str]]:
    """Return the test images, (n, 28, 28), and what each shows; evenly from all where there is a limit."""
    mnist = load_mnist(find_data("mnist"))
    chosen = choose_evenly(len(mnist.test_images), setting.limit)
    return mnist.test_images[chosen], [str(label) for label in mnist.test_labels[chosen]]


@contextmanager
def workers(count: int) -> Iterator[Executor]:
    """Give processes to read in, each with one thread; this process itself where there is one alone."""
    if count == 1:
        with ThreadPoolExecutor(1) as single:
            yield single
        return
    context = get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=cv2.setNumThreads, initargs=(1,)) as several:
        yield several


def view(executor: Executor, model: str, sources: Sequence[Source], layouts: Layouts = ("auto",)) -> Views:
    """Read pictures as ``duktus read`` does, and prepare them as the published recipe does.

    Args:
        executor: of ``workers``.
        model: its name or path.
        sources: the pictures.
        layouts: each gives answers of its own.
    """
    parts = [sources[i : i + CHUNK] for i in range(0, len(sources), CHUNK)]
    seen = [one for part in executor.map(functools.partial(_see_all, model, layouts), parts) for one in part]
    answers = {layout: [one.answers[i] for one in seen] for i, layout in enumerate(layouts)}
    return Views(answers, np.stack([one.stretched for one in seen]) if seen else np.zeros((0, 28, 28), np.float32))


def hits(answers: Sequence[Answer], labels: Sequence[str]) -> int:
    """Return how many answers are what the pictures show."""
    return sum(answer.text == label for answer, label in zip(answers, labels, strict=True))


def summarise(readings: Sequence[Reading]) -> Answer:
    """Return what a picture's readings come to."""
    accepted = sum(reading.accepted for reading in readings)
    return Answer("".join(reading.text for reading in readings), 0 < accepted == len(readings), not accepted)


def _see_all(model: str, layouts: Layouts, sources: Sequence[Source]) -> list[Seen]:
    reader = _reader(model)
    return [_see(reader, layouts, source if isinstance(source, bytes) else source()) for source in sources]


def _see(reader: Reader, layouts: Layouts, content: bytes) -> Seen:
    return Seen(tuple(_answer(reader, content, layout) for layout in layouts), _stretched(content))


def _answer(reader: Reader, content: bytes, layout: str) -> Answer:
    """Read one picture; one that cannot be read is a wrong answer and no reason to stop."""
    try:
        return summarise(reader.read(content, layout="one" if layout == "one" else "auto"))
    except ImageError:
        return Answer("", False, True)


def _stretched(content: bytes) -> NDArray[np.float32]:
    """Return what the recipe makes of a picture, all black where it would stop."""
    try:
        return read_own_picture(content)
    except ValueError:
        return np.zeros((28, 28), np.float32)


@functools.cache
def _reader(model: str) -> Reader:
    """Return the model's reader, opened once in each process."""
    return open_model(model, threads=1)


def glyph_scores(session: Session, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the logits of (n, h, w) pictures that show one character each, brought into the card's frame."""
    return session.run(glyphs_of(session, images))


def glyphs_of(session: Session, images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return pictures that show one character each in the card's frame, (n, H, W, 1)."""
    frame, ink = session.card.preprocessing.glyph, session.card.preprocessing.ink
    assert frame is not None, "a card of a glyph classifier has a frame"
    return stack_glyphs([single_glyph(image, ink, frame) for image in images], frame)


def from_file(path: Path) -> Source:
    """Return a file's content as a source that is read where it is wanted."""
    return functools.partial(Path.read_bytes, path)
