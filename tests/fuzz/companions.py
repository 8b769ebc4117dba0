"""Hostile files beside a picture: PAGE and ALTO, words, patterns, tables of corrections and of labels, n-grams."""

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from duktus.lines.reading.language import KEY
from duktus.models.container import CARD_KEY, embed_text
from duktus.models.file import read_card, shipped
from duktus.pen.hand import sample_hand, write
from duktus.pen.tools import draw_ink
from tests.fuzz.campaign import Case
from tests.fuzz.mutations import mutate, mutate_json, to_json

SIGNS = [
    *"ab1.,-^$|?*+()[]{}\\",
    "[^",
    "a-z",
    "\\d",
    "\\w",
    "\\s",
    "(?:",
    "(?=",
    "{2,",
    "{9999}",
    "{0,99}",
    "[\u0100-\u1000]",
]
"""What patterns are made of."""

CELLS = ("", "=1+1", "\x1b[2J", '"', "''", "\u202egnp", "0", "-1", "1e400", "x" * 200_000, "../a.png", "b" * 5000, "\0")
"""What cells of a table may hold."""

_PRIMA = """<?xml version="1.0"?><PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15">
<Page imageFilename="line.png" imageWidth="600" imageHeight="120"><ReadingOrder><OrderedGroup id="o"><RegionRefIndexed
index="0" regionRef="r"/></OrderedGroup></ReadingOrder><TextRegion id="r"><Coords points="5,5 590,5 590,110 5,110"/>
<TextLine id="l"><Coords points="10,10 580,10 580,100 10,100"/><Baseline points="10,80 580,80"/><Word id="w">
<Coords points="10,10 200,10 200,100"/><TextEquiv conf="0.5"><Unicode>2719</Unicode></TextEquiv></Word><TextEquiv
index="0" conf="0.9"><Unicode>2719</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"""

_ALTO = """<?xml version="1.0"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page WIDTH="600"
HEIGHT="120" PHYSICAL_IMG_NR="1"><PrintSpace><TextBlock ID="b" HPOS="5" VPOS="5" WIDTH="580" HEIGHT="100"><Shape>
<Polygon POINTS="5,5 590,5 590,110"/></Shape><TextLine ID="l" HPOS="10" VPOS="10" WIDTH="570" HEIGHT="90"
BASELINE="10,80 580,80"><String CONTENT="2719" WC="0.5" HPOS="10" VPOS="10" WIDTH="200" HEIGHT="90"/></TextLine>
</TextBlock></PrintSpace></Page></Layout></alto>"""

_VALUES = (
    "",
    "0",
    "-1",
    "nan",
    "inf",
    "1e308",
    "-1e308",
    "2147483648",
    "1,",
    "1,2",
    "1 2 3",
    "1,2 " * 20_000,
    "\u0663",
    "&#27;[2J",
)
"""What attributes of a transcription may say."""


def companion_cases(rng: np.random.Generator, folder: Path) -> Iterator[Case]:
    """Each kind in turn, without end."""
    picture, sheet = folder / "line.png", folder / "readings.csv"
    ink = draw_ink(write("2719", sample_hand(rng), rng), height=90)
    page = np.full((120, 600), 255, np.uint8)
    page[15:105, 20 : 20 + min(ink.shape[1], 560)] = (255 * (1 - ink)).astype(np.uint8)[:, :560]
    Image.fromarray(page).save(picture)
    table = b"file,page,row,column,line,x,y,w,h,text,confidence,accepted,reason\n" + b"".join(
        b"line.png,1,%d,1,%d,10,%d,20,20,%d,0.9,true,\n" % (i, i, 20 * i, 31 * i) for i in range(1, 20)
    )
    review = b"file,label,source,page,row,column,line,x,y,w,h,text\n" + b"".join(
        b"%d.png,%d,line.png,1,%d,1,%d,10,%d,20,20,%d\n" % (i, 7 * i, i, i, 20 * i, 31 * i) for i in range(1, 20)
    )
    for number in range(2**31):
        yield from _documents(rng, number, picture)
        yield from _constraints(rng, number, picture)
        sheet.write_bytes(table)
        applied = (f"{number}-review.csv", _table(review, rng)), (f"{number}-table.csv", _table(table, rng))
        yield Case(("apply", "{}", str(sheet), "--out", str(folder / "out.csv")), applied[:1])
        yield Case(("apply", str(sheet), "{}"), applied[1:])
        labelled = b"file,label\n" + b"line.png,7\n" * 3
        kind = "csv" if rng.random() < 0.5 else "jsonl"
        rows = _table(labelled, rng) if kind == "csv" else _lines_of_json(rng)
        yield Case(("teach", str(folder / "letters.db"), "{}"), ((f"{number}-labels.{kind}", rows),))
        for name in ("letters.db", "out.csv"):
            (folder / name).unlink(missing_ok=True)


def _one(values: Sequence[str], rng: np.random.Generator) -> str:
    """One of some texts, as it is: NumPy would make them all as long as the longest."""
    return values[int(rng.integers(len(values)))]


def _documents(rng: np.random.Generator, number: int, picture: Path) -> Iterator[Case]:
    """A picture with its lines from a hostile file, and what is written of it in every format."""
    for name, whole in (("prima", _PRIMA), ("alto", _ALTO)):
        content = mutate(whole.encode(), rng, _PRIMA.encode()) if rng.random() < 0.4 else _said_otherwise(whole, rng)
        form = str(rng.choice(["jsonl", "csv", "text", "page", "alto", "hocr"]))
        argv = ("read", str(picture), "--layout", "page", "--threads", "1", "--lines", "{}", "--format", form)
        yield Case(argv, ((f"{number}-{name}.xml", content),))


def _said_otherwise(document: str, rng: np.random.Generator) -> bytes:
    """A transcription of which an attribute says something else, or elements stand within their like."""
    parts = document.split('"')
    for _ in range(rng.integers(1, 4)):
        parts[1 + 2 * int(rng.integers(len(parts) // 2))] = _one(_VALUES, rng)
    changed = '"'.join(parts)
    if rng.random() < 0.2:
        tag = str(rng.choice(["Page", "TextRegion", "TextBlock", "TextLine", "OrderedGroup"]))
        deep = int(rng.integers(1, 190))
        changed = changed.replace(f"<{tag} ", f"<{tag}>" * deep + f"<{tag} ").replace(
            f"</{tag}>", f"</{tag}>" * (deep + 1)
        )
    return changed.encode()


def _constraints(rng: np.random.Generator, number: int, picture: Path) -> Iterator[Case]:
    """Words, patterns and n-grams, in models of lines and of numbers."""
    model = str(rng.choice(["lines", "numbers"]))
    argv = ("read", str(picture), "--layout", "line", "--threads", "1", "--format", "jsonl", "--model")
    words = mutate("two\nten\n2719\n\u1eb9\u0301\n\U0010ffff\n".encode(), rng)
    yield Case((*argv, model, "--words", "{}"), ((f"{number}-words.txt", words),))
    pattern = "".join(_one(SIGNS, rng) for _ in range(rng.integers(1, 14)))
    yield Case((*argv, model, f"--pattern={pattern}"), ())
    made = [_with_grams, _with_grams, _with_labels][rng.integers(3)]
    yield Case((*argv, "{}", "--language"), ((f"{number}-{model}.onnx", made(model, rng)),))


@cache
def _content(model: str) -> bytes:
    return shipped(model).read_bytes()


def _with_grams(model: str, rng: np.random.Generator) -> bytes:
    """A model whose n-gram has hostile counts, or is no such text."""
    counts = [["2", "27", "x", "\x03", "\x02"], [3, 2, 1, 1, 4]]
    changed = to_json(mutate_json(counts, rng))
    if rng.random() < 0.3:
        changed = changed.replace(b"3", str(rng.choice(["1" + "0" * 400, "Infinity", "NaN", "9" * 5000])).encode())
    packed = base64.b85encode(zlib.compress(changed))
    return embed_text(_content(model), KEY, (mutate(packed, rng) if rng.random() < 0.2 else packed).decode("latin-1"))


def _with_labels(model: str, rng: np.random.Generator) -> bytes:
    """A model whose labels are no characters, or more than one."""
    card = json.loads(read_card(shipped(model)).to_json())
    card["labels"][int(rng.integers(len(card["labels"])))] = str(rng.choice(["", "ab", "\U0010ffff", "\x1b[2J", "\n"]))
    return embed_text(_content(model), CARD_KEY, json.dumps(card))


def _table(table: bytes, rng: np.random.Generator) -> bytes:
    """A table with a hostile cell, or with bytes changed."""
    if rng.random() < 0.4:
        return mutate(table, rng)
    rows = [line.split(b",") for line in table.split(b"\n")]
    row = rows[int(rng.integers(len(rows)))] if rng.random() < 0.8 else rows[0]
    row[int(rng.integers(len(row)))] = _one(CELLS, rng).encode()
    return b"\n".join(b",".join(row) for row in rows)


def _lines_of_json(rng: np.random.Generator) -> bytes:
    rows: list[Callable[[], bytes]] = [
        lambda: to_json(mutate_json({"file": "line.png", "label": "7", "group": "a"}, rng)),
        lambda: b"[" * 100_000,
        lambda: b'{"file": ' + b"9" * 5000 + b"}",
        lambda: to_json({"file": "line.png", "label": "7"}),
    ]
    return b"\n".join(rows[rng.integers(len(rows))]() for _ in range(3))
