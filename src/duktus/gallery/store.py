"""What a gallery is: labelled examples with their vectors, kept by any store that follows one protocol.

A store knows nothing of networks. It is given vectors, and remembers which encoder they came from.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from duktus.types import GalleryError

Vectors: TypeAlias = NDArray[np.float32]
"""(n, d): directions in an encoder's space, each of length 1, so that a product of two is their cosine."""

MOST_DIMENSION = 2**16
"""Most numbers of a vector."""

MOST_LABEL = 1000
"""Most characters of a label."""

MOST_SOURCE = 4096
"""Most characters of a source that are kept: the longest path of Linux."""

MOST_THUMBNAIL = 2**20
"""Most bytes of a thumbnail; a letter's takes some 300, a page's telling patch some 5,000."""

_ROUNDING = 1e-6  # of a length of 1 in float32
_CONTENT = re.compile("[0-9a-f]{64}")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Encoder:
    """The network that made a gallery's vectors: its name, its model's fingerprint, and the numbers of a vector.

    Raises:
        GalleryError: ``dimension`` is not 1 to 65,536, or the name or the fingerprint is no text.
    """

    name: str
    fingerprint: str
    dimension: int

    def __post_init__(self) -> None:
        """Raises GalleryError for vectors of no numbers, or of more than fit in memory, and for what is no text."""
        for part in (self.name, self.fingerprint):
            _check_text(part, "encoder")
        if not 1 <= self.dimension <= MOST_DIMENSION:
            expected = f"expected vectors of 1 to {MOST_DIMENSION:,} numbers"
            raise GalleryError(f"encoder {self.name!r}: {expected}, received {self.dimension:,}; check its model")

    def __str__(self) -> str:
        return f"{self.name} ({self.fingerprint[:12]}, {self.dimension} numbers)"


@dataclass(frozen=True, eq=False)
class Example:
    """One thing that was taught: an image of a letter, or a page of a hand.

    Args:
        content: what identifies it: the SHA-256 of the image, 64 hexadecimal digits (``datasets.fingerprint``).
        label: what it shows, any text of 1 to 1,000 characters; kept in Unicode's composed form (NFC).
        vectors: (n, d), n ≥ 1, of any length but 0; kept at length 1. The first is of the image itself, any others
            are of augmented copies.
        thumbnails: PNG files, none to many: the letter, or a page's telling patches.
        source: where it came from, for people to read; its first 4,096 characters are kept.
        created: when, with its time zone; kept in UTC.

    Raises:
        GalleryError: naming what does not fit.
    """

    content: str
    label: str
    vectors: Vectors
    thumbnails: tuple[bytes, ...]
    source: str
    created: datetime

    def __post_init__(self) -> None:
        """Brings each field to the form in which every store keeps it. Raises GalleryError where it has none."""
        if not _CONTENT.fullmatch(self.content):
            raise GalleryError(f"content: expected 64 hexadecimal digits (a SHA-256), received {self.content[:80]!r}")
        if self.created.tzinfo is None:
            raise GalleryError(f"created: expected a time with its zone, received {self.created}; add tzinfo=UTC")
        try:
            created = self.created.astimezone(UTC)
        except OverflowError as error:
            raise GalleryError(f"created: expected a time of the years 1 to 9999, received {self.created}") from error
        for thumbnail in self.thumbnails:
            _check_thumbnail(thumbnail)
        kept = {
            "label": as_label(self.label),
            "vectors": as_unit(self.vectors),
            "source": self.source[:MOST_SOURCE]
            .encode("utf-8", "backslashreplace")
            .decode(),  # a path may hold what is no UTF-8
            "created": created,
        }
        for name, value in kept.items():
            object.__setattr__(self, name, value)  # the dataclass is frozen for everybody else
        if not len(self.vectors):
            raise GalleryError("vectors: expected one or more for an example, received none")


@dataclass(frozen=True)
class LabelSummary:
    """A label, how many examples it has, and when the newest of them was made."""

    label: str
    examples: int
    newest: datetime


@dataclass(frozen=True)
class Conflict:
    """The same content under two labels: the one that the gallery had, and the one that was offered."""

    content: str
    label: str
    offered: str


@dataclass(frozen=True)
class Added:
    """What became of a batch: new examples, those that were there already, and those there under another label."""

    added: int
    known: int
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, eq=False)
class Snapshot:
    """All vectors of a gallery at one moment; later changes do not touch it.

    ``contents`` and ``labels`` name the examples, the oldest first. ``vectors`` (m, d) are theirs, those of one
    example together; ``starts`` (examples,) says at which of them an example begins. ``change`` is the gallery's.
    """

    change: int
    contents: tuple[str, ...]
    labels: tuple[str, ...]
    starts: NDArray[np.intp]
    vectors: Vectors

    @property
    def owners(self) -> NDArray[np.intp]:
        """(m,): for each vector the place of its example in ``contents`` and ``labels``."""
        counts = np.diff(self.starts, append=len(self.vectors))
        return np.repeat(np.arange(len(self.contents)), counts)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each of n vectors queried, the k most similar examples, the best first; each example once.

    ``scores`` (n, k) are cosines in [−1, 1], of the example's vector that is nearest. ``contents`` and ``labels``
    are n rows of k. k is the requested number, or the number of examples where there are fewer.
    """

    contents: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    scores: NDArray[np.float32]


class Gallery(Protocol):
    """A store of examples that one encoder made. Every method raises GalleryError where the store cannot serve.

    Each writing method is one transaction: done as a whole once it returns, or not at all. Several threads and
    processes may use a store at once. Close it after use, or open it in a ``with`` statement.
    """

    @property
    def encoder(self) -> Encoder:
        """The encoder whose vectors the gallery holds."""

    @property
    def change(self) -> int:
        """A number that grows whenever examples or their labels change, by whomever; settings do not count."""

    def add(self, examples: Iterable[Example], *, replace: bool = False) -> Added:
        """Add examples, in one transaction.

        Content that is there under the same label changes nothing. Content that is there under another label is
        reported as a conflict, and stays as it was, or with ``replace`` becomes what is offered.
        """

    def remove(self, content: str) -> bool:
        """Remove one example, by its content; False where there is none such."""

    def remove_label(self, label: str) -> int:
        """Remove all examples of a label; their number."""

    def rename(self, label: str, to: str) -> int:
        """Give all examples of a label another name, and return their number; 0 where the label has none.

        A name that other examples have is refused with a GalleryError, so that nothing is merged by mistake.
        """

    def merge(self, label: str, into: str) -> int:
        """Put all examples of a label under another that has some, and return their number; 0 where the label has none.

        Which example stood under which of the two is not kept. Where ``into`` has no example there is nothing to merge
        with: a GalleryError.
        """

    def labels(self) -> tuple[LabelSummary, ...]:
        """Every label that has an example, sorted by its code points."""

    def contents(self, label: str | None = None) -> tuple[str, ...]:
        """The contents of all examples, or of a label's, the oldest first."""

    def known(self, contents: Iterable[str]) -> dict[str, str]:
        """The labels of those contents that the gallery has."""

    def get(self, contents: Iterable[str]) -> tuple[Example, ...]:
        """The examples with these contents, in this order; those that are not there are left out."""

    def snapshot(self) -> Snapshot:
        """All vectors as they are now, for fitting on them."""

    def nearest(self, vectors: NDArray[Any], k: int) -> Neighbours:
        """The ``k`` ≥ 1 most similar examples to each of (n, d) vectors; equal scores go to the older example."""

    def read_setting(self, key: str) -> Any:
        """The JSON value kept under a key; None where there is none."""

    def write_setting(self, key: str, value: Any) -> None:
        """Keep a JSON value under a key; None removes it."""

    def close(self) -> None:
        """Let go of the store; further use raises GalleryError."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def as_label(label: str) -> str:
    """A label in the form in which it is kept: NFC. Raises GalleryError for one that is empty, too long or no text."""
    _check_text(label, "label")
    composed = unicodedata.normalize("NFC", label)
    if not 1 <= len(composed) <= MOST_LABEL:
        received = f"{len(composed):,}" if composed else "none"
        raise GalleryError(f"label: expected 1 to {MOST_LABEL:,} characters, received {received}; choose another name")
    return composed


def _check_text(text: str, what: str) -> None:
    """Raise GalleryError for what UTF-8 cannot hold: half of a character of two, as JSON may have it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise GalleryError(f"{what}: expected text, received half a character in {text[:80]!r}; mend it") from error


def as_unit(vectors: NDArray[Any]) -> Vectors:
    """Bring vectors (n, d) to length 1, as a read-only float32 copy; those that have it stay the same to the bit.

    Raises:
        GalleryError: the array has another shape, or a vector that is not finite or has no direction (length 0).
    """
    array = np.asarray(vectors, np.float64)
    if array.ndim != 2:
        raise GalleryError(f"vectors: expected an array (n, d), received one of shape {array.shape}")
    with np.errstate(over="ignore"):  # a length beyond the largest number is infinite, and refused below
        lengths = np.linalg.norm(array, axis=1, keepdims=True)
    usable = np.isfinite(lengths) & (lengths > 0)
    if not usable.all():
        place = int(np.argmin(usable))
        raise GalleryError(
            f"vectors: expected finite ones of a length above 0, received one of length {lengths[place, 0]:g} in row "
            f"{place}; a blank image gives such a vector"
        )
    unit = (array / np.where(np.abs(lengths - 1) < _ROUNDING, 1, lengths)).astype(np.float32)
    unit.flags.writeable = False
    return unit


def _check_thumbnail(content: bytes) -> None:
    if not content.startswith(_PNG):
        raise GalleryError(f"thumbnail: expected a PNG file, received one that begins with {content[:8]!r}")
    if len(content) > MOST_THUMBNAIL:
        raise GalleryError(
            f"thumbnail: expected {MOST_THUMBNAIL:,} bytes at most, received {len(content):,}; make it smaller"
        )
