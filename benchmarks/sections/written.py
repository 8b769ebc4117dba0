"""What a hand wrote: at least 0.90 of it found on composed pages, 98 % of rules and print left out, lines found."""

import time

import numpy as np

from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus.datasets.places import find_data
from duktus.reporting.intervals import Estimate
from duktus.written.evaluation.baselines import measure_baselines
from duktus.written.evaluation.composed import measure_composed
from duktus.written.page import read_page
from duktus.written.segmenter import Segmenter, open_segmenter
from duktus.written.training.composites import compose
from duktus.written.training.sources import open_sources, transcribed_pages
from duktus.written.truth import Composite

PAGES = 200
"""Composed pages that are measured."""

A4 = (3508, 2480)
"""A page at 300 dots per inch."""

TARGETS = {
    "handwriting, intersection over union": Target(0.9),
    "printed: share of its pixels left out": Target(0.98),
    "ruled: share of its pixels left out": Target(0.98),
    "text height within 15 %": Target(0.98),
    "nothing written: 'no handwriting'": Target(0.98),
}

NOTE = (
    "Composed pages are made of writers, documents and typefaces that trained nothing; their truth is exact. Lines "
    "are held against the baselines that people drew, one to one: half of the stretch shared, no more than half a "
    "line's distance apart. The volunteers are those with two sheets, and the wills a seventh of all: neither trained "
    "anything."
)


def run(setting: Setting) -> Outcome:
    """Measure composed pages, transcribed pages and the time of one page."""
    segmenter = open_segmenter("writing", threads=1)
    data = find_data("unipen").parent
    sources = open_sources(data, kept=True)
    count = setting.count(PAGES)
    pages = [compose((960, 720), sources, np.random.default_rng((1, 3, number))) for number in range(count)]
    figures = measure_composed(pages, segmenter, np.random.default_rng(0))
    rows = [Row(name, "share", each, target=TARGETS.get(name)) for name, each in figures.items()]
    kept = [page for page in transcribed_pages(data) if page.kept]
    for name, start, target in (("volunteers", "volunteer", 0.97), ("wills", "will", 0.9)):
        chosen = [(page.image, page.alto) for page in kept if page.writer.startswith(start)]
        chosen = chosen[: setting.count(len(chosen))]
        score, _ = measure_baselines(chosen, segmenter, np.random.default_rng(0))
        rows.append(Row(f"lines of {name}' pages, F1", "share", score, target=Target(target)))
    rows.append(Row("one A4 page at 300 dots", "seconds", _time(segmenter, pages), target=Target(0.3, at_least=False)))
    return Outcome(tuple(rows), (NOTE,))


def _time(segmenter: Segmenter, pages: list[Composite]) -> Estimate:
    """Return the processor time of a page of the size of A4, composed pages side by side and under each other."""
    rows = -(-A4[0] // pages[0].page.shape[0])
    tiles = [np.repeat(np.repeat(page.page, 2, 0), 2, 1) for page in pages[: max(1, min(len(pages), rows))]]
    sheet = np.tile(np.concatenate(tiles), (2, 2))[: A4[0], : A4[1]]
    taken = []
    for _ in range(7):
        began = time.process_time()
        read_page(sheet, segmenter)
        taken.append(time.process_time() - began)
    return Estimate(float(np.median(taken)), min(taken), max(taken), len(taken))
