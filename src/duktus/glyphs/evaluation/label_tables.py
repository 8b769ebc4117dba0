"""The report's tables about labels: confused pairs, labels that need more examples, all labels, mistakes."""

from collections.abc import Sequence

from duktus.glyphs.evaluation.confusions import Confusion, Wanted
from duktus.glyphs.evaluation.metrics import ClassFigures, Mistake
from duktus.reporting.canvas import printable
from duktus.reporting.label_drawings import NONE, Drawings, drawn_label, drawn_text
from duktus.reporting.page import paragraph, percent, section, share, table
from duktus.reporting.pictures import Pictures, data_address, find_picture, image_tag, to_page

MOST_WANTED = 60
"""Labels that the page lists."""

NAMED = 5
"""Labels that the terminal's lines name."""

SMALL = 64
"""Pictures with no longer side are enlarged pixel by pixel, so that the network's input is visible as it is."""


def confusions_section(confusions: Sequence[Confusion], pictures: Pictures | None, drawings: Drawings = NONE) -> str:
    """The confused pairs as a table, each with a picture of either label and the misread ones between."""
    if not confusions:
        return section("Most confused labels", paragraph("No label was confused with another."))
    how = (
        "The most frequent pairs first. Left: the shown label, read right; right: the label it is confused with, read "
        "right; between them the misread pictures, the most confident first."
    )
    heads = ("shown", "", "misread", "", "read as", "of those shown", "times")
    rows = [_confusion(each, pictures, drawings) for each in confusions]
    return section("Most confused labels", paragraph(how), table(heads, rows, 2))


def wanted_section(wanted: Sequence[Wanted], drawings: Drawings = NONE) -> str:
    """Which labels need more examples, the neediest first, and why."""
    title = "Labels that need more examples"
    if not wanted:
        return section(title, paragraph("None: no label was misread, and none has too few examples."))
    how = (
        "The neediest first: by the share of wrong answers that involve a label, weighted more the fewer examples it "
        "was taught from."
    )
    cut = f" The first {MOST_WANTED} of {len(wanted)} are listed." if len(wanted) > MOST_WANTED else ""
    rows = [
        (drawn_label(each.label, drawings), f"<bdi>{drawn_text(_reasons(each), drawings)}</bdi>")
        for each in wanted[:MOST_WANTED]
    ]
    return section(title, paragraph(how + cut), table(("label", "reasons"), rows, 0))


def wanted_lines(wanted: Sequence[Wanted]) -> list[str]:
    """Return the neediest labels as lines of plain text, none where there are none."""
    lines = [f"{printable(each.label)}  ({_reasons(each)})" for each in wanted[:NAMED]]
    more = [f"and {len(wanted) - NAMED:,} more"] if len(wanted) > NAMED else []
    return ["need more examples", *(f"  {line}" for line in (*lines, *more))] if lines else []


def class_table(classes: Sequence[ClassFigures], drawings: Drawings = NONE) -> str:
    """Precision, recall and F1 of every label."""
    rows = [
        (drawn_label(f.label, drawings), f"{f.recall.n:,}", share(f.precision), share(f.recall), percent(f.f1))
        for f in classes
    ]
    return table(("label", "shown", "precision", "recall", "F1"), rows, 4)


def mistakes(found: Sequence[Mistake], pictures: Pictures | None, drawings: Drawings = NONE) -> str:
    """Pictures of wrong answers with truth, answer and confidence beneath each."""
    return f'<ol class="mistakes">{"".join(_mistake(mistake, pictures, drawings) for mistake in found)}</ol>'


def _reasons(wanted: Wanted) -> str:
    return ", ".join(map(printable, wanted.reasons))


def _confusion(confusion: Confusion, pictures: Pictures | None, drawings: Drawings) -> tuple[str, ...]:
    shown, answered = confusion.shown, confusion.answered
    examples = "".join(_image(index, f"{shown} → {answered}", pictures, "letter") for index in confusion.examples)
    left, right = (
        "" if index is None else _image(index, name, pictures, "letter")
        for index, name in zip(confusion.typical, (shown, answered), strict=True)
    )
    labels = drawn_label(shown, drawings), drawn_label(answered, drawings)
    misread = f'<span class="misread">{examples}</span>'
    return labels[0], left, misread, right, labels[1], percent(confusion.share), f"{confusion.count:,}"


def _mistake(mistake: Mistake, pictures: Pictures | None, drawings: Drawings) -> str:
    truth = "no character" if mistake.truth is None else mistake.truth
    image = _image(mistake.index, f"{truth} → {mistake.answer}", pictures)
    image = image or ('<div class="none"></div>' if pictures is not None else "")
    shown = "" if mistake.truth is None else f"<u>{drawn_label(mistake.truth, drawings)}</u> → "
    refused = "" if mistake.accepted else ", refused"
    return (
        f'<li>{image}<div class="answer">{shown}<i>{drawn_label(mistake.answer, drawings)}</i></div>'
        f'<div class="quiet">{percent(mistake.confidence)}{refused}<br>sample {mistake.index}</div></li>'
    )


def _image(index: int, words: str, pictures: Pictures | None, kind: str = "") -> str:
    """A sample's picture; of no kind, ``small`` or ``large`` by its size. Empty where there is none."""
    picture = find_picture(pictures, index)
    if picture is None:
        return ""
    page = to_page(picture)
    kind = kind or ("small" if max(page.shape[:2]) <= SMALL else "large")
    return image_tag(data_address(page), words, kind)
