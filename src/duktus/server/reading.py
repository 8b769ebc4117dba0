"""Routes of what is written: models, readings, explanations."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Query, Response, UploadFile
from starlette.responses import HTMLResponse

from duktus.door.explanation import explain as explain_image
from duktus.door.opened import Opened
from duktus.door.records import reading_records
from duktus.server.stock import Stock
from duktus.server.uploads import Upload, take
from duktus.server.work import Workbench
from duktus.types import JSON
from duktus.types.units import Unit

Image = Annotated[UploadFile, File(description="A picture in any usual format, a PDF, or strokes as InkML or JSON.")]
ModelName = Annotated[str, Query(description="A model's name, of /v1/models.", examples=["digits"])]
GalleryName = Annotated[str, Query(description="A gallery's name, of /v1/galleries; in place of a model.")]
CharacterLayout = Literal["auto", "one"]
Layout = Literal["auto", "one", "page", "table"]

SEVERAL = "page", "table"


def routes(bench: Workbench, stock: Stock) -> APIRouter:
    """Return the routes.

    Args:
        bench: where the work is done.
        stock: the models and galleries.
    """
    router = APIRouter(tags=["reading"])

    def opened(model: str, gallery: str) -> Opened:
        return stock.gallery(gallery) if gallery else stock.model(model)

    @router.get("/models")
    async def models() -> list[dict[str, Any]]:
        """List the models with what each is for."""
        return await bench.run(lambda: [_describe(stock, name) for name in stock.model_names()])

    @router.post("/read")
    async def read(
        image: Image,
        model: ModelName = "digits",
        gallery: GalleryName = "",
        layout: Layout = "auto",
        unit: Unit = "character",
    ) -> dict[str, list[JSON]]:
        """Read what is written: the records of ``duktus read --format jsonl``, one a character, line or page."""
        name, content = await take(image)
        found = await bench.run(lambda: opened(model, gallery).read(content, layout=layout))
        return {"records": list(reading_records(name, found, unit))}

    @router.post("/explain", response_class=Response, responses={200: {"content": {"text/html": {}, "image/png": {}}}})
    async def explain(
        image: Image,
        model: ModelName = "digits",
        gallery: GalleryName = "",
        layout: CharacterLayout = "auto",
        stages: bool = False,
    ) -> Response:
        """Show which ink decided, as a page of HTML, or how the image became glyphs, as a picture."""
        name, content = await take(image)

        def work() -> Response:
            known = {"gallery": stock.gallery(gallery)} if gallery else {"model": stock.model(model)}
            source = Upload(content, name) if gallery and stock.gallery(gallery).is_of_hands else content
            found = explain_image(source, **known, layout=layout, stages=stages)
            if found.is_picture:
                return Response(found.content, media_type="image/png")
            # Shown by itself, it may run nothing and load nothing; its styles stand in it.
            policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
            return HTMLResponse(found.content, headers={"Content-Security-Policy": policy})

        return await bench.run(work)

    return router


def _describe(stock: Stock, name: str) -> dict[str, Any]:
    card = stock.model(name).card
    return {"name": name, "task": card.task, "labels": list(card.labels), "limits": list(card.limits)}
