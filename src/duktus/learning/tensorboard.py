"""TensorBoard's event files of a training."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PLUGIN = "scalars"
"""The part of TensorBoard that draws curves; a summary names it in its metadata."""


@contextmanager
def event_writer(folder: Path | None) -> Iterator[Callable[[int, dict[str, float]], None]]:
    """Give a function that writes an epoch's figures to ``folder``, and does nothing where that is None."""
    if folder is None:
        yield lambda *_: None
        return
    import tensorflow as tf

    metadata = tf.compat.v1.SummaryMetadata(plugin_data={"plugin_name": PLUGIN})
    writer = tf.summary.create_file_writer(str(folder))

    def write(epoch: int, figures: dict[str, float]) -> None:
        with writer.as_default():
            for name, value in figures.items():
                tf.summary.write(name, tf.constant(value, tf.float32), step=epoch, metadata=metadata)
        writer.flush()

    try:
        yield write
    finally:
        writer.close()
