"""``--timeout`` and ``--pages``, wherever they stand on a command line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from duktus.cli.limits import take_limits
from duktus.imaging.files import budget
from duktus.types import UsageError


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (budget.TIMEOUT, budget.PAGES):
        monkeypatch.setenv(name, "")


def test_limits_are_taken_out() -> None:
    """Both forms are understood, all else stays in its order, and what is not given has its default."""
    assert take_limits(["read", "--timeout", "2.5", "a.png", "--pages=3", "b"]) == ["read", "a.png", "b"]
    assert (budget.timeout(), os.environ[budget.PAGES]) == (2.5, "3.0")
    assert take_limits(["read", "a.png", "--", "--pages", "x"]) == ["read", "a.png", "--", "--pages", "x"]


def test_defaults() -> None:
    """A page has a minute, a file a hundred pages."""
    take_limits([])
    assert (budget.timeout(), os.environ[budget.PAGES]) == (60.0, "100.0")


@pytest.mark.parametrize("words", [["--timeout"], ["--timeout", "soon"], ["--pages=0"], ["--timeout=nan"]])
def test_no_number_is_wrong_usage(words: list[str]) -> None:
    """What is no number above 0 is refused by its option's name."""
    with pytest.raises(UsageError, match=r"--(timeout|pages): expected a number above 0"):
        take_limits(words)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_page_that_takes_too_long_ends_the_command(tmp_path: Path) -> None:
    """A page whose reading never ends is named, by the command that loads pages in its own process."""
    code = (
        "import sys, time; import duktus.imaging.files.load as load; from duktus.cli import main\n"
        "load.decode_plain_png = lambda *a, **k: time.sleep(600)\n"
        "sys.exit(main(sys.argv[1:]))"
    )
    page = tmp_path / "page.png"
    page.write_bytes(b"\x89PNG")
    words = ["teach", str(tmp_path / "g.db"), "--label", "a", str(page), "--timeout", "0.5"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert "page.png: expected a page that is read in 0.5 s (--timeout)" in done.stderr
