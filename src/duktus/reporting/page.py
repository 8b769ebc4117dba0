"""The pieces of the report's page: strings of HTML in which every text from outside is escaped."""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from duktus.glyphs.evaluation.metrics import ClassFigures, Mistake
from duktus.models.card import Card, DataSource, Metric
from duktus.reporting.canvas import printable
from duktus.reporting.intervals import Estimate
from duktus.reporting.pictures import Pictures, data_address, find_picture, to_page

SMALL = 64
"""Pictures with no longer side are enlarged pixel by pixel, so that what the network saw is seen."""

MOST_LABELS = 120
"""Labels that the card's facts list."""


def safe(text: str) -> str:
    r"""Escape a text of any length and content for HTML.

    >>> safe("<4> & \ud800")
    '&lt;4&gt; &amp; �'
    """
    return escape(re.sub("[\x00\ud800-\udfff]", "\ufffd", text))


def label(text: str) -> str:
    """A label as HTML: printable, isolated so that its writing direction stays its own; a rare letter bears its name.

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


def bits(value: float) -> str:
    """A cost in bits as text.

    >>> bits(0.2034), bits(float("nan"))
    ('0.203', '–')
    """
    return "–" if math.isnan(value) else f"{value:.3f}"


def bits_interval(estimate: Estimate) -> str:
    """The 95 % interval of a cost as text.

    >>> bits_interval(Estimate(0.2, 0.15, 0.25, 12))
    '0.150 – 0.250'
    """
    return f"{bits(estimate.low)} – {bits(estimate.high)}"


def head_figure(name: str, estimate: Estimate, note: str, *, cost: bool = False) -> str:
    """One of the large figures at the top: a share, or a ``cost`` in bits."""
    value, reach = (
        (bits(estimate.value), bits_interval(estimate)) if cost else (percent(estimate.value), interval(estimate))
    )
    return (
        f'<div><dt>{safe(name)}</dt><dd><div class="value">{value}</div>'
        f'<div class="quiet">{reach}<br>n = {estimate.n:,}. {safe(note)}</div></dd></div>'
    )


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


def class_table(classes: Sequence[ClassFigures]) -> str:
    """Precision, recall and F1 of every label."""
    rows = [(label(f.label), f"{f.recall.n:,}", _share(f.precision), _share(f.recall), percent(f.f1)) for f in classes]
    return table(("label", "shown", "precision", "recall", "F1"), rows, 4)


def mistakes(found: Sequence[Mistake], pictures: Pictures | None) -> str:
    """Pictures of wrong answers with truth, answer and confidence beneath each."""
    return f'<ol class="mistakes">{"".join(_mistake(mistake, pictures) for mistake in found)}</ol>'


def facts(card: Card) -> str:
    """What a card says of its model, in full."""
    rows = "".join(f"<dt>{safe(name)}</dt><dd>{value}</dd>" for name, value in _facts(card))
    recipe = f"<details><summary>The recipe</summary><pre>{safe(card.training.recipe)}</pre></details>"
    return "".join(
        [
            f'<dl class="facts">{rows}</dl>',
            "<h3>Made from</h3>" + _sources(card.data) if card.data else "",
            "<h3>Figures that the card carries</h3>" + _metrics(card.metrics) if card.metrics else "",
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


def _share(estimate: Estimate) -> str:
    return f"{percent(estimate.value)} <small>({interval(estimate)})</small>"


def _mistake(mistake: Mistake, pictures: Pictures | None) -> str:
    picture = find_picture(pictures, mistake.index)
    truth = "no character" if mistake.truth is None else printable(mistake.truth)
    words = f"{truth} → {printable(mistake.answer)}"
    image = '<div class="none"></div>' if pictures is not None else ""
    if picture is not None:
        page = to_page(picture)
        kind = "small" if max(page.shape[:2]) <= SMALL else "large"
        image = f'<img class="{kind}" src="{data_address(page)}" alt="{escape(words)}">'
    shown = "" if mistake.truth is None else f"<u>{label(mistake.truth)}</u> → "
    refused = "" if mistake.accepted else ", refused"
    return (
        f'<li>{image}<div class="answer">{shown}<i>{label(mistake.answer)}</i></div>'
        f'<div class="quiet">{percent(mistake.confidence)}{refused}<br>sample {mistake.index}</div></li>'
    )


def _facts(card: Card) -> list[tuple[str, str]]:
    more = f" and {len(card.labels) - MOST_LABELS} more" if len(card.labels) > MOST_LABELS else ""
    training, calibration = card.training, card.calibration
    glyph, patches = card.preprocessing.glyph, card.preprocessing.patches
    high, wide = (glyph.height, glyph.width) if glyph else patches.shape if patches else (0, 0)
    shown = [
        ("Task", safe(card.task)),
        (f"{len(card.labels)} labels", " ".join(map(label, card.labels[:MOST_LABELS])) + more),
        ("“No character”", "has an output of its own" if card.other else "is told by the confidence alone"),
        ("Sees", f"{wide} × {high} pixels" if wide else ""),
        ("Temperature", f"{calibration.temperature:.4g}" if calibration else "not calibrated"),
        ("Threshold", f"{calibration.threshold:.4g}, set on {safe(calibration.split)}" if calibration else "none"),
        ("Trained", f"{training.epochs} epochs in {_duration(training.seconds)}, seed {training.seed}"),
        ("Made with", safe(", ".join(f"{name} {version}" for name, version in sorted(training.versions.items())))),
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
        return _share(Estimate(metric.value, metric.low, metric.high, metric.n))
    return f"{metric.value:.5g} <small>({metric.low:.5g} – {metric.high:.5g})</small>"


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min" if minutes else f"{seconds:.0f} s"
