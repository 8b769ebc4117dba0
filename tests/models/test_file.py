"""Tests of duktus.models.file."""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from duktus.imaging.frames.glyph import GlyphFrame
from duktus.models import file
from duktus.models.card import FORMAT, Card, Sample
from duktus.models.container import embed_card
from duktus.models.file import check_model, find_model, open_model_file, read_card, save_model, shipped, shipped_names
from duktus.types import ModelError
from tests.models.networks import written

FIXTURE = Path(__file__).parents[1] / "fixtures" / "model-v1.onnx"
FIXED_BATCH = (
    "g (float[2, 28, 28, 1] x) => (float[2, 4] y) "
    "{ s = Constant <value: tensor = int64[2] {2, 784}> () f = Reshape(x, s) "
    "a = Constant <value_ints: ints = [0]> () b = Constant <value_ints: ints = [4]> () "
    "c = Constant <value_ints: ints = [1]> () y = Slice(f, a, b, c) }"
)


def test_round_trip(network: bytes, card: Card, tmp_path: Path) -> None:
    """What is saved, from bytes or from a file, is read, opened and checked as it was."""
    (tmp_path / "bare.onnx").write_bytes(network)
    save_model(network, card, tmp_path / "a.onnx")
    save_model(tmp_path / "bare.onnx", card, str(tmp_path / "b.onnx"))
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()
    assert read_card(tmp_path / "a.onnx") == card
    assert open_model_file(tmp_path / "a.onnx").card == card
    assert check_model(tmp_path / "a.onnx").passed


def test_reading_needs_the_base_install_alone(model: Path) -> None:
    """A card is read without any runtime, and a model is opened with ONNX Runtime alone."""
    code = (
        "import sys; from duktus.models import file; file.read_card(sys.argv[1]); "
        "assert 'onnxruntime' not in sys.modules; file.open_model_file(sys.argv[1]); print(*sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code, str(model)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "onnxruntime" in done.stdout.split()
    assert not {"onnx", "keras", "tensorflow", "openvino", "google.protobuf"} & set(done.stdout.split())


def test_saving_follows_links_and_the_mask(model: Path, network: bytes, card: Card, tmp_path: Path) -> None:
    """A link stays a link and its target is replaced, with the rights that any new file gets."""
    link = tmp_path / "link.onnx"
    link.symlink_to(model)
    save_model(network, replace(card, name="second"), link)
    (tmp_path / "any").touch()
    assert link.is_symlink()
    assert read_card(model).name == "second"
    assert model.stat().st_mode == (tmp_path / "any").stat().st_mode


@contextmanager
def _small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 64 kB, mounted for a while."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "duktus-test", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk to fill, and only where mounting is allowed")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_full_disk(network: bytes, card: Card, tmp_path: Path) -> None:
    """On a full disk the old model stays whole, nothing half-written is left, and the error says what to do."""
    with _small_disk(tmp_path / "disk") as disk:
        save_model(network, card, disk / "model.onnx")
        (disk / "filler").write_bytes(bytes(32 * 1024))
        with pytest.raises(ModelError, match=r"No space left on device.*unchanged\. Make room"):
            save_model(network, replace(card, limits=("x" * 40_000,)), disk / "model.onnx")
        assert sorted(path.name for path in disk.iterdir()) == ["filler", "model.onnx"]
        assert read_card(disk / "model.onnx") == card


def test_write_cut_short(model: Path, network: bytes, card: Card) -> None:
    """A write that the system stops halfway leaves the old model whole and nothing beside it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(ModelError, match="could not be written"):
            save_model(network, replace(card, name="second"), model)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_card(model) == card
    assert list(model.parent.iterdir()) == [model]


@pytest.mark.parametrize("place", ["missing/model.onnx", "folder", "n" * 300])
def test_places_that_take_no_file(place: str, network: bytes, card: Card, tmp_path: Path) -> None:
    """A folder that is not there, one in the file's place and an impossible name are errors that leave nothing."""
    (tmp_path / "folder").mkdir()
    with pytest.raises(ModelError, match="could not be written"):
        save_model(network, card, tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_refuses_to_save_what_is_no_model(card: Card, tmp_path: Path) -> None:
    """Bytes that are no ONNX file are refused before anything is written."""
    with pytest.raises(ModelError, match="not an ONNX file"):
        save_model(b"some text", card, tmp_path / "model.onnx")
    assert not list(tmp_path.iterdir())


def test_version_1_stays_openable() -> None:
    """A model saved in format 1 opens, passes its check, and has what its card then said."""
    report = check_model(FIXTURE)
    assert report.passed, report.problems
    assert report.card.format == FORMAT
    assert (report.card.name, report.card.other, report.card.attribution) == ("digits", False, ())
    assert report.card.calibration is not None
    assert (report.card.calibration.temperature, report.card.calibration.threshold) == (1.25, 0.8)


def test_names_a_newer_format(model: Path) -> None:
    """A file from a later version is refused by its path, with the way out."""
    model.write_bytes(model.read_bytes().replace(b'"format":%d' % FORMAT, b'"format":99'))
    with pytest.raises(ModelError, match=r"model\.onnx: the card has format 99.*upgrade"):
        open_model_file(model)


def test_check_replays_the_sample(model: Path, card: Card) -> None:
    """A sound model passes: both examples of its sample, alone and five times in one batch."""
    report = check_model(model)
    assert report.passed
    assert (report.path, report.card, report.n) == (model, card, 10)
    assert report.difference < 1e-5


def _with_sample(card: Card, change: float) -> Card:
    inputs, outputs = card.sample.input.unpack(), card.sample.output.unpack()
    outputs[1, 2] += change
    return replace(card, sample=Sample.of(inputs, outputs))


@pytest.mark.parametrize("change", [2e-4, float("nan")])
def test_check_finds_changed_outputs(change: float, network: bytes, card: Card, tmp_path: Path) -> None:
    """One output in one example that is off by more than 1e-4 fails the check."""
    save_model(network, _with_sample(card, change), tmp_path / "m.onnx")
    report = check_model(tmp_path / "m.onnx")
    assert not report.passed
    assert "sample: expected outputs within 0.0001" in report.problems[0]


def test_labels_and_frame_are_the_networks(network: bytes, card: Card, tmp_path: Path) -> None:
    """A card whose labels or frame are not the network's is found out when the model is opened."""
    frame = replace(card.preprocessing, glyph=GlyphFrame(height=32, width=32))
    save_model(network, replace(card, preprocessing=frame), tmp_path / "m.onnx")
    with pytest.raises(ModelError, match=r"card's frame \(32, 32, 1\), received \(28, 28, 1\)"):
        check_model(tmp_path / "m.onnx")
    save_model(network, replace(card, other=False), tmp_path / "m.onnx")
    with pytest.raises(ModelError, match="expected 3 outputs for 3 labels, received 4"):
        check_model(tmp_path / "m.onnx")


@pytest.mark.parametrize(
    ("inputs", "outputs"), [((1, 27, 28, 1), (1, 4)), ((1, 28, 28, 1), (1, 3)), ((1, 28, 28, 1), (2, 4)), ((0,), (0,))]
)
def test_check_finds_an_unfit_sample(
    inputs: tuple[int, ...], outputs: tuple[int, ...], network: bytes, card: Card, tmp_path: Path
) -> None:
    """A sample of other shapes than the network's is a problem and no crash."""
    sample = Sample.of(np.zeros(inputs, np.float32), np.zeros(outputs, np.float32))
    save_model(network, replace(card, sample=sample), tmp_path / "m.onnx")
    report = check_model(tmp_path / "m.onnx")
    assert (len(report.problems), report.n) == (1, 0)


def test_check_finds_a_fixed_batch(card: Card, tmp_path: Path) -> None:
    """A network that takes only batches of one size is named as such."""
    (tmp_path / "m.onnx").write_bytes(embed_card(written(FIXED_BATCH), card))
    with pytest.raises(ModelError, match="expected batches of any size, received only 2"):
        check_model(tmp_path / "m.onnx")


def test_shipped_models_are_found(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names lead to the files in the package's folder, and an unknown name lists them."""
    monkeypatch.setattr(file, "_shipped_folder", lambda: model.parent)
    assert shipped_names() == ("model",)
    assert find_model("model") == shipped("model") == model
    assert open_model_file("model").card == read_card(model)
    with pytest.raises(ModelError, match=r"'runes'; expected one of those shipped \(model\) or a path"):
        find_model("runes")


def test_shipped_models_are_sound() -> None:
    """Every model in the package passes its own check and is named as its file is."""
    for name in shipped_names():
        report = check_model(shipped(name))
        assert report.passed, report.problems
        assert report.card.name == name


def test_paths_are_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has a suffix, a folder or the type of a path is one, and so is a name that only the folder has."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").touch()
    for given in ("digits.onnx", "./digits", "models/digits", Path("digits"), "mine"):
        assert find_model(given) == Path(given)
    with pytest.raises(ModelError, match="no model is named"):
        find_model("yours")
