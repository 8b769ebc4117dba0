"""A classifier of hands is measured as it serves, on patches, lines and pages, and what is left out is told."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.datasets.labelled import LabelledImages
from duktus.hands.evaluation.classifier import ClassifierMeasurement, measure_hand_classifier
from duktus.models.runtime import Session
from duktus.types import DataError
from tests.hands.models import LABELS, WRITERS, classifier, classifier_content
from tests.hands.pages import page_of


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> LabelledImages:
    """A page by each writer in two images of two lines, a stranger's, one that is blank and one that is broken."""
    folder = tmp_path_factory.mktemp("hands")
    entries: list[tuple[Path, str, str | None]] = []
    for seed, label in (*zip(WRITERS, LABELS, strict=True), (40, "stranger")):
        page = page_of(seed, text=1)
        middle = page.shape[0] // 2
        for half, part in enumerate((page[:middle], page[middle:])):
            cv2.imwrite(str(folder / f"{seed}-{half}.png"), part)
            entries.append((folder / f"{seed}-{half}.png", label, f"page {seed}"))
    cv2.imwrite(str(folder / "blank.png"), np.full((90, 90), 255, np.uint8))
    (folder / "broken.png").write_bytes(b"no image")
    entries += [(folder / "blank.png", LABELS[0], None), (folder / "broken.png", LABELS[1], "page 5")]
    paths, labels, groups = zip(*entries, strict=True)
    return LabelledImages(paths, labels, groups)


@pytest.fixture(scope="module")
def measured(images: LabelledImages) -> ClassifierMeasurement:
    """The figures of the set."""
    return measure_hand_classifier(Session(classifier_content(), threads=1), images, source="drawn")


def test_levels_have_their_numbers(measured: ClassifierMeasurement) -> None:
    """Sixteen lines of four pages, given to their writers; what is blank, broken or a stranger's is in none."""
    right, among = measured.results.right, measured.results.among
    assert list(right) == ["patches", "lines", "pages"]
    assert (right["lines"].n, right["pages"].n) == (16, 4)
    assert right["pages"].value == 1.0
    assert right["patches"].value < right["lines"].value <= right["pages"].value
    assert among["lines"].value == 1.0  # of four writers all are among the first five
    assert (measured.results.writers, measured.results.known) == (4, 4)


def test_documents_are_accepted_as_identify_does(measured: ClassifierMeasurement, images: LabelledImages) -> None:
    """The images of a page are one document, as a file's pages are; its answer is counted, and the stranger's apart."""
    results = measured.results
    assert (results.accepted.n, results.accepted.value) == (4, 1.0)
    assert results.sure.value == 1.0
    assert results.strangers is not None
    pages = [np.asarray(cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)) for path in images.images[8:10]]
    found = classifier().identify(classifier().look(pages))
    assert (results.strangers.n, results.strangers.value) == (1, float(not found.accepted))


def test_what_is_left_out_is_told(measured: ClassifierMeasurement) -> None:
    """The broken image by name, the blank page and the stranger's by number, and that the set is closed."""
    (error,) = measured.unreadable
    assert "broken.png" in error
    told = "\n".join(measured.results.notes)
    for part in ("Closed set", "could not be read", "without writing", "does not know: 1;"):
        assert part in told


def test_who_is_taken_for_whom(images: LabelledImages) -> None:
    """A writer's pages under another's name are mixed up with theirs, and counted by line."""
    turned = LabelledImages(images.images[:2], ("writer 5",) * 2, (None, None))
    told: list[tuple[int, int]] = []
    found = measure_hand_classifier(
        Session(classifier_content(), threads=1),
        turned,
        source="MNIST",
        limit=1,
        report=lambda *each: told.append(each),
    )
    assert found.results.mixed[0].writer == "writer 5"
    assert found.results.mixed[0].answered == "writer 1"
    assert sum(each.count for each in found.results.mixed) == found.results.right["lines"].n == 2
    assert told == [(1, 1)]
    notes = "\n".join(found.results.notes)
    for part in ("trained on MNIST", "Measured on 1 of 2", "No pages are known"):
        assert part in notes


def test_nobody_known_is_one_message(images: LabelledImages) -> None:
    """Where no writer is the model's there is nothing to measure."""
    strangers = LabelledImages(images.images[:2], ("x", "y"), (None, None))
    with pytest.raises(DataError, match="expected writing of the writers that ways knows, received 2 documents"):
        measure_hand_classifier(Session(classifier_content(), threads=1), strangers, source="drawn")
