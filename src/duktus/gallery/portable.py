"""A gallery as one zip file that any program can read, to hand on or to move from one store to another.

It holds ``gallery.json`` (format, encoder), ``examples.jsonl`` (one line per example), ``vectors.npy`` (m, d) and
``thumbnails/*.png``. Its names are numbers, so that a label may be any text. Settings stay behind: they belong to the
gallery that they were fitted to.
"""

import errno
import json
import os
import secrets
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from duktus.gallery.checks import check_encoder
from duktus.gallery.store import Added, Encoder, Example, Gallery, Vectors
from duktus.models.schema import decode
from duktus.types import GalleryError, ModelError

FORMAT = 1
"""The format number of the files that this version writes."""

MOST_RATIO = 20
"""Most bytes that a byte of the file may unpack to; vectors and PNG files hardly pack, the lines of text 5 fold."""

MOST_BYTES = 400_000_000
"""Most bytes of an export that is read, unpacked: it is held in memory, its vectors twice. 200,000 letters fit."""

_SPARE = 2**20  # bytes, on top of that: a small gallery may consist of one label again and again
_LONGEST = 2**20  # bytes of a line: a source of 4,096 characters and a label of 1,000 take 60 kB where all are escaped
_BATCH = 1000  # examples asked of the store at once
_MANIFEST, _LINES, _VECTORS = "gallery.json", "examples.jsonl", "vectors.npy"


@dataclass(frozen=True)
class Export:
    """What an exported gallery holds: the encoder of its vectors, and its examples, the oldest first."""

    encoder: Encoder
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class _Manifest:
    format: int
    encoder: Encoder


@dataclass(frozen=True)
class _Line:
    """An example in ``examples.jsonl``; its vectors are ``count`` rows of ``vectors.npy`` from ``row``."""

    content: str
    label: str
    source: str
    created: str
    row: int
    count: int
    thumbnails: tuple[str, ...]


def export_gallery(gallery: Gallery, path: str | Path) -> int:
    """Write all examples of a gallery to one file, whole or not at all; what was there is replaced.

    The same examples give the same bytes.

    Returns:
        The number of examples.

    Raises:
        GalleryError: the gallery cannot be read, or the file not be written.
    """
    try:
        target = Path(os.path.realpath(path))  # a link is followed: its target is replaced, not the link
    except ValueError as error:  # a zero byte in the path
        raise GalleryError(f"{path!r}: the gallery could not be exported ({error}); name another place") from error
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        _refuse_device(target)
        with zipfile.ZipFile(beside, "x") as archive:
            count = _write(gallery, archive)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(beside, target)
        return count
    except OSError as error:
        reason = error.strerror or error
        raise GalleryError(f"{path}: the gallery could not be exported ({reason}); name another place") from error
    finally:
        with suppress(OSError):  # after a success it is no longer there
            beside.unlink()


def import_gallery(gallery: Gallery, export: Export, *, replace: bool = False) -> Added:
    """Add the examples of an exported gallery to one of the same encoder, in one transaction (see ``Gallery.add``).

    Raises:
        GalleryError: the vectors are another encoder's, or the gallery cannot be written.
    """
    check_encoder("the export", gallery.encoder, export.encoder)
    return gallery.add(export.examples, replace=replace)


def read_export(path: str | Path) -> Export:
    """Read an exported gallery; nothing is unpacked to the disk and no code of the file is run.

    Raises:
        GalleryError: the file is missing, no export, of a newer format, damaged, or made to exhaust the memory.
    """
    with _explained(path):
        if not stat.S_ISREG(Path(path).stat().st_mode):
            raise GalleryError("expected an exported gallery, received a folder or a device; name a file")
        with zipfile.ZipFile(path) as archive:
            _check_members(archive, Path(path).stat().st_size)
            manifest = _read_manifest(archive)
            vectors = _read_vectors(archive, manifest.encoder)
            return Export(manifest.encoder, tuple(_read_examples(archive, vectors)))


def _refuse_device(target: Path) -> None:
    """Raise OSError for what is no file to replace: who may write all might replace a device by it."""
    if target.exists() and not target.is_file() and not target.is_dir():
        raise OSError(errno.EINVAL, "a device has that name")


def _write(gallery: Gallery, archive: zipfile.ZipFile) -> int:
    contents, lines = gallery.contents(), list[_Line]()
    vectors: list[Vectors] = [np.empty((0, gallery.encoder.dimension), np.float32)]
    row = 0
    for i in range(0, len(contents), _BATCH):
        for example in gallery.get(contents[i : i + _BATCH]):
            lines.append(_write_example(archive, example, row, len(lines) + 1))
            vectors.append(example.vectors)
            row += len(example.vectors)
    manifest = _Manifest(FORMAT, gallery.encoder)
    text = "".join(json.dumps(vars(line), ensure_ascii=False) + "\n" for line in lines)
    archive.writestr(_named(_MANIFEST), json.dumps(asdict(manifest), indent=1, ensure_ascii=False))
    archive.writestr(_named(_LINES), text, zipfile.ZIP_DEFLATED)
    with archive.open(_named(_VECTORS), "w", force_zip64=True) as file:
        np.lib.format.write_array(file, np.concatenate(vectors).astype("<f4", copy=False), allow_pickle=False)
    return len(lines)


def _write_example(archive: zipfile.ZipFile, example: Example, row: int, number: int) -> _Line:
    names = tuple(f"thumbnails/{number:06}-{place}.png" for place in range(1, len(example.thumbnails) + 1))
    for name, png in zip(names, example.thumbnails, strict=True):
        archive.writestr(_named(name), png)
    created = example.created.isoformat()
    return _Line(example.content, example.label, example.source, created, row, len(example.vectors), names)


def _named(name: str) -> zipfile.ZipInfo:
    """A member without the time of day."""
    member = zipfile.ZipInfo(name)
    member.external_attr = 0o644 << 16  # what is unpacked may be read
    return member


def _check_members(archive: zipfile.ZipFile, size: int) -> None:
    """Refuses what could do harm before any of it is unpacked; zipfile stops at the size that a member declares."""
    for member in archive.infolist():
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts:
            raise GalleryError(f"expected names within the file, received {member.filename[:200]!r}; do not trust it")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise GalleryError(f"{member.filename[:200]}: expected deflated content, received another; pack it again")
    total, most = sum(member.file_size for member in archive.infolist()), min(MOST_RATIO * size + _SPARE, MOST_BYTES)
    if total > most:
        raise GalleryError(f"expected {most:,} bytes at most when unpacked, received {total:,}; do not trust it")


def _read_manifest(archive: zipfile.ZipFile) -> _Manifest:
    content = _json(archive.read(_MANIFEST))
    found = content.get("format") if isinstance(content, dict) else None
    if type(found) is int and found > FORMAT:
        raise GalleryError(
            f"the export has format {found}, this version of duktus knows formats up to {FORMAT}: "
            "upgrade with `pip install --upgrade duktus`"
        )
    manifest: _Manifest = decode(_Manifest, content, _MANIFEST)
    if manifest.format != FORMAT:
        raise GalleryError(f"field format: expected {FORMAT}, received {manifest.format}")
    return manifest


def _read_vectors(archive: zipfile.ZipFile, encoder: Encoder) -> Vectors:
    """Reads the array, once its header is seen to ask for no more memory than the member has bytes."""
    size = archive.getinfo(_VECTORS).file_size
    with archive.open(_VECTORS) as file:
        if np.lib.format.read_magic(file) != (1, 0):
            raise GalleryError(f"{_VECTORS}: expected version 1.0 of NumPy's format; export the gallery again")
        shape, in_columns, kind = np.lib.format.read_array_header_1_0(file)
        claimed = shape[0] * encoder.dimension * 4 if len(shape) == 2 and min(shape) >= 0 else -1
        if shape[1:] != (encoder.dimension,) or in_columns or kind != np.dtype("<f4") or claimed != size - file.tell():
            expected = f"float32 (m, {encoder.dimension}) that fill the rest"
            raise GalleryError(f"{_VECTORS}: expected {expected}, received {kind} {shape}; export the gallery again")
        return np.frombuffer(file.read(), "<f4").reshape(shape).astype(np.float32, copy=False)


def _read_examples(archive: zipfile.ZipFile, vectors: Vectors) -> Iterator[Example]:
    """Reads line by line; each vector and thumbnail serves once, so that a few lines cannot ask for endless copies."""
    end, used, contents = 0, set[str](), set[str]()
    for number, text in enumerate(_lines(archive), 1):
        try:
            line: _Line = decode(_Line, _json(text), "")
            if not end <= line.row < line.row + line.count <= len(vectors):
                raise GalleryError(f"expected rows of {end} to {len(vectors)}, received {line.count} from {line.row}")
            if len(set(line.thumbnails)) < len(line.thumbnails) or not used.isdisjoint(line.thumbnails):
                raise GalleryError("expected thumbnails of its own, received those of another example")
            if line.content in contents:
                raise GalleryError("expected content of its own, received that of another example")
            yield _read_example(archive, line, vectors[line.row : line.row + line.count])
        except (GalleryError, ModelError, ValueError, KeyError) as error:
            raise GalleryError(f"{_LINES}, line {number}: {error}; export the gallery again") from error
        end = line.row + line.count
        used.update(line.thumbnails)
        contents.add(line.content)


def _lines(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """The lines of text, one at a time; one that is too long for an example is cut, and then no JSON."""
    with archive.open(_LINES) as file:
        while line := file.readline(_LONGEST):
            yield line


def _read_example(archive: zipfile.ZipFile, line: _Line, vectors: Vectors) -> Example:
    thumbnails = tuple(archive.read(name) for name in line.thumbnails)
    created = datetime.fromisoformat(line.created)
    return Example(line.content, line.label, vectors, thumbnails, line.source, created)


def _json(text: bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise GalleryError(f"expected JSON ({error})") from error


@contextmanager
def _explained(path: str | Path) -> Iterator[None]:
    """Has every error name the file."""
    try:
        yield
    except (GalleryError, ModelError) as error:
        raise GalleryError(f"{path}: {error}") from error
    except OSError as error:
        raise GalleryError(f"{path}: the export cannot be read ({error.strerror or error}); check the path") from error
    except Exception as error:  # zipfile, zlib and NumPy raise nearly any class on broken data
        raise GalleryError(
            f"{path}: expected an exported gallery, received another file or a damaged one ({error}); export it again"
        ) from error
