"""What an install weighs: lock entries, what a package needs, and a real install of a wheel made here."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from benchmarks.sections import size
from benchmarks.setting import Setting
from duktus.types import DuktusError

LOCK = """\
# made by hand
Some_Name==1.0 ; sys_platform == 'linux' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via other
other==2.0 \\
    --hash=sha256:cc
"""


def make_wheel(folder: Path, name: str, content: bytes) -> str:
    """Make a wheel that installs one file, and return its lock entry."""
    wheel, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    files = {
        f"{name}_weight.bin": content,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode(),
        f"{info}/WHEEL": b"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, data in {**files, f"{info}/RECORD": record.encode()}.items():
            archive.writestr(path, data)
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes wheels from, and from nowhere else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", tmp_path.as_uri())
    return tmp_path


def test_lock_falls_into_entries() -> None:
    """Each entry keeps its marker and hashes, under its name in normal form; comments at the head are none."""
    found = size.entries(LOCK)
    assert list(found) == ["some-name", "other"]
    assert found["some-name"].count("--hash") == 2
    assert "sys_platform" in found["some-name"]


def test_closure_has_what_is_needed_and_no_more() -> None:
    """Keras needs NumPy and h5py; it does not need what reads."""
    found = size.closure(["keras", "no-such-package"])
    assert {"keras", "numpy", "h5py"} <= found
    assert not found & {"onnxruntime", "cyclopts", "no-such-package"}


def test_section_weighs_both_installs(wheels: Path, setting: Setting, root: Path) -> None:
    """The base weighs what its lock installs, the peer what Keras' entries do, pip not counted."""
    (root / "requirements.lock").write_text(make_wheel(wheels, "light", bytes(10_000)), encoding="utf-8")
    heavy = make_wheel(wheels, "keras", bytes(500_000)) + make_wheel(wheels, "unrelated", bytes(900_000))
    (root / "requirements-test.lock").write_text(heavy, encoding="utf-8")
    row = size.run(setting).rows[0]
    assert row.ours
    assert row.peer
    assert 0.01 < row.ours.value < 0.02
    assert 0.5 < row.peer.value < 0.51


def test_lock_that_cannot_be_installed_is_an_error(wheels: Path) -> None:
    """The complaint of pip is passed on."""
    assert wheels.exists()
    with pytest.raises(DuktusError, match="missing"):
        size.installed_size("missing==1.0 --hash=sha256:" + 64 * "0")
