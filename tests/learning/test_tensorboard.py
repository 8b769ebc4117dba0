"""Event files that TensorBoard reads."""

from pathlib import Path

import pytest
import tensorflow as tf

from duktus.learning.tensorboard import event_writer


def events(folder: Path) -> list[tuple[int, str, float, str]]:
    """(step, tag, value, plugin) of all that a folder's event files hold, in order."""
    files = [str(path) for path in sorted(folder.iterdir())]
    found = []
    for record in tf.data.TFRecordDataset(files):
        event = tf.compat.v1.Event.FromString(record.numpy())
        for value in event.summary.value:
            number = float(tf.make_ndarray(value.tensor))
            found.append((event.step, value.tag, number, value.metadata.plugin_data.plugin_name))
    return found


def test_figures_are_written(tmp_path: Path) -> None:
    """Each figure of an epoch is an event of the plugin that draws curves, with the epoch as its step."""
    with event_writer(tmp_path / "run") as write:
        write(1, {"loss": 0.5, "accuracy": 0.25})
        write(2, {"loss": 0.125, "accuracy": 0.75})
    expected = [(1, "loss", 0.5), (1, "accuracy", 0.25), (2, "loss", 0.125), (2, "accuracy", 0.75)]
    assert events(tmp_path / "run") == [(*event, "scalars") for event in expected]


def test_figures_are_there_at_once(tmp_path: Path) -> None:
    """What was written can be read while the training goes on."""
    with event_writer(tmp_path) as write:
        write(1, {"loss": 0.5})
        assert len(events(tmp_path)) == 1


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no folder the function is there and writes nowhere."""
    monkeypatch.chdir(tmp_path)
    with event_writer(None) as write:
        write(1, {"loss": 0.5})
    assert not list(tmp_path.iterdir())
