"""The README's Python runs as printed."""

import doctest
import re
from pathlib import Path

import pytest


def python_blocks(text: str) -> list[str]:
    """The fenced blocks of a Markdown text that are marked as Python, in their order."""
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


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


def test_readme_runs(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python block of the README works as printed, in a folder that holds the examples."""
    readme = repository / "README.md"
    if not readme.exists():
        pytest.skip("there is no README.md")
    for folder in ("examples", "recipes"):
        (tmp_path / folder).symlink_to(repository / folder)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "__readme__"}
    for block in python_blocks(readme.read_text(encoding="utf-8")):
        run_block(block, names)


def test_wrong_output_in_a_block_fails() -> None:
    """A README that prints what the code does not is found out."""
    with pytest.raises(AssertionError, match="Expected"):
        run_block(">>> 6 * 7\n54\n", {})


def test_names_carry_over_between_blocks() -> None:
    """A block uses what an earlier block defined, as a reader would."""
    names: dict[str, object] = {}
    for block in python_blocks("```python\nx = 41\n```\ntext\n```python\n>>> x + 1\n42\n\n```\n"):
        run_block(block, names)
    assert names["x"] == 41
