"""A transcriber trained on one's own lines, measured on those left out, beside the one that it started from."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from duktus.learning.task import Packed
from duktus.lines.evaluation.measure import LineFigures, LineMeasurement, count_errors
from duktus.lines.evaluation.report import write_line_report
from duktus.lines.reading.transcriber import Transcriber
from duktus.lines.training.data import TranscriberData
from duktus.models.card import Metric
from duktus.models.container import embed_card
from duktus.models.runtime import Session


def measured_on_own(packed: Packed, data: TranscriberData) -> Packed:
    """Return what was trained with its figures on the card, a report of the lines left out, and what it started from.

    Args:
        packed: content and card.
        data: holds the lines left out, and the transcriber that was started from.
    """
    source = packed.card.data[0].name
    figures = _figures(Session(embed_card(packed.content, packed.card)), data)
    card = replace(packed.card, metrics=to_metrics(figures, f"{source}, left out"))
    notes, advice = list[str](), list[str]()
    if data.start is not None:
        before = _figures(data.start.session, data)
        said = f"{data.start.session.card.name}, from which it started, has {100 * before.characters.value:.2f} %"
        notes.append(f"Character error rate on the same lines: {said}.")
        if before.characters.value <= figures.characters.value:
            advice.append(f"{said} of characters wrong on the lines left out: this training made it no better")
        else:
            advice.append(f"{said} of characters wrong on the lines left out")
    found = LineMeasurement(figures, (), tuple(notes))
    write = partial(_write, found, packed, source)
    return replace(packed, card=card, write_report=write, advice=(*packed.advice, *advice))


def to_metrics(figures: LineFigures, split: str) -> tuple[Metric, ...]:
    """Return the head figures as a card lists them."""
    named = {
        "character error rate": figures.characters,
        "word error rate": figures.words,
        "lines without an error": figures.exact,
        "lines accepted": figures.accepted,
    }
    return tuple(Metric(name, f.value, f.low, f.high, f.n, split) for name, f in named.items())


def _figures(session: Session, data: TranscriberData) -> LineFigures:
    answers = Transcriber(session).read([each.ink for each in data.held])
    return count_errors(list(zip(data.held, answers, strict=True)))


def _write(found: LineMeasurement, packed: Packed, source: str, folder: Path, end: str) -> Path:
    return write_line_report(found, packed.card, folder, source=source, end=end)
