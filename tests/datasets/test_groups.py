"""Numbers in file names as drawers: offered where they may be, taken where that is wanted."""

from pathlib import Path

import numpy as np
import pytest

from duktus.datasets.groups import group_by_number, may_be_drawers
from duktus.datasets.labelled import LabelledImages


def images(*names: str, groups: tuple[str | None, ...] = ()) -> LabelledImages:
    """Files with the label before the underscore, or of the folder."""
    paths = tuple(map(Path, names))
    labels = tuple(path.parent.name or path.name.split("_")[0] for path in paths)
    return LabelledImages(paths, labels, groups or (None,) * len(paths))


def test_numbers_become_groups() -> None:
    """The number at the name's end is the group; a known group stays, a name without a number has none."""
    found = group_by_number(images("a_01.png", "b/02.png", "c_x.png", "d_7.png", groups=(None, None, None, "p3")))
    assert found.groups == ("01", "02", None, "p3")
    assert group_by_number(LabelledImages(np.zeros((1, 2, 2), np.uint8), ("a",), (None,))).groups == (None,)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([f"{label}_{n:02d}.png" for label in "abc" for n in range(1, 19)], ("01", "18")),
        ([f"{label}/{n}.png" for label in "abc" for n in (2, 10)], ("2", "10")),
        ([f"{label}_{i}.png" for i, label in enumerate("abcabc")], None),  # counted through
        (["a_1.png", "a/1.png", "b_1.png", "b_2.png"], None),  # one number twice with a label
        (["a_1.png", "a_x.png", "b_1.png"], None),
        (["a_1.png", "b_1.png"], None),  # one drawer cannot be divided
    ],
)
def test_numbers_that_may_be_drawers(names: list[str], found: tuple[str, str] | None) -> None:
    """They return from label to label and stand once with each."""
    assert may_be_drawers(images(*names)) == found


def test_known_groups_need_no_offer() -> None:
    """Where hands or pages are known nothing is offered."""
    assert may_be_drawers(images("a_1.png", "a_2.png", "b_1.png", "b_2.png", groups=("x", None, None, None))) is None
