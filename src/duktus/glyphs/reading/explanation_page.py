"""Why a page was read as it was, as one HTML page that loads nothing; labels are text, so any script is legible."""

from collections.abc import Sequence
from html import escape

import numpy as np

from duktus.glyphs.reading.explanation import Explained, Neighbour
from duktus.glyphs.reading.selection import BLANK
from duktus.glyphs.reading.stages import Stages
from duktus.reporting.canvas import printable
from duktus.reporting.heat_map import LEAST, PAGE_SIDE, draw_drops
from duktus.reporting.label_drawings import NONE, Drawings, drawn_label
from duktus.reporting.page import document, label, paragraph, percent, safe, section
from duktus.reporting.pictures import data_address, image_tag, overview, png_address, to_page
from duktus.types import Alternative

MOST = 60
"""Characters that are explained at most; the page says how many more there are."""


def render_explanation(explained: Sequence[Explained], stages: Stages, title: str, drawings: Drawings = NONE) -> str:
    """Return the page as HTML text.

    Args:
        explained: the first characters of a page, ``MOST`` at most.
        stages: of that page.
        title: what the page is called.
        drawings: of labels, which stand beside their text, for computers without a font of their script.
    """
    found = len(stages.characters)
    more = f" The first {len(explained)} are explained." if found > len(explained) else ""
    nothing = "Nothing is written here." if stages.reason == BLANK else f"No character is read: it {stages.reason}."
    lead = f"{found:,} character{'s' * (found != 1)} found.{more}" if found else nothing
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
    size = 0.025 * max(stages.page.shape[:2])
    marks = []
    for number, character in enumerate(stages.characters, 1):
        x, y, w, h = character.box
        kind = "good" if character.reading.accepted else "bad"
        marks.append(f'<rect class="{kind}" x="{x}" y="{y}" width="{w}" height="{h}"/>')
        if number <= explained:
            text, base = character.reading.text, max(size, y - 0.2 * size)
            name = escape(printable(text, 12))
            marks.append(f'<text class="{kind}" x="{x}" y="{base:g}">{name}</text>')
            if text in drawings:
                place = f'x="{x + size * 1.1:g}" y="{base - size:g}" width="{size:g}" height="{size:g}"'
                drawn = data_address(to_page(drawings[text]))
                marks.append(f'<image href="{drawn}" {place}><title>{name}</title></image>')
    picture = to_page(stages.page, PAGE_SIDE)
    return overview(picture, stages.page.shape, "".join(marks), size, "The page, with the characters found on it")


def _card(number: int, explained: Explained, drawings: Drawings) -> str:
    """One character: its glyph, the ink that decided, the answer and what else it may be, and the nearest examples."""
    reading, glyph = explained.character.reading, explained.character.glyph
    kind = "good" if reading.accepted else "bad"
    strongest = _strongest(explained.evidence.strongest)
    verdict = "accepted" if reading.accepted else f"not accepted: {printable(reading.reason, 80)}"
    return (
        f"<li>{image_tag(data_address(to_page(glyph)), f'character {number}', 'glyph')}"
        f"{image_tag(data_address(draw_drops(glyph, explained.evidence.drops)), 'the ink that decided', 'glyph')}"
        f'<div class="words"><div class="answer {kind}">{drawn_label(reading.text, drawings)}</div>'
        f'<div class="quiet">{percent(reading.confidence)}, {safe(verdict)}<br>{safe(strongest)}</div>'
        f"{_alternatives(reading.alternatives, drawings)}</div>{_neighbours(explained.neighbours)}</li>"
    )


def _strongest(most: float) -> str:
    """What the most telling patch is worth, in words."""
    if most < LEAST:
        return "No part of the ink decides alone."
    return f"Without its most telling part the answer is {np.exp(min(most, 20)):,.1f} times less likely."


def _alternatives(others: Sequence[Alternative], drawings: Drawings) -> str:
    listed = ", ".join(f"{drawn_label(other.text, drawings)} {percent(other.confidence)}" for other in others)
    return f'<div class="quiet">or {listed}</div>' if listed else ""


def _neighbours(neighbours: Sequence[Neighbour]) -> str:
    if not neighbours:
        return ""
    shown = "".join(map(_neighbour, neighbours))
    return f'<div class="nearest"><div class="quiet">most like these taught examples</div><ul>{shown}</ul></div>'


def _neighbour(one: Neighbour) -> str:
    picture = image_tag(png_address(one.picture), one.label, "glyph") if one.picture else ""
    words = f'<div>{label(one.label)} <span class="quiet">{one.likeness:.2f}</span></div>'
    return f'<li title="{escape(printable(one.source, 200))}">{picture}{words}</li>'
