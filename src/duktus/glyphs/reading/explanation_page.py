"""Why a page was read as it was, as one HTML page that loads nothing; labels are text, so any script is legible."""

import base64
from collections.abc import Sequence
from html import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.glyphs.reading.explanation import Explained, Neighbour
from duktus.glyphs.reading.stages import NO_DRAWINGS, Drawings, Stages
from duktus.imaging.files.png import encode_png
from duktus.reporting.canvas import printable
from duktus.reporting.heat_map import LEAST, PAGE_SIDE, draw_drops
from duktus.reporting.page import document, label, paragraph, percent, safe, section
from duktus.reporting.pictures import data_address
from duktus.types import Alternative, Page

MOST = 60
"""Characters that are explained at most; the page says how many more there are."""


def render_explanation(
    explained: Sequence[Explained], stages: Stages, title: str, drawings: Drawings = NO_DRAWINGS
) -> str:
    """Return the page as HTML text.

    Args:
        explained: the first characters of a page, ``MOST`` at most.
        stages: of that page.
        title: what the page is called.
        drawings: of labels, which stand beside those that are not ASCII, for computers without a font of their script.
    """
    found = len(stages.characters)
    more = f" The first {len(explained)} are explained." if found > len(explained) else ""
    lead = f"{found:,} character{'s' * (found != 1)} found.{more}" if found else "Nothing is written here."
    body = [
        f'<p class="kicker">Duktus explains</p><h1>{safe(title)}</h1><p class="lead">{safe(lead)}</p>',
        section("The page", _overview(stages, len(explained), drawings)),
    ]
    if explained:
        how = (
            "At the left what the network sees of a character. Beside it the same ink, coloured by what the answer "
            "loses when that ink is rubbed out: blue ink speaks for the answer, orange ink against it, grey ink "
            "matters little. Ink that is missing may matter as well, and is not shown."
        )
        cards = "".join(_card(number, each, drawings) for number, each in enumerate(explained, 1))
        body.append(section("Character by character", paragraph(how), f'<ol class="explained">{cards}</ol>'))
    return document(f"{title}: explained", body)


def _overview(stages: Stages, explained: int, drawings: Drawings) -> str:
    """The page with a numbered frame round each character and its answer above."""
    picture = _reduced(stages.page)
    rows, columns = stages.page.shape[:2]
    size = 0.025 * max(rows, columns)
    marks = []
    for number, character in enumerate(stages.characters, 1):
        x, y, w, h = character.box
        kind = "good" if character.reading.accepted else "bad"
        marks.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{w}" height="{h}"/>')
        if number <= explained:
            text, base = character.reading.text, max(size, y - 0.2 * size)
            name = escape(printable(text, 12))
            marks.append(f'<text class="{kind}" x="{x}" y="{base:g}">{name}</text>')
            if drawn := _drawing(text, drawings):
                place = f'x="{x + size * 1.1:g}" y="{base - size:g}" width="{size:g}" height="{size:g}"'
                marks.append(f'<image href="{_address(drawn)}" {place}><title>{name}</title></image>')
    return (
        f'<svg class="overview" viewBox="0 0 {columns} {rows}" font-size="{size:g}" role="img">'
        f"<title>The page, with what was found on it</title>"
        f'<image href="{data_address(picture)}" width="{columns}" height="{rows}"/>{"".join(marks)}</svg>'
    )


def _reduced(page: Page) -> Page:
    scale = PAGE_SIDE / max(page.shape[:2])
    if scale >= 1:
        return page
    size = max(1, round(page.shape[1] * scale)), max(1, round(page.shape[0] * scale))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)


def _card(number: int, explained: Explained, drawings: Drawings) -> str:
    """One character: its glyph, the ink that decided, the answer and what else it may be, and the nearest examples."""
    reading, glyph = explained.character.reading, explained.character.glyph
    seen: NDArray[np.uint8] = np.rint(255 - 255 * np.clip(glyph, 0, 1)).astype(np.uint8)
    kind = "good" if reading.accepted else "bad"
    strongest = _strongest(explained.evidence.strongest)
    told = "accepted" if reading.accepted else f"not accepted: {printable(reading.reason, 80)}"
    return (
        f"<li>{_image(encode_png(seen), f'character {number}')}"
        f"{_image(encode_png(draw_drops(glyph, explained.evidence.drops)), 'the ink that decided')}"
        f'<div class="words"><div class="answer {kind}">{_label(reading.text, drawings)}</div>'
        f'<div class="quiet">{percent(reading.confidence)}, {safe(told)}<br>{safe(strongest)}</div>'
        f"{_alternatives(reading.alternatives, drawings)}</div>{_neighbours(explained.neighbours)}</li>"
    )


def _strongest(most: float) -> str:
    """What the most telling patch is worth, in words."""
    if most < LEAST:
        return "No part of the ink decides alone."
    return f"Without its most telling part the answer is {np.exp(min(most, 20)):,.1f} times less likely."


def _alternatives(others: Sequence[Alternative], drawings: Drawings) -> str:
    listed = ", ".join(f"{_label(other.text, drawings)} {percent(other.confidence)}" for other in others)
    return f'<div class="quiet">or {listed}</div>' if listed else ""


def _neighbours(neighbours: Sequence[Neighbour]) -> str:
    if not neighbours:
        return ""
    shown = "".join(
        f'<li title="{escape(printable(one.source, 200))}">{_image(one.picture, one.label) if one.picture else ""}'
        f'<div>{label(one.label)} <span class="quiet">{one.likeness:.2f}</span></div></li>'
        for one in neighbours
    )
    return f'<div class="nearest"><div class="quiet">most like these taught examples</div><ul>{shown}</ul></div>'


def _image(png: bytes, words: str) -> str:
    return f'<img class="glyph" src="{_address(png)}" alt="{escape(printable(words))}">'


def _address(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def _drawing(text: str, drawings: Drawings) -> bytes:
    return b"" if text.isascii() else drawings.get(text, b"")


def _label(text: str, drawings: Drawings) -> str:
    """A label as text, and beside it a drawing where the reader's computer may have no font for it."""
    drawn = _drawing(text, drawings)
    beside = f'<img class="label" src="{_address(drawn)}" alt="" style="height:1.3em;vertical-align:-0.3em">'
    return f"{label(text)} {beside}" if drawn else label(text)
