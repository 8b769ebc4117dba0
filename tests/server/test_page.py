"""The page in a browser, used as people use it: at the width of a telephone and of a desk, light and dark."""

import re
import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.hands.pages import as_page, page_ink_of, page_of
from tests.server.test_running import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this computer; on Debian: apt install chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What keeps a browser from speaking with its maker."""

SCREENS = {"desk": (1200, 850, "light"), "telephone": (360, 740, "dark")}
PATIENT = 30_000

SETTLED = """() => Promise.all(document.getAnimations()
    .filter((one) => one.effect.getTiming().iterations !== Infinity).map((one) => one.finished)).then(() => true)"""
"""Waits until colours have changed; what shows that work goes on has no end."""

REFUSED = re.compile(r"the server responded with a status of (4\d\d)")
"""What the browser notes of an answer that refuses."""

Line = list[tuple[float, float]]
FOUR: list[Line] = [[(0.42, 0.25), (0.38, 0.5), (0.52, 0.5)], [(0.5, 0.3), (0.48, 0.8)]]
SEVEN: list[Line] = [[(0.62, 0.27), (0.74, 0.27), (0.66, 0.8)]]
LETTERS: dict[str, list[Line]] = {
    "L": [[(0.4, 0.2), (0.4, 0.8), (0.6, 0.8)]],
    "T": [[(0.3, 0.25), (0.7, 0.25)], [(0.5, 0.25), (0.5, 0.8)]],
    "ᚢ": [[(0.4, 0.8), (0.4, 0.2), (0.6, 0.4), (0.6, 0.8)]],
}


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """The computer's own Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tools:
        opened = tools.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def refusals() -> set[str]:
    """The statuses by which the server refuses what a test sends, which the browser notes; a test puts its own in."""
    return set()


@pytest.fixture(params=list(SCREENS))
def page(request: pytest.FixtureRequest, browser: "Browser", tmp_path: Path, refusals: set[str]) -> Iterator["Page"]:
    """The page, whose requests all go to its own server and which complains of nothing but what a test provokes."""
    width, height, scheme = SCREENS[request.param]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]  # one of three words
    opened = context.new_page()
    opened.set_default_timeout(PATIENT)
    asked, complaints = list[str](), list[str]()
    opened.on("request", lambda one: asked.append(one.url))
    opened.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    with served(tmp_path / "galleries") as (address, _):
        opened.goto(address)
        yield opened
        context.close()
    noted = {status for each in complaints for status in REFUSED.findall(each)}
    assert noted == refusals
    assert [each for each in complaints if not REFUSED.search(each)] == []
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []


def draw(page: "Page", pad: str, lines: list[Line]) -> None:
    """Draw lines on a pad with the mouse; places are shares of its sides."""
    box = page.locator(pad).bounding_box()
    assert box
    for first, *others in lines:
        page.mouse.move(box["x"] + first[0] * box["width"], box["y"] + first[1] * box["height"])
        page.mouse.down()
        for x, y in others:
            page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=5)
        page.mouse.up()


def says(page: "Page", place: str, text: str) -> None:
    """Wait until a place says something."""
    from playwright.sync_api import expect

    expect(page.locator(place)).to_contain_text(text, timeout=PATIENT)


def faults(page: "Page") -> list[str]:
    """What axe-core finds that is serious on the page as it stands, in the light and in the dark."""
    found = []
    page.evaluate((resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate(SETTLED)
        for one in page.evaluate("axe.run().then((found) => found.violations)"):
            places = [node["html"][:120] for node in one["nodes"][:3]]
            found += [f"{scheme}: {one['id']}: {places}"] if one["impact"] in ("serious", "critical") else []
    return found


def test_digits_are_drawn_and_read(page: "Page") -> None:
    """Two digits are read while they are drawn, shown as the computer saw them, undone, and cleared."""
    draw(page, "#read-pad", [*FOUR, *SEVEN])
    says(page, "#read-text", "47")
    page.click("#read-stages")
    page.locator("#read-stages-picture").wait_for()
    assert faults(page) == []
    page.click("#read-undo")
    says(page, "#read-text", "4")
    page.click("#read-clear")
    says(page, "#read-state", "Nothing is written yet")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]  # it has one


def test_the_pad_stays_where_it_is(page: "Page") -> None:
    """A pen that is set down before the models are known does not find the pad gone from under it."""
    held: list[Route] = []
    page.route("**/v1/models", lambda route: held.append(route))  # noqa: PLW0108 -- its code is looked into, and a built-in has none
    with page.expect_request("**/v1/models"):
        page.reload()
    before = page.locator("#read-pad").bounding_box()
    held[0].continue_()
    page.locator("#read-model option").first.wait_for(state="attached")
    assert page.locator("#read-pad").bounding_box() == before


def test_letters_are_taught_and_read(page: "Page") -> None:
    """Three letters are taught by a drawing each, and one is recognised before it is told what it is."""
    page.click("nav button[data-view=teach]")
    for letter, lines in LETTERS.items():
        page.fill("#teach-label", letter)
        draw(page, "#teach-pad", lines)
        page.click("#teach-add")
        says(page, "#teach-labels", letter)
    draw(page, "#teach-pad", [[(0.43, 0.22), (0.42, 0.79), (0.63, 0.8)]])
    says(page, "#teach-state", "Reads it as L")
    page.click("#teach-chips button:has-text('L')")  # one touch says what it is
    says(page, "#teach-state", "L from 2 drawing")
    assert faults(page) == []


def test_hands_are_enrolled_and_identified(page: "Page", tmp_path: Path) -> None:
    """Two writers are enrolled by a page each; a page is attributed, and two are compared."""
    pages = {seed: tmp_path / f"{seed}.png" for seed in (1, 8)}
    for seed, path in pages.items():
        cv2.imwrite(str(path), page_of(seed))
    page.click("nav button[data-view=hands]")
    for seed, path in pages.items():
        page.fill("#hands-writer", f"writer {seed}")
        page.set_input_files("#hands-pages", path)
        says(page, "#hands-writers", f"writer {seed}")
    page.set_input_files("#hands-file", pages[8])
    says(page, "#hands-answer tbody tr:first-child", "writer 8")
    page.set_input_files("#hands-first", pages[1])
    page.set_input_files("#hands-second", pages[8])
    says(page, "#hands-verdict", "support for")
    assert faults(page) == []
    # The form that asks for it is of the page's own origin: the server does not take it for another page's.
    with page.context.expect_page() as opened:
        page.click("#hands-verdict button:has-text('evidence')")
    assert opened.value.title() == "image: whose hand"


def test_a_page_is_read_line_by_line(page: "Page", tmp_path: Path) -> None:
    """A page's lines are laid over it, and each can be corrected beside it."""
    cv2.imwrite(str(tmp_path / "page.png"), page_of(1))
    page.click("nav button[data-view=pages]")
    page.set_input_files("#pages-file", tmp_path / "page.png")
    says(page, "#pages-state", "lines. Correct them here")
    assert page.locator("#pages-sheet polygon").count() == page.locator("#pages-lines input").count() > 1
    assert faults(page) == []
    page.locator("#pages-lines input").first.fill("the hand of a writer")
    with page.expect_download() as saved:
        page.click("#pages-page")
    assert "the hand of a writer" in saved.value.path().read_text("utf-8")


def test_lines_are_shown_while_others_are_read(page: "Page", tmp_path: Path) -> None:
    """What has been read of a page is there before the rest, and the count of lines goes on."""
    ink = page_ink_of(1)
    cv2.imwrite(str(tmp_path / "page.png"), as_page(np.concatenate([ink] * 4)))
    page.click("nav button[data-view=pages]")
    page.evaluate(
        """() => {
            const [place, told] = [document.getElementById("pages-state"), (window.told = [])];
            const look = () => told.push([place.textContent, document.querySelectorAll("#pages-lines input").length]);
            new MutationObserver(look).observe(place, { childList: true });
        }"""
    )
    page.set_input_files("#pages-file", tmp_path / "page.png")
    says(page, "#pages-state", "lines. Correct them here")
    told = page.evaluate("told")
    assert told[0] == ["Reading…", 0]
    counts = [count for text, count in told if text == f"{count} lines so far…"]
    assert 0 < counts[0] < told[-1][1]
    assert counts == sorted(counts)


def test_a_table_is_read_by_what_reads_tables(page: "Page") -> None:
    """The kind of page chooses its usual model; another can be chosen after it."""
    page.click("nav button[data-view=pages]")
    page.locator("#pages-model option").first.wait_for(state="attached")
    assert page.input_value("#pages-model") == "model:lines"
    page.select_option("#pages-layout", "table")
    assert page.input_value("#pages-model") == "model:numbers"


def test_what_cannot_be_read_is_said_where_it_can_be_seen(page: "Page", tmp_path: Path, refusals: set[str]) -> None:
    """Every view with nothing in it, and with a file that is no picture, is as legible as with an answer."""
    refusals |= {"404", "422"}  # there is no gallery yet, and no picture
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    for view, told in {
        "read": [("#read-file", "#read-state", "expected")],
        "teach": [("", "#teach-state", "Type which letter")],
        "hands": [
            ("#hands-pages", "#hands-state", "Type the writer"),  # their name comes first
            ("#hands-file", "#hands-answer", "expected"),
            ("#hands-first", "#hands-verdict", ""),
            ("#hands-second", "#hands-verdict", "expected"),
        ],
        "pages": [("#pages-file", "#pages-state", "expected")],
    }.items():
        page.click(f"nav button[data-view={view}]")
        assert faults(page) == []
        for field, place, text in told:
            page.set_input_files(field, broken) if field else page.click("#teach-add")
            says(page, place, text)
        assert faults(page) == []


def test_what_is_shown_belongs_to_what_was_sent(page: "Page", tmp_path: Path, refusals: set[str]) -> None:
    """A file that cannot be read takes the answer before it away, and stands there by its name."""
    refusals.add("422")
    draw(page, "#read-pad", SEVEN)
    says(page, "#read-text", "7")
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    page.set_input_files("#read-file", broken)
    says(page, "#read-state", "expected")
    says(page, "#read-pad .hint", "broken.png")
    assert page.inner_text("#read-text") == ""


def test_the_token_is_asked_for(browser: "Browser", tmp_path: Path) -> None:
    """A server with a token is asked with it: the page asks whoever sits there, once."""
    with served(tmp_path, "--token", "secret") as (address, _):
        page = browser.new_page(viewport={"width": 360, "height": 740})
        page.goto(address)
        page.locator("#read-model option").first.wait_for(state="attached")
        draw(page, "#read-pad", SEVEN)
        page.locator("#token").wait_for()
        assert faults(page) == []
        page.fill("#token-value", "secret")
        page.click("#token button")
        says(page, "#read-text", "7")
        page.close()


def test_languages_and_names_of_controls(page: "Page") -> None:
    """Each language changes the menu, and every control that is shown has a name for those who do not see it."""
    for language, word in {"pt": "Ler", "ko": "읽기", "zh": "识别", "ja": "読む", "en": "Read"}.items():
        page.select_option("#language", language)
        says(page, "nav button[data-view=read]", word)
    for view in ("read", "teach", "hands", "pages"):
        page.click(f"nav button[data-view={view}]")
        unnamed = page.evaluate(
            """() => [...document.querySelectorAll('button, input, select, canvas')]
            .filter((one) => one.offsetParent && !one.textContent.trim())
            .filter((one) => !one.getAttribute('aria-label') && !one.labels?.length).map((one) => one.id)"""
        )
        assert unnamed == []
    assert page.get_by_role("combobox", name="Language").count() == 1  # a label that is not displayed is none
