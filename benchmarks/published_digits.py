"""The published MNIST recipe as its readers follow it: a plain Keras script that knows nothing of Duktus.

Two convolutions and three dense layers, 63,639 parameters, Adam, batches of 200, 10 epochs, no augmentation, pixels
divided by 255, validated on the test set after every epoch (so its published score is chosen on the test set; ours is
not). A person's own picture is read in grey, stretched to 28 × 28 and divided by 255, whatever its polarity and margin.

    python -m benchmarks.published_digits FOLDER_OF_MNIST MODEL.keras
"""

import argparse
import gzip
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

BATCH = 200
EPOCHS = 10

Pictures = NDArray[np.uint8]
"""(n, 28, 28) in [0, 255], white on black."""

Labels = NDArray[np.uint8]
"""(n,) in [0, 9]."""


@dataclass(frozen=True)
class Epoch:
    """The score on the test images after one epoch, and the seconds since training began, validation included."""

    number: int
    seconds: float
    accuracy: float


def read_idx(path: Path) -> NDArray[np.uint8]:
    """One gzipped idx file as an array.

    The recipe downloads these files through Keras; here they are on disk. It does not share the loader of Duktus, so
    that a fault of one loader cannot stand on both sides of a comparison.
    """
    data = gzip.decompress(path.read_bytes())
    shape = np.frombuffer(data, ">u4", count=data[3], offset=4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape.astype(int))


def load_mnist(folder: Path) -> tuple[Pictures, Labels, Pictures, Labels]:
    """Training pictures and labels, then test pictures and labels."""
    train, test = (
        (read_idx(folder / f"{part}-images-idx3-ubyte.gz"), read_idx(folder / f"{part}-labels-idx1-ubyte.gz"))
        for part in ("train", "t10k")
    )
    return *train, *test


def build_network() -> Any:
    """The recipe's network, compiled."""
    import keras

    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(30, 5, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(15, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(32, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return network


def to_tensor(pictures: Pictures) -> NDArray[np.float32]:
    """(n, 28, 28) to (n, 28, 28, 1) in [0, 1], the recipe's only preprocessing."""
    return pictures[..., np.newaxis].astype(np.float32) / np.float32(255)


def train(mnist: tuple[Pictures, Labels, Pictures, Labels], seed: int, epochs: int = EPOCHS) -> tuple[Any, list[Epoch]]:
    """Train as published; the network and the course of its test score.

    Args:
        mnist: what ``load_mnist`` gives.
        seed: of Keras, its backend and the order of the batches.
        epochs: passes over the training pictures.
    """
    import keras

    keras.utils.set_random_seed(seed)
    pictures, labels, test_pictures, test_labels = mnist
    x, test_x = to_tensor(pictures), to_tensor(test_pictures)
    y, test_y = keras.utils.to_categorical(labels, 10), keras.utils.to_categorical(test_labels, 10)
    network = build_network()
    course: list[Epoch] = []
    start = time.perf_counter()

    def note(epoch: int, logs: dict[str, float]) -> None:
        course.append(Epoch(epoch + 1, time.perf_counter() - start, logs["val_accuracy"]))

    network.fit(
        x,
        y,
        validation_data=(test_x, test_y),
        epochs=epochs,
        batch_size=BATCH,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=note)],
    )
    return network, course


def read_own_picture(png: bytes) -> NDArray[np.float32]:
    """A person's own picture as the recipe reads it: grey, stretched to (28, 28), divided by 255.

    Raises:
        ValueError: the bytes are no image that OpenCV knows.
    """
    grey = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_GRAYSCALE)
    if grey is None:
        raise ValueError(f"expected an image file, got {len(png)} bytes that OpenCV cannot decode")
    return cv2.resize(grey, (28, 28)).astype(np.float32) / np.float32(255)


def predict_pngs(network: Any, pngs: Sequence[bytes]) -> NDArray[np.int64]:
    """The recipe's answer to each picture, in [0, 9]."""
    batch = np.stack([read_own_picture(png) for png in pngs])[..., np.newaxis]
    return np.asarray(network.predict(batch, batch_size=BATCH, verbose=0).argmax(axis=1), np.int64)


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, save the model, print the course of the test score as one JSON object."""
    parser = argparse.ArgumentParser(description="Train the published MNIST recipe.")
    parser.add_argument("mnist", type=Path, help="folder with the four gzipped idx files")
    parser.add_argument("model", type=Path, help="where to save the Keras model (.keras)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    options = parser.parse_args(arguments)
    network, course = train(load_mnist(options.mnist), options.seed, options.epochs)
    network.save(options.model)
    print(json.dumps({"parameters": network.count_params(), "epochs": [asdict(epoch) for epoch in course]}))


if __name__ == "__main__":
    main()
