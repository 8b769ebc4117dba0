"""``duktus data`` and ``duktus doctor``: data sets fetched, and what is installed on this computer."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import Bar, complain, print_columns, visible
from duktus.datasets.places import DATA_VARIABLE
from duktus.door.data import fetch
from duktus.door.installation import Extra, inspect_installation


def data(name: Annotated[str, Parameter(name="NAME")], /, *, to: Path | None = None) -> None:
    """Download a data set, or what is missing of it, and print where it lies.

    A download that was interrupted goes on where it stopped.

    Args:
        name: The data set: mnist.
        to: The folder to put it into; by default $DUKTUS_DATA/NAME, or the user's cache.
    """
    with Bar("fetching") as bar:
        print(visible(str(fetch(name, to=to, progress=bar.show))))


def doctor() -> int:
    """Say what is installed: versions, cores and instructions, extras, models, and where data is looked for."""
    found = inspect_installation()
    quick = ", ".join(found.instructions) or "no fast ones"
    rows = [
        ("duktus", found.version),
        ("Python", found.python),
        ("system", found.system),
        ("cores", f"{found.cores} of {found.of} may be used; instructions: {quick}"),
        *((_title(extra), _told(extra)) for extra in found.extras),
        *((f"model {name}", f"{size / 1e6:.1f} MB") for name, size in found.models.items()),
        ("data", ", ".join(map(str, found.data)) + f" (or set {DATA_VARIABLE})"),
    ]
    print_columns(rows)
    if not found.sound:
        complain("the installation is incomplete; install it again: pip install --force-reinstall duktus")
    return 0 if found.sound else 1


def _title(extra: Extra) -> str:
    return "base" if extra.name == "base" else f"extra {extra.name}"


def _told(extra: Extra) -> str:
    missing = [name for name, version in extra.packages.items() if version is None]
    if missing:
        return f"without {', '.join(missing)}; pip install 'duktus[{extra.name}]'"
    return ", ".join(f"{name} {version}" for name, version in extra.packages.items())
