"""Answers as JSON lines: each record is sent as soon as it is read, so that a page's first lines are seen soon."""

import json
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing

from starlette.responses import Response, StreamingResponse

from duktus.server.problems import ProblemError
from duktus.server.work import Workbench
from duktus.types import JSON, DuktusError

MEDIA = "application/x-ndjson"


async def answer_by_lines(bench: Workbench, file: str, records: Callable[[], Generator[JSON]]) -> Response:
    """Return an answer of records, each a line of JSON as ``duktus read --format jsonl`` prints it.

    What goes wrong before the first record is a problem, as of any other answer. What goes wrong later, when the status
    is sent already, is a last record with ``error``, as of a page that cannot be read.

    Args:
        bench: where the records are made.
        file: what the records call the image.
        records: makes them.

    Raises:
        ProblemError: too many wait, or the first record takes too long.
        DuktusError: the first record cannot be made.
    """
    found = bench.stream(records)
    first = await anext(found, None)
    return StreamingResponse(_lines(file, first, found), media_type=MEDIA)


async def _lines(file: str, first: JSON | None, others: AsyncGenerator[JSON]) -> AsyncGenerator[bytes]:
    """Yield the first record and those that follow as lines, and what went wrong as the last."""
    if first is None:
        return
    page = first.get("page", 1)
    async with aclosing(others):
        try:
            yield _line(first)
            async for record in others:
                page = record.get("page", page)
                yield _line(record)
        except (DuktusError, ProblemError) as error:
            yield _line({"file": file, "page": page, "error": str(error)})


def _line(record: JSON) -> bytes:
    return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
