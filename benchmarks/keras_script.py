"""What a follower of the published recipe runs on a picture: ``python keras_script.py MODEL.keras PICTURE.png``.

It loads the Keras model, reads the file, predicts and prints.
"""

import sys

import cv2
import keras
import numpy as np


def main(model: str, picture: str) -> None:
    """Print the digit that the network sees in a picture."""
    network = keras.models.load_model(model)
    grey = cv2.imread(picture, cv2.IMREAD_GRAYSCALE)
    assert grey is not None, f"{picture} is no image"
    batch = cv2.resize(grey, (28, 28)).reshape(1, 28, 28, 1).astype(np.float32) / 255
    print(network.predict(batch, verbose=0).argmax())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
