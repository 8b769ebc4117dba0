"""Reads images into a table for the person who keys in what a machine is not sure of.

Usage: python examples/flag_doubtful.py doubtful.csv IMAGE...

Each number that was not wholly accepted becomes a row: the file, the best guess, what is in doubt and why, and where
on the page to look. What was accepted throughout is left out: nobody has to look at it again.
"""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path

import duktus


def doubts(readings: Sequence[duktus.Reading]) -> list[str]:
    """What is in doubt, character by character: its place, the reason, and where it stands."""
    return [
        f"character {place}: {reading.reason} (x {reading.box.x}, y {reading.box.y})"
        for place, reading in enumerate(readings, 1)
        if not reading.accepted
    ]


def main(table: Path, images: Sequence[str]) -> None:
    """Write the table and print how much of the work is left for a person."""
    reader = duktus.open_model("digits")
    left = 0
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "best guess", "in doubt"))
        for image in images:
            readings = reader.read(image)
            found = doubts(readings)
            if found:
                left += 1
                writer.writerow((image, "".join(reading.text for reading in readings), "; ".join(found)))
    print(f"{left} of {len(images)} images need a person, see {table}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2:])
