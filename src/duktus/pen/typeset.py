"""Printed text: words set in a typeface, in lines of a column, by the fonts of the machine."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from duktus.types import Ink

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
"""Where fonts are looked for."""

UNFIT = (
    "emoji",
    "symbol",
    "math",
    "dingbat",
    "braille",
    "lobster",
    "comfortaa",
    "chancery",
    "amiri",
    "okolaks",
    "z003",
    "cmunci",
    "cmunui",
)
"""Parts of the names of fonts without plain letters, or that look like handwriting."""


WEIGHTS = ("thin", "light", "medium", "semibold", "bold", "black", "heavy", "condensed", "narrow", "italic", "book")


@dataclass(frozen=True)
class Face:
    """A font's file and the family that it belongs to; fonts of a family look alike, so they are split by it."""

    path: Path
    family: str


def find_faces(folders: tuple[Path, ...] = FOLDERS) -> list[Face]:
    """Return the fonts of the machine that have Latin letters, sorted by family and name."""
    files = {file for folder in folders if folder.is_dir() for file in folder.rglob("*.[ot]tf")}
    faces = [Face(file, _family(file)) for file in files if not any(part in file.name.lower() for part in UNFIT)]
    return sorted((face for face in faces if _has_letters(face.path)), key=lambda face: (face.family, face.path.name))


def _family(file: Path) -> str:
    """Return a font's family, without what tells its weight and width; empty if the file cannot be read."""
    try:
        name = str(ImageFont.truetype(str(file), 20).getname()[0]).lower()
    except OSError:
        return ""
    words = [word for word in name.replace("-", " ").split() if word not in WEIGHTS]
    return "".join(letter for letter in "".join(words) if letter.isalpha())


def _has_letters(file: Path) -> bool:
    try:
        font = ImageFont.truetype(str(file), 20)
        masks = [bytes(font.getmask(letter)) for letter in "aegM"]
    except OSError:
        return False
    return all(masks) and len(set(masks)) == 4


def set_line(text: str, face: Face, size: int, spacing: float = 0.0) -> NDArray[np.uint8]:
    """Return a line of text, (h, w) with 255 where it is printed.

    Args:
        text: the line.
        face: its typeface.
        size: of the font in pixels.
        spacing: added between letters, in pixels; 0 leaves the font's own.
    """
    font = ImageFont.truetype(str(face.path), size)
    if spacing <= 0:
        left, top, right, bottom = font.getbbox(text)
        picture = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))))
        ImageDraw.Draw(picture).text((-left, -top), text, fill=255, font=font)
        return np.asarray(picture, np.uint8)
    places = np.concatenate(([0.0], np.cumsum([font.getlength(letter) + spacing for letter in text])))
    picture = Image.new("L", (max(1, round(places[-1]) + size), round(size * 1.4)))
    draw = ImageDraw.Draw(picture)
    for letter, at in zip(text, places, strict=False):
        draw.text((round(at), 0), letter, fill=255, font=font)
    return np.asarray(picture, np.uint8)


def set_column(lines: list[str], face: Face, size: int, leading: float, width: int) -> NDArray[np.uint8]:
    """Return lines of text under one another, no wider than ``width``, with 255 where there is print."""
    font = ImageFont.truetype(str(face.path), size)
    step = max(1, round(size * leading))
    picture = Image.new("L", (width, step * len(lines) + size))
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((1, number * step), line, fill=255, font=font)
    return np.asarray(picture, np.uint8)


def lay_print(sheet: Ink, block: NDArray[np.uint8], x: float, y: float, angle: float = 0.0) -> None:
    """Lay a block of print on a sheet, its upper left corner at (x, y), turned about the middle of the sheet."""
    h, w = sheet.shape
    c, s = np.cos(angle), np.sin(angle)
    mx, my = w / 2, h / 2
    shift = np.array(((c, -s, c * (x - mx) - s * (y - my) + mx), (s, c, s * (x - mx) + c * (y - my) + my)))
    laid = cv2.warpAffine(block, shift, (w, h), flags=cv2.INTER_LINEAR)
    np.maximum(sheet, np.asarray(laid, np.float32) * np.float32(1 / 255), out=sheet)
