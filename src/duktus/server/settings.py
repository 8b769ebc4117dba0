"""How a server runs: where it listens, what it may use, and what it refuses."""

import ipaddress
import os
from dataclasses import dataclass, field
from pathlib import Path

from duktus.models.cores import available_cores
from duktus.types import UsageError

MEBIBYTE = 2**20

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")
"""Names under which this computer calls itself."""


def default_galleries() -> Path:
    """Return the folder of galleries: ``$XDG_DATA_HOME/duktus/galleries``, by default below ``~/.local/share``."""
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "duktus" / "galleries"


@dataclass(frozen=True)
class ServerSettings:
    """How a server runs.

    Attributes:
        host: address to listen on.
        port: to listen on; 0 for any that is free.
        galleries: folder of the gallery files, each known by its name without ``.db``.
        models: folder of further models, each known by its file's name without ``.onnx``; None for none.
        token: what writing needs in the header ``Authorization: Bearer``, and beyond loopback reading too.
        hosts: further names under which the server may be called.
        body: most bytes of a request.
        seconds: most time of an answer.
        patience: most seconds between two parts of a request's body.
        waiting: most requests that wait for a core.
        cores: requests that are worked on at once.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    galleries: Path = field(default_factory=default_galleries)
    models: Path | None = None
    token: str = ""
    hosts: tuple[str, ...] = ()
    body: int = 32 * MEBIBYTE
    seconds: float = 60.0
    patience: float = 30.0
    waiting: int = 128
    cores: int = field(default_factory=available_cores)

    def __post_init__(self) -> None:
        if not self.is_loopback and not self.token:
            raise UsageError(
                f"--host {self.host}: expected --token beside an address that others can reach, received none; "
                "choose a long random one, or listen on 127.0.0.1"
            )
        if min(self.body, self.waiting, self.cores) < 1 or min(self.seconds, self.patience) <= 0:
            raise UsageError("expected limits of at least 1, received less; leave them out for the usual ones")

    @property
    def is_loopback(self) -> bool:
        """Whether only programs on this computer can reach the server."""
        if self.host in LOOPBACK_NAMES:
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def names(self) -> frozenset[str]:
        """Host names that requests may carry, without port, in lower case."""
        local = LOOPBACK_NAMES if self.is_loopback else ()
        return frozenset(name.lower() for name in (*local, self.host, *self.hosts))
