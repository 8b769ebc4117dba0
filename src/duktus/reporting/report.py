"""What every report has: figures with their intervals, on the page and in the terminal, and the frame of the page."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from duktus.reporting.files import METRICS
from duktus.reporting.intervals import Estimate
from duktus.reporting.page import bullets, document, interval, paragraph, percent, safe, section


@dataclass(frozen=True)
class Figure:
    """A figure of a report: its name, the estimate (None: not measured), a sentence on it.

    It is a share, or a cost in ``bits``.
    """

    name: str
    estimate: Estimate | None
    note: str = ""
    bits: bool = False

    @property
    def measured(self) -> bool:
        """Whether there are samples behind it."""
        return self.estimate is not None and self.estimate.n > 0

    @property
    def value(self) -> str:
        """The figure as text."""
        if self.estimate is None or math.isnan(self.estimate.value):
            return "–"
        return f"{self.estimate.value:.3f}" if self.bits else percent(self.estimate.value)

    @property
    def interval(self) -> str:
        """Its 95 % interval as text; empty where it was not measured."""
        if self.estimate is None:
            return ""
        if not self.bits:
            return interval(self.estimate)
        return " – ".join("–" if math.isnan(end) else f"{end:.3f}" for end in (self.estimate.low, self.estimate.high))


def head_figures(figures: Iterable[Figure]) -> str:
    """Return the large figures at the top of a page, as HTML; those that were not measured are left out."""
    shown = "".join(_head_figure(each, each.estimate) for each in figures if each.estimate is not None)
    return f'<dl class="figures">{shown}</dl>'


def figure_lines(
    rows: Sequence[Sequence[Figure]], others: Sequence[str] = (), last: tuple[str, str] | None = None
) -> list[str]:
    """Return figures as lines of plain text, aligned.

    Args:
        rows: a figure, and behind it the same figure of each of the ``others``.
        others: what the further figures of a row are of.
        last: a line more: what it says, and of what.
    """
    width = max((len(row[0].name) for row in rows), default=0)
    lines = []
    for (figure, *beside), estimate in ((row, row[0].estimate) for row in rows):
        around = f"({figure.interval}, n = {estimate.n:,})" if estimate else ""
        compared = "".join(f"; {name} {other.value}" for name, other in zip(others, beside, strict=True))
        lines.append(f"{figure.name:<{width}}  {figure.value:>8}  {around}{compared}")
    return [*lines, f"{last[0]:<{width}}  {last[1]}"] if last else lines


def render_report(
    titles: tuple[str, str, str],
    lead: str,
    body: Iterable[str],
    *,
    limits: Sequence[str],
    notes: Iterable[str],
) -> str:
    """Return a report as one HTML page that loads nothing from elsewhere.

    Args:
        titles: the kind of report, the name of what was measured, and the title of the page behind that name.
        lead: what it was measured on.
        body: the sections, HTML already.
        limits: sentences on what the figures do not show.
        notes: sentences on how the figures were obtained.
    """
    kind, name, title = titles
    parts = [
        f'<p class="kicker">{safe(kind)}</p><h1>{safe(name)}</h1><p class="lead">{safe(lead)}</p>',
        *body,
        section("Limits", bullets(limits) if limits else paragraph("No limits are stated.")),
        f"<footer>{bullets([*notes, f'All figures for programs: {METRICS}, beside this page.'])}</footer>",
    ]
    return document(f"{name}: {title}", parts)


def _head_figure(figure: Figure, estimate: Estimate) -> str:
    return (
        f'<div><dt>{safe(figure.name)}</dt><dd><div class="value">{figure.value}</div>'
        f'<div class="quiet">{figure.interval}<br>n = {estimate.n:,}. {safe(figure.note)}</div></dd></div>'
    )
