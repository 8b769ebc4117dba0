"""What may not pass is refused: other names, other pages, strangers without a token, and bodies without end."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from duktus.server.app import create_app
from duktus.server.guard import Guard
from duktus.server.running import answer, listen
from duktus.server.settings import ServerSettings
from duktus.types import UsageError

SMALL = 10_000
IMAGE = {"image": ("x.png", b"no image")}


@pytest.fixture
def open_to_all(tmp_path: Path) -> Iterator[TestClient]:
    """A server that others can reach, with a token and small bodies."""
    settings = ServerSettings(
        host="0.0.0.0", token="secret", hosts=("archive.example",), galleries=tmp_path, body=SMALL
    )
    with TestClient(create_app(settings), base_url="http://archive.example") as opened:
        yield opened


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.evil.example:8000"])
def test_other_names_are_refused(client: TestClient, host: str) -> None:
    """A name that was made to point here is not answered."""
    answer = client.get("/v1/models", headers={"Host": host})
    assert answer.status_code == 421
    assert "--allow-host" in answer.json()["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_pages_are_refused(client: TestClient, headers: dict[str, str]) -> None:
    """A page of another origin may send nothing."""
    assert client.post("/v1/read", files=IMAGE, headers=headers).status_code == 403


def test_the_own_page_may_send(client: TestClient) -> None:
    """The server's own page passes: what it sent is looked at."""
    answer = client.post("/v1/read", files=IMAGE, headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 422


def test_beyond_loopback_all_needs_the_token(open_to_all: TestClient) -> None:
    """Reading and writing need it there; health does not, and the page asks for it."""
    assert open_to_all.get("/v1/models").status_code == 401
    assert open_to_all.get("/v1/models", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert open_to_all.get("/v1/models", headers={"Authorization": "Bearer secret"}).status_code == 200
    assert open_to_all.get("/health").status_code == 200
    assert open_to_all.get("/").status_code == 200


def test_beyond_loopback_a_token_is_required() -> None:
    """Without one the server does not start."""
    with pytest.raises(UsageError, match="expected --token"):
        ServerSettings(host="0.0.0.0")


def test_a_body_is_counted_while_it_streams(open_to_all: TestClient) -> None:
    """What says that it is large is refused at once; what says nothing, when it has become so."""
    headers = {"Authorization": "Bearer secret"}
    told = open_to_all.post("/v1/read", files={"image": ("x.png", bytes(2 * SMALL))}, headers=headers)
    assert told.status_code == 413

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
        for _ in range(1000):
            yield bytes(SMALL)

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    untold = open_to_all.post("/v1/read", content=endless(), headers=headers | kind)
    assert untold.status_code == 413


def test_too_many_are_refused(tmp_path: Path) -> None:
    """Where more wait than may, the next is told to come again."""
    settings = ServerSettings(galleries=tmp_path, cores=1, waiting=1)
    app, free = create_app(settings), threading.Event()
    with TestClient(app, base_url="http://localhost") as client:
        bench = app.state.bench
        blocked = [bench.submit(free.wait) for _ in range(2)]
        answer = client.get("/v1/models")
        free.set()
        assert [each.result(10) for each in blocked] == [True, True]
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "1"


def test_answers_are_sealed(client: TestClient) -> None:
    """Every answer forbids sniffing, framing, keeping, and scripts from elsewhere."""
    headers = client.get("/v1/models").headers
    assert headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


def test_a_body_that_stops_is_given_up(tmp_path: Path) -> None:
    """Who sends a part of a body and then nothing holds no request for long."""
    settings = ServerSettings(port=0, galleries=tmp_path, patience=0.3)
    listening = listen(settings)
    threading.Thread(target=answer, args=(settings, listening), daemon=True).start()
    with socket.create_connection(listening.getsockname(), timeout=30) as slow:
        slow.sendall(
            b"POST /v1/read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            b"Content-Type: multipart/form-data; boundary=x\r\n\r\n--x\r\n"
        )
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")


def test_a_long_answer_is_not_cut_off(tmp_path: Path) -> None:
    """Once the body is whole, whoever answers may wait for the end of the connection for as long as they answer."""
    heard: list[str] = []

    async def application(_: Scope, receive: Receive, send: Send) -> None:
        heard.extend([(await receive())["type"] for _ in range(2)])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def request() -> list[Message]:
        messages: list[Message] = [{"type": "http.request", "body": b"x", "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            if messages:
                return messages.pop()
            await asyncio.sleep(0.3)
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": "/health", "headers": [(b"host", b"localhost")]}
        await Guard(application, ServerSettings(port=0, galleries=tmp_path, patience=0.05))(scope, receive, send)
        return sent

    assert [message.get("status") for message in asyncio.run(request())] == [200]
    assert heard == ["http.request", "http.disconnect"]
