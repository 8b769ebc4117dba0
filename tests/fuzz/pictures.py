"""Hostile pictures and stroke files: sound ones of every format, changed at random, through every command."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from duktus.pen.hand import sample_hand, write
from duktus.pen.strokes import write_inkml, write_json
from duktus.pen.tools import draw_ink
from tests.fuzz.campaign import Case
from tests.fuzz.mutations import mutate, mutate_json, to_json

TOGETHER = 40
"""Inputs of a command, where one takes any number: a process of its own for each would take a day."""


def picture_cases(rng: np.random.Generator, folder: Path) -> Iterator[Case]:
    """Pictures of all formats."""
    seeds = _pictures(rng)
    yield from _commands(rng, folder, seeds)


def stroke_cases(rng: np.random.Generator, folder: Path) -> Iterator[Case]:
    """InkML and JSON."""
    yield from _commands(rng, folder, _strokes(rng))


def _commands(rng: np.random.Generator, folder: Path, seeds: list[tuple[str, bytes]]) -> Iterator[Case]:
    """Each command on changed seeds in turn, without end."""
    hands, letters = folder / "hands.db", folder / "letters.db"
    lines = [np.asarray(_page(rng, "nine quick wizards jumped over it", 60).resize((1100, 60))) for _ in range(6)]
    page = ("page.png", _encode(Image.fromarray(np.vstack(lines)), "PNG"))
    letter = ("a.png", _encode(_page(rng, "a", 48), "PNG"))
    (folder / "other.png").write_bytes(page[1])
    yield Case(("enrol", str(hands), "--writer", "Anna", "{}"), (page,))
    yield Case(("teach", str(letters), "--label", "a", "{}"), (letter,))
    for number in range(2**31):
        one = [_changed(rng, seeds, number, place) for place in range(TOGETHER)]
        read = ("read", "{}", "--format", "jsonl", "--threads", "1")
        yield Case(read, tuple(one), records=True)
        yield Case((*read, "--gallery", str(letters)), tuple(one), records=True)
        yield Case(("identify", "{}", "--gallery", str(hands), "--format", "jsonl"), tuple(one), records=True)
        yield Case(("enrol", str(folder / f"h{number}.db"), "--writer", "B", "{}"), tuple(one))
        yield Case(("teach", str(folder / f"l{number}.db"), "--label", "b", "{}"), tuple(one))
        for each in one[: TOGETHER // 8]:
            yield Case(("search", "{}", "--gallery", str(hands), "--format", "jsonl"), (each,))
            yield Case(("verify", "{}", str(folder / "other.png")), (each,))
            yield Case(("explain", "{}", "--out", str(folder / "x.html")), (each,))
            yield Case(("explain", "{}", "--stages", "--out", str(folder / "x.png")), (each,))
        for left in folder.glob("[hlx][0-9.]*"):
            left.unlink()


def _changed(rng: np.random.Generator, seeds: list[tuple[str, bytes]], number: int, place: int) -> tuple[str, bytes]:
    name, content = seeds[rng.integers(len(seeds))]
    if name.endswith(".json") and rng.random() < 0.7:
        changed = to_json(mutate_json(json.loads(content), rng))
    else:
        changed = mutate(content, rng, seeds[rng.integers(len(seeds))][1])
    return f"{number}-{place}-{name}", changed


def _page(rng: np.random.Generator, text: str, height: int) -> Image.Image:
    ink = draw_ink(write(text, sample_hand(rng), rng), height=height)
    return Image.fromarray((255 * (1 - ink)).astype(np.uint8))


def _encode(image: Image.Image, kind: str, **settings: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **settings)
    return buffer.getvalue()


def _pictures(rng: np.random.Generator) -> list[tuple[str, bytes]]:
    grey = _page(rng, "31415", 40)
    colour = Image.merge("RGB", (grey, grey, grey.point(lambda level: 255 - (255 - level) // 2)))
    clear = Image.merge("RGBA", (*colour.split(), grey.point(lambda level: 255 - level)))
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    modes = {"L": grey, "RGB": colour, "RGBA": clear, "P": colour.convert("P"), "1": grey.convert("1"), "I16": deep}
    made = [(f"{mode}.png", _encode(image, "PNG")) for mode, image in modes.items()]
    made += [(f"{mode}.tif", _encode(image, "TIFF")) for mode, image in modes.items()]
    made += [(f"{way}.tif", _encode(grey, "TIFF", compression=way)) for way in ("tiff_lzw", "tiff_deflate", "packbits")]
    made += [("group4.tif", _encode(grey.convert("1"), "TIFF", compression="group4"))]
    made += [("float.tif", _encode(Image.fromarray(np.asarray(grey, np.float32) / 255), "TIFF"))]
    made += [("int.tif", _encode(Image.fromarray(np.asarray(grey, np.int32) * 300), "TIFF"))]
    made += [("pages.tif", _encode(grey, "TIFF", save_all=True, append_images=[colour, grey]))]
    made += [("jpeg.tif", _encode(colour, "TIFF", compression="jpeg"))]
    made += [(f"{mode}.jpg", _encode(image, "JPEG")) for mode, image in modes.items() if mode in ("L", "RGB")]
    made += [("progressive.jpg", _encode(colour, "JPEG", progressive=True))]
    made += [("cmyk.jpg", _encode(colour.convert("CMYK"), "JPEG"))]
    made += [(f"{mode}.webp", _encode(modes[mode], "WEBP")) for mode in ("RGB", "RGBA")]
    made += [("lossless.webp", _encode(colour, "WEBP", lossless=True))]
    made += [("moving.webp", _encode(colour, "WEBP", save_all=True, append_images=[clear]))]
    made += [(f"{mode}.avif", _encode(modes[mode], "AVIF", speed=10)) for mode in ("L", "RGB", "RGBA")]
    made += [(f"{mode}.jp2", _encode(modes[mode], "JPEG2000")) for mode in ("L", "RGB", "RGBA", "I16")]
    made += [(f"{mode}.bmp", _encode(modes[mode], "BMP")) for mode in ("L", "RGB", "P", "1")]
    made += [("moving.gif", _encode(grey, "GIF", save_all=True, append_images=[colour.convert("P")]))]
    made += [(f"{mode}.ppm", _encode(modes[mode], "PPM")) for mode in ("L", "RGB", "1")]
    made += [
        ("page.pdf", _encode(colour, "PDF")),
        ("pages.pdf", _encode(grey, "PDF", save_all=True, append_images=[grey])),
    ]
    return made


def _strokes(rng: np.random.Generator) -> list[tuple[str, bytes]]:
    drawing = write("27", sample_hand(rng), rng)
    document = json.loads(write_json(drawing))
    points = [{"points": [{"x": x, "y": y, "t": t, "p": p} for x, y, t, p in s]} for s in document["strokes"]]
    inkml = write_inkml(drawing)
    channels = inkml.replace("<trace>", '<context xml:id="c"/><trace contextRef="#c" continuation="begin">', 1)
    return [
        ("plain.json", to_json(document)),
        ("named.json", to_json({"time_unit": "ms", "strokes": points})),
        ("bare.json", to_json(document["strokes"])),
        ("plain.inkml", inkml.encode()),
        ("context.inkml", channels.encode()),
        ("differences.inkml", b"<ink><trace>1125 18432,'23'43,\"7\"-8,3-5,7 -3,* *,!5!6</trace></ink>"),
    ]
