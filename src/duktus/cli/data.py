"""``duktus data``: data sets from the network."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import Bar, visible
from duktus.door.data import fetch


def data(name: Annotated[str, Parameter(name="NAME")], /, *, to: Path | None = None) -> None:
    """Download a data set, or what is missing of it, and print where it lies.

    A download that was interrupted goes on where it stopped.

    Args:
        name: The data set: mnist.
        to: The folder to put it into; by default $DUKTUS_DATA/NAME, or the user's cache.
    """
    with Bar("fetching") as bar:
        print(visible(str(fetch(name, to=to, progress=bar.show))))
