"""The application: the page, and the routes over the door's functions; records are those of the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from duktus.door import __version__
from duktus.server import galleries, hands, reading
from duktus.server.described import COUNTED, MISDIRECTED, PROBLEMS
from duktus.server.guard import Guard
from duktus.server.metrics import CONTENT_TYPE_LATEST, Metrics
from duktus.server.problems import (
    ProblemError,
    answer_defect,
    answer_error,
    answer_invalid,
    answer_problem,
    answer_status,
)
from duktus.server.settings import ServerSettings
from duktus.server.stock import Stock
from duktus.server.work import Workbench
from duktus.types import DuktusError

PAGE = Path(__file__).parent / "page"

WARM = "digits"
"""The model that is opened before the server is ready."""

NO_PAGES: dict[str, Any] = {"docs_url": None, "redoc_url": None}
"""FastAPI's own pages of the interface load scripts from elsewhere; /openapi.json says the same."""

SUMMARY = "Reads handwriting, and identifies the hand that wrote it."


def create_app(settings: ServerSettings) -> FastAPI:
    """Return the application that a server runs.

    Args:
        settings: where galleries lie, what is refused.
    """
    bench, stock = Workbench(settings), Stock(settings)
    metrics = Metrics(bench)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await bench.run(lambda: stock.model(WARM).reader)
        yield
        bench.close()

    app = FastAPI(title="Duktus", version=__version__, summary=SUMMARY, lifespan=lifespan, **NO_PAGES)
    for error, answer in (
        (ProblemError, answer_problem),
        (DuktusError, answer_error),
        (RequestValidationError, answer_invalid),
        (HTTPException, answer_status),
        (Exception, answer_defect),
    ):
        app.add_exception_handler(error, answer)
    for room in (reading, hands, galleries):
        app.include_router(room.routes(bench, stock), prefix="/v1", responses=PROBLEMS)
    _add_house(app, metrics)
    app.state.bench = bench
    app.add_middleware(metrics.counting)
    app.add_middleware(Guard, settings=settings)
    return app


def _add_house(app: FastAPI, metrics: Metrics) -> None:
    """Add the page, and what those who run the server ask for."""

    @app.get("/health", tags=["server"], responses=MISDIRECTED)
    async def health() -> dict[str, str]:
        """Tell that the server is alive."""
        return {"status": "alive"}

    @app.get("/ready", tags=["server"], responses=MISDIRECTED)
    async def ready() -> dict[str, str]:
        """Tell that the server answers: its first model is open."""
        return {"status": "ready", "version": __version__}

    @app.get("/metrics", tags=["server"], response_class=Response, responses=COUNTED)
    async def count() -> Response:
        """Tell what was counted, in Prometheus' text form."""
        return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/", include_in_schema=False)
    async def index() -> FileResponse:
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    app.mount("/page", StaticFiles(directory=PAGE), name="page")
