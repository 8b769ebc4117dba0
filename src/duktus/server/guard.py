"""What every request passes first: host, origin, token, the size of its body, and the headers of every answer.

A server on loopback is reached by every page that a browser shows: by a name that is made to point here (DNS
rebinding), which the check of ``Host`` refuses, and by forms and scripts of other origins, which the check of
``Origin`` and ``Sec-Fetch-Site`` refuses for all that is not read only.
"""

import asyncio
import hmac
from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from duktus.server.problems import ProblemError
from duktus.server.settings import ServerSettings

OPEN = ("/health", "/ready")
"""Paths that need no token: they tell nothing but that the server is there."""

PUBLIC = ("/", "/page/")
"""The page itself needs none either: it asks for the token."""

SAFE = ("GET", "HEAD", "OPTIONS")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "frame-src blob:; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # without any, forms of the own page come from the origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), microphone=()",
}


class Guard:
    """Refuses what may not pass, before anything of it is parsed.

    Args:
        app: what is behind.
        settings: of the server.
    """

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        sealed = _sealed(send, cached=scope["path"].startswith("/page/"))
        try:
            self._check(scope["method"], scope["path"], headers)
            body = _Body(receive, self._settings, headers)
        except ProblemError as error:
            await error.response()(scope, receive, sealed)
            return
        try:
            await self._app(scope, body.receive, body.answering(sealed))
        except ProblemError:
            if not body.ended:
                raise
        if body.ended:
            await body.problem.response()(scope, receive, sealed)

    def _check(self, method: str, path: str, headers: Headers) -> None:
        host = _name(headers.get("host", ""))
        if host not in self._settings.names:
            names = ", ".join(sorted(self._settings.names))
            raise ProblemError(
                HTTPStatus.MISDIRECTED_REQUEST, f"expected the host to be one of {names}; start with --allow-host"
            )
        if method not in SAFE:
            _check_origin(headers)
        if self._needs_token(method, path) and not self._has_token(headers):
            detail = "expected the server's token in the header 'Authorization: Bearer TOKEN'"
            raise ProblemError(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})

    def _needs_token(self, method: str, path: str) -> bool:
        if not self._settings.token or path in OPEN or path == PUBLIC[0] or path.startswith(PUBLIC[1]):
            return False
        return not self._settings.is_loopback or method not in SAFE

    def _has_token(self, headers: Headers) -> bool:
        kind, _, given = headers.get("authorization", "").partition(" ")
        expected = self._settings.token.encode()
        return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), expected)


def _name(host: str) -> str:
    """Return a host's name without its port, in lower case."""
    name, _, port = host.rpartition(":")
    return (name if name and port.isdigit() else host).lower()


def _check_origin(headers: Headers) -> None:
    """Refuse what a page of another origin sends; programs that are no browser say nothing of it."""
    origin = headers.get("origin")
    foreign = origin is not None and origin.partition("://")[2].lower() != headers.get("host", "").lower()
    if foreign or headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise ProblemError(
            HTTPStatus.FORBIDDEN, "expected a request of this server's own page, received another page's"
        )


class _Body:
    """A body of so many bytes at most, whatever its header says of its length, that comes without long pauses.

    Whoever takes it apart may answer what ends too early as they like: that answer is withheld, and told in its place
    is why it was refused.
    """

    def __init__(self, receive: Receive, settings: ServerSettings, headers: Headers) -> None:
        most = settings.body
        self.problem = ProblemError(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"expected at most {most:,} bytes; send a smaller file"
        )
        self.ended = False
        self._whole = False
        self._receive, self._most, self._received, self._patience = receive, most, 0, settings.patience
        self._slow = ProblemError(HTTPStatus.REQUEST_TIMEOUT, f"expected the next bytes within {settings.patience:g} s")
        told = headers.get("content-length", "0")
        if not told.isdigit() or int(told) > most:
            raise self.problem

    async def receive(self) -> Message:
        """Return what comes next. Raises ProblemError where that is too much.

        After the whole body nothing comes but the end of the connection, which may be as late as a long answer is.
        """
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), self._patience)
        except TimeoutError:
            self.ended, self.problem = True, self._slow
            raise self._slow from None
        self._received += len(message.get("body", b""))
        if self._received > self._most:
            self.ended = True
            raise self.problem
        self._whole = not message.get("more_body", False)
        return message

    def answering(self, send: Send) -> Send:
        """Return what sends an answer, unless the body was refused."""

        async def answer(message: Message) -> None:
            if not self.ended:
                await send(message)

        return answer


def _sealed(send: Send, *, cached: bool) -> Send:
    """Return what sends answers with the headers that keep a browser from taking them for something else."""

    async def seal(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "no-cache" if cached else "no-store")
        await send(message)

    return seal
