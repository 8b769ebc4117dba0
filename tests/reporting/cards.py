"""A card for the tests of reports."""

import numpy as np

from duktus.imaging.frames.glyph import GlyphFrame
from duktus.imaging.ink.extraction import InkSettings
from duktus.models.card import Calibration, Card, DataSource, Metric, Preprocessing, Sample, Training

LABELS = ("0", "<b>", "$x^", "ᚠ")
CALIBRATION = Calibration(temperature=1.0, threshold=0.6, accept=0.95, split="validation")


def report_card() -> Card:
    """A card of four labels with texts that HTML must not take for its own."""
    return Card(
        name="runes & <digits>",
        task="glyph-classifier",
        labels=LABELS,
        other=True,
        preprocessing=Preprocessing(InkSettings(), GlyphFrame()),
        calibration=CALIBRATION,
        training=Training("epochs = 2\n", 3, {"keras": "3.15"}, 4000.0, 2),
        data=(DataSource("drawn <here>", "0123456789abcdef", "Apache-2.0", 400, "train"),),
        metrics=(Metric("accuracy", 0.9, 0.85, 0.95, 100, "validation"),),
        limits=("Letters are not known.",),
        sample=Sample.of(np.zeros((1, 28, 28, 1), np.float32), np.zeros((1, 5), np.float32)),
        created="2026-01-31",
        attribution=(),
    )
