"""The published rune recipe as its readers follow it: a plain Keras script that knows nothing of Duktus.

Pictures in colour, 50 × 50 × 3, divided by 255; two convolutions, 64 and 32 of 3 × 3, each with ReLU and max-pooling;
128 ReLU; softmax. Adam, batches of 32, 5 epochs. The label stands before the underscore of each file's name. Copies
turned by ±10° and ±20°, the edge continued, are made of the pictures trained on: the published ones were made before a
part was held out, so that copies of one drawing stood on both sides.

    python -m benchmarks.published_runes FOLDER_TO_TRAIN_ON FOLDER_TO_TEST [--epochs 5] [--copies] [--seed 0]
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 50
EPOCHS = 5
BATCH = 32
TURNS = (-20, -10, 10, 20)

Pictures = NDArray[np.float32]
"""(n, 50, 50, 3) in [0, 1]."""


def read_folder(folder: Path) -> tuple[Pictures, list[str]]:
    """The pictures of a folder and their labels, sorted by name."""
    files = sorted(folder.glob("*_*.png"))
    pictures = []
    for file in files:
        picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
        assert picture is not None, "the files were written for this run"
        pictures.append(cv2.resize(picture, (SIDE, SIDE)).astype(np.float32) / np.float32(255))
    return np.stack(pictures), [file.name.split("_")[0] for file in files]


def with_copies(pictures: Pictures, labels: list[str]) -> tuple[Pictures, list[str]]:
    """The pictures and copies of them turned by each of the angles."""
    parts = [pictures]
    for degrees in TURNS:
        matrix = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), degrees, 1.0)
        turned = [cv2.warpAffine(one, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE) for one in pictures]
        parts.append(np.stack(turned).astype(np.float32))
    return np.concatenate(parts), labels * len(parts)


def build_network(labels: int) -> Any:
    """The recipe's network, compiled."""
    import keras

    layers = keras.layers
    network = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 3)),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(labels, activation="softmax"),
        ]
    )
    network.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return network


def train_and_test(train: Path, test: Path, *, epochs: int, copies: bool, seed: int) -> float:
    """Train as published on one folder; return the share of another's pictures that are read right."""
    import keras

    keras.utils.set_random_seed(seed)
    pictures, labels = read_folder(train)
    names = sorted(set(labels))
    if copies:
        pictures, labels = with_copies(pictures, labels)
    network = build_network(len(names))
    targets = keras.utils.to_categorical([names.index(label) for label in labels], len(names))
    network.fit(pictures, targets, epochs=epochs, batch_size=BATCH, verbose=0)
    asked, truth = read_folder(test)
    answers = network.predict(asked, verbose=0).argmax(axis=1)
    return float(np.mean([names[i] == label for i, label in zip(answers, truth, strict=True)]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, test, print the accuracy as a JSON object."""
    parser = argparse.ArgumentParser(description="Train the published rune recipe.")
    parser.add_argument("train", type=Path, help="folder of LABEL_anything.png to train on")
    parser.add_argument("test", type=Path, help="folder of LABEL_anything.png by others")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--copies", action="store_true", help="add copies turned by 10 and 20 degrees either way")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    accuracy = train_and_test(
        options.train, options.test, epochs=options.epochs, copies=options.copies, seed=options.seed
    )
    print(json.dumps({"accuracy": accuracy}))


if __name__ == "__main__":
    main()
