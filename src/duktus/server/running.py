"""A server's processes: one that listens, and as many that answer as are wanted."""

import multiprocessing
import signal
import socket
import threading
from contextlib import suppress

from duktus.server.settings import ServerSettings

BACKLOG = 256
"""Connections that wait to be taken."""

GRACE = 10
"""Seconds that what is running has to end, once the server is told to."""

KEPT = 30
"""Seconds for which an idle connection is kept: a slow one holds no more than a socket."""


def listen(settings: ServerSettings) -> socket.socket:
    """Return the socket that a server listens on. Raises OSError where the address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((settings.host, settings.port))
    except OSError:
        listening.close()
        raise
    listening.listen(BACKLOG)
    listening.set_inheritable(True)
    return listening


def serve_on(settings: ServerSettings, listening: socket.socket, workers: int = 1) -> None:
    """Serve until a signal ends it; what is running is finished first.

    Args:
        settings: of the server.
        listening: the socket.
        workers: processes that answer.
    """
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=answer, args=(settings, listening)) for _ in range(workers - 1)]
    for other in others:
        other.start()
    try:
        answer(settings, listening)
    finally:
        for other in others:
            with suppress(ProcessLookupError, AttributeError):
                other.terminate()
        for other in others:
            other.join(GRACE)


def answer(settings: ServerSettings, listening: socket.socket) -> None:
    """Answer requests in this process."""
    import uvicorn

    from duktus.server.app import create_app

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config = uvicorn.Config(
        create_app(settings),
        log_level="warning",
        access_log=False,  # paths hold the names of galleries and writers
        timeout_keep_alive=KEPT,
        timeout_graceful_shutdown=GRACE,
        limit_concurrency=settings.waiting * 4,
        server_header=False,
    )
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])
