"""The engines of the race in bulk. Each runs in a process of its own and keeps what it has loaded between its runs."""

import functools
import time
import tomllib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.reader import Reader, open_model
from duktus.models.card import Card
from duktus.models.file import find_model, open_model_file, read_card
from duktus.models.runtime import Precision, Session
from duktus.types import DuktusError, ModelError

KERAS_BATCHES = (32, 128, 512)
"""Batch sizes that Keras may choose from; the first is its default."""


def network_time(model: str, precision: Precision, glyphs: Path) -> float:
    """Return the seconds that a model's network takes for ready glyphs, (n, H, W, 1) float32 in a ``.npy``."""
    session, batch = _session(model, precision), _glyphs(glyphs)
    session.run(batch[:64])
    start = time.perf_counter()
    session.run(batch)
    return time.perf_counter() - start


def keras_time(model: str, glyphs: Path) -> float:
    """Return the seconds that Keras' ``predict`` takes for the same glyphs with the same network."""
    network, batch = _keras_network(model), _glyphs(glyphs)
    size = _keras_batch(model, glyphs)
    start = time.perf_counter()
    network.predict(batch, batch_size=size, verbose=0)
    return time.perf_counter() - start


def keras_batch(model: str, glyphs: Path) -> int:
    """Return the batch size with which Keras is fastest here, which ``keras_time`` takes."""
    return _keras_batch(model, glyphs)


def reading_time(model: str, precision: Precision, folder: Path) -> float:
    """Return the seconds from a folder's PNG files to all their readings, the model being open already."""
    reader = _reader(model, precision)
    paths = sorted(folder.iterdir())
    start = time.perf_counter()
    answers = list(reader.read_many(paths))
    seconds = time.perf_counter() - start
    errors = [answer for answer in answers if isinstance(answer, DuktusError)]
    if errors or len(answers) != len(paths):
        raise DuktusError(
            f"expected answers to {len(paths)} files, received {len(answers)} and the errors {errors[:3]}"
        )
    return seconds


def rebuild(card: Card) -> Any:
    """Return the network of a card's recipe in Keras, with random weights: they time the same as the trained ones.

    Raises:
        ModelError: the card's recipe has no network of this project's layers.
    """
    from duktus.learning.networks import build_network

    frame = card.preprocessing.glyph
    try:
        layers = tuple(tomllib.loads(card.training.recipe)["network"]["layers"])
    except (tomllib.TOMLDecodeError, KeyError) as error:
        advice = "name a model that this project trained"
        raise ModelError(
            f"{card.name}: expected a network in the card's recipe, received {error!r}; {advice}"
        ) from error
    if frame is None or card.outputs is None:
        raise ModelError(f"{card.name}: expected a glyph-classifier, received a {card.task}; name another model")
    return build_network(layers, (frame.height, frame.width), card.outputs)


@functools.cache
def _session(model: str, precision: Precision) -> Session:
    return open_model_file(model, precision=precision)


@functools.cache
def _reader(model: str, precision: Precision) -> Reader:
    return open_model(model, precision=precision)


@functools.cache
def _keras_network(model: str) -> Any:
    return rebuild(read_card(find_model(model)))


@functools.cache
def _keras_batch(model: str, glyphs: Path) -> int:
    """Time each size once, after a warm-up that traces the graph for it."""
    network, batch = _keras_network(model), _glyphs(glyphs)
    seconds = {}
    for size in KERAS_BATCHES:
        network.predict(batch[:size], batch_size=size, verbose=0)
        start = time.perf_counter()
        network.predict(batch, batch_size=size, verbose=0)
        seconds[size] = time.perf_counter() - start
    return min(seconds, key=lambda size: seconds[size])


@functools.cache
def _glyphs(path: Path) -> NDArray[np.float32]:
    return np.asarray(np.load(path), np.float32)


def write_pngs(images: NDArray[np.uint8], folder: Path) -> None:
    """Write (n, h, w) images as PNG files, named by their number."""
    folder.mkdir()
    for number, image in enumerate(images):
        cv2.imwrite(str(folder / f"{number:06d}.png"), image)
