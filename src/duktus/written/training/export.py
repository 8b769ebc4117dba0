"""A fitted segmenter to an ONNX file with its card, read back and compared before anybody relies on it."""

import tempfile
import warnings
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duktus.imaging.ink.darkness import DarknessSettings
from duktus.imaging.ink.extraction import InkSettings
from duktus.models.card import Card, DataSource, Metric, Preprocessing, Sample, Training
from duktus.models.container import embed_card
from duktus.models.file import save_model
from duktus.models.runtime import Session
from duktus.types import ModelError
from duktus.written.outputs import CHANNELS

TOLERANCE = 1e-4
"""Largest difference, relative to the largest logit, that is put down to the order of additions."""

SAMPLED = 64
"""Side, in pixels, of the sample that the card holds."""

USED = ("keras", "tensorflow", "numpy", "opencv-python-headless", "onnx", "tf2onnx")


def export_segmenter(network: Any) -> bytes:
    """Return the network as the content of an ONNX file that takes pages of any size, multiples of 32."""
    import keras
    import onnx

    network(np.zeros((1, SAMPLED, SAMPLED, 1), np.float32))
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # Keras 3.15 looks whether the long-gone np.object exists, to mend its converter on old versions of NumPy.
        warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)
        path = Path(folder) / "network.onnx"
        signature = [keras.InputSpec(dtype="float32", shape=(None, None, None, 1), name="darkness")]
        network.export(str(path), format="onnx", input_signature=signature, verbose=False)
        model = onnx.load_model_from_string(path.read_bytes())
    model.graph.output[0].type.tensor_type.shape.dim[3].dim_value = CHANNELS
    return bytes(model.SerializeToString())


def compare(network: Any, session: Session, pages: NDArray[np.float32]) -> float:
    """Return the largest difference of logits between Keras and ONNX Runtime, at batch 1 and at all of ``pages``.

    Raises:
        ModelError: it is more than ``TOLERANCE`` of the largest logit.
    """
    expected = np.asarray(network(pages, training=False), np.float32)
    alone = np.concatenate([session.run(page[None]) for page in pages])
    difference = max(float(np.abs(found - expected).max()) for found in (alone, session.run(pages)))
    limit = TOLERANCE * max(1.0, float(np.abs(expected).max()))
    if not difference <= limit:
        raise ModelError(f"export: expected maps within {limit:.2g} of Keras', received {difference:.2g}; report this")
    return difference


def pack_segmenter(
    network: Any, path: Path, training: Training, pages: NDArray[np.float32], data: tuple[DataSource, ...]
) -> Card:
    """Export a network, compare it on some pages, and save it with its card; return the card.

    Args:
        network: fitted.
        path: of the model file.
        training: how it came about.
        pages: (n, h, w, 1), darkness to compare on, sides multiples of 32 and at least ``SAMPLED``.
        data: what it was trained on.
    """
    content = export_segmenter(network)
    card = segmenter_card(training, data)
    session = Session(embed_card(content, card))
    compare(network, session, pages)
    sample = pages[:2, :SAMPLED, :SAMPLED]
    card = replace(card, sample=Sample.of(sample, session.run(sample)))
    save_model(content, card, path)
    return card


def segmenter_card(
    training: Training, data: tuple[DataSource, ...] = (), metrics: tuple[Metric, ...] = (), name: str = "writing"
) -> Card:
    """Return what a segmenter says of itself."""
    nothing = np.zeros((0, 1), np.float32)
    return Card(
        name=name,
        task="page-segmenter",
        labels=(),
        other=False,
        preprocessing=Preprocessing(InkSettings(), None, darkness=DarknessSettings()),
        calibration=None,
        training=training,
        data=data,
        metrics=metrics,
        limits=LIMITS,
        sample=Sample.of(nothing, nothing),
        created=date.today().isoformat(),
        attribution=ATTRIBUTION,
    )


LIMITS = (
    "Told from pages of Latin writing, some mirrored; other scripts are found, how surely is not known.",
    "Print in typefaces that imitate handwriting, and signatures that are printed, are taken for handwriting.",
)

ATTRIBUTION = (
    "UNIPEN train_r01_v07, International Unipen Foundation, doi:10.5281/zenodo.1195803, CC BY 4.0.",
    "DHSD: N. Riaz, S. Saifullah, S. Agne, A. Dengel, S. Ahmed, doi:10.5281/zenodo.18743313, CC BY 4.0.",
    "Testaments de Poilus: Archives nationales and the volunteers of the project, CC BY 4.0.",
    "Copies of Wikipedia texts by volunteers, published by BAnQ, CC BY 4.0; CREMMA, Stanford Memorials and Peraire "
    "transcriptions by way of HTR-United, CC BY 4.0.",
)


def versions() -> dict[str, str]:
    """Return the versions of the libraries that training uses, of those that are installed."""
    found = {}
    for name in USED:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
