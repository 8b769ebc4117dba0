"""Routes of what is written: models, readings, explanations."""

import json
from collections.abc import Generator
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Form, Query, Response, UploadFile
from starlette.responses import HTMLResponse

from duktus.door import __version__
from duktus.door.corrections import with_texts
from duktus.door.explanation import explain as explain_image
from duktus.door.models import usual_model
from duktus.door.opened import Opened
from duktus.door.reading import Layout
from duktus.door.records import reading_records, records_of_parts
from duktus.pages.output import DocumentFormat, write_documents
from duktus.server.described import READ
from duktus.server.problems import ProblemError
from duktus.server.stock import Stock
from duktus.server.streaming import answer_by_lines
from duktus.server.uploads import Upload, take
from duktus.server.work import Workbench
from duktus.types import JSON, Explanation
from duktus.types.units import Unit

Image = Annotated[UploadFile, File(description="A picture in any usual format, a PDF, or strokes as InkML or JSON.")]
ModelName = Annotated[
    str, Query(description="A model's name, of /v1/models; empty for the usual one of the layout.", examples=["digits"])
]
GalleryName = Annotated[str, Query(description="A gallery's name, of /v1/galleries; in place of a model.")]
CharacterLayout = Literal["auto", "one"]

Against = Annotated[UploadFile | None, File(description="Another document: is it by the same hand, and why?")]
Output = Annotated[
    Literal["records", "text", "page", "alto", "hocr"],
    Query(description="Records as JSON, or a document. For PAGE, ALTO and hOCR lines are looked for."),
]
Texts = Annotated[
    str, Form(description="What a person read: a JSON list with a text for each line; documents hold these.")
]
Stream = Annotated[
    bool,
    Query(description="Send each record as a line of JSON as soon as it is read."),
]
Number = Annotated[int, Query(ge=1, description="Which page of a file with several, for documents of one page each.")]

MEDIA: dict[DocumentFormat, str] = {
    "text": "text/plain; charset=utf-8",
    "page": "application/xml",
    "alto": "application/xml",
    "hocr": "text/html; charset=utf-8",
}
"""How documents are sent."""

OF_LINES = ("page", "alto", "hocr")
"""Documents that say where lines run."""

SAVED = {"Content-Disposition": "attachment"}
"""A document is saved and never shown: it holds what a stranger's image said."""


def routes(bench: Workbench, stock: Stock) -> APIRouter:
    """Return the routes.

    Args:
        bench: where the work is done.
        stock: the models and galleries.
    """
    router = APIRouter(tags=["reading"])

    @router.get("/models")
    async def models() -> list[dict[str, Any]]:
        """List the models with what each is for."""
        return await bench.run(lambda: [_describe(stock, name) for name in stock.model_names()])

    _add_readings(router, bench, stock)
    _add_explanations(router, bench, stock)
    return router


def _add_readings(router: APIRouter, bench: Workbench, stock: Stock) -> None:
    """Add the route that reads."""

    def opened(model: str, gallery: str) -> Opened:
        return stock.gallery(gallery) if gallery else stock.model(model)

    def by_parts(model: str, gallery: str, sent: Upload, layout: Layout, unit: Unit) -> Generator[JSON]:
        parts = opened(model, gallery).read_parts(sent, layout=layout)
        yield from records_of_parts(sent.name, parts, unit)

    @router.post("/read", response_model=dict[str, list[JSON]], responses=READ)
    async def read(  # noqa: PLR0913  # the parameters of one route
        *,
        image: Image,
        model: ModelName = "",
        gallery: GalleryName = "",
        layout: Layout = "auto",
        unit: Unit = "character",
        output: Output = "records",
        page: Number = 1,
        texts: Texts = "",
        stream: Stream = False,
    ) -> Any:
        """Read what is written: the records of ``duktus read --format jsonl``, one a character, line or page."""
        sent = await take(image)
        lined: Layout = (
            "page" if output not in ("records", "text") and layout not in ("page", "table", "line") else layout
        )
        given = _texts(texts)
        name = model or usual_model(lined)
        if stream:
            if output != "records" or given is not None:
                detail = "stream: expected records as they are read, received another output or texts; leave one out"
                raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
            return await answer_by_lines(bench, sent.name, lambda: by_parts(name, gallery, sent, layout, unit))
        found = await bench.run(lambda: opened(name, gallery).read(sent, layout=lined))
        if given is not None:
            found = with_texts(found, given)
        if output == "records":
            return {"records": list(reading_records(sent.name, found, unit))}
        documents = write_documents(sent.name, found, output, __version__)
        if output == "page" and page > len(documents):
            raise ProblemError(HTTPStatus.NOT_FOUND, f"expected a page of {len(documents)}, received {page}")
        return Response(documents[page - 1 if output == "page" else 0], media_type=MEDIA[output], headers=SAVED)


def _add_explanations(router: APIRouter, bench: Workbench, stock: Stock) -> None:
    """Add the route that says why."""

    @router.post("/explain", response_class=Response, responses={200: {"content": {"text/html": {}, "image/png": {}}}})
    async def explain(  # the parameters of one route
        image: Image,
        against: Against = None,
        model: ModelName = "digits",
        gallery: GalleryName = "",
        layout: CharacterLayout = "auto",
        stages: bool = False,
    ) -> Response:
        """Show which ink decided, as a page of HTML, or how the image became glyphs, as a picture."""
        sent = await take(image)
        other = await take(against) if against else None

        def work() -> Response:
            if other is not None:
                return _shown(explain_image(sent, against=other))
            known = {"gallery": stock.gallery(gallery)} if gallery else {"model": stock.model(model)}
            return _shown(explain_image(sent, **known, layout=layout, stages=stages))

        return await bench.run(work)


def _texts(texts: str) -> list[str] | None:
    """Return the texts of a form, None where there are none. Raises ProblemError for what is no list of texts."""
    if not texts:
        return None
    try:
        found = json.loads(texts)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(one, str) and one.isprintable() for one in found):
        detail = "texts: expected a JSON list of printable texts, one a line; correct it"
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, detail)
    return found


def _shown(found: Explanation) -> Response:
    """Return an explanation as an answer: shown by itself, it may run nothing and load nothing."""
    if found.is_picture:
        return Response(found.content, media_type="image/png")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
    return HTMLResponse(found.content, headers={"Content-Security-Policy": policy})


def _describe(stock: Stock, name: str) -> dict[str, Any]:
    card = stock.model(name).card
    return {"name": name, "task": card.task, "labels": list(card.labels), "limits": list(card.limits)}
