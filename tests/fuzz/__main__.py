"""``make fuzz``: campaigns of hostile inputs, seeded, for as many minutes as wanted."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from math import ceil, inf
from pathlib import Path
from types import MappingProxyType

from tests.fuzz.archives import gallery_cases
from tests.fuzz.bombs import bomb_cases
from tests.fuzz.campaign import Generator, Report, run_campaign, summary
from tests.fuzz.commands import command_cases
from tests.fuzz.companions import companion_cases
from tests.fuzz.networks import model_cases
from tests.fuzz.pictures import picture_cases, stroke_cases

CAMPAIGNS: Mapping[str, Generator] = MappingProxyType(
    {
        "pictures": picture_cases,
        "strokes": stroke_cases,
        "models": model_cases,
        "galleries": gallery_cases,
        "commands": command_cases,
        "companions": companion_cases,
        "bombs": bomb_cases,
    }
)


def fuzz(name: str, seconds: float, seed: int, keep: Path, count: float = inf) -> Report:
    """Run one campaign in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        work = Path(folder) / "work"  # its parent is as empty, for commands that are given ".."
        work.mkdir()
        generate, kept = CAMPAIGNS[name], keep / name
        return run_campaign(name, generate, seed=seed, seconds=seconds, folder=work, keep=kept, count=count)


def main() -> int:
    """Run the campaigns that are named, or all, and print what each found."""
    parser = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    parser.add_argument(
        "--minutes", type=float, help="of all campaigns together; 6, or with --count as long as it takes"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=sorted(CAMPAIGNS), default=list(CAMPAIGNS))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where what fails is kept")
    parser.add_argument("--count", type=int, help="distinct inputs of all campaigns together, as 30000")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="campaigns that run at a time")
    chosen = parser.parse_args()
    minutes = chosen.minutes or (inf if chosen.count else 6.0)
    jobs = max(1, min(chosen.jobs, len(chosen.only)))
    seconds = 60 * minutes * jobs / len(chosen.only)
    endless = max(1, len([name for name in chosen.only if name != "bombs"]))  # each bomb is tried once
    count = ceil(chosen.count / endless) if chosen.count else inf
    with ThreadPoolExecutor(jobs) as runners:
        started = [runners.submit(fuzz, name, seconds, chosen.seed, chosen.keep, count) for name in chosen.only]
        reports = []
        for running in started:
            reports.append(running.result())
            print(reports[-1], flush=True)
    print(summary(reports), flush=True)
    return 1 if any(report.failures for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
