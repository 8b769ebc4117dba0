"""The routes answer what the command line answers, and errors as problems that say what to do."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import duktus
from duktus.door.records import reading_records
from tests.cli.door import write_page
from tests.hands.pages import page_of

STROKES = {
    "L": [[[40, 20], [40, 80], [70, 80]]],
    "T": [[[20, 20], [80, 20]], [[50, 20], [50, 80]]],
    "O": [[[50, 20], [70, 30], [78, 50], [70, 72], [50, 80], [30, 72], [22, 50], [30, 30], [50, 20]]],
}


def drawn(letter: str, shift: int = 0) -> bytes:
    """A letter as the page sends it."""
    strokes = [[[x + shift, y + shift // 2] for x, y in stroke] for stroke in STROKES[letter]]
    return json.dumps({"strokes": strokes}).encode()


def png(page: Any) -> bytes:
    """A page as a file."""
    import cv2

    return bytes(cv2.imencode(".png", page)[1])


def detail(answer: Any) -> str:
    """What a problem says."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == answer.status_code
    return str(told["detail"])


def test_records_are_those_of_the_command_line(client: TestClient, repository: Path) -> None:
    """A picture's records are to the letter those that the door's function makes."""
    path = repository / "examples" / "615_board.webp"
    answer = client.post("/v1/read", files={"image": (path.name, path.read_bytes())})
    wanted = list(reading_records(path.name, duktus.read(path)))
    assert answer.json()["records"] == json.loads(json.dumps(wanted))


def test_an_alphabet_is_taught_read_and_taken_along(client: TestClient) -> None:
    """Three letters are drawn, read again, exported, imported under another name, and one is removed."""
    for letter in STROKES:
        told = client.post(
            "/v1/teach?gallery=mine", files={"images": ("a.json", drawn(letter))}, data={"label": letter}
        )
        assert told.json()["added"] == 1
    for letter in STROKES:
        answer = client.post("/v1/read?gallery=mine&layout=one", files={"image": ("b.json", drawn(letter, 9))})
        assert [one["text"] for one in answer.json()["records"]] == [letter]
    content = client.get("/v1/galleries/mine/file").content
    assert client.post("/v1/galleries/copy/file", files={"file": ("mine.zip", content)}).json()["added"] == 3
    assert client.delete("/v1/galleries/copy/labels/T").json() == {"removed": 1}
    assert [one["label"] for one in client.get("/v1/galleries/copy").json()["labels"]] == ["L", "O"]
    assert {one["name"]: one["labels"] for one in client.get("/v1/galleries").json()} == {"copy": 2, "mine": 3}


def test_hands_are_enrolled_identified_compared_and_searched(client: TestClient) -> None:
    """Two writers are enrolled by a page each, and the pages are found again."""
    pages = {seed: png(page_of(seed)) for seed in (1, 8)}
    for seed, page in pages.items():
        told = client.post(
            "/v1/enrol?gallery=hands", files={"images": (f"{seed}.png", page)}, data={"writer": f"writer {seed}"}
        )
        assert (told.json()["added"], told.json()["failed"]) == (1, [])
    found = client.post("/v1/identify?gallery=hands", files={"images": ("x.png", pages[1])}).json()
    assert (found["file"], found["matches"][0]["label"]) == ("x.png", "writer 1")
    ranked = client.post("/v1/search?gallery=hands", files={"image": ("x.png", pages[8])}).json()["records"]
    assert (ranked[0]["label"], ranked[0]["source"]) == ("writer 8", "8.png")
    verdict = client.post("/v1/verify", files={"first": ("a.png", pages[1]), "second": ("b.png", pages[8])}).json()
    assert verdict["files"] == ["a.png", "b.png"]
    assert verdict["log10_lr"] < 1


def test_explanations(client: TestClient) -> None:
    """An explanation is a page that may run nothing; the stages are a picture."""
    page = png(write_page("4"))
    why = client.post("/v1/explain", files={"image": ("4.png", page)})
    assert why.headers["content-type"].startswith("text/html")
    assert "sandbox" in why.headers["content-security-policy"]
    stages = client.post("/v1/explain?stages=true", files={"image": ("4.png", page)})
    assert stages.content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("path", "files", "status", "part"),
    [
        ("/v1/read", {"image": ("x.png", b"no image")}, 422, "expected PNG"),
        ("/v1/read", {"image": ("x.png", b"")}, 422, "received no bytes"),
        ("/v1/read", {"image": ("x.json", b'{"strokes": 3}')}, 422, "expected"),
        ("/v1/read?model=../digits", {"image": ("x.png", b"-")}, 404, "expected a model of digits"),
        ("/v1/read?gallery=none", {"image": ("x.png", b"-")}, 404, "teach or enrol first"),
        ("/v1/read?gallery=../../etc/passwd", {"image": ("x.png", b"-")}, 422, "expected a gallery's name"),
        ("/v1/read?layout=sideways", {"image": ("x.png", b"-")}, 422, "layout"),
        ("/v1/read", {"other": ("x.png", b"-")}, 422, "image"),
        ("/v1/nothing", {}, 404, "Not Found"),
        ("/v1/galleries/x/file", {"file": ("x.zip", b"PK no zip")}, 409, "x.zip: expected"),
    ],
)
def test_bad_requests(client: TestClient, path: str, files: Any, status: int, part: str) -> None:
    """What cannot be answered is a problem that says what was expected."""
    answer = client.post(path, files=files)
    assert answer.status_code == status, answer.text
    assert part in detail(answer)


def test_uploads_are_not_kept(client: TestClient, tmp_path: Path) -> None:
    """Reading leaves no file behind."""
    assert client.post("/v1/read", files={"image": ("4.png", png(write_page("4")))}).status_code == 200
    assert list(tmp_path.rglob("*")) == []


def test_what_runs_a_server_may_ask(client: TestClient) -> None:
    """Health, readiness and counts, which name routes and no gallery."""
    assert client.get("/health").json() == {"status": "alive"}
    assert client.get("/ready").json()["status"] == "ready"
    client.get("/v1/galleries/secret")
    counts = client.get("/metrics").text
    assert 'duktus_requests_total{method="GET",path="/ready",status="200"} 1.0' in counts
    assert "secret" not in counts


def test_models_say_what_they_are_for(client: TestClient) -> None:
    """The shipped models are listed with task and limits."""
    found = {one["name"]: one for one in client.get("/v1/models").json()}
    assert found["digits"]["task"] == "glyph-classifier"
    assert found["digits"]["limits"]


def test_the_page_is_small_and_its_own(client: TestClient) -> None:
    """All files of the page together are under 150 kB, and none names another host."""
    from duktus.server.app import PAGE

    assert client.get("/").text.startswith("<!doctype html>")
    total = 0
    for path in PAGE.iterdir():
        answer = client.get(f"/page/{path.name}")
        assert answer.headers["x-content-type-options"] == "nosniff"
        total += len(answer.content)
        assert b"https://" not in answer.content
    assert total < 150_000


def test_corrected_texts_stand_in_documents(client: TestClient) -> None:
    """A page's lines are corrected, and PAGE and text say what the person read."""
    image = {"image": ("page.png", png(page_of(1)[:400]))}
    lines = client.post("/v1/read?layout=page&unit=line", files=image).json()["records"]
    texts = json.dumps([f"line {number} <&>" for number, _ in enumerate(lines)])
    for output, kind in {"page": "application/xml", "text": "text/plain"}.items():
        answer = client.post(f"/v1/read?layout=page&output={output}", files=image, data={"texts": texts})
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == "attachment"
        assert ("line 0 <&>" if output == "text" else "&lt;&amp;&gt;") in answer.text
    short = client.post("/v1/read?layout=page&output=page", files=image, data={"texts": '["one"]'})
    assert f"expected {len(lines)} texts" in detail(short)


def test_two_pages_are_compared_with_evidence(client: TestClient) -> None:
    """With another document, the explanation is of whether one hand wrote both."""
    pages = {"image": ("a.png", png(page_of(1))), "against": ("b.png", png(page_of(8)))}
    answer = client.post("/v1/explain", files=pages)
    assert answer.status_code == 200, answer.text
    assert answer.text.count("data:image/") > 2


def test_confused_letters_are_told(client: TestClient) -> None:
    """Of two taught letters that look alike, one would be read as the other; those of another form would not."""
    shapes = {**STROKES, "I": [[[40, 20], [40, 80]]], "l": [[[40, 21], [41, 80]]]}
    for letter, strokes in shapes.items():
        content = json.dumps({"strokes": strokes}).encode()
        client.post("/v1/teach?gallery=mine", files={"images": ("a.json", content)}, data={"label": letter})
    found = client.get("/v1/galleries/mine/confusions").json()
    assert {found[0]["label"], found[0]["other"]} == {"I", "l"}
    assert found[0]["share"] > 0.2


@pytest.mark.parametrize("unit", ["character", "line", "file"])
@pytest.mark.parametrize("layout", ["page", "table", "auto"])
def test_records_come_as_they_are_read(client: TestClient, layout: str, unit: str) -> None:
    """Sent line by line, the records are those of the whole answer, in its order."""
    asked, image = f"/v1/read?layout={layout}&unit={unit}", {"image": ("page.png", png(page_of(1)))}
    whole = client.post(asked, files=image).json()["records"]
    answer = client.post(f"{asked}&stream=true", files=image)
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in answer.text.splitlines()] == whole


def test_a_page_that_cannot_be_read_is_the_last_record(client: TestClient) -> None:
    """A file whose second page is broken has the records of the first, and then one with the reason."""
    import io

    from PIL import Image

    content = io.BytesIO()
    pages = [Image.fromarray(page_of(seed)) for seed in (1, 8)]
    pages[0].save(content, "TIFF", save_all=True, append_images=pages[1:])
    broken = content.getvalue()[: len(content.getvalue()) * 3 // 4]
    for asked in ("layout=page", "layout=auto"):
        answer = client.post(f"/v1/read?{asked}&stream=true", files={"image": ("a.tiff", broken)})
        records = [json.loads(line) for line in answer.text.splitlines()]
        assert [one["file"] for one in records] == ["a.tiff"] * len(records), answer.text
        assert "error" in records[-1]
        assert all("text" in one for one in records[:-1])


def test_what_is_streamed_are_records(client: TestClient) -> None:
    """A document, or a reading with texts of a person's, is not sent line by line; a broken image is a problem."""
    image = {"image": ("a.png", png(write_page("4")))}
    for words, data in (("&output=page", {}), ("", {"texts": '["a"]'})):
        assert "stream: expected records" in detail(client.post(f"/v1/read?stream=true{words}", files=image, data=data))
    assert "expected PNG" in detail(client.post("/v1/read?stream=true", files={"image": ("a.png", b"no image")}))
