"""``--timeout`` and ``--pages``, wherever they stand on a command line."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from duktus.cli.limits import take_limits
from duktus.imaging.files import budget
from duktus.types import UsageError
from tests.cli.door import PATIENCE


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


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system ends no process by a timer")
def test_a_page_that_takes_too_long_is_an_error(tmp_path: Path) -> None:
    """A page of 60 million pixels is not decoded within 30 ms by any machine; the command says so, and ends."""
    cv2.imwrite(str(tmp_path / "large.png"), np.tile(np.arange(256, dtype=np.uint8), (7500, 32)))
    words = ["teach", str(tmp_path / "g.db"), "--label", "a", str(tmp_path / "large.png")]
    run = [sys.executable, "-m", "duktus", *words, "--timeout", "0.03"]
    done = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 1
    assert "large.png: expected a page that is read in 0.03 s (--timeout)" in done.stderr.replace("'", "")
