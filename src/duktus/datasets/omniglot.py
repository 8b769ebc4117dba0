"""Omniglot: 1,623 characters of 50 alphabets, each drawn by 20 people (Lake, Salakhutdinov and Tenenbaum 2015)."""

import os
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from duktus.imaging.files.load import is_supported
from duktus.types import DataError, Page

_MEMBER = re.compile(r"(?:.*/)?(?P<alphabet>[^/]+)/character(?P<character>\d+)/\d+_(?P<drawer>\d+)\.png")
"""alphabet/character07/0123_15.png: the last number is the drawer, counted within the alphabet."""

_ARCHIVE = re.compile(r"images_(background|evaluation)\w*\.zip", re.IGNORECASE)
"""Names under which the archives are published."""

_MOST_BYTES = 1_000_000
"""A drawing takes some 200 bytes; a member that claims more than this is none."""

_DEPTHS = ("character*", "*/character*", "*/*/character*")
"""Where characters lie in an alphabet's folder, in that of an unzipped archive, and in one that holds several."""


class Drawing(NamedTuple):
    """A drawing that is not decoded yet: the bytes of a PNG file out of an archive, or the path of one.

    ``drawer`` counts the 20 people of an alphabet: the same number in two alphabets may be two people. ``label`` names
    the alphabet and the character (``Greek/character07``), ``group`` the alphabet and the drawer (``Greek/15``).
    """

    image: Path | bytes
    name: str
    alphabet: str
    character: int
    drawer: int
    label: str
    group: str

    @property
    def page(self) -> Page:
        """Black strokes on white, (105, 105) uint8 in the original set. Raises DataError where it is broken."""
        return decode_drawing(self.image if isinstance(self.image, bytes) else self.image.read_bytes(), self.name)


def zipped_drawings(archive: Path, alphabet: str | None = None) -> Iterator[Drawing]:
    """Read the drawings of an archive as they are stored, some 200 bytes each.

    Args:
        archive: the zip file.
        alphabet: the only alphabet to read, for example "Greek"; all where it is None.

    Raises:
        DataError: the file is missing, no zip file or broken, or holds no drawing, or none of this alphabet.
    """
    with opened(archive) as members:
        for match, member in _members(members, archive):
            if alphabet in (None, match["alphabet"]):
                yield _drawing(members.read(member), f"{archive.name}/{match[0]}", match)


def unzipped_drawings(folder: Path) -> list[Drawing]:
    """Find the drawings of an unzipped archive, of several beside each other, or of one alphabet, sorted.

    Returns:
        None at all where the folder is laid out otherwise: an image in a character's folder has another name.
    """
    for depth in _DEPTHS:
        places = sorted(place for place in folder.glob(depth) if place.is_dir())
        files = [file for place in places for file in sorted(place.iterdir()) if is_supported(file.name)]
        matches = [_MEMBER.fullmatch(Path(os.path.abspath(file)).as_posix()) for file in files]
        if matches:
            found = zip(files, matches, strict=True)
            return [_drawing(file, str(file), match) for file, match in found if match] if all(matches) else []
    return []


def omniglot_archives(place: Path) -> list[Path]:
    """Return the archives at a place: a zip file itself, or those in a folder that bear Omniglot's names, sorted."""
    if place.is_file():
        return [place] if place.suffix.lower() == ".zip" else []
    if not place.is_dir():
        return []
    return sorted(file for file in place.iterdir() if _ARCHIVE.fullmatch(file.name) and file.is_file())


def alphabets_of(archive: Path) -> set[str]:
    """Return the names of the alphabets in an archive, without reading its drawings.

    Raises:
        DataError: the file is missing, no zip file or broken, or holds no drawing.
    """
    with opened(archive) as members:
        return {match["alphabet"] for match, _ in _members(members, archive)}


def _drawing(image: Path | bytes, name: str, match: re.Match[str]) -> Drawing:
    alphabet, character, drawer = match["alphabet"], match["character"], match["drawer"]
    label, group = f"{alphabet}/character{character}", f"{alphabet}/{drawer}"
    return Drawing(image, name, alphabet, int(character), int(drawer), label, group)


@contextmanager
def opened(archive: str | Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive to read; whatever is wrong with it is a DataError that says what to do."""
    try:
        with zipfile.ZipFile(archive) as members:
            yield members
    except OSError as error:
        raise DataError(f"{archive}: the file cannot be read ({error.strerror}); check the path") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{archive}: expected a whole zip file ({error}); fetch it again") from error


def _members(members: zipfile.ZipFile, archive: str | Path) -> list[tuple[re.Match[str], zipfile.ZipInfo]]:
    """The members that are drawings, one at least."""
    found = [(match, member) for member in members.infolist() if (match := _MEMBER.fullmatch(member.filename))]
    if not found:
        advice = "give images_background.zip or images_evaluation.zip"
        raise DataError(f"{archive}: expected alphabet/characterNN/CCCC_DD.png, found none; {advice}")
    for match, member in found:
        if member.file_size > _MOST_BYTES:
            received = f"one of {member.file_size:,} bytes"
            raise DataError(
                f"{archive}: {match[0]}: expected a PNG drawing, received {received}; fetch the archive again"
            )
    return found


def decode_drawing(data: bytes, name: str) -> Page:
    """Return a PNG drawing, (105, 105) uint8 in the original set.

    Raises:
        DataError: it cannot be decoded; the message calls it by its name.
    """
    page = None
    if data:
        with suppress(cv2.error):  # raised for a size beyond OpenCV's own limit
            page = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE)
    if page is None:
        raise DataError(f"{name}: expected a PNG drawing, received one that cannot be decoded; fetch the archive again")
    return page.view(np.uint8)
