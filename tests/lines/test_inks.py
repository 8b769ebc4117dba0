"""The ink of lines whose texts are known: of large pages, which are looked at smaller than they are, too."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.datasets.lines.labelled import LabelledLine
from duktus.datasets.lines.transcribed import TranscribedLine
from duktus.imaging.ink.extraction import InkSettings
from duktus.lines.evaluation.inks import find_inks


@pytest.mark.parametrize("size", [1, 3])
def test_lines_are_cut_where_they_stand(tmp_path: Path, size: int) -> None:
    """The ink of a line is its own, whether or not the page had to be reduced; a page that is none is told."""
    page = np.full((1200 * size, 1000 * size), 255, np.uint8)
    for row, count in ((300, 3), (800, 6)):
        for stroke in range(count):
            x = (200 + 90 * stroke) * size
            page[(row - 60) * size : row * size, x : x + 8 * size] = 0
    Image.fromarray(page).save(tmp_path / "page.png")
    image, said = tmp_path / "page.png", ((300, "iii"), (800, "iiiiii"))
    lines = [LabelledLine(image, text, "page", _place(row, size)) for row, text in said]
    unreadable: list[str] = []
    found = list(find_inks([*lines, LabelledLine(tmp_path / "none.png", "x", "none")], InkSettings(), None, unreadable))
    strokes = [int((np.diff((each.ink.max(axis=0) > 0.5).astype(int)) == 1).sum()) for each in found]
    assert strokes == [3, 6]
    assert len(unreadable) == 1


def _place(row: int, size: int) -> TranscribedLine:
    outline = np.array([[150, row - 90], [850, row - 90], [850, row + 30], [150, row + 30]], np.float32)
    return TranscribedLine(outline * size, np.array([[150, row], [850, row]], np.float32) * size, "")
