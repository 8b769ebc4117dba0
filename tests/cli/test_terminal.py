"""What commands say to the person at the terminal."""

import io
import sys

import pytest

from duktus.cli.terminal import Bar, complain, pad, print_columns, stream_columns, visible


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_complaint_is_one_piece(capsys: pytest.CaptureFixture[str]) -> None:
    """A message stands on standard error, on one line, whatever a file's name brings into it."""
    complain("a\nb.png: broken")
    assert capsys.readouterr() == ("", "duktus: a\\nb.png: broken\n")


def test_visible_keeps_letters_and_shows_surrogates() -> None:
    """Any script is shown as it is; bytes that are no UTF-8 stand escaped."""
    assert visible("ᚠ 七 \udcff") == "ᚠ 七 \\udcff"


def test_padding_counts_columns() -> None:
    """A wide character takes two columns, so that what follows it stays aligned."""
    assert pad("七", 4) == "七  "
    assert pad("longer", 4) == "longer"


def test_columns_are_as_wide_as_their_widest_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """Headings and cells stand under each other."""
    print_columns([("name", "size"), ("digits", "1")])
    assert capsys.readouterr().out == "name    size\ndigits  1\n"


def test_bar_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """A log has no progress bar in it."""
    with Bar("reading", 10) as bar:
        bar.show(5)
    assert capsys.readouterr() == ("", "")


def test_bar_is_silent_about_short_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Work of less than a second shows no bar, and does not load what draws one."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Bar("reading", 10) as bar:
        bar.show(5)
    assert terminal.getvalue() == ""


def test_bar_of_long_work_shows_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a second the bar says what is done, of how much."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr("duktus.cli.terminal._PATIENCE", 0.0)
    monkeypatch.setenv("TERM", "xterm")
    with Bar("reading") as bar:
        bar.show(5, 10, "fetching")
    assert "fetching" in terminal.getvalue()
    assert "5/10" in terminal.getvalue()


def test_streamed_columns_widen_and_stay_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    """Where a later name is longer, its row and all rows beneath it stand in the wider column."""
    rows = [("a.png", "7", "")] * 60 + [("a-much-longer-name.png", "8", "note"), ("b.png", "9", "")]
    stream_columns(("file", "text", ""), rows)
    *_, before, longer, after = capsys.readouterr().out.splitlines()
    assert before == "a.png  7"
    assert longer.index("8") == after.index("9")
    assert longer.endswith("8      note")
