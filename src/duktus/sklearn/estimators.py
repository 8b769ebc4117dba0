"""Letters and hands as scikit-learn's estimators: fitted on examples as galleries are, without training a network."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted

from duktus.door.sessions import ENCODER, Place, open_hands, open_session
from duktus.glyphs.reading.head import fit_head
from duktus.hands.identification.reader import HandReader
from duktus.imaging.frames.glyph import single_glyph, stack_glyphs
from duktus.models.confidence import softmax
from duktus.models.file import find_model, read_card
from duktus.models.likelihood import Likelihood, joint_amount
from duktus.models.runtime import Session
from duktus.sklearn.images import Images, labels_of, pictures_of, refuse_sparse
from duktus.types import ModelError, Vectors

GLYPHS = "glyph-encoder"
"""The shipped encoder of letters."""

BATCH = 256
"""Glyphs that are encoded at once."""


class _OfImages(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """What takes images of any kind, and no table of numbers."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.three_d_array = True
        tags.no_validation = True
        return tags


class _Classifier(ClassifierMixin, _OfImages):  # type: ignore[misc]  # likewise
    """What names the class of an image by the probabilities that it gives."""

    classes_: NDArray[Any]

    def __init__(self, encoder: Place) -> None:
        self.encoder = encoder

    def predict(self, X: Images) -> NDArray[Any]:  # noqa: N803  # scikit-learn's name
        """Return the most probable class of each image, (n,)."""
        shares = self.predict_proba(X)
        return np.asarray(self.classes_[shares.argmax(axis=1)])


class GlyphVectors(TransformerMixin, _OfImages):  # type: ignore[misc]  # likewise
    """Images of single letters to vectors (n, d), close together for the same letter; nothing is fitted.

    Args:
        encoder: a model's name or the path of a model file.
    """

    def __init__(self, encoder: Place = GLYPHS) -> None:
        self.encoder = encoder

    def fit(self, X: Images, y: Any = None) -> Self:  # noqa: ARG002, N803  # scikit-learn's names
        """Do nothing: the encoder was trained."""
        refuse_sparse(X)
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.requires_fit, tags.transformer_tags.preserves_dtype = False, []
        return tags

    def transform(self, X: Images) -> Vectors:  # noqa: N803  # scikit-learn's name
        """Return the vectors of images, (n, d) float32; of one without ink it is 0.

        Raises:
            ImageError: an image cannot be read.
            ModelError: the encoder is for another task.
        """
        return encode_glyphs(open_session(find_model(self.encoder)), X)


class GlyphClassifier(_Classifier):
    """A classifier of your own letters, from one or more examples each, as in ``duktus teach``.

    Args:
        encoder: a model's name or the path of a model file.

    Attributes:
        classes_: the labels, sorted.
    """

    def __init__(self, encoder: Place = GLYPHS) -> None:
        super().__init__(encoder)

    def fit(self, X: Images, y: Any) -> Self:  # noqa: N803  # scikit-learn's names
        """Learn labels from images of single letters.

        Args:
            X: n images.
            y: (n,) text or numbers.

        Raises:
            ImageError: an image cannot be read.
            ValueError: there are not as many labels as images, or fewer than two different ones.
        """
        session, labels = open_session(find_model(self.encoder)), _checked(X, y)
        self.classes_, places = np.unique(labels, return_inverse=True)
        vectors, names = encode_glyphs(session, X), [f"{place:09d}" for place in places]
        spread = session.card.spread
        if spread is None:
            raise ModelError(f"{session.card.name}: expected an encoder of letters, received one without spread")
        self._head = fit_head(vectors, names, spread)
        return self

    def predict_proba(self, X: Images) -> NDArray[np.float64]:  # noqa: N803  # scikit-learn's name
        """Return the probability of each label, (n, labels), given that it is one of them."""
        check_is_fitted(self, "classes_")
        scores = self._head.scores(encode_glyphs(open_session(find_model(self.encoder)), X))[:, :-1]
        return softmax(scores.astype(np.float64))


class HandClassifier(_Classifier):
    """A classifier of writers, known by one or more pages each, as in ``duktus identify``.

    Args:
        encoder: a model's name or the path of a model file.

    Attributes:
        classes_: the writers, sorted.
    """

    def __init__(self, encoder: Place = ENCODER) -> None:
        super().__init__(encoder)

    def fit(self, X: Images, y: Any) -> Self:  # noqa: N803  # scikit-learn's names
        """Learn the hands of writers from pages.

        Args:
            X: n pages.
            y: (n,) who wrote each.

        Raises:
            ImageError: a page cannot be read.
            ValueError: there are not as many labels as pages, fewer than two writers, or a page without writing.
        """
        labels = _checked(X, y)
        vectors, amounts = look_at_hands(open_hands(self.encoder), X)
        if not (amounts > 0).all():
            empty = np.flatnonzero(amounts <= 0)[:3].tolist()
            raise ValueError(f"expected pages of handwriting, found none on number {empty}; leave them out")
        self.classes_, places = np.unique(labels, return_inverse=True)
        self._vectors, self._amounts, self._places = vectors, amounts, places
        return self

    def predict_proba(self, X: Images) -> NDArray[np.float64]:  # noqa: N803  # scikit-learn's name
        """Return the probability of each writer, (n, writers), given that it is one of them."""
        check_is_fitted(self, "classes_")
        reader = open_hands(self.encoder)
        vectors, amounts = look_at_hands(reader, X)
        together = joint_amount(amounts[:, None], self._amounts[None])
        ratios = _likelihood(self.encoder).log10_ratio(vectors @ self._vectors.T, together)
        best = np.full((len(vectors), len(self.classes_)), -np.inf)
        for column, place in enumerate(self._places):
            best[:, place] = np.maximum(best[:, place], ratios[:, column])
        return softmax(best * np.log(10))


def encode_glyphs(session: Session, images: Images) -> Vectors:
    """Return the vectors (n, d) of images of single letters; of one without ink it is 0.

    Raises:
        ModelError: the network is no encoder of letters.
    """
    frame, ink = session.card.preprocessing.glyph, session.card.preprocessing.ink
    if session.card.task != GLYPHS or frame is None:
        raise ModelError(f"{session.card.name}: expected a {GLYPHS}, received a {session.card.task}; name another")
    glyphs = [single_glyph(page, ink, frame) for page in pictures_of(images)]
    inked = [number for number, glyph in enumerate(glyphs) if glyph.any()]
    vectors = np.zeros((len(glyphs), int(session.output_shape[-1] or 0)), np.float32)
    for first in range(0, len(inked), BATCH):
        some = inked[first : first + BATCH]
        vectors[some] = session.run(stack_glyphs([glyphs[number] for number in some], frame))
    return vectors


def look_at_hands(reader: HandReader, images: Images) -> tuple[Vectors, NDArray[np.float64]]:
    """Return the vectors (n, d) of pages, and how much is written on each, (n,) in text heights of contour."""
    hands = [reader.look([page]) for page in pictures_of(images)]
    return np.stack([hand.vectors[0] for hand in hands]), np.array([hand.ink for hand in hands])


def _likelihood(encoder: Place) -> Likelihood:
    card = read_card(find_model(encoder))
    if card.likelihood is None:
        raise ModelError(f"{card.name}: expected an encoder of hands, received one without likelihood ratios")
    return card.likelihood


def _checked(images: Images, labels: Any) -> NDArray[Any]:
    refuse_sparse(images)
    found = labels_of(labels).ravel()
    check_classification_targets(found)
    count = len(images) if hasattr(images, "__len__") else len(np.asarray(images))
    if len(found) != count:
        raise ValueError(f"expected a label for each image, received {len(found)} for {count}")
    if len(np.unique(found)) < 2:
        raise ValueError("expected two classes or more, received one class; there is nothing to distinguish")
    return found
