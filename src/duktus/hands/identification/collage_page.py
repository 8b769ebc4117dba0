"""What a network trained on writers makes of a document, patch by patch, as an HTML page that loads nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.collage import MOST, Seen, Twins, draw_collage, find_twins, on_paper
from duktus.hands.identification.explanation_page import Provenance, rests_on
from duktus.hands.identification.votes import first_writers
from duktus.reporting.canvas import printable
from duktus.reporting.page import bullets, document, label, paragraph, percent, safe, section, table
from duktus.reporting.pictures import data_address, image_tag
from duktus.types import Identification

SHOWN = 12
"""Patches that are shown of those that go to the answer's writer, of those that go to others, and of pairs."""

WRITERS = 8
"""Writers that are listed by the patches that go to them."""


@dataclass(frozen=True, eq=False)
class Voted:
    """A document, the patches that were cut from it, and the answer that these make together.

    ``labels`` are the network's writers, ``raw`` says that it sees the page in grey.
    """

    name: str
    seen: Seen
    found: Identification
    labels: tuple[str, ...]
    raw: bool = False


def render_collage(voted: Voted, provenance: Provenance, other: Voted | None = None) -> str:
    """Return the page as HTML text.

    Args:
        voted: the document.
        provenance: what the answer was made from.
        other: another document, whose patches are laid beside those that the same writer is given.
    """
    body = [
        f'<p class="kicker">Duktus explains whose hand</p><h1>{safe(voted.name)}</h1>',
        f'<p class="lead">{_answer(voted)}</p>',
        bullets(voted.found.notes) if voted.found.notes else "",
    ]
    if len(voted.seen.scores) and voted.found.matches:
        body += [
            section("The patches", *_patches(voted)),
            section("Writers that patches are attributed to", *_writers(voted)),
        ]
        body += [_side_by_side(voted, other)] if other else [_telling(voted)]
    body.append(rests_on(provenance))
    return document(f"{voted.name}: whose hand", body)


def twin_cards(twins: Sequence[Twins], labels: Sequence[str], *, raw: bool) -> str:
    """Return pairs of patches side by side, with the writer that both are given to, as HTML."""
    cards = []
    for pair in twins:
        whose = label(labels[pair.writer])
        pictures = (_picture(one, words, raw) for one, words in ((pair.one, "a patch"), (pair.other, "its like")))
        cards.append(f'<li>{"".join(pictures)}<div class="quiet">{whose}: {pair.chance:.2f}</div></li>')
    return f'<ul class="forms pairs">{"".join(cards)}</ul>'


def _answer(voted: Voted) -> str:
    found = voted.found
    if not found.matches:
        return "Nothing is written here." if found.reason == "blank" else f"{safe(found.reason.capitalize())}."
    first = f"{label(found.matches[0].label)}, with a probability of {percent(found.matches[0].score)}"
    if found.accepted:
        return f"In the hand of {first}."
    return f"Not accepted: {safe(printable(found.reason, 200))}. The best match is {first}."


def _best(voted: Voted) -> int:
    return voted.labels.index(voted.found.matches[0].label)


def _patches(voted: Voted) -> Iterable[str]:
    count = len(voted.seen.scores)
    more = f" The first {MOST} are shown." if count > MOST else ""
    whose = printable(voted.found.matches[0].label, 80)
    yield paragraph(
        f"{count:,} patches, line by line, as the network saw them. Those that it attributes to {whose} have a blue "
        f"frame, those that it attributes to other writers an orange one; the paler, the less sure it is.{more}"
    )
    collage = draw_collage(voted.seen, len(voted.labels), _best(voted), raw=voted.raw)
    yield f'<div class="scroll">{image_tag(data_address(collage), "the patches of the document")}</div>'


def _writers(voted: Voted) -> Iterable[str]:
    first, chances = first_writers(voted.seen.scores, len(voted.labels))
    counts = np.bincount(first, minlength=len(voted.labels))
    sums = np.bincount(first, chances, minlength=len(voted.labels))
    order = [int(i) for i in np.argsort(-counts, kind="stable")[:WRITERS] if counts[i]]
    rows = [
        (label(voted.labels[i]), percent(counts[i] / len(first)), f"{sums[i] / counts[i]:.2f}", f"{counts[i]:,}")
        for i in order
    ]
    yield table(("writer", "share of patches", "mean probability", "patches"), rows, 3)
    yield paragraph(
        "The answer does not count patches: their log probabilities are averaged, weighted by ink, so that many "
        "doubtful patches weigh less than a few certain ones."
    )


def _telling(voted: Voted) -> str:
    """The patches that go to the answer's writer most surely, and those that go to others most surely."""
    first, chances = first_writers(voted.seen.scores, len(voted.labels))
    order, best = np.argsort(-chances, kind="stable"), _best(voted)
    parts = []
    for title, places in (
        ("For the answer", [int(i) for i in order if first[i] == best]),
        ("For other writers", [int(i) for i in order if first[i] != best]),
    ):
        cards = "".join(
            f"<li>{_picture(voted.seen.patches[i], 'a patch', voted.raw)}"
            f'<div class="quiet">{label(voted.labels[first[i]])}: {chances[i]:.2f}</div></li>'
            for i in places[:SHOWN]
        )
        parts += [f'<h3>{title}</h3><ul class="forms">{cards}</ul>'] if cards else []
    return section("The most certain patches", *parts)


def _side_by_side(voted: Voted, other: Voted) -> str:
    twins = find_twins(voted.seen, other.seen, len(voted.labels), SHOWN)
    if not twins:
        none = "No patch of this document is attributed to a writer that one of the other document is attributed to."
        return section("Side by side", paragraph(none))
    told = paragraph(
        f"A patch of this document, at the left, and one of {printable(other.name, 200)}, at the right, that the "
        "network attributes to the same writer, the most certain first. The number is the smaller of their "
        "probabilities."
    )
    return section("Side by side", told, twin_cards(twins, voted.labels, raw=voted.raw))


def _picture(patch: NDArray[np.uint8], words: str, raw: bool) -> str:
    return image_tag(data_address(on_paper(patch, raw=raw)), words)
