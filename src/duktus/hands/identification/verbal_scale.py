"""Likelihood ratios in the words of forensic practice."""

import math

SCALE = (
    (1_000_000, "extremely strong support"),
    (10_000, "very strong support"),
    (1_000, "strong support"),
    (100, "moderately strong support"),
    (10, "moderate support"),
    (2, "weak support"),
)
"""From which ratio on which words are used: the verbal scale of the European Network of Forensic Science Institutes
("ENFSI guideline for evaluative reporting in forensic science", 2015)."""


def verbal(log10_lr: float) -> str:
    """Return what a log10 likelihood ratio says, in a sentence.

    >>> verbal(1.5)
    'moderate support for one hand having written both, rather than two'
    >>> verbal(-0.1)
    'no support for one hand over two, nor for two over one'
    """
    for least, words in SCALE:
        if abs(log10_lr) >= math.log10(least):
            return f"{words} for {_side(log10_lr)}"
    return "no support for one hand over two, nor for two over one"


def _side(log10_lr: float) -> str:
    if log10_lr > 0:
        return "one hand having written both, rather than two"
    return "two hands having written them, rather than one"
