"""Estimators in scikit-learn's way: for cross-validation, pipelines and grid search. They need the extra ``train``.

>>> from duktus.sklearn import GlyphClassifier
>>> images = ["drawings/A/1.png", "drawings/B/1.png", "drawings/C/1.png"]
>>> str(GlyphClassifier().fit(images, ["A", "B", "C"]).predict(["drawings/B/2.png"])[0])
'B'
"""

from duktus.sklearn.estimators import GlyphClassifier, GlyphVectors, HandClassifier

__all__ = ["GlyphClassifier", "GlyphVectors", "HandClassifier"]
