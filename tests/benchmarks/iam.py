"""A set laid out as IAM, in hands of the project's own pen."""

from pathlib import Path

import numpy as np

from tests.datasets.hand_sets import save
from tests.hands.pages import LINES, as_page, hand_of, line_ink


def write_iam(folder: Path, *, writers: int, forms: int = 2, lines: int = 4) -> Path:
    """Write so many forms by each of so many writers; returns the folder."""
    rows = []
    for writer in range(writers):
        for text in range(forms):
            form = f"a{writer:02d}-00{text}"
            rows.append(f"{form} {writer:03d} 4 prt 4 4 16 16")
            rng = np.random.default_rng((writer, text))
            for number, line in enumerate(LINES[text % 2][:lines]):
                page = as_page(np.pad(line_ink(hand_of(writer), line, rng), 12))
                save(folder / "sentences" / form[:3] / form / f"{form}-s{number:02d}-00.png", page)
    (folder / "ascii").mkdir()
    (folder / "ascii" / "forms.txt").write_text("\n".join(rows), encoding="utf-8")
    return folder
