"""Commands and Python blocks of the README and of the documentation run as printed."""

import csv
import doctest
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import duktus
from duktus.cli import main
from tests.cli.door import environment
from tests.glyphs.encoders import letter_page
from tests.hands.models import classifier_content
from tests.hands.pages import page_of
from tests.pages.drawn import table

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])

LEFT_OUT = {
    "make ": "installs the environment that the tests run in",
    "pip ": "installs, which the test of the wheel does",
    "duktus data ": "downloads",
    "duktus serve": "goes on until it is stopped; tests/server has it",
    "duktus train ": "trains; tests/cli/test_train.py has it",
    "duktus evaluate ": "takes long; tests/cli/test_evaluate.py has it",
    "duktus models quantize": "needs a network that was trained; tests/cli has it",
    "duktus read page.png --model runes.onnx": "needs a network that was trained; tests/cli has it",
    "duktus read page.png --model drawings.onnx": "needs a network that was trained; tests/cli has it",
}
"""How commands begin that are not run here, and why."""


def blocks(text: str, *languages: str) -> list[tuple[str, str]]:
    """The fenced blocks of a Markdown text in some languages, each with its language, in their order."""
    found = re.findall(r"^```(\w+)\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    return [(language, block) for language, block in found if language in languages]


def run_block(block: str, names: dict[str, object]) -> None:
    """Run one block: as a doctest where it shows prompts, else as a script. Names carry over from block to block."""
    if ">>>" not in block:
        exec(compile(block, "README.md", "exec"), names)
        return
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    example = doctest.DocTestParser().get_doctest(block, names, "README.md", "README.md", 0)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=flags).run(example, out=report.append, clear_globs=False)
    names.update(example.globs)
    assert result.failed == 0, "".join(report)


def run_command(line: str) -> None:
    """Run one line of a shell block, in this process: Python starts once and not a hundred times."""
    words = shlex.split(line, comments=True)
    assert words[0] == "duktus", f"expected a command of Duktus, received {line!r}"
    if "teach" in words and words[-1] == "out.csv":
        _fill_in(Path("out.csv"))
    target = Path(words.pop()) if len(words) > 2 and words[-2] == ">" else None
    if target:
        words.pop()
    told, complained = io.StringIO(), io.StringIO()
    with redirect_stdout(told), redirect_stderr(complained):
        status = main(words[1:])
    assert status == 0, f"{line}\n{told.getvalue()}\n{complained.getvalue()}"
    if target:
        target.write_text(told.getvalue(), encoding="utf-8")


def _fill_in(path: Path) -> None:
    """Label the first of what was doubtful, as a person would."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[0]["label"] = "A"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def commands(block: str) -> Iterator[str]:
    """The commands of a shell block that are run, a line each."""
    for line in block.splitlines():
        if line.strip() and not line.startswith(tuple(LEFT_OUT)):
            yield line


def save(page: np.ndarray, path: Path) -> None:
    """Save a page as an image file, its folder too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(page).save(path)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the documentation names: letters, hands, scans, a table, galleries and a model."""
    folder = tmp_path_factory.mktemp("documented")
    for letter in "ABC":
        for number in range(1, 9):
            save(letter_page(letter, number), folder / "drawings" / letter / f"{number}.png")
        for number in range(9, 12):
            save(letter_page(letter, number), folder / "more-drawings" / letter / f"{number}.png")
    shutil.copytree(folder / "drawings", folder / "runes")
    shutil.copytree(folder / "more-drawings", folder / "labelled")
    save(letter_page("A", 50), folder / "drawing.png")
    for seed, writer in enumerate(("Anna", "Bert", "A. K."), 1):
        save(page_of(seed), folder / "letters" / writer / "1.png")
        for text in (0, 1):
            save(page_of(seed, text), folder / "pages" / writer / f"{text}.png")
    shutil.copytree(folder / "pages", folder / "known")
    for name, page in (
        ("letter.png", page_of(1, 1)),
        ("letter.jpg", page_of(1, 1)),
        ("page.png", page_of(1, 1)),
        ("page.jpg", page_of(1, 1)),
    ):
        save(page, folder / name)
    save(page_of(2, 1), folder / "a.png")
    save(page_of(3, 1), folder / "b.png")
    _scans(folder)
    duktus.teach(folder / "runes.db", folder / "drawings")
    duktus.enrol(folder / "hands.db", folder / "letters")
    (folder / "hands.onnx").write_bytes(classifier_content())
    return folder


def _scans(folder: Path) -> None:
    examples = ROOT / "examples"
    for name, source in (
        ("photo.jpg", "7_photo.jpg"),
        ("digit.png", "9_small.png"),
        ("drawing.inkml", "85_drawing.inkml"),
    ):
        shutil.copy(examples / source, folder / name)
    for place in ("scans", "cells"):
        (folder / place).mkdir()
        shutil.copy(examples / "36_cell.png", folder / place)
    shutil.copy(examples / "36_cell.png", folder / "cell.png")
    save(table([["12", "345"], ["7", "89"]]), folder / "scan.png")
    Image.open(folder / "scan.png").convert("RGB").save(folder / "scan.pdf")
    shutil.copy(duktus.open_model("digits").path, folder / "digits.onnx")
    shutil.copy(duktus.open_model("numbers").path, folder / "mine.onnx")


@pytest.fixture
def present(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of the folder, as the present one."""
    place = tmp_path / "here"
    shutil.copytree(home, place)
    for name in ("examples", "recipes"):
        (place / name).symlink_to(ROOT / name)
    monkeypatch.chdir(place)


@pytest.mark.parametrize("page", PAGES, ids=[path.relative_to(ROOT).as_posix() for path in PAGES])
def test_page_runs(page: Path, present: None) -> None:  # noqa: ARG001  # the folder it runs in
    """All commands and Python blocks of a page work as printed, in their order."""
    names: dict[str, object] = {"__name__": "__documentation__"}
    for language, block in blocks(page.read_text(encoding="utf-8"), "python", "sh"):
        if language == "python":
            run_block(block, names)
            continue
        for line in commands(block):
            run_command(line)


def test_no_command_hides_in_an_unmarked_block() -> None:
    """A block without a language would be run by no test."""
    assert [
        page.name for page in PAGES if re.search(r"^```\n(?=(.*\n)*?```$)duktus ", page.read_text("utf-8"), re.M)
    ] == []


def test_wrong_output_in_a_block_fails() -> None:
    """A README that prints what the code does not is found out."""
    with pytest.raises(AssertionError, match="Expected"):
        run_block(">>> 6 * 7\n54\n", {})


def test_wrong_command_in_a_block_fails() -> None:
    """A command that is not one of Duktus, or that fails, is found out."""
    with pytest.raises(AssertionError, match="expected a command of Duktus"):
        run_command("ls")
    with pytest.raises(AssertionError, match="nowhere"):
        run_command("duktus read nowhere.png")


def test_names_carry_over_between_blocks() -> None:
    """A block uses what an earlier block defined, as a reader would."""
    names: dict[str, object] = {}
    for _, block in blocks("```python\nx = 41\n```\ntext\n```python\n>>> x + 1\n42\n\n```\n", "python"):
        run_block(block, names)
    assert names["x"] == 41


def test_documentation_builds(tmp_path: Path) -> None:
    """The documentation builds without a warning, and loads nothing from another host."""
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    quiet = environment() | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=quiet, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    pages = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html"))
    assert (
        re.findall(r'<(?:script|img|iframe)[^>]*src="?(?:https?:)?//|<link[^>]*stylesheet[^>]*href="?https?:', pages)
        == []
    )
    assert os.path.exists(tmp_path / "reference" / "models.html")
