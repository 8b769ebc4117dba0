"""``make fuzz``: campaigns of hostile inputs, seeded, for as many minutes as wanted."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from math import inf
from pathlib import Path
from types import MappingProxyType

from tests.fuzz.archives import gallery_cases
from tests.fuzz.bombs import bomb_cases
from tests.fuzz.campaign import Generator, Report, run_campaign
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
    parser.add_argument("--minutes", type=float, default=6.0, help="of all campaigns together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", choices=sorted(CAMPAIGNS), default=list(CAMPAIGNS))
    parser.add_argument("--keep", type=Path, default=Path("fuzz-failures"), help="where what fails is kept")
    parser.add_argument("--count", type=float, default=inf, help="distinct inputs of a campaign, if it has the time")
    chosen = parser.parse_args()
    failures = 0
    for name in chosen.only:
        report = fuzz(name, 60 * chosen.minutes / len(chosen.only), chosen.seed, chosen.keep, chosen.count)
        print(report, flush=True)
        failures += len(report.failures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
