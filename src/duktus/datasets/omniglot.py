"""Omniglot: 1,623 characters of 50 alphabets, each drawn by 20 people (Lake, Salakhutdinov and Tenenbaum 2015)."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from duktus.types import DataError, Page

_MEMBER = re.compile(r"(?:.*/)?(?P<alphabet>[^/]+)/character(?P<character>\d+)/\d+_(?P<drawer>\d+)\.png")
"""alphabet/character07/0123_15.png: the last number is the drawer, counted within the alphabet."""

_MOST_BYTES = 1_000_000
"""A drawing takes some 200 bytes; a member that claims more than this is none."""


@dataclass(frozen=True)
class OmniglotImage:
    """One drawing: black strokes on white, (105, 105) uint8 in the original set.

    ``drawer`` counts the 20 people of an alphabet: the same number in two alphabets may be two people.
    """

    image: Page
    alphabet: str
    character: int
    drawer: int


def load_omniglot(archive: str | Path) -> Iterator[OmniglotImage]:
    """Read the drawings straight out of ``images_background.zip`` or ``images_evaluation.zip``.

    Args:
        archive: the zip file, as github.com/brendenlake/omniglot gives it.

    Yields:
        The drawings in the order of the archive, each decoded when it is asked for.

    Raises:
        DataError: the file is missing, no zip file, holds no drawing, or one of its drawings is broken.
    """
    found = False
    try:
        with zipfile.ZipFile(archive) as members:
            for member in members.infolist():
                match = _MEMBER.fullmatch(member.filename)
                if match is None:
                    continue
                found = True
                image = _decode(members, member, f"{archive}: {member.filename}")
                yield OmniglotImage(image, match["alphabet"], int(match["character"]), int(match["drawer"]))
    except OSError as error:
        raise DataError(f"{archive}: the file cannot be read ({error.strerror}); check the path") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise DataError(f"{archive}: expected a whole zip file ({error}); fetch it anew") from error
    if not found:
        advice = "give images_background.zip or images_evaluation.zip"
        raise DataError(f"{archive}: expected alphabet/characterNN/CCCC_DD.png, found none; {advice}")


def _decode(members: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Page:
    page = None
    if 0 < member.file_size <= _MOST_BYTES:
        with suppress(cv2.error):  # raised for a size beyond OpenCV's own limit
            page = cv2.imdecode(np.frombuffer(members.read(member), np.uint8), cv2.IMREAD_GRAYSCALE)
    if page is None:
        raise DataError(f"{name}: expected a PNG drawing, received one that cannot be decoded; fetch the archive anew")
    return page.view(np.uint8)
