"""What went wrong, as ``application/problem+json`` (RFC 9457)."""

from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from duktus.types import (
    DataError,
    DuktusError,
    GalleryError,
    ImageError,
    MissingExtraError,
    ModelError,
    StrokeError,
    UsageError,
)

MOST_TOLD = 1000
"""Characters of what is wrong with a request."""

MEDIA = "application/problem+json"

STATUSES: dict[type[DuktusError], HTTPStatus] = {
    ImageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    StrokeError: HTTPStatus.UNPROCESSABLE_ENTITY,
    DataError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UsageError: HTTPStatus.UNPROCESSABLE_ENTITY,
    ModelError: HTTPStatus.UNPROCESSABLE_ENTITY,
    GalleryError: HTTPStatus.CONFLICT,
    MissingExtraError: HTTPStatus.NOT_IMPLEMENTED,
}
"""The status of each class of error; of others it is a fault of the server."""


class ProblemError(Exception):
    """An answer that is an error.

    Args:
        status: of HTTP.
        detail: what was expected, what was received, and what to do.
        headers: further headers.
    """

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}

    def response(self) -> Response:
        """Return it as a response."""
        return problem(self.status, self.detail, self.headers)


def problem(status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> Response:
    """Return a response that says what went wrong."""
    content = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    return JSONResponse(content, status, headers, MEDIA)


async def answer_problem(_: Request, error: Exception) -> Response:
    """Answer a ``ProblemError``."""
    assert isinstance(error, ProblemError)
    return error.response()


async def answer_invalid(_: Request, error: Exception) -> Response:
    """Answer a request whose parameters are not as they are described."""
    assert isinstance(error, RequestValidationError)
    found = ("; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()))[:MOST_TOLD]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, found)


async def answer_status(request: Request, error: Exception) -> Response:
    """Answer a path or a method that does not exist, or a body that cannot be taken apart."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = _allowed(request)
    return problem(HTTPStatus(error.status_code), str(error.detail), headers)


def _allowed(request: Request) -> str:
    """Return the methods of a path: each of its routes alone tells but its own."""
    known: dict[str, dict[str, object]] = request.app.openapi()["paths"]
    found = next((known[path] for path in known if _is_of(path, request.url.path)), {"get": None})
    return ", ".join(sorted(method.upper() for method in found))


def _is_of(pattern: str, path: str) -> bool:
    """Return whether a path is one of a pattern such as "/galleries/{name}/file"."""
    parts, given = pattern.split("/"), path.split("/")
    return len(parts) == len(given) and all(a == b or a[:1] == "{" for a, b in zip(parts, given, strict=True))


async def answer_error(_: Request, error: Exception) -> Response:
    """Answer an error of the project: its message says what was expected and what to do."""
    kinds = (STATUSES[kind] for kind in type(error).__mro__ if kind in STATUSES)
    return problem(next(kinds, HTTPStatus.INTERNAL_SERVER_ERROR), str(error))


async def answer_defect(_: Request, __: Exception) -> Response:
    """Answer what nobody expected; the log has the rest."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "a defect of the server; its log says more")
