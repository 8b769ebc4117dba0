"""A report's files: the HTML page and the figures as JSON, each written whole or not at all."""

import json
import math
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from duktus.types import JSON, DuktusError

PAGE, METRICS = "report.html", "metrics.json"


def write_files(folder: str | os.PathLike[str], page: str, record: JSON) -> Path:
    """Write a report's page and its figures into a folder, made if missing; return the page's path.

    Raises:
        DuktusError: The folder cannot be written to.
    """
    target = Path(folder)
    text = json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False)
    try:
        target.mkdir(parents=True, exist_ok=True)
        _write_whole(target / METRICS, text)
        _write_whole(target / PAGE, page)
    except OSError as error:
        reason = error.strerror or error
        raise DuktusError(
            f"Expected a folder to write a report to, got {os.fspath(target)!r} ({reason}). Name another, or make room."
        ) from error
    return target / PAGE


def _write_whole(path: Path, text: str) -> None:
    """Writes beside the target and renames, so that there never is half a file."""
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        # A lone surrogate, which a file's name may bring, becomes an escape that JSON knows; the page has none.
        beside.write_bytes(text.encode("utf-8", "backslashreplace"))
        os.replace(beside, path)
    finally:
        with suppress(OSError):  # after a success it is no longer there
            beside.unlink()


def without_nan(value: Any) -> Any:
    """Return a value of JSON's kinds with null for numbers that are not finite, which JSON lacks."""
    if isinstance(value, dict):
        return {key: without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
