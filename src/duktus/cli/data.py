"""``duktus data``: data sets from the network."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import Bar, UsageError, visible


def data(name: Annotated[str, Parameter(name="NAME")], /, *, to: Path | None = None) -> None:
    """Fetch a data set, or what is missing of it, and print where it lies; a cut download goes on where it stopped.

    Args:
        name: The data set: mnist.
        to: The folder to put it into; by default $DUKTUS_DATA/NAME, or the user's cache.
    """
    from duktus.datasets.download import DATASETS, Progress, download
    from duktus.datasets.places import places_of

    if name not in DATASETS:
        raise UsageError(f"expected a data set ({', '.join(DATASETS)}), received {name!r}.")
    folder = to or places_of(name)[0]
    with Bar("fetching") as bar:

        def report(progress: Progress) -> None:
            bar.show(progress.received_bytes, progress.total_bytes, progress.file)

        download(DATASETS[name], folder, report=report)
    print(visible(str(folder)))
