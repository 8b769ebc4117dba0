"""Pieces of HTML by which results show themselves in notebooks: escaped, without outside resources, light and dark.

Notebooks have themes of their own, which no media query knows: text keeps the notebook's colour, everything else is
translucent or stands on its own ground.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from html import escape

GOOD, BAD = "#3f87bd", "#d0602f"
"""Blue and vermilion stay apart in every common colour blindness, and on light and dark grounds."""

_QUIET = "opacity:.65;font-size:12px"


def safe(text: str, most: int = 200) -> str:
    r"""Escape a text for HTML: no control characters, at most ``most`` characters, "∅" where it is empty.

    >>> safe("<4>\ud800"), safe("abcdef", 4)
    ('&lt;4&gt;�', 'abc…')
    """
    shown = re.sub("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "\ufffd", text)
    return escape(shown if len(shown) <= most else shown[: most - 1] + "…") or "∅"


def label(text: str, size: int = 14, colour: str = "") -> str:
    """Return a label, isolated so that its writing direction stays its own."""
    paint = f";color:{colour}" if colour else ""
    return f'<bdi style="font-size:{size}px;font-weight:600{paint}">{safe(text, 40)}</bdi>'


def statement(text: str) -> str:
    """Return a sentence in bold."""
    return f'<b style="font-size:16px">{safe(text, 400)}</b>'


def quiet(markup: str) -> str:
    """Return HTML in small faint letters."""
    return f'<span style="{_QUIET}">{markup}</span>'


def address(image: bytes) -> str:
    """Return a PNG or JPEG file as an address that carries the picture itself."""
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(image).decode('ascii')}"


def picture(image: bytes, words: str, height: int = 48) -> str:
    """Return a picture at a height in pixels, on white; nothing where there is none."""
    if not image:
        return ""
    style = f"height:{height}px;max-width:{3 * height}px;object-fit:contain;background:#fff;border-radius:3px"
    frame = "border:1px solid rgba(128,128,128,.4)"
    return f'<img src="{address(image)}" alt="{safe(words)}" style="{style};{frame};margin:0">'


def bar(share: float, colour: str = GOOD, width: int = 90) -> str:
    """Return a bar that is filled by a share in [0, 1]."""
    filled = round(100 * min(max(share, 0.0), 1.0))
    box = f"display:inline-block;width:{width}px;height:8px;border-radius:4px;vertical-align:middle"
    return (
        f'<span style="{box};background:rgba(128,128,128,.22)"><span style="display:block;width:{filled}%;height:8px;'
        f'border-radius:4px;background:{colour}"></span></span>'
    )


def scale(value: float | None, low: float, high: float, width: int = 260) -> str:
    """Return a line from ``low`` to ``high`` with a tick at 0 and a dot at ``value``."""

    def place(at: float) -> float:
        return 8 + (width - 16) * (min(max(at, low), high) - low) / (high - low)

    zero = place(0.0)
    dot = (
        "" if value is None else f'<circle cx="{place(value):.1f}" cy="10" r="5" fill="{GOOD if value > 0 else BAD}"/>'
    )
    line = 'stroke="currentColor" stroke-opacity=".45"'
    size = f'width="{width}" height="20" viewBox="0 0 {width} 20" style="vertical-align:middle" role="img"'
    return (
        f'<svg {size}><line x1="8" x2="{width - 8}" y1="10" y2="10" {line}/>'
        f'<line x1="{zero:.1f}" x2="{zero:.1f}" y1="4" y2="16" {line}/>{dot}</svg>'
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are HTML already."""
    cell = 'style="text-align:left;padding:2px 10px 2px 0;border:0;background:none"'
    head = "".join(f"<th {cell}>{quiet(safe(name)) if name else ''}</th>" for name in heads)
    body = "".join(
        '<tr style="background:none">' + "".join(f"<td {cell}>{each}</td>" for each in row) + "</tr>" for row in rows
    )
    return f'<table style="border-collapse:collapse;border:0;margin:4px 0"><tr>{head}</tr>{body}</table>'


def card(*parts: str) -> str:
    """Return parts, one below the other, as one block."""
    style = "font-family:system-ui,sans-serif;font-size:14px;line-height:1.5;max-width:760px"
    return f'<div style="{style}">{"".join(f"<div>{part}</div>" for part in parts if part)}</div>'


def row(parts: Iterable[str]) -> str:
    """Return parts side by side, as many lines as it takes."""
    return f'<div style="display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start">{"".join(parts)}</div>'
