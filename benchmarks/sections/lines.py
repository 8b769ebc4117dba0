"""Lines and pages read by ``lines``: volunteers, wills, registers, envelopes, IAM; error rates of characters."""

import math
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.results import Outcome, Row, Target
from benchmarks.setting import Setting
from duktus import open_model
from duktus.datasets.lines.labelled import LabelledLine, find_lines
from duktus.datasets.lines.transcribed import TranscribedLine, read_lines
from duktus.datasets.places import find_data
from duktus.datasets.split import choose_evenly
from duktus.lines.evaluation.edits import distance, plain_text
from duktus.lines.evaluation.measure import LineFigures, LineMeasurement, measure_lines
from duktus.lines.reading.options import Decoding
from duktus.lines.reading.transcriber import Transcriber
from duktus.lines.training.language import of_their_own
from duktus.lines.training.transcribed import STRUCK, further_pages
from duktus.models.file import open_model_file
from duktus.reporting.intervals import Estimate, bootstrap, mean_share
from duktus.types import Readings
from duktus.written.segmenter import open_segmenter
from duktus.written.training.sources import Transcribed, is_kept, transcribed_pages

MODEL = "lines"

TITLES = {
    "volunteer": ("French volunteers", 0.08),
    "new": ("French volunteers, text that trained nothing", None),
    "will": ("wills, 1914 to 1918", None),
    "stanford_memorials": ("American letters, 1905", None),
    "cremma_mss_18": ("French manuscripts, 18th century", None),
    "cremma_mss_19": ("French manuscripts, 19th century", None),
    "cremma_mss_20": ("French manuscripts, 20th century", None),
    "peraire": ("a traveller's notebooks", None),
    "lectaurep_repertoires": ("registers of notaries", None),
    "timeus": ("registers of a labour court", None),
    "dhsd": ("German streets and places", 0.05),
    "iam": ("IAM, sentences", 0.15),
}
"""What each collection is called, and the error rate of characters that is aimed at."""

SAID = Decoding(language=True)

BY_LANGUAGE = {"volunteer": 0.07, "new": None, "dhsd": None, "iam": None}
"""Collections that are read by the model's n-gram as well, and the error rate that is aimed at."""

MOST_IAM = 800
"""Pieces of IAM that are read where no limit is given; it trained nothing."""

MARKS = str.maketrans("", "", "><^")
"""Marks of transcribers around what is crossed out or raised."""

NOTE = (
    "Greedy, unless the n-gram is named; it counted no text that stands in what is read here. Of the sets that `lines` "
    "learnt from, writers and documents are read that trained nothing, which are also those that the weights were "
    "chosen by; IAM trained nothing. Lines with words crossed out or raised are left out. Lines are cut by outlines "
    "that people drew; whole pages are read from the image alone, and their text is compared in the order given."
)


def run(setting: Setting) -> Outcome:
    """Measure each collection, and whole pages of volunteers.

    Raises:
        DataError: a set is missing.
    """
    data = find_data("copiste").parent
    transcriber = Transcriber(open_model_file(MODEL, setting.workers))
    segmenter = open_segmenter("writing", threads=setting.workers)
    rows: list[Row] = []
    for name, lines in _collections(data).items():
        limit = setting.limit or (MOST_IAM if name == "iam" else None)
        figures = measure_lines(transcriber, lines, segmenter, limit=limit).figures
        rows += _rows(*TITLES[name], figures)
        if name in BY_LANGUAGE:
            rows.append(_by_language(name, measure_lines(transcriber, lines, segmenter, decoding=SAID, limit=limit)))
    return Outcome((*rows, *_pages(data, setting)), (NOTE,))


def _by_language(name: str, found: LineMeasurement) -> Row:
    aim = BY_LANGUAGE[name]
    target = None if aim is None else Target(aim, at_least=False)
    return Row(f"{TITLES[name][0]}, by the n-gram: characters wrong", "share", found.figures.characters, target=target)


def _rows(name: str, target: float | None, figures: LineFigures) -> list[Row]:
    aim = None if target is None else Target(target, at_least=False)
    return [
        Row(f"{name}: characters wrong", "share", figures.characters, target=aim),
        Row(f"{name}: words wrong", "share", figures.words),
        Row(f"{name}: lines accepted", "share", figures.accepted),
        Row(f"{name}: of these without an error", "share", figures.sure if figures.sure.n else None),
    ]


def _collections(data: Path) -> dict[str, list[LabelledLine]]:
    """Return the lines of writers and documents that trained nothing, by collection."""
    found: dict[str, list[LabelledLine]] = {}
    learnt: list[str] = []
    for page in (*transcribed_pages(data), *further_pages(data)):
        if page.kept:
            found.setdefault(page.writer.split()[0], []).extend(_lines_of(page))
        else:
            learnt += [plain_text(line.text) for line in read_lines(page.alto, page.image)]
    volunteers = found.get("volunteer", [])
    new = set(of_their_own([plain_text(line.text) for line in volunteers], learnt))
    found["new"] = [line for line in volunteers if plain_text(line.text) in new]
    found["dhsd"] = [line for line in find_lines(data / "dhsd") if is_kept(f"dhsd{line.group}")]
    found["iam"] = find_lines(data / "iam")
    return {name: found[name] for name in TITLES if found.get(name)}


def _lines_of(page: Transcribed) -> list[LabelledLine]:
    return [
        LabelledLine(page.image, line.text, page.writer, line)
        for line in read_lines(page.alto, page.image)
        if plain_text(line.text) and len(line.polygon) > 2 and not STRUCK & set(line.text)
    ]


def _pages(data: Path, setting: Setting) -> list[Row]:
    """Read whole sheets of volunteers, and time them."""
    sheets = [page for page in transcribed_pages(data) if page.kept and page.whole]
    sheets = [sheets[i] for i in choose_evenly(len(sheets), setting.limit)]
    model = open_model(MODEL, threads=setting.workers)
    counts, taus = list[tuple[int, int]](), list[float]()
    began = time.perf_counter()
    for sheet, readings in zip(sheets, model.read_many([sheet.image for sheet in sheets], layout="page"), strict=True):
        lines = read_lines(sheet.alto, sheet.image)
        truth = _plain(line.text for line in lines)
        read = _plain(readings.text.splitlines()) if isinstance(readings, Readings) else ""
        counts.append((distance(truth, read), len(truth)))
        if isinstance(readings, Readings):
            taus.append(_in_order(lines, readings))
    seconds = (time.perf_counter() - began) / max(1, len(sheets))
    each = Estimate(seconds, seconds, seconds, len(sheets))
    name, wrong, slow = "whole sheets of volunteers", Target(0.10, at_least=False), Target(1.5, at_least=False)
    order = mean_share([tau for tau in taus if not math.isnan(tau)])
    return [
        Row(f"{name}: characters wrong", "share", _rate(counts), target=wrong),
        Row(f"{name}: order of lines, Kendall's tau", "share", order),
        Row(f"{name}, by all cores", "seconds", each, target=slow),
    ]


def _in_order(lines: Sequence[TranscribedLine], readings: Readings) -> float:
    """Return Kendall's tau (1938) of the order in which lines were read, against that in which they are given."""
    middles = np.array([line.baseline.mean(axis=0) for line in lines])
    places = [
        int(np.hypot(*(middles - np.array(reading.baseline).mean(axis=0)).T).argmin())
        for reading in readings
        if reading.baseline
    ]
    first = np.array(list(dict.fromkeys(places)))
    turned = int(np.triu(first[:, None] > first[None, :]).sum())
    return 1 - 4 * turned / (len(first) * (len(first) - 1)) if len(first) > 1 else float("nan")


def _plain(texts: Iterable[str]) -> str:
    lines = (plain_text(text.translate(MARKS)) for text in texts)
    return " ".join(line for line in lines if line)


def _rate(counts: Sequence[tuple[int, int]]) -> Estimate:
    """Return errors over what stands there, with an interval over pages."""

    def rate(chosen: NDArray[np.intp]) -> float:
        wrong, length = np.array(counts)[chosen].sum(axis=0)
        return float(wrong / max(1, length))

    return bootstrap(rate, len(counts), rng=np.random.default_rng(0))
