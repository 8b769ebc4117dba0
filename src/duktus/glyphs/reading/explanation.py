"""Why a character was read as it was: the ink that decided, and the taught examples that it is most like."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.gallery.store import Gallery
from duktus.glyphs.reading.occlusion import Evidence, find_evidence
from duktus.glyphs.reading.reader import Reader
from duktus.glyphs.reading.stages import Character, Stages
from duktus.models.runtime import Session
from duktus.types import Glyphs, Ink

NEAREST = 5
"""Taught examples that are shown beside a character."""


@dataclass(frozen=True)
class Neighbour:
    """A taught example: its label, its likeness (the cosine of the vectors), its picture as PNG, where it came from."""

    label: str
    likeness: float
    picture: bytes
    source: str


@dataclass(frozen=True, eq=False)
class Explained:
    """A character, how much the ink of its glyph speaks for the answer, and the examples that are most like it."""

    character: Character
    evidence: Evidence
    neighbours: tuple[Neighbour, ...] = ()


def explain(
    reader: Reader, stages: Stages, nearest: Callable[[Ink], tuple[Neighbour, ...]] | None = None
) -> Iterator[Explained]:
    """Yield why each character of a page was read as it was, in the order of reading.

    Args:
        reader: that read the page.
        stages: what lay between the page and the answers (``find_stages``).
        nearest: the taught examples that are most like a glyph; None where nothing was taught.
    """
    for character in stages.characters:
        answer = reader.labels.index(character.reading.text)
        evidence = find_evidence(character.glyph, answer, reader.scores, reader.calibration.temperature)
        yield Explained(character, evidence, nearest(character.glyph) if nearest else ())


def nearest_examples(gallery: Gallery, session: Session, glyph: Ink, k: int = NEAREST) -> tuple[Neighbour, ...]:
    """Return the ``k`` examples of a gallery that are most like a glyph (H, W), the most like first.

    Args:
        gallery: of the encoder.
        session: the encoder.
        glyph: in the encoder's frame.
        k: how many, if there are as many.
    """
    batch: Glyphs = np.ascontiguousarray(glyph[None, ..., None])
    vectors: NDArray[np.float32] = session.run(batch)
    found = gallery.nearest(vectors, k)
    examples = {example.content: example for example in gallery.get(found.contents[0])}
    ranked = zip(found.contents[0], found.scores[0].tolist(), strict=True)
    return tuple(
        Neighbour(one.label, likeness, one.thumbnails[0] if one.thumbnails else b"", one.source)
        for content, likeness in ranked
        if (one := examples.get(content)) is not None  # removed by another process in this moment
    )
