"""Sets of hands as IAM, DHSD and the wills are laid out, each piece written by the project's own pen."""

from pathlib import Path

import cv2
import numpy as np

from duktus.pen.hand import Hand, sample_hand, write
from duktus.pen.tools import Pen, draw_ink
from duktus.types import Page

FORMS = {"a01-000u": "000", "a01-003": "002", "b02-001": "000"}
"""Forms of a small IAM, and who wrote each."""


def hand_of(writer: int) -> Hand:
    """A hand for each number."""
    return sample_hand(np.random.default_rng((31, writer)))


def line(text: str, writer: int, seed: int, height: int = 40) -> Page:
    """A line by one hand, black on white."""
    hand = hand_of(writer)
    drawing = write(text, hand, np.random.default_rng((writer, seed)))
    ink = draw_ink(drawing, pen=Pen(width=0.1 * hand.size, pressing=0), height=height)
    return np.asarray(np.rint(255 * (1 - np.pad(ink, 6))), np.uint8)


def save(path: Path, page: Page) -> None:
    """Write an image, and the folders to it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), page)


def write_iam(folder: Path, unit: str = "sentences") -> Path:
    """Three forms by two writers, two pieces each."""
    number = "0 " if unit == "sentences" else ""
    rows, texts = ["# format: a01-000u 000 2 prt 7 5 52 36"], ["# format"]
    for form, writer in FORMS.items():
        rows.append(f"{form} {writer} 2 prt 7 5 52 36")
        for piece in ("s00-00", "s00-01"):
            name = f"{form}-{piece}"
            save(folder / unit / form[:3] / form / f"{name}.png", line("2 b", int(writer), len(texts)))
            texts.append(f"{name} {number}ok 154 19 408 746 1661 89 2|b r|.")
    (folder / "ascii").mkdir()
    (folder / "ascii" / "forms.txt").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "ascii" / f"{unit}.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
    return folder


def write_dhsd(folder: Path) -> Path:
    """Two words by each of two writers; the second writer's second word is missing."""
    rows = ["file_name,text,writer_id"]
    for writer in (1, 2):
        for word in (0, 1):
            name = f"german_hw_data/writer{writer}/{writer}_{word}.png"
            rows.append(f'{name},"Ulm, {word}",{writer}')
            if (writer, word) != (2, 1):
                save(folder / name, line(str(word), writer, word))
    (folder / "data.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def write_wills(folder: Path) -> Path:
    """Two wills, of two pages and of one."""
    rows = ["file,will,page,scale"]
    for will, page in (("AD78_0005", 0), ("AD78_0005", 1), ("AD78_0006", 0)):
        name = f"TestamentsDePoilus_will_{will}-{page}.jpg"
        rows.append(f"{name},{will},{page},0.5")
        save(folder / "pages" / name, line("1914", page, len(rows)))
    (folder / "pages.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
