"""The notebooks run from their first cell to their last, with less data than a reader has."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.door import environment

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))

RUN = """
import ast, json, sys
names = {"__name__": "__main__"}
for cell in json.load(open(sys.argv[1], encoding="utf-8"))["cells"]:
    if cell["cell_type"] == "code":
        tree = ast.parse("".join(cell["source"]))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, cell["id"], "exec"), names)
        if last:
            shown = eval(compile(ast.Expression(last.value), cell["id"], "eval"), names)
            getattr(shown, "_repr_html_", shown.__repr__)()
"""
"""Runs the cells as a notebook does: the last value of a cell is shown."""


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook_runs(notebook: Path, tmp_path: Path) -> None:
    """Every cell runs without a warning of Duktus's own, on what comes with scikit-learn and what the pen writes."""
    given = environment() | {"DUKTUS_QUICK": "1", "DUKTUS_DATA": str(tmp_path / "none"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-W", "error:::duktus", "-c", RUN, str(notebook)]
    done = subprocess.run(
        command, cwd=notebook.parent, env=given, capture_output=True, encoding="utf-8", timeout=280, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[path.stem for path in NOTEBOOKS])
def test_notebook_is_in_order(notebook: Path) -> None:
    """It begins with a title and what installs, each cell parses, and no path of a machine stands in it."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert cells[0]["source"][0].startswith("# ")
    assert "pip" in "".join(cells[1]["source"])
    for cell in cells:
        if cell["cell_type"] == "code":
            ast.parse("".join(cell["source"]))
    assert os.sep + "tmp" + os.sep not in notebook.read_text(encoding="utf-8")
