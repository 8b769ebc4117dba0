"""Reads all images of a folder and prints, for each, what is written in it.

Usage: python examples/read_folder.py [FOLDER]
"""

import sys
from pathlib import Path

import duktus
from duktus.imaging.files.load import is_supported


def main(folder: Path) -> None:
    """Print a line an image; what the model is not sure of stands as "?"."""
    reader = duktus.open_model("digits")
    for path in sorted(path for path in folder.iterdir() if is_supported(path)):
        try:
            readings = reader.read(path)
        except duktus.DuktusError as error:
            print(f"{path.name}: {error}")
            continue
        text = "".join(reading.text if reading.accepted else "?" for reading in readings)
        print(f"{path.name}: {text}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
