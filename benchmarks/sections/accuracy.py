"""MNIST's 10,000 test images: at least 99.75 % right by one float32 network of at most 2 MB; one pass over them."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.degrade import to_png
from benchmarks.peer import load_peer, peer_probabilities
from benchmarks.published_digits import to_tensor
from benchmarks.reading import glyph_scores, hits, mnist_test, view, workers
from benchmarks.results import Outcome, Row, Target, exactly, share
from benchmarks.setting import Setting
from duktus.glyphs.reading.reader import UNCALIBRATED
from duktus.models.confidence import judge
from duktus.models.file import find_model, open_model_file
from duktus.models.runtime import Session
from duktus.reporting.calibration import reliability
from duktus.reporting.intervals import Estimate, wilson

Rights = NDArray[np.bool_]


def run(setting: Setting) -> Outcome:
    """Measure both networks on the test images: as arrays, and ours once more as PNG files through the reader."""
    images, labels = mnist_test(setting)
    session = open_model_file(setting.model)
    peer = peer_probabilities(load_peer(setting), to_tensor(images)[..., 0])
    peer_right = np.array([str(best) for best in peer.argmax(axis=1)]) == np.array(labels)
    confidence, right = _judged(session, images, labels)
    with workers(setting.workers) as executor:
        answers = view(executor, setting.model, [to_png(image) for image in images], ("auto", "one")).answers
    n, theirs = len(labels), wilson(int(peer_right.sum()), len(labels))
    goal, sure = Target(0.9975), Target(0.005, at_least=False)
    claim = "Of the MNIST test images it reads {ours} where the published recipe reads {peer}: {ratio} fewer errors."
    rows = (
        Row(
            "MNIST test, one float32 model",
            "share",
            wilson(int(right.sum()), n),
            theirs,
            target=goal,
            headline=True,
            claim=claim,
        ),
        Row("the same as PNG files through `read`", "share", share(hits(answers["auto"], labels), n), theirs),
        Row("the same, told that each shows one digit", "share", share(hits(answers["one"], labels), n), theirs),
        Row(
            "expected calibration error, temperature from the card",
            "error",
            _calibration_error(confidence, right),
            _calibration_error(peer.max(axis=1).astype(np.float64), peer_right),
            target=sure,
            headline=True,
        ),
        _size(setting),
    )
    kept = {"accepted": sum(answer.accepted for answer in answers["auto"]), "n": n}
    return Outcome(rows, (_note(session),), {"model": session.card.name, "read": kept})


def _judged(session: Session, images: NDArray[np.uint8], labels: list[str]) -> tuple[NDArray[np.float64], Rights]:
    """Return the calibrated confidence of each answer and whether it is right."""
    card = session.card
    temperature = (card.calibration or UNCALIBRATED).temperature
    judged = judge(glyph_scores(session, images), len(card.labels), temperature)
    return judged.confidence, np.array([card.labels[best] for best in judged.best]) == np.array(labels)


def _calibration_error(confidence: NDArray[np.float64], right: Rights) -> Estimate:
    return reliability(confidence, right, rng=np.random.default_rng(0)).error


def _size(setting: Setting) -> Row:
    size = find_model(setting.model).stat().st_size / 1e6
    return Row("model file", "MB", exactly(size), target=Target(2.0, at_least=False), headline=True)


def _note(session: Session) -> str:
    training = session.card.training
    made = f"{training.epochs} epochs, {training.seconds:.0f} s, seed {training.seed}, {session.card.created}"
    return (
        f"The model is {session.card.name!r} ({made}). Its checkpoint, temperature and threshold were chosen on a part "
        "of the training images; the published recipe saw the test images after every epoch."
    )
