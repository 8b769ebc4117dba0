"""What the server answers is what its description says, also to requests that make no sense."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.config import SchemathesisConfig

from duktus.server.app import create_app
from duktus.server.settings import ServerSettings
from tests.hands.pages import page_of
from tests.server.test_routes import drawn, png

HOST = "testserver"
"""What Schemathesis calls a server in its own process."""

JUDGED = {
    # Whether a file holds an image, and whether there is a gallery of a name, no schema can say: as it should be, most
    # of what obeys the description is refused.
    "positive_data_acceptance": {"enabled": False},
    # In a form all values are text: where a file was expected and "null" is sent, that is a file without an image,
    # which teaching lists among those that failed.
    "negative_data_rejection": {"enabled": False},
}

OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in create_app(ServerSettings()).openapi()["paths"].items()
    for method, operation in operations.items()
]

LETTER, PAGE = drawn("L"), png(page_of(1)[:160])
LETTERS, HANDS = {"gallery": "letters"}, {"gallery": "hands"}
OF_LETTERS = {"path_parameters": {"name": "letters"}}
REAL: dict[str, dict[str, Any]] = {
    "GET /v1/models": {},
    "POST /v1/read": {"body": {"image": LETTER}},
    "POST /v1/explain": {"body": {"image": LETTER}},
    "POST /v1/teach": {"body": {"images": [LETTER], "label": "L"}, "query": LETTERS},
    "POST /v1/enrol": {"body": {"images": [PAGE], "writer": "Anna"}, "query": HANDS},
    "POST /v1/identify": {"body": {"images": [PAGE]}, "query": HANDS},
    "POST /v1/verify": {"body": {"first": PAGE, "second": PAGE}},
    "POST /v1/search": {"body": {"image": PAGE}, "query": HANDS},
    "GET /v1/galleries": {},
    "GET /v1/galleries/{name}": OF_LETTERS,
    "GET /v1/galleries/{name}/confusions": OF_LETTERS,
    "GET /v1/galleries/{name}/file": OF_LETTERS,
    "DELETE /v1/galleries/{name}/labels/{label}": OF_LETTERS,
    "GET /health": {},
    "GET /ready": {},
    "GET /metrics": {},
}
"""What makes a request one that can be answered; all else of it is made up."""


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> BaseSchema:
    """The description of a server in this process, which was taught a letter and knows a hand."""
    started = ServerSettings(galleries=tmp_path_factory.mktemp("galleries"), hosts=(HOST,), cores=2)
    with TestClient(create_app(started), base_url=f"http://{HOST}") as client:
        client.post("/v1/teach", params=LETTERS, files={"images": ("L.json", LETTER)}, data={"label": "L"})
        client.post("/v1/enrol", params=HANDS, files={"images": ("a.png", PAGE)}, data={"writer": "Anna"})
    config = SchemathesisConfig.from_dict({"checks": JUDGED})
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(started), config=config)


def ask(schema: BaseSchema, method: str, path: str, most: int, **known: Any) -> Counter[int]:
    """Make up requests, the same each time, judge each answer by the description, and count the answers by status."""
    found = Counter[int]()

    @settings(
        max_examples=most,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],  # a smaller request that fails too would take longer than reading this one
    )
    @given(schema[path][method].as_strategy(**known))
    def check(case: Case[Any]) -> None:
        answer = case.call()
        found[int(answer.status_code)] += 1
        case.validate_response(answer)

    check()
    return found


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=[" ".join(one[:2]) for one in OPERATIONS])
def test_answers_are_as_they_are_described(described: BaseSchema, method: str, path: str, operation: Any) -> None:
    """Whatever is sent, the answer is none of a fault, and status, headers, content and schema are described ones."""
    assert ask(described, method, path, 50)
    if "requestBody" in operation:  # of the others, every request that can be sent obeys the description
        assert ask(described, method, path, 50, generation_mode=GenerationMode.NEGATIVE)


@pytest.mark.parametrize("operation", list(REAL))
def test_real_answers_are_as_they_are_described(described: BaseSchema, operation: str) -> None:
    """What can be answered is, by records and documents that obey the description."""
    method, path = operation.split(" ")
    assert ask(described, method, path, 25, **REAL[operation])[200] > 0


def test_answers_have_examples(client: TestClient) -> None:
    """The description shows what a reading looks like."""
    read = client.get("/openapi.json").json()["paths"]["/v1/read"]["post"]
    example = read["responses"]["200"]["content"]["application/json"]["example"]
    assert example["records"][0]["text"] == "7"


def test_a_path_tells_all_its_methods(client: TestClient) -> None:
    """A method that a path does not have is answered with those that it has."""
    answer = client.put("/v1/galleries/x/file")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")
