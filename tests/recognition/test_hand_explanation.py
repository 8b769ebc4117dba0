"""Tests of duktus.recognition.hand_explanation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.gallery.sqlite import SqliteGallery
from duktus.imaging.regions import EVERYWHERE, Regions
from duktus.recognition.hand_explanation import HandExplanation, explain_hand
from duktus.types import Box, GalleryError, ImageError, Page
from tests.recognition.hand_pages import as_page, document, page_ink_of, page_of, reader, stacked


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery with a page of each of four writers."""
    path = tmp_path_factory.mktemp("hands") / "hands.db"
    with SqliteGallery.create(path, reader().encoder) as opened:
        list(reader().enrol(opened, map(document, range(1, 5)), []))
    return path


def explained(gallery: Path, page: Page, regions: Regions = EVERYWHERE) -> HandExplanation:
    """What a page says of the likest hand."""
    with SqliteGallery(gallery) as opened:
        return explain_hand(reader()._session, page, opened, regions=regions)


def test_a_page_and_its_hand(gallery: Path) -> None:
    """Most words speak for the hand that is found, and forms come from the page that is enrolled of it."""
    found = explained(gallery, page_of(2, text=1))
    with SqliteGallery(gallery) as opened:
        assert found.found == reader().identify(reader().look([page_of(2, text=1)]), reader().known(opened))
    assert found.found.matches[0].label == "writer 2"
    assert len(found.worths) == len(found.patches.boxes) > 10
    assert (found.worths > 0).mean() > 0.7
    assert [each.source for each in found.others] == ["2-0.png"]
    assert len(found.pairs) >= 3


def test_regions_decide(gallery: Path) -> None:
    """Of a page in two hands each half is its own writer's, whether it is used or the other is left out."""
    upper, lower = page_ink_of(1, 1), page_ink_of(3, 1)
    page = as_page(stacked([upper, lower]))
    half = Box(0, 0, page.shape[1], 24 + upper.shape[0] + 12)
    for regions, writer in ((Regions((half,)), "writer 1"), (Regions((), (half,)), "writer 3")):
        found = explained(gallery, page, regions)
        assert found.found.matches[0].label == writer
        inside = [box.y < half.h for box in found.patches.boxes]
        assert all(inside) if regions.used else not any(inside)
    with pytest.raises(ImageError, match="on the page"):
        explained(gallery, page, Regions((Box(9000, 0, 5, 5),)))


def test_upside_down(gallery: Path) -> None:
    """A page that is recognised upside down is explained as it was written."""
    page = page_of(3, text=1)
    turned = explained(gallery, np.ascontiguousarray(page[::-1, ::-1]))
    assert turned.found.matches[0].label == "writer 3"
    assert np.array_equal(turned.page, page)
    upright = explained(gallery, page)
    assert turned.worths.sum() == pytest.approx(upright.worths.sum(), abs=0.2)


def test_paper_says_nothing(gallery: Path) -> None:
    """A blank page has no words, no worths and no pairs."""
    found = explained(gallery, np.full((200, 300), 240, np.uint8))
    assert (found.found.reason, found.patches.boxes, found.others, found.pairs) == ("blank", (), (), ())
    assert len(found.worths) == 0


def test_a_gallery_without_pictures_or_hands(gallery: Path, tmp_path: Path) -> None:
    """Without thumbnails, or with broken ones, there are no pairs, but all else; an empty gallery is told."""
    with SqliteGallery(gallery) as opened, SqliteGallery.create(tmp_path / "g.db", opened.encoder) as bare:
        with pytest.raises(GalleryError, match="duktus enrol"):
            explain_hand(reader()._session, page_of(1), bare)
        broken = (b"\x89PNG\r\n\x1a\nbroken",)
        bare.add(replace(each, thumbnails=broken) for each in opened.get(opened.contents()))
    found = explained(tmp_path / "g.db", page_of(1, text=1))
    assert (found.pairs, found.others[0].patches) == ((), ())
    assert found.worths.any()
