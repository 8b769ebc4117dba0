"""A server in this process, whose galleries lie in a folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from duktus.server.app import create_app
from duktus.server.settings import ServerSettings


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    """A server on loopback."""
    return ServerSettings(galleries=tmp_path / "galleries", cores=2)


@pytest.fixture
def client(settings: ServerSettings) -> Iterator[TestClient]:
    """A program that speaks with it."""
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as opened:
        yield opened
