"""Tests of duktus.hands.identification.explanation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from duktus.datasets.fingerprint import fingerprint
from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.identification.explanation import HandExplanation, compare_hands, explain_hand
from duktus.imaging.layout.regions import EVERYWHERE, Regions
from duktus.types import Box, GalleryError, Identification, ImageError, Page, Verdict
from tests.hands.pages import as_page, document, page_ink_of, page_of, reader, stacked


@pytest.fixture(scope="module")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gallery with a page of each of four writers."""
    path = tmp_path_factory.mktemp("hands") / "hands.db"
    with SqliteGallery.create(path, reader().encoder) as opened:
        list(reader().enrol(opened, map(document, range(1, 5)), []))
    return path


def explained(gallery: Path, page: Page, regions: Regions = EVERYWHERE) -> HandExplanation:
    """What a page says of the best match."""
    with SqliteGallery(gallery) as opened:
        return explain_hand(reader()._session, page, opened, regions=regions)


def compare(
    page: Page, other: Page, regions: Regions = EVERYWHERE, other_regions: Regions = EVERYWHERE
) -> HandExplanation:
    """What a page says of another page's hand."""
    return compare_hands(reader()._session, page, other, "other.png", regions=regions, other_regions=other_regions)


def test_a_page_and_its_hand(gallery: Path) -> None:
    """Most words speak for the hand that is found, and forms come from the page that is enrolled of it."""
    found = explained(gallery, page_of(2, text=1))
    assert isinstance(found.found, Identification)
    with SqliteGallery(gallery) as opened:
        assert found.found == reader().identify(reader().look([page_of(2, text=1)]), reader().known(opened))
    assert found.against == "writer 2"
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
        assert found.against == writer
        inside = [box.y < half.h for box in found.patches.boxes]
        assert all(inside) if regions.used else not any(inside)
    with pytest.raises(ImageError, match="on the page"):
        explained(gallery, page, Regions((Box(9000, 0, 5, 5),)))


def test_upside_down(gallery: Path) -> None:
    """A page that is recognised upside down is explained as it was written."""
    page = page_of(3, text=1)
    turned = explained(gallery, np.ascontiguousarray(page[::-1, ::-1]))
    assert turned.against == "writer 3"
    assert np.array_equal(turned.page, page)
    upright = explained(gallery, page)
    assert turned.worths.sum() == pytest.approx(upright.worths.sum(), abs=0.3)  # as the segmenter sees it


def test_a_page_and_another_document() -> None:
    """Held against a document, a page's words bear the verdict's ratio, and forms come from the document itself."""
    own, other = (compare(page_of(2, text=1), page_of(seed)) for seed in (2, 4))
    assert isinstance(own.found, Verdict)
    assert own.found == reader().verify(reader().look([page_of(2, text=1)]), reader().look([page_of(2)]))
    assert own.worths.sum() > other.worths.sum()
    assert (own.worths > 0).mean() > (other.worths > 0).mean()
    assert (own.against, [each.source for each in own.others]) == ("other.png", ["other.png"])
    assert own.others[0].content == fingerprint(page_of(2))
    assert len(own.pairs) >= 3


def limits_of(found: HandExplanation) -> tuple[str, ...]:
    """The limits of a verdict."""
    assert isinstance(found.found, Verdict)
    return found.found.limits


def test_regions_of_two_documents() -> None:
    """Either document has its own regions: two halves of one page are compared as two pages are."""
    upper, lower = page_ink_of(1, 1), page_ink_of(3, 1)
    page = as_page(stacked([upper, lower]))
    half = (Box(0, 0, page.shape[1], 24 + upper.shape[0] + 12),)
    apart = compare(page, page, Regions(half), Regions((), half))
    assert not any("differ as much as two hands do" in each for each in limits_of(apart))
    assert all(box.y < half[0].h for box in apart.patches.boxes)
    assert apart.worths.sum() < compare(page, page, Regions(half), Regions(half)).worths.sum()
    with pytest.raises(ImageError, match="on the page"):
        compare(page, page, EVERYWHERE, Regions((Box(9000, 0, 5, 5),)))


def test_several_pages_and_none(tmp_path: Path) -> None:
    """All pages of the other document are taken together, with patches of each; against paper there is nothing."""
    pages = [Image.fromarray(page_of(2)), Image.fromarray(page_of(2, text=1))]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    found = compare_hands(reader()._session, page_of(2), tmp_path / "two.tif", "two.tif")
    assert isinstance(found.found, Verdict)
    counted = reader().count([page_of(2, text) for text in (0, 1)], None)
    assert found.found.ink[1] == pytest.approx(sum(each.amounts.sum() for each in counted))
    assert [(each.source, len(each.patches)) for each in found.others] == [
        ("two.tif, page 1", 6),
        ("two.tif, page 2", 6),
    ]
    blank = compare(page_of(1), np.full((200, 300), 240, np.uint8))
    assert isinstance(blank.found, Verdict)
    assert (blank.found.reason, blank.against, blank.pairs) == ("blank", "", ())
    assert not blank.worths.any()


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
