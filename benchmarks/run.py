"""Measures Duktus beside the published recipe and other peers, and writes RESULTS.md.

    python -m benchmarks.run [--only SECTION …] [--data DIR] [--limit N] [--model FILE]

Results of every section are kept in results.json beside RESULTS.md, which is written anew from all of them after each
section, so that a run may be stopped and each section be run alone. Plots of what grows are drawn into docs/images.
"""

import argparse
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shlex import quote

from benchmarks.machine import describe_machine
from benchmarks.plots import draw_plots
from benchmarks.results import Outcome, Record, load_records, save_records
from benchmarks.sections import (
    accuracy,
    bulk,
    cells,
    closed,
    drawings,
    growth,
    hands,
    letters,
    lines,
    numbers,
    oneshot,
    pens,
    process,
    quick,
    rejection,
    robustness,
    runes,
    scripts,
    seeds,
    serve,
    sheets,
    size,
    taught,
    train,
    unseen,
    words,
    written,
)
from benchmarks.setting import ROOT, Setting
from benchmarks.table import render
from duktus.models.cores import available_cores
from duktus.types import DuktusError

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Section:
    """One part of the measurements; ``usual`` ones run where none is named."""

    name: str
    title: str
    run: Callable[[Setting], Outcome]
    usual: bool = True


SECTIONS = (
    Section("train", "The published recipe, trained here", train.run),
    Section("accuracy", "MNIST", accuracy.run),
    Section("seeds", "MNIST, several seeds", seeds.run, usual=False),
    Section("robustness", "MNIST, changed", robustness.run),
    Section("unseen", "Sources never trained on, simulated", unseen.run),
    Section("written", "What a hand wrote", written.run, usual=False),
    Section("cells", "Cells of a clinic's logbook", cells.run),
    Section("numbers", "Numbers read whole", numbers.run, usual=False),
    Section("lines", "Lines and pages", lines.run, usual=False),
    Section("pens", "Pens that trained nothing", pens.run, usual=False),
    Section("rejection", "What is no digit", rejection.run),
    Section("process", "One picture, the whole process", process.run),
    Section("bulk", "Many pictures", bulk.run),
    Section("quick", "A quick training", quick.run),
    Section("runes", "24 runes, trained from 12 drawers", runes.run, usual=False),
    Section("drawings", "As training data grow", drawings.run),
    Section("growth", "As the work grows", growth.run),
    Section("size", "The base install", size.run),
    Section("letters", "Letters of an alphabet that the encoder never saw", letters.run),
    Section("oneshot", "Omniglot's one-shot runs", oneshot.run, usual=False),
    Section("taught", "Taught letters, timed", taught.run),
    Section("hands", "Whose hand, on a set that the encoder never saw", hands.run, usual=False),
    Section("sheets", "Whose hand, on people's own sheets", sheets.run, usual=False),
    Section("words", "Whose hand, by five words", words.run, usual=False),
    Section("closed", "Whose hand, of the writers trained on", closed.run, usual=False),
    Section("serve", "The server under load", serve.run, usual=False),
    Section("scripts", "Whose hand, in other scripts", scripts.run, usual=False),
)
"""In the order in which they run and stand in the report; the first leaves the peer's network to the others."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the requested sections; return 1 where one could not be measured."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    if options.data:
        os.environ["DUKTUS_DATA"] = str(options.data.resolve())
    setting = Setting(
        model=_model(options.model, "digits"),
        encoder=_model(options.encoder, "glyph-encoder"),
        hands=_model(options.hands, "hand-encoder"),
        limit=options.limit,
        pairs=options.pairs,
        workers=options.workers or available_cores(),
        runs=options.runs,
        trained=tuple(options.trained),
    )
    chosen = [section for section in SECTIONS if section.name in options.only or (not options.only and section.usual)]
    images = options.images or (ROOT / "docs" / "images" if options.out == HERE else options.out)
    return run_sections(chosen, setting, options.out, _extra(options), images)


def run_sections(
    sections: Sequence[Section], setting: Setting, out: Path, extra: str = "", images: Path | None = None
) -> int:
    """Run sections one after the other and write what is known after each.

    Args:
        sections: in the order to run them.
        setting: of the run.
        out: folder for results.json and RESULTS.md.
        extra: the rest of the command that gives the same figures again.
        images: folder for the plots; ``out`` if not given.

    Returns:
        0, or 1 where a section could not be measured: the reason is reported, its earlier record stays.
    """
    failed = 0
    for section in sections:
        setting.report(f"== {section.name}: {section.title}")
        try:
            record = _measure(section, setting, f"python -m benchmarks.run --only {section.name}{extra}")
        except DuktusError as error:
            setting.report(f"{section.name}: not measured. {error}")
            failed = 1
            continue
        write(out, section.name, record)
        draw_plots({section.name: record}, images or out)
        setting.report(f"== {section.name}: {record.seconds:.0f} s")
    return failed


def write(out: Path, name: str, record: Record) -> None:
    """Add a record to those of earlier runs, and write the report from all."""
    records = {**load_records(out / "results.json"), name: record}
    known = [section.name for section in SECTIONS]
    ordered = dict(sorted(records.items(), key=lambda item: known.index(item[0]) if item[0] in known else len(known)))
    out.mkdir(parents=True, exist_ok=True)
    save_records(out / "results.json", ordered)
    (out / "RESULTS.md").write_text(render(ordered), encoding="utf-8")


def _measure(section: Section, setting: Setting, command: str) -> Record:
    start = time.perf_counter()
    outcome = section.run(setting)
    seconds = round(time.perf_counter() - start, 1)
    return Record(section.title, outcome, command, date.today().isoformat(), seconds, describe_machine())


def _model(named: str, shipped: str) -> str:
    """Return a model's name, or the path of its file as it is from any folder."""
    return named if named == shipped else str(Path(named).resolve())


def _extra(options: argparse.Namespace) -> str:
    """Return the options that change figures; where the data lie does not, nor does the name of a local file."""
    words = [f" --limit {options.limit}"] if options.limit is not None else []
    words += [f" --pairs {options.pairs}"] if options.pairs is not None else []
    words += [f" --model {quote(Path(options.model).name)}"] if options.model != "digits" else []
    words += [f" --encoder {quote(Path(options.encoder).name)}"] if options.encoder != "glyph-encoder" else []
    words += [f" --hands {quote(Path(options.hands).name)}"] if options.hands != "hand-encoder" else []
    return "".join(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure Duktus beside its peers.")
    names = [section.name for section in SECTIONS]
    add = parser.add_argument
    add("--only", nargs="+", default=[], choices=names, metavar="SECTION", help=f"of {', '.join(names)}")
    add("--data", type=Path, help="folder with mnist/, omniglot/, meza/, iam/, dhsd/; by default $DUKTUS_DATA")
    add("--limit", type=int, help="most pictures of each set")
    add("--model", default="digits", help="name or path of the model to measure")
    add("--encoder", default="glyph-encoder", help="name or path of the encoder to measure")
    add("--hands", default="hand-encoder", help="name or path of the encoder of hands to measure")
    add("--trained", nargs="+", default=[], metavar="FILE", help="models of several seeds, for the section seeds")
    add("--runs", type=Path, default=ROOT / "runs", help="folder where the peer's network is kept")
    add("--pairs", type=int, help="timed runs of each side")
    add("--workers", type=int, help="processes that read where nothing is timed; by default one a core")
    add("--images", type=Path, help="folder for the plots; by default docs/images, or that of --out")
    add("--out", type=Path, default=HERE, help="folder for results.json and RESULTS.md")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
