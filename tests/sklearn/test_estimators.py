"""Estimators do what scikit-learn's users expect, on digits as its data set has them, on files, and on pages."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks

from duktus.sklearn import GlyphClassifier, GlyphVectors, HandClassifier
from duktus.types import ImageError
from tests.cli.door import write_page
from tests.hands.pages import page_of

LEFT_OUT = {"check_classifiers_train": "it draws points in two dimensions, which are no pictures of letters"}
"""scikit-learn's checks that are not of images, with the reason. Those of ``HandClassifier`` are left out altogether:
they draw numbers, and it refuses pages on which nobody wrote."""


def left_out(estimator: Any) -> dict[str, str]:
    """The checks that an estimator cannot pass."""
    return LEFT_OUT if isinstance(estimator, GlyphClassifier) else {}


@parametrize_with_checks([GlyphVectors(), GlyphClassifier()], expected_failed_checks=left_out)  # type: ignore[untyped-decorator]  # scikit-learn has no types
def test_scikit_learn_s_checks(estimator: Any, check: Any) -> None:
    """What scikit-learn asks of every estimator, as far as it is asked of images."""
    check(estimator)


@pytest.fixture(scope="module")
def digits() -> tuple[Any, Any]:
    """A part of scikit-learn's digits: rows of 64 numbers from 0 to 16, bright on dark, and their labels."""
    images, labels = load_digits(return_X_y=True)
    return images[:200], labels[:200]


def test_cross_validation_of_digits(digits: tuple[Any, Any]) -> None:
    """Pictures of 8 x 8 pixels are told apart from some examples, nine in ten right; labels stay numbers."""
    scores = cross_val_score(GlyphClassifier(), *digits, cv=2)
    assert scores.mean() > 0.9
    assert GlyphClassifier().fit(*digits).predict(digits[0][:3]).dtype == digits[1].dtype


def test_a_pipeline_and_its_grid(digits: tuple[Any, Any]) -> None:
    """Vectors go into any classifier, whose settings are searched."""
    pipeline = make_pipeline(GlyphVectors(), LogisticRegression(max_iter=500))
    found = GridSearchCV(pipeline, {"logisticregression__C": [0.1, 10]}, cv=2).fit(*digits)
    assert found.best_score_ > 0.9


def test_files_and_arrays(tmp_path: Path) -> None:
    """Images are files or arrays of any size; probabilities are of the labels in order and sum to 1."""
    pages = [write_page(text) for text in "174"]
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for page, path in zip(pages, paths, strict=True):
        Image.fromarray(page).save(path)
    fitted = GlyphClassifier().fit(paths, ["one", "seven", "four"])
    assert fitted.classes_.tolist() == ["four", "one", "seven"]
    assert fitted.predict(pages).tolist() == ["one", "seven", "four"]
    assert fitted.predict_proba(pages).sum(axis=1) == pytest.approx(1)
    with pytest.raises(ImageError, match="expected PNG"):
        fitted.predict([b"no image"])


def test_blank_pictures_have_no_vector() -> None:
    """What has no ink is 0, and not an error."""
    vectors = GlyphVectors().transform([np.full((30, 30), 255, np.uint8), write_page("4")])
    assert not vectors[0].any()
    assert vectors[1].any()


def test_hands() -> None:
    """Three writers are known by a page each, and named by another."""
    seeds = (1, 5, 8)
    fitted = HandClassifier().fit([page_of(seed) for seed in seeds], [f"writer {seed}" for seed in seeds])
    assert fitted.score([page_of(seed, 1) for seed in seeds], [f"writer {seed}" for seed in seeds]) > 0.6
    with pytest.raises(ValueError, match="expected pages of handwriting"):
        HandClassifier().fit([page_of(1), np.full((400, 400), 255, np.uint8)], ["a", "b"])


@pytest.mark.parametrize("labels", [["a"], ["a", "a"]])
def test_labels_that_do_not_do(labels: list[str]) -> None:
    """As many labels as images, and two different ones."""
    with pytest.raises(ValueError, match="expected"):
        GlyphClassifier().fit([write_page("1"), write_page("7")], labels)
