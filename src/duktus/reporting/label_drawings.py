"""Labels as small drawings beside or in place of text, for scripts that the fonts of a reader's computer may lack."""

import re
from collections.abc import Mapping
from html import escape, unescape
from types import MappingProxyType
from typing import TypeAlias

from duktus.reporting.canvas import printable
from duktus.reporting.page import label, safe
from duktus.reporting.pictures import Picture, data_address, to_page

Drawings: TypeAlias = Mapping[str, Picture]
"""A picture of each label that has one."""

NONE: Drawings = MappingProxyType({})

SIDE = 48
"""Pixels of the longest side of a drawing: three times the height of a line of text, for dense screens."""

_COVERED = ((0x0000, 0x052F), (0x1E00, 0x20CF))
"""Latin, Greek and Cyrillic with their accents, punctuation and currency signs: every font of a system has these."""

_TEXT = re.compile(
    r'<text style="font-size: (?P<size>[\d.]+)px;(?P<style>[^"]*)" x="(?P<x>[-\d.]+)" y="(?P<y>[-\d.]+)"[^>]*>'
    r"(?P<text>[^<]*)</text>"
)
"""A text as matplotlib writes it into an SVG file, where it stands upright."""


def may_lack_font(text: str) -> bool:
    """Tell whether a label has letters that a font may lack.

    >>> may_lack_font("é"), may_lack_font("Ω7"), may_lack_font("ᚠ")
    (False, False, True)
    """
    return not all(any(low <= ord(letter) <= high for low, high in _COVERED) for letter in text)


def drawn_label(text: str, drawings: Drawings = NONE) -> str:
    """Return a label as HTML, its drawing beside the text where a font may lack the letter."""
    return label(text) + (f' <img class="sign" src="{_address(drawings[text])}" alt="">' if text in drawings else "")


def drawn_text(text: str, drawings: Drawings) -> str:
    """Return a text as HTML, every label in it that has a drawing followed by it."""
    parts = re.split(f"({'|'.join(map(re.escape, drawings))})", text) if drawings else [text]
    return "".join(drawn_label(part, drawings) if part in drawings else safe(part) for part in parts)


def draw_labels(svg: str, drawings: Drawings) -> str:
    """Return a plot in which the upright labels that have a drawing are that drawing in place of their text."""
    by_text = {printable(each): each for each in drawings}

    def replaced(found: re.Match[str]) -> str:
        name = by_text.get(unescape(found["text"]))
        if name is None:
            return found[0]
        size = 1.6 * float(found["size"])
        share = 0.5 if "text-anchor: middle" in found["style"] else 1.0 if "text-anchor: end" in found["style"] else 0.0
        x, y = float(found["x"]) - share * size, float(found["y"]) - 0.75 * size
        return (
            f'<image x="{x:.3f}" y="{y:.3f}" width="{size:.3f}" height="{size:.3f}" '
            f'href="{_address(drawings[name])}"><title>{escape(printable(name))}</title></image>'
        )

    return _TEXT.sub(replaced, svg) if drawings else svg


def _address(picture: Picture) -> str:
    return data_address(to_page(picture, SIDE))
