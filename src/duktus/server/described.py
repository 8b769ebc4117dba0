"""What the description of the interface says of answers: problems, and an example of each kind of record."""

import json
from http import HTTPStatus
from typing import Any, TypeAlias

from duktus.server.problems import MEDIA
from duktus.server.streaming import MEDIA as LINES

Described: TypeAlias = dict[int | str, dict[str, Any]]

WHY = {
    HTTPStatus.BAD_REQUEST: "The body cannot be taken apart.",
    HTTPStatus.UNAUTHORIZED: "The server's token is missing or another.",
    HTTPStatus.FORBIDDEN: "The request comes from another page.",
    HTTPStatus.NOT_FOUND: "There is no model, gallery or path of that name.",
    HTTPStatus.REQUEST_TIMEOUT: "The body stopped on its way.",
    HTTPStatus.CONFLICT: "The gallery does not take it: another encoder, another kind, or no gallery at all.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large.",
    HTTPStatus.MISDIRECTED_REQUEST: "The server is not called that.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "An argument or an image is not what was expected.",
    HTTPStatus.NOT_IMPLEMENTED: "An optional package is missing on the server.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many wait; come again in a moment.",
    HTTPStatus.GATEWAY_TIMEOUT: "It took too long.",
}
"""What each status means here."""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What was expected, what was received, and what to do."},
    },
}
"""The schema of a problem (RFC 9457)."""

PROBLEMS: Described = {
    status.value: {"description": why, "content": {MEDIA: {"schema": PROBLEM}}} for status, why in WHY.items()
}
"""The answers that any request may get."""

MISDIRECTED: Described = {421: PROBLEMS[421]}
"""The only problem that asking for health or readiness meets."""

COUNTED: Described = {
    200: {"description": "Counts in Prometheus' text form.", "content": {"text/plain": {"schema": {"type": "string"}}}},
    401: PROBLEMS[401],
    421: PROBLEMS[421],
}

READINGS = {
    "records": [
        {
            "file": "7.png",
            "page": 1,
            "index": 0,
            "box": [31, 20, 40, 62],
            "text": "7",
            "confidence": 0.998127,
            "accepted": True,
            "reason": "",
            "alternatives": [{"text": "1", "confidence": 0.001209}],
        }
    ]
}
IDENTIFICATION = {
    "file": "letter.png",
    "matches": [{"label": "Anna", "score": 0.9312, "log10_lr": 3.204, "rank": 1}],
    "accepted": True,
    "reason": "",
    "ink": 398.1,
    "notes": [],
}
TAUGHT = {"added": 1, "known": 0, "failed": [], "conflicts": [], "notes": []}
GALLERIES = [{"name": "runes", "kind": "letters", "labels": 24, "examples": 61}]


VERDICT = {
    "files": ["a.png", "b.png"],
    "log10_lr": 2.713,
    "statement": "moderately strong support for one hand having written both, rather than two",
    "reason": "",
    "score": 0.8642,
    "bounds": [-3.1, 3.4],
    "ink": [316.8, 398.1],
    "limits": [],
}
RANKING = {"records": [{"content": "3f…", "label": "Anna", "source": "anna/1.png", "score": 0.9312, "rank": 1}]}
CONFUSIONS = [{"label": "b", "other": "þ", "share": 0.085, "after": 0.031}]


def answers(example: Any, others: dict[str, Any] | None = None) -> Described:
    """Return what describes an answer: an example of it, and other media types that may be asked for."""
    content = {"application/json": {"example": example}, **(others or {})}
    return {HTTPStatus.OK.value: {"content": content}}


DOCUMENTS: dict[str, Any] = {
    "application/xml": {"schema": {"type": "string"}},
    "text/html": {"schema": {"type": "string"}},
    "text/plain": {"schema": {"type": "string"}},
}
"""What a page that was read can be sent as, beside records."""

BY_LINES: dict[str, Any] = {
    LINES: {
        "schema": {
            "type": "string",
            "description": "A record a line, each sent as soon as it is read. Where one cannot be, after others were "
            "sent, the last has `error`, with `file` and `page`.",
        },
        "example": json.dumps(READINGS["records"][0]) + "\n",
    }
}
"""What ``stream`` sends."""

READ = answers(READINGS, DOCUMENTS | BY_LINES)
