"""Labels that look alike are found, whatever makes them differ."""

from duktus.datasets.lookalikes import find_lookalikes


def test_labels_that_look_alike() -> None:
    """Case, width, ligatures and white space make twins, and no label is named for itself."""
    labels = ["a", "A", "ᚠ", "\uff21\uff22", "ab", "ﬁ", "fi", "x", "x ", "ß"]
    assert find_lookalikes(labels) == (("a", "A"), ("\uff21\uff22", "ab"), ("ﬁ", "fi"), ("x", "x "))


def test_different_labels_are_no_twins() -> None:
    """Letters of several scripts that only look the same, and marks that matter, are left alone."""
    assert find_lookalikes(["a", "\u0430", "α", "é", "e", "16", "1/6"]) == ()
