"""Hostile command lines, and hostile text from files through every command that prints any of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from duktus.gallery.sqlite import SqliteGallery
from duktus.models.container import embed_card
from duktus.models.file import read_card, shipped
from tests.fuzz.campaign import Case
from tests.gallery.examples import ENCODER, example

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXTS = (
    "\x1b[2J\x1b]0;title\x07",
    "\x1b]52;c;aGVsbG8=\x07",
    "=1+1",
    "+cmd|' /C calc'!A0",
    "@SUM(1)",
    "\u202egnp",
    "a\r\nb",
    "\x9b31m",
)
"""What a terminal or a spreadsheet would take for orders."""

WORDS = (
    "read", "identify", "verify", "search", "enrol", "teach", "explain", "models", "show", "check", "gallery", "list",
    "remove", "rename", "merge", "export", "import", "repair", "evaluate", "train", "data", "--format", "jsonl", "csv",
    "table", "--gallery", "--model", "--top", "--threads", "--layout", "one", "--review", "--label", "--writer",
    "--stages", "--page", "--regions", "--without", "0,0,10,10", "-1", "0", "5000", "99999999999999999999", "nan", "--",
    "--help", "--version", "", "-", "\0", "\udc80", "a" * 5000, "/dev/zero", "/proc/self/mem", ".", "..",
)  # fmt: skip
"""What command lines are made of; neither training nor evaluation is reached by them."""


def command_cases(rng: np.random.Generator, folder: Path) -> Iterator[Case]:
    """Hostile text once through each command, then command lines of random words without end."""
    yield from _texts(folder)
    image = str(EXAMPLES / "7_photo.jpg")
    while True:
        words = [str(word) for word in rng.choice([*WORDS, image, image, str(folder)], rng.integers(1, 7))]
        if words[0] in ("train", "evaluate", "data", "serve", "-"):
            continue
        if words[0] in ("read", "identify") and str(folder) in words:
            words[words.index(str(folder))] = image
        yield Case(tuple(words), ())


def _texts(folder: Path) -> Iterator[Case]:
    for place, text in enumerate(TEXTS):
        model, gallery = folder / f"text{place}.onnx", folder / f"text{place}.db"
        card = read_card(shipped("digits"))
        labels = (text, *card.labels[1:])
        hostile = replace(card, name=text, limits=(text,), attribution=(text,), labels=labels)
        model.write_bytes(embed_card(shipped("digits").read_bytes(), hostile))
        with SqliteGallery.create(gallery, ENCODER) as opened:
            made = (example(number, text + str(number % 2)) for number in range(4))
            opened.add(replace(one, source=text) for one in made)
        for words in (("models", "show", str(model)), ("models", "check", str(model))):
            yield Case(words, ())
        for form in ("table", "jsonl", "csv"):
            yield Case(("read", *map(str, sorted(EXAMPLES.glob("*.jpg"))), "--model", str(model), "--format", form), ())
            yield Case(("read", str(folder / text.replace("/", "_")), "--format", form), ())
        yield Case(("gallery", "list", str(gallery)), ())
        yield Case(("gallery", "check", str(gallery)), ())
        yield Case(("gallery", "remove", str(gallery), text), ())
        yield Case(("gallery", "rename", str(gallery), text + "0", text), ())
        yield Case(("gallery", "merge", str(gallery), text, text + "1"), ())
        yield from _hands(folder, place, text)


def _hands(folder: Path, place: int, text: str) -> Iterator[Case]:
    """The same text for a writer's name and the page's path."""
    gallery, page = folder / f"hands{place}.db", EXAMPLES / "615_board.webp"
    yield Case(("enrol", str(gallery), "--writer", text, str(page)), ())
    for form in ("table", "jsonl", "csv"):
        for command in ("identify", "search"):
            yield Case((command, str(page), "--gallery", str(gallery), "--format", form), ())
    yield Case(("verify", str(page), str(folder / text.replace("/", "_"))), ())
    yield Case(("explain", str(folder / text.replace("/", "_"))), ())
