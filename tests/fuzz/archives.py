"""Hostile galleries and exports of galleries: bits flipped, members and lines changed, through every command."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from duktus.gallery.portable import export_gallery
from duktus.gallery.sqlite import SqliteGallery
from tests.fuzz.campaign import Case
from tests.fuzz.mutations import mutate, mutate_json, to_json
from tests.gallery.examples import ENCODER, example

EXAMPLE = Path(__file__).parents[2] / "examples" / "7_photo.jpg"


def gallery_cases(rng: np.random.Generator, folder: Path) -> Iterator[Case]:
    """Galleries and exports, without end."""
    with SqliteGallery.create(folder / "whole.db", ENCODER) as gallery:
        gallery.add(example(i, f"letter {i % 7}") for i in range(40))
        export_gallery(gallery, folder / "whole.zip")
    whole, archive = (folder / "whole.db").read_bytes(), (folder / "whole.zip").read_bytes()
    for number in range(2**31):
        damaged = (f"{number}.db", _flipped(whole, rng) if number % 2 else mutate(whole, rng))
        for command in ("list", "check"):
            yield Case(("gallery", command, "{}"), (damaged,))
        yield Case(("gallery", "export", "{}", str(folder / "out.zip")), (damaged,))
        yield Case(("gallery", "rename", "{}", "letter 3", "another"), (damaged,))
        yield Case(("read", str(EXAMPLE), "--gallery", "{}", "--format", "jsonl"), (damaged,))
        changed = (f"{number}.zip", _changed(archive, rng) if number % 3 else mutate(archive, rng))
        yield Case(("gallery", "import", str(folder / "into.db"), "{}"), (changed,))
        for name in ("into.db", "out.zip"):
            (folder / name).unlink(missing_ok=True)


def _flipped(data: bytes, rng: np.random.Generator) -> bytes:
    place = int(rng.integers(len(data)))
    return data[:place] + bytes([data[place] ^ 1 << int(rng.integers(8))]) + data[place + 1 :]


def _changed(archive: bytes, rng: np.random.Generator) -> bytes:
    """An export of which one member is changed: its JSON anywhere, another's bytes, or its name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as source:
        members = {name: source.read(name) for name in source.namelist()}
    name = str(rng.choice([*["gallery.json", "examples.jsonl", "vectors.npy"] * 20, *members]))
    content = members.pop(name)
    if name.endswith(".json"):
        content = to_json(mutate_json(json.loads(content), rng))
    elif name.endswith(".jsonl"):
        lines = content.splitlines()
        place = int(rng.integers(len(lines)))
        lines[place] = to_json(mutate_json(json.loads(lines[place]), rng))
        content = b"\n".join(lines)
    else:
        content = mutate(content, rng)
    renamed = str(rng.choice(["../evil", "/tmp/evil", "C:\\evil", "a/"])) if rng.random() < 0.05 else name
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for each, data in {**members, renamed: content}.items():
            target.writestr(each, data)
    return buffer.getvalue()
