"""``duktus data``: where a data set comes to lie."""

import gzip
import hashlib
from pathlib import Path

import pytest

from duktus.cli import main
from duktus.datasets import download
from duktus.datasets.download import RemoteDataset, RemoteFile

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def remote(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A data set of one file in a folder of this computer that stands for a mirror; the file's content."""
    content = bytes(range(256)) * 40
    (tmp_path / "mirror").mkdir()
    (tmp_path / "mirror" / "all.gz").write_bytes(gzip.compress(content))
    file = RemoteFile("all.gz", len(content), hashlib.sha256(content).hexdigest())
    dataset = RemoteDataset("mnist", (file,), ((tmp_path / "mirror").as_uri(),))
    monkeypatch.setitem(download.DATASETS, "mnist", dataset)
    return content


def test_data_set_is_put_where_it_is_wanted(remote: bytes, tmp_path: Path, capsys: Captured) -> None:
    """--to names the folder, and the folder's path is printed."""
    assert main(["data", "mnist", "--to", str(tmp_path / "there")]) == 0
    assert capsys.readouterr() == (f"{tmp_path / 'there'}\n", "")
    assert gzip.decompress((tmp_path / "there" / "all.gz").read_bytes()) == remote


def test_data_set_goes_where_others_look(
    remote: bytes, tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without --to it lies where training and evaluation find it."""
    monkeypatch.setenv("DUKTUS_DATA", str(tmp_path / "data"))
    assert main(["data", "mnist"]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'data' / 'mnist'}\n"
    assert gzip.decompress((tmp_path / "data" / "mnist" / "all.gz").read_bytes()) == remote
