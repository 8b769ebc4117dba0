"""Tests of the report: page, JSON and lines."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from duktus.glyphs.evaluation.confusions import Confusion, Letters, Wanted
from duktus.glyphs.evaluation.metrics import Evaluation, evaluate_scores
from duktus.glyphs.evaluation.report import summary_lines, write_report
from duktus.models.card import Card
from duktus.types import DuktusError

VOID = {"meta", "br", "img", "link", "hr", "input"}


class Outline(HTMLParser):
    """Collects tags and addresses, and notes where a tag is closed that was not open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag and what it points to."""
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href", "action")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes a tag that has no content."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        """Closes the last open tag, which must be this one."""
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(evaluation: Evaluation, card: Card, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the evaluation, with pictures and a note."""
    folder, pictures = tmp_path_factory.mktemp("report"), np.zeros((450, 28, 28, 1))
    path = write_report(evaluation, pictures, card, folder, source="<drawn>", notes=("No groups & none.",))
    return path.read_text(encoding="utf-8")


def test_the_page_is_well_formed_and_loads_nothing(page: str) -> None:
    """Tags close in order; there is no script, no style sheet and no address but the pictures themselves."""
    outline = Outline(page)

    assert outline.open == []
    assert not {"script", "link", "iframe", "object"} & set(outline.tags)
    assert all(address.startswith(("data:image/png;base64,", "#")) for address in outline.addresses)
    assert "url(http" not in page
    assert "@import" not in page


def test_the_page_tells_all(page: str, evaluation: Evaluation) -> None:
    """Head figures, five plots, every label, the mistakes, the card, its limits and the notes are there."""
    outline = Outline(page)

    assert outline.tags.count("svg") == 5
    drawn = page.count('<img class="sign"')
    assert drawn > 0
    assert outline.tags.count("img") - drawn == len(evaluation.mistakes) + len(evaluation.intruders)
    told = (
        "Read right",
        f"{evaluation.accuracy.value:.2%}"[:-1],
        "Letters are not known.",
        "No groups &amp; none.",
        "ᚠ",
    )
    assert all(part in page for part in told)


def test_labels_that_a_font_may_lack_are_drawn_everywhere(page: str) -> None:
    """Such a label is a drawing in both matrices and in the bars, and beside its text in the card's facts."""
    assert page.count("<title>ᚠ</title>") == 2 + 2 + 1
    assert '>ᚠ</bdi> <img class="sign"' in page[page.index("<dt>4 labels</dt>") :]


def test_texts_from_outside_stay_texts(page: str) -> None:
    """Labels, the model's name and the source are escaped."""
    assert "runes &amp; &lt;digits&gt;" in page
    assert not re.search(r"<b>(?!Confusion|Reliability|Accuracy|Missed)|<digits>|<drawn>|<here>", page)


def test_a_report_is_a_page_and_its_figures(evaluation: Evaluation, card: Card, tmp_path: Path) -> None:
    """Both files are written into a folder that is made, and nothing else is left there."""
    path = write_report(evaluation, None, card, tmp_path / "new" / "report", source="drawn")

    record = json.loads((path.parent / "metrics.json").read_text(encoding="utf-8"))
    assert sorted(file.name for file in path.parent.iterdir()) == ["metrics.json", "report.html"]
    assert (record["model"], record["source"], record["labels"][3]) == (card.name, "drawn", "ᚠ")
    assert record["accuracy"]["value"] == evaluation.accuracy.value


def test_a_report_replaces_the_one_before(evaluation: Evaluation, card: Card, tmp_path: Path) -> None:
    """Written twice, the report is the same file with the same bytes."""
    first = write_report(evaluation, None, card, tmp_path).read_bytes()

    assert write_report(evaluation, None, card, tmp_path).read_bytes() == first


def test_a_place_that_is_no_folder_is_named(evaluation: Evaluation, card: Card, tmp_path: Path) -> None:
    """A file in the way is an error of the project that says what is wrong; the file stays."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(DuktusError, match="Expected a folder"):
        write_report(evaluation, None, card, tmp_path / "file")

    assert (tmp_path / "file").read_text() == "mine"


def test_a_report_that_cannot_be_finished_leaves_no_part(evaluation: Evaluation, card: Card, tmp_path: Path) -> None:
    """Where a folder stands in the page's place, nothing half-written remains beside it."""
    (tmp_path / "report.html").mkdir()

    with pytest.raises(DuktusError, match="make room"):
        write_report(evaluation, None, card, tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == ["metrics.json", "report.html"]


def test_labels_of_any_kind_are_written(card: Card, tmp_path: Path) -> None:
    """Lone surrogates and control characters, as a file's name may bring, end in a page that is UTF-8."""
    odd = evaluate_scores(np.eye(3)[[0, 2]], np.array([0, 1]), ["\udc80", "\x00\n", ""], False, None)

    path = write_report(odd, None, card, tmp_path, source="\udcff")

    assert "∅" in path.read_text(encoding="utf-8")
    assert json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8"))["labels"][0] == "\udc80"


def test_without_errors_or_foreign_images_the_page_says_so(card: Card, tmp_path: Path) -> None:
    """Nothing to refuse leaves out the second matrix, and no mistake is called none."""
    perfect = evaluate_scores(9 * np.eye(2), np.array([0, 1]), ["a", "b"], False, None)

    text = write_report(perfect, None, card, tmp_path).read_text(encoding="utf-8")

    assert Outline(text).tags.count("svg") == 4
    assert "No character was misread." in text
    assert "was not measured" in text


def test_the_summary_has_figures_with_intervals(evaluation: Evaluation) -> None:
    """One line a figure, each with its interval and n, and the commonest confusions last."""
    *figures, confusions = summary_lines(evaluation)

    assert len(figures) == 5
    assert all(re.search(r"\d %  \([\d.]+ – [\d.]+ %, n = [\d,]+\)$", line) for line in figures)
    assert re.match(r"most often confused +.+ → .+ ×\d", confusions)


def test_letters_are_told_where_they_are_given(evaluation: Evaluation, card: Card, tmp_path: Path) -> None:
    """What is confused and what deserves more examples has its sections, and stands in the JSON."""
    letters = Letters((Confusion("ᚠ", "0", 2, 0.5, (3,), (None, 1)),), (Wanted("ᚠ", 0.5, ("1 example",)),))

    path = write_report(evaluation, np.zeros((450, 4, 4)), card, tmp_path, letters=letters)

    text, record = path.read_text(encoding="utf-8"), json.loads((tmp_path / "metrics.json").read_text("utf-8"))
    assert Outline(text).open == []
    assert text.index("Most confused labels") < text.index("Labels that need more examples")
    assert record["wanted"] == [{"label": "ᚠ", "need": 0.5, "reasons": ["1 example"]}]
    assert record["confusions"][0]["typical"] == [None, 1]
