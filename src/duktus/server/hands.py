"""Routes of whose hand it is."""

from typing import Annotated

from fastapi import APIRouter, File, Query, UploadFile

from duktus.door.documents import PRIOR
from duktus.door.hands import verify as verify_pages
from duktus.door.records import identification_record, ranking_records, verdict_record
from duktus.server.described import IDENTIFICATION, RANKING, VERDICT, answers
from duktus.server.stock import Stock
from duktus.server.uploads import take, take_all
from duktus.server.work import Workbench
from duktus.types import JSON

Page = Annotated[UploadFile, File(description="A page of handwriting; all its pages are taken for one document.")]
Pages = Annotated[list[UploadFile], File(description="Pages of one document.", max_length=64)]
Hands = Annotated[str, Query(description="The name of a gallery of hands.", examples=["letters"])]
Top = Annotated[int, Query(ge=1, le=1000, description="How many to return, the most likely first.")]
Prior = Annotated[float, Query(gt=0, lt=1, description="Probability that it is one of the gallery's hands.")]


def routes(bench: Workbench, stock: Stock) -> APIRouter:
    """Return the routes.

    Args:
        bench: where the work is done.
        stock: the galleries.
    """
    router = APIRouter(tags=["hands"])

    @router.post("/identify", responses=answers(IDENTIFICATION))
    async def identify(images: Pages, gallery: Hands, top: Top = 5, prior: Prior = PRIOR) -> JSON:
        """Say whose hand a document is in, or that it is none of those that are known."""
        taken = await take_all(images)
        found = await bench.run(lambda: stock.gallery(gallery).identify(tuple(taken), top=top, prior=prior))
        return identification_record(taken[0].name, found)

    @router.post("/verify", responses=answers(VERDICT))
    async def verify(first: Page, second: Page) -> JSON:
        """Say how much likelier one hand makes two documents than two hands do."""
        one, other = await take(first), await take(second)
        found = await bench.run(lambda: verify_pages(one, other))
        return verdict_record((one.name, other.name), found)

    @router.post("/search", responses=answers(RANKING))
    async def search(image: Page, gallery: Hands, top: Top = 20) -> dict[str, list[JSON]]:
        """List the documents of a gallery by likeness of hand."""
        page = await take(image)
        found = await bench.run(lambda: stock.gallery(gallery).search(page, top=top))
        return {"records": list(ranking_records(found))}

    return router
