"""What the server counts, in Prometheus' text form: requests by path and status, their time, and what waits."""

import time
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duktus.server.work import Workbench

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

__all__ = ["CONTENT_TYPE_LATEST", "Metrics"]


class Metrics:
    """Counts requests on their way through.

    Args:
        bench: whose waiting requests are told.
    """

    def __init__(self, bench: Workbench) -> None:
        self._registry = CollectorRegistry()
        labels = ("method", "path", "status")
        self._requests = Counter("duktus_requests", "Requests that were answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "duktus_request_seconds", "Time of an answer.", ("path",), registry=self._registry, buckets=BUCKETS
        )
        pending = Gauge("duktus_pending_requests", "Requests that wait or are worked on.", registry=self._registry)
        pending.set_function(lambda: bench.pending)

    def text(self) -> bytes:
        """Return all counts."""
        return generate_latest(self._registry)

    def counting(self, app: ASGIApp) -> ASGIApp:
        """Return an application whose requests are counted."""

        async def call(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status = time.perf_counter(), 500

            async def note(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, note)
            finally:
                self._count(scope, status, time.perf_counter() - began)

        return call

    def _count(self, scope: Any, status: int, seconds: float) -> None:
        # The route's pattern and not the path: names of galleries and labels are nobody's business here.
        path = getattr(scope.get("route"), "path", "other")
        self._requests.labels(scope["method"], path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)
