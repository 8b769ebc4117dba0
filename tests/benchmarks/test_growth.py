"""What grows is measured at each size, and its plots show what was measured and no time taken beside other work."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import plots
from benchmarks.machine import busy_cores
from benchmarks.results import Outcome, Record, mean_of_draws
from benchmarks.sections import drawings, growth
from benchmarks.sections.runes import Run
from benchmarks.setting import Setting
from duktus import open_model
from duktus.reporting.intervals import wilson
from duktus.types import DataError
from tests.benchmarks.conftest import small


def runs() -> drawings.Runs:
    """Two draws of each way at each size."""
    return {
        name: {size: [Run(0.8 + size / 100, 10.0 + size), Run(0.9, 12.0 + size)] for size in drawings.SIZES}
        for name in (drawings.TAUGHT, drawings.TRAINED, drawings.PEER)
    }


def record_of(details: object) -> Record:
    """A record with such details."""
    return Record("title", Outcome((), (), {"curves": details}), "command", "2026-01-01", 1.0, {})


def texts_of(path: Path) -> str:
    """All words of a plot, one after the other."""
    return " ".join(text for text in ET.parse(path).getroot().itertext())  # written by the test


def test_each_size_has_its_rows() -> None:
    """Both ways of Duktus stand beside the published recipe at each size; times only where they count."""
    timed, untimed = (tuple(drawings._rows(runs(), on)) for on in (True, False))
    assert len(timed) == 2 * len(untimed) == 4 * len(drawings.SIZES)
    assert all(row.peer and row.ours and row.ours.n == 2 for row in timed)
    assert {row.scale for row in untimed} == {"share"}


@pytest.mark.parametrize("timed", [True, False])
def test_plot_of_drawings(timed: bool, tmp_path: Path) -> None:
    """The plot names its axes with their units, and has no axis of time where none was taken."""
    record = record_of(drawings.curves(runs(), timed))
    (path,) = plots.draw_plots({"drawings": record, "accuracy": record}, tmp_path / "images")
    words = texts_of(path)
    assert "drawings of each letter" in words
    assert "95 % interval" in words
    assert ("time of the whole process (s)" in words) == timed
    assert "prefers-color-scheme: dark" in words
    assert path.stat().st_size < 60_000


def test_growth_is_measured_and_drawn(setting: Setting, tmp_path: Path) -> None:
    """Every kind of work is timed at the sizes within the limit, and the plot has an axis for each."""
    outcome = growth.run(replace(setting, limit=1))
    assert len(outcome.rows) == 4
    assert all(row.ours and row.ours.value > 0 for row in outcome.rows)
    record = Record("title", outcome, "command", "2026-01-01", 1.0, {})
    words = texts_of(plots.draw_plots({"growth": record}, tmp_path)[0])
    assert all(label in words for label in ("glyphs in a picture", "writers in a gallery", "peak memory (MB)"))


def test_busy_machine_times_nothing(setting: Setting, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside other work the costs are refused, with how many cores are busy."""
    monkeypatch.setattr(growth, "AT_REST", -1.0)
    with pytest.raises(DataError, match="cores busy"):
        growth.run(replace(setting, isolated=True))


def test_busy_cores(tmp_path: Path) -> None:
    """Nothing is busy where the counters stand still or are not there."""
    (tmp_path / "stat").write_text("cpu  10 0 10 80 0 0 0 0 0 0\ncpu0 1\n", encoding="utf-8")
    assert busy_cores(0, tmp_path / "stat") == busy_cores(0, tmp_path / "none") == 0
    assert busy_cores(0.2) >= 0


def test_rows_of_digits_are_read() -> None:
    """A drawn picture has as many digits as it is to have, in rows."""
    page = growth.draw_rows(np.stack([small(1), small(7)]), 4)
    readings = open_model("digits").read(page)
    assert len(readings) == 4
    assert page.shape == (2 * growth.PITCH, 2 * growth.PITCH)


def test_mean_of_draws() -> None:
    """Few draws have the wide interval of Student's t; where they agree that of all answers, within 0 and 1."""
    few = mean_of_draws([0.5, 0.7, 0.6], 100)
    assert few.low == pytest.approx(0.6 - 4.30265273 * 0.1 / 3**0.5)
    agreed = mean_of_draws([1.0, 1.0], 144)
    assert (agreed.low, agreed.high) == (wilson(288, 288).low, 1.0)
    assert mean_of_draws([0.5] * 40 + [0.6] * 40, 10).n == 80
