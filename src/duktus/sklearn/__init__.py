"""Estimators in scikit-learn's way: for cross-validation, pipelines and grid search. They need the extra ``train``.

>>> from sklearn.datasets import load_digits
>>> from duktus.sklearn import GlyphClassifier
>>> images, labels = load_digits(return_X_y=True)
>>> GlyphClassifier().fit(images[:10], labels[:10]).predict(images[:3]).tolist()
[0, 1, 2]
"""

from duktus.sklearn.estimators import GlyphClassifier, GlyphVectors, HandClassifier

__all__ = ["GlyphClassifier", "GlyphVectors", "HandClassifier"]
