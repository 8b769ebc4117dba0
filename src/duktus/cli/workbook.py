"""Readings as a workbook (.xlsx): every cell of text is text, so that leading zeros stay and no formula is one."""

import io
import re
import sys
from collections.abc import Iterable

from duktus.cli.inputs import Answer
from duktus.cli.records import Found, Layout, rows_of
from duktus.cli.terminal import is_terminal
from duktus.types import MissingExtraError, UsageError

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that no cell may hold."""

LONGEST = 32_767
"""Characters that a cell may hold."""


def write_workbook(answers: Iterable[Answer[Found]], layout: Layout[Found]) -> bool:
    """Write answers to standard output as one workbook; return whether all files could be read.

    Raises:
        MissingExtraError: openpyxl is not installed.
        UsageError: standard output is a terminal.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise MissingExtraError("writing .xlsx needs openpyxl; install it by: pip install 'duktus[xlsx]'") from error
    if is_terminal(sys.stdout):
        raise UsageError("A workbook is no text; send it to a file: --format xlsx > table.xlsx.")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("readings")
    sheet.append(list(layout.columns))
    failed = False
    for answer in answers:
        failed |= bool(answer.error)
        for row in rows_of(answer, layout):
            sheet.append([_cell(sheet, row.get(name, "")) for name in layout.columns])
    content = io.BytesIO()
    book.save(content)
    sys.stdout.flush()
    sys.stdout.buffer.write(content.getvalue())
    return not failed


def _cell(sheet: object, value: object) -> object:
    """Return a cell: numbers as numbers, all else as text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    cell = WriteOnlyCell(sheet, value="")
    cell.value = _UNFIT.sub("\ufffd", str(value))[:LONGEST]
    cell.data_type = "s"
    return cell
