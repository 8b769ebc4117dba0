"""The pieces of a report's page: strings of HTML in which every text from outside is escaped."""

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from html import escape
from importlib import resources

from duktus.models.card import Card, DataSource, Metric
from duktus.reporting.canvas import printable
from duktus.reporting.intervals import Estimate

MOST_LABELS = 120
"""Labels that the card's facts list."""


def safe(text: str) -> str:
    r"""Escape a text of any length and content for HTML.

    >>> safe("<4> & \ud800")
    '&lt;4&gt; &amp; �'
    """
    return escape(re.sub("[\x00\ud800-\udfff]", "\ufffd", text))


def label(text: str) -> str:
    """A label as HTML: printable, its writing direction isolated; a letter outside ASCII has its name as title.

    >>> label("7"), label("ᚠ")
    ('<bdi>7</bdi>', '<bdi title="RUNIC LETTER FEHU FEOH FE F">ᚠ</bdi>')
    """
    # Where the reader's computer has no font for its script, the name still says which letter it is.
    named = "" if text.isascii() or len(text) > 1 else unicodedata.name(text, "")
    return f"<bdi{f' title={chr(34)}{escape(named)}{chr(34)}' if named else ''}>{escape(printable(text))}</bdi>"


def percent(share: float) -> str:
    """A share as text.

    >>> percent(0.9975), percent(float("nan"))
    ('99.75 %', '–')
    """
    return "–" if math.isnan(share) else f"{100 * share:.2f} %"


def interval(estimate: Estimate) -> str:
    """The 95 % interval of a share as text.

    >>> interval(Estimate(0.5, 0.25, 0.75, 12))
    '25.00 – 75.00 %'
    """
    unknown = math.isnan(estimate.low) or math.isnan(estimate.high)
    return "no interval" if unknown else f"{100 * estimate.low:.2f} – {100 * estimate.high:.2f} %"


def plot(svg: str, title: str, how: str) -> str:
    """A plot with its title and a sentence on how to read it."""
    return f"<figure>{svg}<figcaption><b>{safe(title)}</b>{_text(how)}</figcaption></figure>"


def section(title: str, *parts: str) -> str:
    """A section of the page."""
    return f"<section><h2>{safe(title)}</h2>{''.join(parts)}</section>"


def paragraph(text: str) -> str:
    """A paragraph of plain text."""
    return f"<p>{_text(text)}</p>"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: int) -> str:
    """A table of cells that are HTML already; the last ``numbers`` columns stand right."""
    kinds = [' class="number"' if i >= len(heads) - numbers else "" for i in range(len(heads))]
    head = "".join(f"<th{kind}>{safe(name)}</th>" for kind, name in zip(kinds, heads, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def facts(card: Card, show: Callable[[str], str] = label) -> str:
    """All facts on a model's card, as HTML; ``show`` makes HTML of a label."""
    rows = "".join(f"<dt>{safe(name)}</dt><dd>{value}</dd>" for name, value in _facts(card, show))
    recipe = f"<details><summary>The recipe</summary><pre>{safe(card.training.recipe)}</pre></details>"
    return "".join(
        [
            f'<dl class="facts">{rows}</dl>',
            "<h3>Training data</h3>" + _sources(card.data) if card.data else "",
            "<h3>Figures on the card</h3>" + _metrics(card.metrics) if card.metrics else "",
            recipe if card.training.recipe else "",
        ]
    )


def document(title: str, body: Iterable[str]) -> str:
    """A whole page, its style within it."""
    style = resources.files("duktus.reporting").joinpath("report.css").read_text(encoding="utf-8")
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{safe(title)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def bullets(texts: Iterable[str]) -> str:
    """A list of plain texts."""
    return f"<ul>{''.join(f'<li>{safe(text)}</li>' for text in texts)}</ul>"


def _text(text: str) -> str:
    return safe(text).replace(" %", "&nbsp;%")


def share(estimate: Estimate) -> str:
    """A share with its 95 % interval, as HTML."""
    return f"{percent(estimate.value)} <small>({interval(estimate)})</small>"


def _facts(card: Card, show: Callable[[str], str]) -> list[tuple[str, str]]:
    more = f" and {len(card.labels) - MOST_LABELS} more" if len(card.labels) > MOST_LABELS else ""
    training, calibration = card.training, card.calibration
    glyph, patches = card.preprocessing.glyph, card.preprocessing.patches
    high, wide = (glyph.height, glyph.width) if glyph else patches.shape if patches else (0, 0)
    shown = [
        ("Task", safe(card.task)),
        (f"{len(card.labels)} labels", " ".join(map(show, card.labels[:MOST_LABELS])) + more),
        ("Out-of-alphabet", "an output of its own" if card.other else "by the confidence alone"),
        ("Input", f"{wide} × {high} pixels" if wide else ""),
        ("Temperature", f"{calibration.temperature:.4g}" if calibration else "not calibrated"),
        ("Threshold", f"{calibration.threshold:.4g}, set on {safe(calibration.split)}" if calibration else "none"),
        ("Trained", f"{training.epochs} epochs in {_duration(training.seconds)}, seed {training.seed}"),
        ("Versions", safe(", ".join(f"{name} {version}" for name, version in sorted(training.versions.items())))),
        ("Created", safe(card.created)),
        ("Credits", "<br>".join(map(safe, card.attribution))),
    ]
    return [(name, value) for name, value in shown if value]


def _sources(sources: Sequence[DataSource]) -> str:
    rows = [
        (safe(s.name), safe(s.split), safe(s.licence), f"<code>{safe(s.fingerprint[:12])}</code>", f"{s.n:,}")
        for s in sources
    ]
    return table(("data", "split", "licence", "fingerprint", "samples"), rows, 1)


def _metrics(metrics: Sequence[Metric]) -> str:
    rows = [(safe(m.name), safe(m.split), _figure(m), f"{m.n:,}") for m in metrics]
    return table(("figure", "measured on", "value", "n"), rows, 2)


def _figure(metric: Metric) -> str:
    if 0 <= metric.low <= metric.high <= 1:
        return share(Estimate(metric.value, metric.low, metric.high, metric.n))
    return f"{metric.value:.5g} <small>({metric.low:.5g} – {metric.high:.5g})</small>"


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds:.0f} s"
