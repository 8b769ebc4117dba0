"""The pen writes numbers in many hands, on paper, before a telephone's camera; the reader reads them back.

Usage: python examples/draw_and_read.py [HOW_MANY]
"""

import sys

import numpy as np

import duktus
from duktus.pen.hand import sample_hand, write
from duktus.pen.paper import take
from duktus.pen.scenes import sample_scene
from duktus.pen.tools import draw_ink, sample_pen


def main(count: int) -> None:
    """Print what was written and what was read, and how many were the same."""
    rng = np.random.default_rng(7)
    reader = duktus.open_model("digits")
    right = 0
    for _ in range(count):
        truth = str(rng.integers(10, 10_000))
        hand = sample_hand(rng)
        ink = draw_ink(write(truth, hand, rng), pen=sample_pen(rng, size=hand.size), height=100, rng=rng)
        page = take(ink, sample_scene(rng, "photo"), rng)
        readings = reader.read(page)
        text = "".join(reading.text for reading in readings)
        sure = min(reading.confidence for reading in readings)
        right += text == truth
        print(f"{truth:>4} written, {text:>4} read, {sure:.3f} sure{'' if text == truth else '  <-'}")
    print(f"{right} of {count} right")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
