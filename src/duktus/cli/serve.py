"""``duktus serve``: the page and the interface for programs."""

import os
import socket
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import complain
from duktus.server.settings import MEBIBYTE, ServerSettings, default_galleries
from duktus.types import MissingExtraError, UsageError

TOKEN = "DUKTUS_TOKEN"
"""The environment variable that holds the token, which other users of a computer cannot see."""


def serve(  # noqa: PLR0913  # the options of one command
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    galleries: Path | None = None,
    models: Path | None = None,
    token: str = "",
    allow_host: Annotated[list[str] | None, Parameter(negative=())] = None,
    workers: int = 1,
    largest: int = 32,
) -> int:
    """Serve a web page to try Duktus on, and the HTTP interface for programs.

    Args:
        host: Address to listen on; with 127.0.0.1 only this computer reaches the server.
        port: Port to listen on; 0 for any free one.
        galleries: The folder of galleries; ~/.local/share/duktus/galleries if not given.
        models: A folder of further models.
        token: The token that changes need, and from other computers reading too; or set DUKTUS_TOKEN.
        allow_host: A further host name of the server; may be given several times.
        workers: Processes that serve.
        largest: Largest request in MiB.
    """
    try:
        import fastapi  # noqa: F401  # imported here, so that one sentence says what is missing
        import prometheus_client  # noqa: F401
        import python_multipart  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            f"duktus serve needs the extra 'server' ({error.name} is missing): pip install 'duktus[server]'"
        ) from error
    settings = ServerSettings(
        host=host,
        port=port,
        galleries=galleries or default_galleries(),
        models=models,
        token=token or os.environ.get(TOKEN, ""),
        hosts=tuple(allow_host or ()),
        body=largest * MEBIBYTE,
    )
    if workers < 1 or not 0 <= port < 65_536:
        raise UsageError("expected --workers of at least 1 and --port from 0 to 65535; correct them.")
    from duktus.server.running import listen, serve_on

    try:
        listening = listen(settings)
    except OSError as error:
        complain(f"{host}:{port}: the address cannot be listened on ({error.strerror}); name another --port")
        return 1
    complain(f"http://{_shown(listening)}/ (Ctrl-C ends it)")
    serve_on(settings, listening, workers)
    return 0


def _shown(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
