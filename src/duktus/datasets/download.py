"""Data sets from the network: several mirrors, checksums, and a cut download goes on where it stopped.

A checksum is that of the unpacked contents: mirrors pack the same bytes differently, and a copy that a person packed
anew is as good.
"""

import gzip
import hashlib
import os
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import cast

from duktus.datasets.places import find_data
from duktus.types import DataError

TIMEOUT = 15.0
"""Seconds without a byte after which a mirror is given up."""

_CHUNK = 2**16
_ROUNDS = 3
"""How often the mirrors are gone through, as long as a round brings more of the file."""

_SLACK = 2**20
"""What packing may add to a file at most."""


@dataclass(frozen=True)
class RemoteFile:
    """A file packed by gzip, with the size and SHA-256 of what is in it."""

    name: str
    unpacked_bytes: int
    sha256: str


@dataclass(frozen=True)
class RemoteDataset:
    """A data set that can be fetched; each mirror is an address to which a file's name is added."""

    name: str
    files: tuple[RemoteFile, ...]
    mirrors: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """How far the download of one file is; ``total_bytes`` is None where the mirror does not say."""

    file: str
    received_bytes: int
    total_bytes: int | None


_MNIST = (
    ("train-images-idx3-ubyte.gz", 47_040_016, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    ("train-labels-idx1-ubyte.gz", 60_008, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    ("t10k-images-idx3-ubyte.gz", 7_840_016, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    ("t10k-labels-idx1-ubyte.gz", 10_008, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
)

MNIST = RemoteDataset(
    name="mnist",
    files=tuple(RemoteFile(*each) for each in _MNIST),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://raw.githubusercontent.com/fgnt/mnist/master/",
        "https://yann.lecun.com/exdb/mnist/",
    ),
)

DATASETS = {MNIST.name: MNIST}
"""What ``duktus data NAME`` fetches."""


def locate(data: Path) -> Path:
    """Return where labelled images lie: the path itself, or the folder of a data set if it is the name of one.

    Raises:
        DataError: it is the name of a data set that is not on this computer.
    """
    return find_data(data.name) if str(data) in DATASETS and not data.exists() else data


class _MirrorError(Exception):
    """One mirror did not bring the file; the next is tried."""


def download(
    dataset: RemoteDataset,
    folder: Path,
    *,
    report: Callable[[Progress], None] | None = None,
    timeout: float = TIMEOUT,
) -> tuple[Path, ...]:
    """Fetch a data set's files, those that are not there whole already.

    Each grows in ``NAME.part`` and takes its name when its checksum is right, so that a file of that name is whole. An
    interrupted download goes on from its ``.part``, be it at another mirror or another day.

    Args:
        dataset: what to fetch.
        folder: where to put it; made where it does not exist.
        report: called with the progress after every piece of a file.
        timeout: seconds without a byte after which a mirror is given up.

    Returns:
        The files' paths, in the order of the data set.

    Raises:
        DataError: no mirror brought a file (the message says which files to put where by hand), or the folder cannot
            be written.
    """
    tell = report or (lambda _: None)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_fetch(dataset, file, folder, tell, timeout) for file in dataset.files)
    except OSError as error:
        reason = error.strerror or error
        raise DataError(f"{folder}: the files cannot be written ({reason}); free the disk or choose another") from error


def _fetch(
    dataset: RemoteDataset, file: RemoteFile, folder: Path, tell: Callable[[Progress], None], timeout: float
) -> Path:
    target, part = folder / file.name, folder / f"{file.name}.part"
    if _is_whole(target, file):
        return target
    failures: list[str] = []
    for _ in range(_ROUNDS):
        before = _size(part)
        for mirror in dataset.mirrors:
            try:
                _fetch_from(mirror, file, part, tell, timeout)
            except _MirrorError as error:
                failures.append(f"{mirror}: {error}")
            else:
                part.replace(target)
                return target
        if _size(part) <= before:
            break
    raise DataError(_by_hand(dataset, file, folder, failures))


def _by_hand(dataset: RemoteDataset, file: RemoteFile, folder: Path, failures: Sequence[str]) -> str:
    names = ", ".join(each.name for each in dataset.files)
    reasons = "; ".join(dict.fromkeys(failures)) or "no mirror is known"
    return (
        f"{file.name} could not be fetched ({reasons}). Without a network, put {names} into {folder}, or into the "
        f"folder '{dataset.name}' of the one that the environment variable DUKTUS_DATA names"
    )


def _fetch_from(mirror: str, file: RemoteFile, part: Path, tell: Callable[[Progress], None], timeout: float) -> None:
    """Bring the part to the whole file; where what was there does not fit the rest, once more from the beginning."""
    resumed = 0 < _size(part) <= file.unpacked_bytes + _SLACK
    if not resumed:
        part.unlink(missing_ok=True)
    _receive(mirror, file, part, tell, timeout)
    if _is_whole(part, file):
        return
    part.unlink(missing_ok=True)
    if not resumed:
        raise _MirrorError("the checksum is not that of the file")
    _fetch_from(mirror, file, part, tell, timeout)


def _receive(mirror: str, file: RemoteFile, part: Path, tell: Callable[[Progress], None], timeout: float) -> None:
    start = _size(part)
    headers = {"User-Agent": "duktus"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        request = urllib.request.Request(mirror.rstrip("/") + "/" + file.name, headers=headers)
        response = cast(HTTPResponse, urllib.request.urlopen(request, timeout=timeout))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # nothing follows the part: its checksum will tell whether it is whole
            return
        raise _MirrorError(f"{error.code} {error.reason}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise _MirrorError(str(getattr(error, "reason", error)) or type(error).__name__) from error
    with response:
        _store(response, file, part, tell)


def _store(response: HTTPResponse, file: RemoteFile, part: Path, tell: Callable[[Progress], None]) -> None:
    start = _size(part)
    goes_on = response.status == 206 and response.headers.get("Content-Range", "").startswith(f"bytes {start}-")
    received = start if goes_on else 0
    length = response.headers.get("Content-Length", "")
    total = received + int(length) if length.isdigit() else None
    with part.open("ab" if goes_on else "wb") as out:
        for chunk in _chunks(response):
            received += len(chunk)
            if received > file.unpacked_bytes + _SLACK:
                raise _MirrorError(f"it sends more than the {file.unpacked_bytes:,} bytes of the file")
            out.write(chunk)
            tell(Progress(file.name, received, total))
        out.flush()
        os.fsync(out.fileno())
    if total is not None and received < total:
        raise _MirrorError(f"the connection was cut after {received:,} of {total:,} bytes")


def _chunks(response: HTTPResponse) -> Iterator[bytes]:
    """The pieces of an answer; errors of the network are kept apart from those of the disk."""
    while True:
        try:
            chunk = response.read(_CHUNK)
        except (OSError, HTTPException) as error:
            raise _MirrorError(str(error) or type(error).__name__) from error
        if not chunk:
            return
        yield chunk


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_whole(path: Path, file: RemoteFile) -> bool:
    """Whether a file holds what it should, looking no further than its right size."""
    digest, size = hashlib.sha256(), 0
    try:
        with gzip.open(path) as unpacked:
            while (chunk := unpacked.read(_CHUNK)) and size <= file.unpacked_bytes:
                digest.update(chunk)
                size += len(chunk)
    except (OSError, EOFError, zlib.error):
        return False
    return size == file.unpacked_bytes and digest.hexdigest() == file.sha256
