"""Routes of galleries: what they hold, teaching and enrolling, corrections, and the whole as a file."""

import base64
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from duktus.door.galleries import Gallery
from duktus.server.described import CONFUSIONS, GALLERIES, TAUGHT, answers
from duktus.server.stock import Stock
from duktus.server.uploads import Upload, take, take_all
from duktus.server.work import Workbench
from duktus.types import JSON, GalleryError, Taught

Name = Annotated[str, Query(description="The gallery's name; it is made if there is none.", examples=["runes"])]
Drawings = Annotated[list[UploadFile], File(description="Drawings of one letter: pictures, or strokes.", max_length=64)]
Pages = Annotated[list[UploadFile], File(description="Pages by one writer.", max_length=64)]
Together = Annotated[bool, Query(description="The pages are one document.")]
Label = Annotated[str, Form(min_length=1, max_length=100)]
Replace = Annotated[bool, Query(description="What is there under another label takes the new one.")]

ZIPPED: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}

MOST_DRAWN = 200
"""Labels of which a drawing is sent."""


def routes(bench: Workbench, stock: Stock) -> APIRouter:
    """Return the routes.

    Args:
        bench: where the work is done.
        stock: the galleries.
    """
    router = APIRouter(tags=["galleries"])

    @router.get("/galleries", responses=answers(GALLERIES))
    async def galleries() -> list[dict[str, Any]]:
        """List the galleries with what each holds."""
        return await bench.run(lambda: [_describe(name, stock.gallery(name)) for name in stock.gallery_names()])

    @router.get("/galleries/{name}")
    async def labels(name: str) -> dict[str, Any]:
        """List a gallery's labels, each with how many examples it has and a drawing of it."""
        return await bench.run(lambda: _list(name, stock.gallery(name)))

    @router.get("/galleries/{name}/confusions", responses=answers(CONFUSIONS))
    async def confusions(name: str) -> list[dict[str, Any]]:
        """List the letters that would be taken for each other, and what one more example would change."""
        return await bench.run(lambda: [asdict(one) for one in stock.gallery(name).confusions()])

    @router.delete("/galleries/{name}/labels/{label}")
    async def remove(name: str, label: str) -> dict[str, int]:
        """Remove a label with all its examples."""
        return {"removed": await bench.run(lambda: stock.gallery(name).remove(label))}

    @router.get("/galleries/{name}/file", response_class=Response, responses=ZIPPED)
    async def export(name: str) -> Response:
        """Send a gallery as a zip file of pictures, labels and vectors."""
        content = await bench.run(lambda: _export(stock.gallery(name)))
        return Response(content, media_type="application/zip", headers={"Content-Disposition": "attachment"})

    @router.post("/galleries/{name}/file", responses=answers(TAUGHT))
    async def import_file(name: str, file: UploadFile) -> JSON:
        """Add the examples of such a file."""
        sent = await take(file)
        return _told(await bench.run(lambda: _import(stock.gallery(name, new=True), sent)))

    _add_teaching(router, bench, stock)
    return router


def _add_teaching(router: APIRouter, bench: Workbench, stock: Stock) -> None:
    """Add the routes by which a gallery learns."""

    @router.post("/teach", responses=answers(TAUGHT))
    async def teach(images: Drawings, gallery: Name, label: Label, replace: Replace = False) -> JSON:
        """Teach a letter from drawings: the next reading with the gallery knows it."""
        taken = await take_all(images)
        return _told(
            await bench.run(lambda: stock.gallery(gallery, new=True).teach(taken, label=label, replace=replace))
        )

    @router.post("/enrol", responses=answers(TAUGHT))
    async def enrol(
        images: Pages, gallery: Name, writer: Label, together: Together = False, replace: Replace = False
    ) -> JSON:
        """Enrol a hand from pages: the next identification with the gallery knows it."""
        taken = await take_all(images)
        found = await bench.run(
            lambda: stock.gallery(gallery, new=True).enrol(taken, writer=writer, together=together, replace=replace)
        )
        return _told(found)


def _told(taught: Taught) -> JSON:
    return asdict(taught)


def _describe(name: str, gallery: Gallery) -> dict[str, Any]:
    found = gallery.labels()
    kind = "hands" if gallery.is_of_hands else "letters"
    return {"name": name, "kind": kind, "labels": len(found), "examples": sum(one.examples for one in found)}


def _list(name: str, gallery: Gallery) -> dict[str, Any]:
    found: Sequence[Any] = gallery.labels()
    drawn = gallery.drawings([one.label for one in found[:MOST_DRAWN]])
    labels = [
        {
            "label": one.label,
            "examples": one.examples,
            "drawing": base64.b64encode(drawn.get(one.label, b"")).decode("ascii"),
        }
        for one in found
    ]
    return {"name": name, "kind": "hands" if gallery.is_of_hands else "letters", "labels": labels}


def _export(gallery: Gallery) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gallery.zip"
        gallery.export(path)
        return path.read_bytes()


def _import(gallery: Gallery, file: Upload) -> Taught:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gallery.zip"
        path.write_bytes(file.getvalue())
        try:
            return gallery.import_examples(path)
        except GalleryError as error:
            raise GalleryError(str(error).replace(str(path), file.name)) from error
