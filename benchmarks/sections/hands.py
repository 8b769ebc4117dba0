"""Whose hand, on IAM, which the encoder never saw: a form enrolled, some lines, strangers, pairs; and a page timed."""

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from benchmarks.hands import check_set_unseen, draw_a4, first_of_page, random_examples
from benchmarks.results import Outcome, Row, Scale, Target
from benchmarks.setting import PAIRS, Setting
from benchmarks.timing import median
from duktus.datasets.labelled import LabelledImages, load_labelled
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.gallery.sqlite import SqliteGallery
from duktus.hands.evaluation.documents import EncodedPages, encode_pages
from duktus.hands.evaluation.figures import HandFigures
from duktus.hands.evaluation.measure import measure_amounts, measure_controls, measure_hand
from duktus.hands.identification.reader import HandReader
from duktus.models.card import Card
from duktus.models.container import embed_card
from duktus.models.file import open_model_file
from duktus.models.runtime import Session
from duktus.reporting.intervals import Estimate

SET = "iam"
FORMS, LINES = "form", "line"
TOP_1, TOP_5 = "named right, one enrolled", "among the first five"
FOUND, MISNAMED, REFUSED = "known, accepted and named right", "known, accepted and named wrong", "unknown, refused"
PRECISION, EQUAL_ERROR, COST = "retrieval, mAP", "pairs, equal error rate", "pairs, Cllr"

TARGETS = {
    (FORMS, TOP_1): Target(0.99),
    (FORMS, TOP_5): Target(0.998),
    (FORMS, PRECISION): Target(0.92),
    (FORMS, EQUAL_ERROR): Target(0.04, at_least=False),
    (FORMS, COST): Target(0.20, at_least=False),
    (LINES, TOP_1): Target(0.80),
}

PIECES = 2
"""Lines of each form that are taken, its first: as one writer's forms are many, more would only take longer."""

HEIGHT = 42.0
"""Pixels of the text's height where all is brought to one, as the words of DHSD were for the fit."""

WRITERS, SECONDS = 1000, 1.0

PARTS = 8
"""Parts of an enrolled page, each with a vector of its own beside the page's."""

NOTE = (
    "IAM's sentence pieces by the 50 writers with the most forms; the encoder was fitted to {fitted} and its ratios "
    "calibrated without them. A form is all its pieces, seen by the functions that serve. One form (or line) a writer"
    " is enrolled and all of the writers' other forms are asked, mean over 20 draws. Where writers may be unknown, "
    "half of them are, and answers are accepted as they are served; the controls accept so many that as many strangers "
    "pass. So many lines by so many are of up to four forms of each writer who has forms with the most. Retrieval "
    "leaves one out and ranks by likeness; the pairs' ratios are those of the encoder's card ({split}), bounded as "
    "they are served. Intervals are over writers. Lines are the first two pieces of each form, {scanty} of them with "
    "too little ink for an answer and in no figure, as {scanty_forms} forms. IAM was scanned at 300 dots per inch, "
    "for which a scan is taken whose file tells nothing, and so a hand's size is its own; where a row says so, it was "
    "taken from it. The peers are what the paper alone, or the pen's tone and width alone, would have answered to the "
    "same questions; IAM's greys were reduced to save room, which takes something from both."
)
TIMED = (
    "The page is by the project's pen, A4 at 300 dots per inch, read from its file on the disk; the process is up "
    "and has read the gallery, whose 1,000 writers have random vectors. One run warms up."
)


def run(setting: Setting) -> Outcome:
    """Measure both kinds of documents with their controls, and time one page.

    Raises:
        DataError: the encoder saw the set, or the set is missing.
    """
    session = open_model_file(setting.hands)
    check_set_unseen(session.card, SET)
    every = load_labelled(find_data(SET))
    every = every.subset(choose_evenly(len(every), setting.limit))
    rows: list[Row] = []
    seen = {}
    for kind, images in ((FORMS, every), (LINES, first_of_page(every, PIECES))):
        setting.report(f"{len(images):,} images, by {kind}")
        seen[kind] = encode_pages(session, images, apart=kind == LINES)
        rows += _measured(kind, session, images, seen[kind], setting)
    rows += _at_one_height(session, every)
    seconds = _seconds(session, setting)
    rows.append(
        Row(
            f"one A4 page at 300 dots per inch, among {WRITERS:,} writers",
            "seconds",
            median(seconds),
            target=Target(SECONDS, at_least=False),
            headline=True,
        )
    )
    return Outcome((*rows, *_carried(session.card)), (_note(session.card, seen), TIMED), {"seconds": seconds})


def _at_one_height(session: Session, images: LabelledImages) -> Iterator[Row]:
    """Yield the figures of forms whose text was brought to one height, whatever the hand's size."""
    card = session.card
    assert card.preprocessing.contours, "an encoder of hands has them"
    contours = replace(card.preprocessing.contours, lowest=HEIGHT, highest=HEIGHT)
    even = replace(card, preprocessing=replace(card.preprocessing, contours=contours))
    seen = encode_pages(Session(embed_card(session.content, even)), images)
    found = figures_of(measure_hand(FORMS, even, seen, *seen.names(images)))
    for what in (TOP_1, TOP_5, PRECISION, EQUAL_ERROR):
        if what in found:
            scale, ours = found[what]
            yield Row(f"IAM, forms: {what}; all text brought to {HEIGHT:.0f} pixels", scale, ours)


def figures_of(found: HandFigures) -> dict[str, tuple[Scale, Estimate]]:
    """Return the figures that have rows."""
    figures: dict[str, tuple[Scale, Estimate]] = {
        TOP_1: ("share", found.closed.top1),
        TOP_5: ("share", found.closed.top5),
    }
    if found.retrieval:
        figures[PRECISION] = "share", found.retrieval.mean_average_precision
    if found.open_set and found.open_set.at:
        at = found.open_set.at
        figures |= {FOUND: ("share", at.found), MISNAMED: ("error", at.misnamed), REFUSED: ("share", at.refused)}
    if found.verification:
        figures[EQUAL_ERROR] = "error", found.verification.equal_error
        figures[COST] = "bits", found.verification.cost
    for each in found.amounts.at if found.amounts else ():
        lines = f"{each.pieces} line{'s' * (each.pieces > 1)}"
        figures[f"named right, {lines} by {lines}"] = "share", each.top1
    return figures


def _measured(kind: str, session: Session, images: LabelledImages, seen: EncodedPages, setting: Setting) -> list[Row]:
    """Return the rows of one kind of document; behind each its controls'."""
    writers, pages = seen.names(images)
    found = measure_hand(kind, session.card, seen, writers, pages)
    paper, tone = measure_controls(images, seen, beside=found)
    # A form's pieces are taken together in all numbers; single lines are one number.
    every = measure_amounts(session, images, seen, (found, paper, tone)) if kind == FORMS else (found, paper, tone)
    hand, *controls = ((each.name, figures_of(each)) for each in every)
    setting.report(", ".join(f"{what} {value.value:.4f}" for what, (_, value) in hand[1].items()))
    rows = []
    for what, (scale, ours) in hand[1].items():
        target = TARGETS.get((kind, what))
        rows.append(Row(f"IAM, {kind}s: {what}", scale, ours, target=target, headline=target is not None))
        rows += [
            Row(f"IAM, {kind}s: {what}, {name}", scale, None, figures[what][1])
            for name, figures in controls
            if what in figures
        ]
    return rows


def _carried(card: Card) -> list[Row]:
    """Return what the card says of writers that each fold of its own sets held out."""
    note = f"As the encoder's card has it, measured where it was fitted ({card.created}): writers held out by turns."
    return [
        Row(
            f"DHSD, {each.name}",
            "error" if "error" in each.name else "share",
            Estimate(each.value, each.low, each.high, each.n),
            note=note,
        )
        for each in card.metrics
    ]


def _seconds(session: Session, setting: Setting) -> list[float]:
    """Return the seconds of identifying one page again and again."""
    reader = HandReader(session)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.png"
        Image.fromarray(draw_a4(1)).save(page, dpi=(300, 300))
        with SqliteGallery.create(Path(folder) / "hands.db", reader.encoder) as gallery:
            gallery.add(random_examples(WRITERS, reader.encoder.dimension, PARTS + 1, WRITERS))
            known = reader.known(gallery)
        seconds = []
        for _ in range(1 + (setting.pairs or PAIRS)):
            start = time.perf_counter()
            reader.identify(reader.look_at(page), known)
            seconds.append(time.perf_counter() - start)
    return seconds[1:]


def _note(card: Card, seen: dict[str, EncodedPages]) -> str:
    fitted = ", ".join(source.name for source in card.data)
    split = card.likelihood.split if card.likelihood else "nothing"
    return NOTE.format(fitted=fitted, split=split, scanty=seen[LINES].scanty, scanty_forms=seen[FORMS].scanty)
