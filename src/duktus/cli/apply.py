"""``duktus apply``: corrections of a review into the table of readings."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from duktus.cli.terminal import complain, counted
from duktus.door.corrections import apply as apply_corrections


def apply(
    review: Annotated[Path, Parameter(name="REVIEW")],
    table: Annotated[Path, Parameter(name="TABLE")],
    /,
    *,
    out: Path | None = None,
) -> int:
    """Write the corrections of a review back into the table of readings.

    Args:
        review: The table that 'duktus read --review' made of lines or cells, its column 'label' filled in.
        table: The table of 'duktus read --format csv'.
        out: Where to write the corrected table; in place if not given.
    """
    done = apply_corrections(review, table, out=out)
    complain(f"{counted(done.changed, 'reading')} corrected, {done.confirmed:,} confirmed")
    for place in done.missing:
        complain(f"{table}: expected a row for {place}, found none; name the table of the same readings")
    return 1 if done.missing else 0
