"""Why a page was held to be in a hand, as one HTML page that loads nothing and says what it was made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from duktus.hands.identification.explanation import HandExplanation
from duktus.hands.identification.verbal_scale import verbal
from duktus.reporting.canvas import printable
from duktus.reporting.heat_map import PAGE_SIDE, draw_drops
from duktus.reporting.page import bullets, document, label, paragraph, percent, safe, section, table
from duktus.reporting.pictures import data_address, image_tag, overview, to_page
from duktus.types import Box, Identification, Ink, Verdict

WORD = 30.0
"""Text heights of contour of a word: colours show what so much ink is worth."""

LITTLE = 10.0
"""With less ink than this a mark's worth is mostly chance; its colour is made paler."""

STRONGEST = 0.95
"""Of all ink this share is coloured less than fully, so that one odd word does not pale all others."""

SHOWN = 8
"""Words that are shown of those that speak for the hand most, and of those that speak against it."""

MARGIN = 0.15
"""Ink around a word or form that is shown, as a share of its height."""


@dataclass(frozen=True)
class Provenance:
    """What an explanation was made from: names and what stands for each, and the limits of the answer.

    ``inputs`` are files with their hashes, ``parameters`` what could have been chosen otherwise, ``versions`` those of
    the software; ``reach`` says why no log10 ratio goes beyond what the calibration bears.
    """

    inputs: Mapping[str, str]
    parameters: Mapping[str, str]
    versions: Mapping[str, str]
    reach: str
    limits: tuple[str, ...]


def render_hand_explanation(explained: HandExplanation, provenance: Provenance, title: str) -> str:
    """Return the page as HTML text.

    Args:
        explained: what the page's words say.
        provenance: what it was made from.
        title: what the page is called.
    """
    found = explained.found
    body = [
        f'<p class="kicker">Duktus explains whose hand</p><h1>{safe(title)}</h1>',
        f'<p class="lead">{_answer(explained)}</p>',
        *_verdict(found, provenance, explained.against),
        section("The page", *_page(explained)),
    ]
    if explained.against:
        body += [_words(explained), section("The same forms", *_pairs(explained))]
    body.append(rests_on(provenance))
    return document(f"{title}: whose hand", body)


def densities(explained: HandExplanation) -> NDArray[np.float64]:
    """Return what a word's ink is worth in each of n words, (n,): log10, for a word of the usual length."""
    return np.asarray(WORD * explained.worths / np.maximum(explained.patches.amounts, LITTLE))


def draw_page(explained: HandExplanation) -> NDArray[np.uint8]:
    """Return the page (h, w, 3), reduced: ink that speaks for the best match blue, against it orange."""
    worths = densities(explained)
    strongest = _full(explained)
    drops = np.concatenate(([0.0], np.clip(worths / strongest, -1, 1))).astype(np.float32)
    scale = min(1.0, PAGE_SIDE / max(explained.ink.shape))
    size = tuple(max(1, round(side * scale)) for side in explained.ink.shape[::-1])
    ink = np.asarray(cv2.resize(explained.ink, size, interpolation=cv2.INTER_AREA), np.float32)
    owners = np.asarray(cv2.resize(explained.patches.owners, size, interpolation=cv2.INTER_NEAREST))
    return draw_drops(ink, drops[owners])


def _full(explained: HandExplanation) -> float:
    """Return from which worth on ink is coloured fully."""
    worths, amounts = np.abs(densities(explained)), explained.patches.amounts
    if not len(worths):
        return 1.0
    order = np.argsort(worths)
    total = np.cumsum(amounts[order])
    return max(1e-6, float(worths[order][np.searchsorted(total, STRONGEST * total[-1])]))


def _answer(explained: HandExplanation) -> str:
    """The answer in a sentence, as HTML."""
    found = explained.found
    if isinstance(found, Verdict):
        return safe(found.statement[:1].upper() + found.statement[1:]) + "."
    ink = f"{found.ink:,.0f} text heights of contour were written."
    if not found.matches:
        return "Nothing is written here." if found.reason == "blank" else f"{safe(found.reason.capitalize())}. {ink}"
    first = label(found.matches[0].label)
    if found.accepted:
        return f"In the hand of {first}. {ink}"
    return f"Not accepted: {safe(printable(found.reason, 200))}. The best match is {first}. {ink}"


def _verdict(found: Identification | Verdict, provenance: Provenance, against: str) -> Iterable[str]:
    """What was found, in figures: the ranking of known hands, or the likelihood ratio of two documents."""
    if isinstance(found, Verdict):
        yield section("The two documents", *_ratio(found, provenance, against))
    else:
        yield bullets(found.notes) if found.notes else ""
        yield section("The known hands", *_ranking(found, provenance)) if found.matches else ""


def _ratio(verdict: Verdict, provenance: Provenance, against: str) -> Iterable[str]:
    yield paragraph(
        (f"This page was compared with {printable(against, 200)}. " if against else "")
        + "The likelihood ratio says how much more probable the similarity of the two documents is if one hand wrote "
        "both than if two did. How probable it is that one hand wrote both also depends on what else is known."
    )
    if verdict.log10_lr is not None:
        yield _facts({"log10 likelihood ratio": f"{verdict.log10_lr:+.2f}", "Similarity": f"{verdict.score:.3f}"})
    kinds = ("of this page", "of the other document")
    yield _facts(
        {f"Ink {of}": f"{ink:,.0f} text heights of contour" for of, ink in zip(kinds, verdict.ink, strict=True)}
    )
    yield bullets(each for each in verdict.limits if each not in provenance.limits)


def _ranking(found: Identification, provenance: Provenance) -> tuple[str, str]:
    rows = [
        (
            str(match.rank),
            label(match.label),
            safe(verbal(match.log10_lr)),
            f"{match.score:.3f}",
            f"{match.log10_lr:+.2f}",
        )
        for match in found.matches
    ]
    how = (
        "The likelihood ratio says how much more probable the similarity is if this hand wrote the page than if "
        f"another did; log10. {provenance.reach} How probable a hand is also depends on what else is known."
    )
    return table(("", "hand", "in words", "similarity", "log10 LR"), rows, 2), paragraph(how)


def _page(explained: HandExplanation) -> Iterable[str]:
    size = 0.02 * max(explained.ink.shape)
    marks = []
    for number, pair in enumerate(explained.pairs, 1):
        x, y, w, h = pair.box
        marks.append(
            f'<rect x="{x}" y="{y}" width="{w}" height="{h}"/>'
            f'<text x="{x}" y="{max(size, y - 0.2 * size):g}">{number}</text>'
        )
    if explained.against:
        yield paragraph(_how(explained))
    title = "The page's ink, coloured by its evidence"
    yield overview(draw_page(explained), explained.ink.shape, "".join(marks), size, title)


def _how(explained: HandExplanation) -> str:
    worths, amounts = explained.worths, explained.patches.amounts
    speaking = int((worths > 0).sum())
    share = float(amounts[worths > 0].sum() / max(amounts.sum(), 1e-9))
    of = "the hand of " if isinstance(explained.found, Verdict) else ""
    return (
        f"The log10 ratio for {of}{printable(explained.against, 80)} is shared out among the words, by how "
        "much is written and by what changes when a word is left out. Blue ink speaks for that hand, orange ink "
        f"against it, grey ink says little. {speaking} of {len(worths)} words speak for it, with {percent(share)} of "
        f"their ink. Full colour stands for {_full(explained):.3f} or more in as much ink as a usual word has. All "
        "words together bear the ratio as it is before it is held within the calibration's bounds. Numbered frames "
        "are the forms shown below."
    )


def _words(explained: HandExplanation) -> str:
    """The words that speak most for the hand and most against it."""
    order = np.argsort(-explained.worths, kind="stable")
    most = [int(i) for i in order[:SHOWN] if explained.worths[i] > 0]
    least = [int(i) for i in order[::-1][:SHOWN] if explained.worths[i] < 0]
    parts = [
        f"<h3>{title}</h3>{_shown(explained, places)}"
        for title, places in (("For the hand", most), ("Against it", least))
        if places
    ]
    return section("The most telling words", *parts) if parts else ""


def _shown(explained: HandExplanation, places: Sequence[int]) -> str:
    listed = "".join(
        f"<li>{_image(cut(explained.ink, explained.patches.boxes[i]), 'a word of the page')}"
        f'<div class="quiet">{explained.worths[i]:+.3f}</div></li>'
        for i in places
    )
    return f'<ul class="forms">{listed}</ul>'


def _pairs(explained: HandExplanation) -> Iterable[str]:
    whose = "that the gallery keeps of the best match"
    if isinstance(explained.found, Verdict):
        whose = "of the other document, its longest pieces of writing"
    if not explained.pairs:
        yield paragraph(f"No form of the page is found again in the patches {whose}.")
        return
    yield paragraph(
        f"Forms of the page, at the left, that are found again in the patches {whose}, at the right, the most alike "
        "first, at equal height. The number is the correlation of their shapes. They are for the eye: the likelihood "
        "ratio does not rest on them."
    )
    cards = []
    for number, pair in enumerate(explained.pairs, 1):
        source = printable(explained.others[pair.document].source, 200)
        cards.append(
            f"<li>{_image(cut(explained.ink, pair.box, 0), f'form {number} on the page')}"
            f"{_image(pair.picture, f'the same in {source}')}"
            f'<div class="quiet">{number}: {pair.likeness:.2f}, {safe(source)}</div></li>'
        )
    yield f'<ol class="forms pairs">{"".join(cards)}</ol>'


def rests_on(provenance: Provenance) -> str:
    """Return all that an answer was made from, as a section of the page."""
    told = (("Inputs", provenance.inputs), ("Parameters", provenance.parameters), ("Versions", provenance.versions))
    parts = [f"<h3>{title}</h3>{_facts(facts)}" for title, facts in told]
    limits = f"<h3>Limits</h3>{bullets(provenance.limits)}" if provenance.limits else ""
    return section("What this rests on", *parts, limits)


def _facts(facts: Mapping[str, str]) -> str:
    rows = "".join(f"<dt>{safe(name)}</dt><dd>{safe(printable(value, 4096))}</dd>" for name, value in facts.items())
    return f'<dl class="facts">{rows}</dl>'


def cut(ink: Ink, box: Box, margin: float = MARGIN) -> Ink:
    """Return the ink in a box with some around it, as far as it lies on the page."""
    around = round(margin * box.h)
    top, left = max(0, box.y - around), max(0, box.x - around)
    return ink[top : box.y + box.h + around, left : box.x + box.w + around]


def _image(ink: Ink, words: str) -> str:
    return image_tag(data_address(to_page(ink, PAGE_SIDE)), words)
