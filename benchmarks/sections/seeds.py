"""The same recipe with several seeds: how much of a figure is luck. One pass over the test images for each model."""

import numpy as np

from benchmarks.reading import glyph_scores, mnist_test
from benchmarks.results import Outcome, Row
from benchmarks.setting import Setting
from duktus.models.file import open_model_file
from duktus.reporting.intervals import Estimate, wilson
from duktus.types import DataError


def run(setting: Setting) -> Outcome:
    """Measure each of the trained models on the MNIST test images.

    Raises:
        DataError: no models were named.
    """
    if not setting.trained:
        raise DataError("expected model files of several seeds, received none; name them by --trained FILE FILE …")
    images, labels = mnist_test(setting)
    rows, accuracies = [], []
    for name in setting.trained:
        session = open_model_file(name)
        best = glyph_scores(session, images)[:, : len(session.card.labels)].argmax(axis=1)
        right = sum(session.card.labels[i] == label for i, label in zip(best, labels, strict=True))
        rows.append(Row(f"MNIST test, seed {session.card.training.seed}", "share", wilson(right, len(labels))))
        accuracies.append(right / len(labels))
    mean = Estimate(float(np.mean(accuracies)), min(accuracies), max(accuracies), len(accuracies))
    spread = f"standard deviation {100 * np.std(accuracies, ddof=min(1, len(accuracies) - 1)):.3f} points; "
    note = f"{spread}the interval is from the worst to the best, n counts trainings"
    return Outcome((Row("MNIST test, mean over the seeds", "share", mean, note=note), *rows))
