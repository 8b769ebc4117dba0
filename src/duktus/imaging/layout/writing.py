"""Page to writing: every step from a page to the ink that a hand put there, in the order in which they run."""

from dataclasses import dataclass

from duktus.imaging.ink.extraction import InkSettings, settle_polarity
from duktus.imaging.ink.grey import to_grey
from duktus.imaging.ink.ground import REACH
from duktus.imaging.ink.page import find_ink
from duktus.imaging.ink.polarity import Polarity
from duktus.imaging.ink.rulings import drop_rulings, drop_specks
from duktus.imaging.layout.pieces import Pieces, find_pieces
from duktus.types import Ink, Page


@dataclass(frozen=True)
class Writing:
    """What is written on a page, and where that could be seen otherwise.

    Attributes:
        ink: (h, w) in [0, 1], without rulings, borders and specks.
        pieces: its connected pieces.
        polarity: whether the ink is darker or lighter than its ground.
        certainty: of the polarity, in [0, 1].
        ruled: whether something was taken off as a ruling.
        unfiltered: the ink with its specks; the same array where there were none.
    """

    ink: Ink
    pieces: Pieces
    polarity: Polarity
    certainty: float
    ruled: bool
    unfiltered: Ink


def find_writing(
    page: Page,
    settings: InkSettings,
    polarity: Polarity | None = None,
    *,
    keep_rulings: bool = False,
    reach: float = REACH,
) -> Writing:
    """Return what is written on a page with its pieces.

    Args:
        page: (h, w) or (h, w, 3), uint8.
        settings: of the ink.
        polarity: forces dark or light ink; ``None`` finds out.
        keep_rulings: straight lines stay, whatever the settings say.
        reach: strokes are narrower than this share of the page.
    """
    grey = to_grey(page)
    certainty = 1.0
    if polarity is None:
        polarity, certainty = settle_polarity(grey)
    ink = find_ink(grey, polarity, settings, reach)
    bare = drop_rulings(ink) if settings.rulings and not keep_rulings else ink
    clean = drop_specks(bare, settings.speck)
    return Writing(clean, find_pieces(clean), polarity, certainty, bare is not ink, bare)
