"""Batches of strips: of like widths, no wider together than asked, each text with a path through its strip."""

import numpy as np

from duktus.lines.training.feed import Drawn, encode, fits, split, stack


def strips(*widths: int) -> list[Drawn]:
    """Strips of some widths that say 1."""
    return [Drawn(np.full((8, width), 9, np.uint8), (1,)) for width in widths]


def test_batches_hold_so_many_columns() -> None:
    """Long strips come a few at a time; one that is longer than all that is allowed comes alone."""
    found = [
        [each.strip.shape[1] for each in batch] for batch in split(strips(10, 20, 30, 40, 500), most=3, columns=90)
    ]
    assert found == [[10, 20, 30], [40], [500]]
    assert [len(batch) for batch in split(strips(10, 20, 30, 40, 500), most=3, columns=0)] == [3, 2]


def test_a_batch_is_paper_behind_its_strips() -> None:
    """The targets say how many outputs count, and through how many steps."""
    batch = stack(strips(5, 33), step=4)
    assert batch.strips.shape == (2, 8, 64)
    assert batch.strips[0, :, 5:].max() == 0
    assert batch.targets.tolist() == [[1, 1, 2], [1, 1, 9]]


def test_a_text_has_a_path() -> None:
    """Equal neighbours need a blank between them; a character without a label is none."""
    assert encode("ba", ("a", "b")) == (2, 1)
    assert encode("bc", ("a", "b")) is None
    assert fits((1, 1), 3)
    assert not fits((1, 1), 2)
