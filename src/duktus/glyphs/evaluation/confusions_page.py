"""The report's sections on letters: what is taken for what, side by side, and which letters deserve more examples."""

from collections.abc import Sequence
from html import escape

from duktus.glyphs.evaluation.confusions import Confusion, Wanted
from duktus.reporting.canvas import printable
from duktus.reporting.page import label, paragraph, percent, safe, section, table
from duktus.reporting.pictures import Pictures, data_address, find_picture, to_page

MOST_WANTED = 60
"""Labels that the page lists."""

NAMED = 5
"""Labels that the terminal's lines name."""


def confusions_section(confusions: Sequence[Confusion], pictures: Pictures | None) -> str:
    """The pairs that are confused as a table, each with a picture of either label and the misread ones between."""
    if not confusions:
        return section("What is confused most", paragraph("No letter was taken for another."))
    how = (
        "The most frequent first. At the left a letter that was read right, at the right the one that it is taken for, "
        "read right as well; between them the pictures that were misread, the surest first."
    )
    heads = ("shown", "", "misread", "", "read as", "of those shown", "times")
    rows = [_row(each, pictures) for each in confusions]
    return section("What is confused most", paragraph(how), table(heads, rows, 2))


def wanted_section(wanted: Sequence[Wanted]) -> str:
    """Which letters deserve more examples, the neediest first, and why."""
    title = "Which letters deserve more examples"
    if not wanted:
        return section(title, paragraph("None: no letter was misread, and none has too few examples."))
    how = (
        "The neediest first: by the share of wrong answers about a letter, which counts the more, the fewer examples "
        "the letter was taught by."
    )
    cut = f" The first {MOST_WANTED} of {len(wanted)} are listed." if len(wanted) > MOST_WANTED else ""
    rows = [(label(each.label), *_reasons(each)) for each in wanted[:MOST_WANTED]]
    return section(title, paragraph(how + cut), table(("letter", "because"), rows, 0))


def wanted_lines(wanted: Sequence[Wanted]) -> list[str]:
    """Return the neediest letters as lines of plain text, none where there are none."""
    lines = [f"{printable(each.label)}  ({', '.join(map(printable, each.reasons))})" for each in wanted[:NAMED]]
    more = [f"and {len(wanted) - NAMED:,} more"] if len(wanted) > NAMED else []
    return ["deserve more examples", *(f"  {line}" for line in (*lines, *more))] if lines else []


def _reasons(wanted: Wanted) -> tuple[str]:
    return (f"<bdi>{safe(', '.join(printable(reason) for reason in wanted.reasons))}</bdi>",)


def _row(confusion: Confusion, pictures: Pictures | None) -> tuple[str, ...]:
    shown, answered = confusion.shown, confusion.answered
    examples = "".join(_picture(index, f"{shown} → {answered}", pictures) for index in confusion.examples)
    return (
        label(shown),
        _picture(confusion.typical[0], shown, pictures),
        f'<span class="misread">{examples}</span>',
        _picture(confusion.typical[1], answered, pictures),
        label(answered),
        percent(confusion.share),
        f"{confusion.count:,}",
    )


def _picture(index: int | None, words: str, pictures: Pictures | None) -> str:
    picture = None if index is None else find_picture(pictures, index)
    if picture is None:
        return ""
    return f'<img class="letter" src="{data_address(to_page(picture))}" alt="{escape(printable(words))}">'
