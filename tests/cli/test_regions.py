"""Regions as they are named on the command line."""

import pytest

from duktus.cli.regions import Where, read_box
from duktus.types import Box, UsageError


def test_regions_are_read() -> None:
    """Each text is a box, blanks do not matter, and where none is named there are none."""
    found = Where(["1,2,3,4", "-5, 0, 9, 9"], ["0,0,1,1"]).boxes()
    assert found == ((Box(1, 2, 3, 4), Box(-5, 0, 9, 9)), (Box(0, 0, 1, 1),))
    assert Where().boxes() == ((), ())


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "1.5,2,3,4", "1,2,0,4", "1,2,3,-4"])
def test_what_is_no_box(text: str) -> None:
    """It is wrong usage, and what was received is said."""
    with pytest.raises(UsageError, match="expected a region"):
        read_box(text)
