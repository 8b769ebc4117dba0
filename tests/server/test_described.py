"""What the server answers is what its description says, also to requests that make no sense."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from duktus.server.app import create_app
from duktus.server.settings import ServerSettings

BODIES: dict[str, dict[str, Any]] = {
    "no body": {},
    "no form": {"content": b"\x00\xff", "headers": {"Content-Type": "application/json"}},
    "no edge": {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
    "no image": {"files": {"image": ("x.png", b"-")}, "data": {"texts": "[1]", "label": "\x00"}},
    "other fields": {"files": [("images", ("..", b"-")), ("first", ("/", b"-"))], "data": {"writer": ""}},
    "another page's": {"headers": {"Origin": "http://evil.example"}},
}
QUERIES = ("", "?gallery=..%2Fx&model=%00&layout=x&top=-1&prior=2&page=0", "?gallery=none&output=page&model=none")

OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in create_app(ServerSettings()).openapi()["paths"].items()
    for method, operation in operations.items()
]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[f"{one[0]} {one[1]}" for one in OPERATIONS])
def test_answers_are_as_they_are_described(client: TestClient, method: str, path: str, operation: Any) -> None:
    """Whatever is sent, the status is a described one and no fault of the server, and so is the kind of content."""
    for body in BODIES.values() if method == "POST" else [{}]:
        for query in QUERIES:
            answer = client.request(method, path.format(name="none", label="a") + query, **body)
            told = operation["responses"].get(str(answer.status_code))
            assert told is not None, (answer.status_code, answer.text)
            assert answer.status_code < 500
            assert answer.headers["content-type"].partition(";")[0] in told["content"]


def test_answers_have_examples(client: TestClient) -> None:
    """The description shows what a reading looks like."""
    read = client.get("/openapi.json").json()["paths"]["/v1/read"]["post"]
    example = read["responses"]["200"]["content"]["application/json"]["example"]
    assert example["records"][0]["text"] == "7"


def test_a_path_tells_all_its_methods(client: TestClient) -> None:
    """A method that a path does not have is answered with those that it has."""
    answer = client.put("/v1/galleries/x/file")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
