"""What every store of a gallery refuses, in the same words."""

from duktus.gallery.store import Encoder, Vectors
from duktus.types import GalleryError


def check_encoder(place: str, expected: Encoder, received: Encoder) -> None:
    """Raise GalleryError where a gallery's encoder, ``received``, is not the one whose vectors are to be used."""
    if received != expected:
        raise GalleryError(
            f"{place}: expected a gallery of the encoder {expected}, received one of {received}; their vectors cannot "
            "be compared. Name another gallery (letters: 'duktus teach', hands: 'duktus enrol') or that encoder's "
            "model, or teach the examples again"
        )


def check_dimension(encoder: Encoder, vectors: Vectors) -> None:
    """Raise GalleryError where vectors (n, d) are not as long as the encoder's."""
    if vectors.shape[1] != encoder.dimension:
        raise GalleryError(
            f"vectors: expected {encoder.dimension} numbers each, of {encoder}, received {vectors.shape[1]}"
        )


def check_new(place: str, label: str, to: str, taken: bool) -> None:
    """Raise GalleryError where a label is to be renamed ``to`` one that is ``taken``."""
    if taken:
        raise GalleryError(
            f"{place}: expected a new name for {label!r}, received {to!r}, under which there are examples; "
            "'duktus gallery merge' puts them together"
        )


def check_existing(place: str, label: str, into: str, exists: bool) -> None:
    """Raise GalleryError where a label is to be merged ``into`` one that has no example."""
    if not exists:
        raise GalleryError(
            f"{place}: expected a label of this gallery to merge {label!r} into, received {into!r}; "
            "'duktus gallery list' shows them, and 'duktus gallery rename' gives a new name"
        )


def check_count(k: int) -> None:
    """Raise GalleryError for a number of neighbours below 1."""
    if k < 1:
        raise GalleryError(f"k: expected 1 neighbour or more, received {k}")
