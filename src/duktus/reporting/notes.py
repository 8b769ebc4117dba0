"""What every measurement on labelled images has to state about them."""

from collections.abc import Iterator

from duktus.datasets.labelled import LabelledImages
from duktus.models.card import Card


def notes_on_images(images: LabelledImages, measured: int, unreadable: int, ungrouped: str) -> Iterator[str]:
    """Yield which of a set's images are in the figures, and whether their groups are known.

    Args:
        images: the whole set.
        measured: how many of them were taken.
        unreadable: how many of these could not be read.
        ungrouped: the note where no group is known.
    """
    if measured < len(images):
        yield f"Measured on {measured:,} of {len(images):,} images, taken evenly from all."
    if unreadable:
        yield f"Images that could not be read, and are in no figure: {unreadable:,}."
    if images.unlabelled:
        yield f"Rows of the table without a label, and in no figure: {images.unlabelled:,}."
    if all(group is None for group in images.groups):
        yield ungrouped


def trained_on(card: Card, source: str) -> bool:
    """Tell whether a model was trained on a set of this name."""
    return source.casefold() in (each.name.casefold() for each in card.data)
