"""The published recipe's network, trained once and kept for every section that sets it beside Duktus."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import published_digits
from benchmarks.setting import Setting
from duktus.datasets.fingerprint import fingerprint
from duktus.datasets.places import find_data

SEED = 0
MODEL, COURSE = "published.keras", "published.json"


def train_peer(setting: Setting) -> list[published_digits.Epoch]:
    """Train the published recipe, keep the network and the course of its test score, and return the course."""
    setting.report("training the published recipe …")
    data = published_digits.load_mnist(find_data("mnist"))
    network, course = published_digits.train(data, SEED)
    setting.runs.mkdir(parents=True, exist_ok=True)
    scratch = setting.runs / f"part.{MODEL}"
    network.save(scratch)
    (setting.runs / COURSE).unlink(missing_ok=True)  # it tells what the network was trained on
    os.replace(scratch, setting.runs / MODEL)
    kept = {"data": fingerprint(*data), "epochs": [asdict(epoch) for epoch in course]}
    (setting.runs / COURSE).write_text(json.dumps(kept), encoding="utf-8")
    return course


def peer_file(setting: Setting) -> Path:
    """Return the file of the published recipe's network, trained first where no run on the same data has left one."""
    path, course = setting.runs / MODEL, setting.runs / COURSE
    data = published_digits.load_mnist(find_data("mnist"))
    kept = json.loads(course.read_text(encoding="utf-8")) if course.exists() and path.exists() else {}
    if kept.get("data") != fingerprint(*data):
        train_peer(setting)
    return path


def load_peer(setting: Setting) -> Any:
    """Return the published recipe's network in Keras."""
    path = peer_file(setting)
    import keras

    return keras.models.load_model(path)


def peer_probabilities(network: Any, stretched: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the network's (n, 10) probabilities for pictures as the recipe stretches them, (n, 28, 28)."""
    if not len(stretched):
        return np.zeros((0, 10), np.float32)
    batch = stretched[..., np.newaxis]
    return np.asarray(network.predict(batch, batch_size=published_digits.BATCH, verbose=0), np.float32)


def peer_hits(network: Any, stretched: NDArray[np.float32], labels: list[str]) -> int:
    """Return how many pictures the network reads as what they show."""
    best = peer_probabilities(network, stretched).argmax(axis=1)
    return sum(str(answer) == label for answer, label in zip(best.tolist(), labels, strict=True))
