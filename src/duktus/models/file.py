"""Model files: found, opened, checked, and saved so that there is always a whole one."""

import errno
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from duktus.models.card import Card
from duktus.models.container import embed_card, extract_card, read_bytes
from duktus.models.runtime import Array, Precision, Session
from duktus.types import ModelError

TOLERANCE = 1e-4
"""The largest difference of an output from the card's sample; float32 on another processor stays well below it."""

COARSE = 0.3
"""The same for a network in int8, where a sum that rounds to the next whole number moves an output by some 0.02."""

_SUFFIX = ".onnx"
_INT8 = "-int8"  # behind the name of a model's int8-quantised copy
_REPEATS = 5  # of the card's sample in one batch: results must not depend on what else is in it


@dataclass(frozen=True)
class CheckReport:
    """What ``check_model`` found: ``difference`` is the largest from the sample's outputs, over ``n`` examples."""

    path: Path
    card: Card
    n: int
    difference: float
    problems: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems


def save_model(model: bytes | str | os.PathLike[str], card: Card, path: str | os.PathLike[str]) -> None:
    """Writes one ONNX file with its card, whole or not at all.

    Args:
        model: the ONNX file's content, or where it is; a card that it has already is replaced.
        card: what the model says of itself.
        path: where to write; what was there is replaced only once everything is on the disk.

    Raises:
        ModelError: where ``model`` is no ONNX file, or the disk does not take it; the old file is then unchanged.
    """
    content = embed_card(model if isinstance(model, bytes) else read_bytes(model), card)
    target = Path(os.path.realpath(path))  # a link is followed: its target is replaced, not the link
    beside = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        _refuse_device(target)
        _write_through(beside, content)
        os.replace(beside, target)
    except OSError as error:
        reason = error.strerror or error
        raise ModelError(
            f"{path}: the model could not be written ({reason}); what was there is unchanged. "
            "Make room, or name another place to write to"
        ) from error
    finally:
        with suppress(OSError):  # after a success it is no longer there
            beside.unlink()


def read_card(path: str | os.PathLike[str]) -> Card:
    """The card of a model file, without loading the network. Raises ModelError as ``extract_card`` does."""
    return extract_card(read_bytes(path), os.fspath(path))


def open_model_file(
    name_or_path: str | os.PathLike[str], threads: int | None = None, precision: Precision = "float32"
) -> Session:
    """Opens a shipped model by its name, or any by its path; see ``find_model`` and ``Session``.

    For "int8" the model's int8-quantised copy is opened, which lies beside it as ``NAME-int8.onnx``.
    """
    path = find_model(name_or_path)
    return Session(_find_int8(path) if precision == "int8" else path, threads, precision)


def _find_int8(path: Path) -> Path:
    copy = int8_path(path)
    if not copy.exists():
        advice = f"make it by 'duktus models quantize {path.stem} IMAGES', or read in float32"
        raise ModelError(f"{copy}: expected the int8-quantised copy of {path.name} there, found nothing; {advice}")
    return copy


def int8_path(path: Path) -> Path:
    """Return where a model's int8-quantised copy lies; the path itself where that is one.

    >>> int8_path(Path("runes.onnx")).name, int8_path(Path("runes-int8.onnx")).name
    ('runes-int8.onnx', 'runes-int8.onnx')
    """
    return path if path.stem.endswith(_INT8) else path.with_name(f"{path.stem}{_INT8}{_SUFFIX}")


def find_model(name_or_path: str | os.PathLike[str]) -> Path:
    """Where a model is: a bare name such as ``digits`` is a shipped one, all else is a path.

    Raises:
        ModelError: for a name that is neither shipped nor there; a path is not looked at before it is opened.
    """
    text = os.fspath(name_or_path)
    is_name = isinstance(name_or_path, str) and not text.endswith(_SUFFIX) and Path(text).name == text
    if is_name and (text in shipped_names() or not Path(text).is_file()):
        return shipped(text)
    return Path(text)


def shipped(name: str) -> Path:
    """The file of a model that comes with the package. Raises ModelError, listing what there is, if none is."""
    if name not in shipped_names():
        known = ", ".join(shipped_names()) or "none"
        raise ModelError(f"no model is named {name!r}; expected one of those shipped ({known}) or a path to a file")
    return _shipped_folder() / f"{name}{_SUFFIX}"


def shipped_names() -> tuple[str, ...]:
    """The names of the models that come with the package, sorted."""
    return tuple(sorted(path.stem for path in _shipped_folder().glob(f"*{_SUFFIX}")))


def check_model(path: str | os.PathLike[str]) -> CheckReport:
    """Opens a model and replays its card's sample, one by one and in one batch.

    Raises:
        ModelError: where the file cannot be opened: it is no model, or its network contradicts its card.
    """
    session = Session(path, threads=1)
    card = session.card
    try:
        n, difference = _replay(session)
    except ModelError as error:
        return CheckReport(Path(path), card, 0, float("nan"), (str(error).removeprefix(f"{session.name}: "),))
    bound = COARSE if card.numbers == "int8" else TOLERANCE
    problem = f"sample: expected outputs within {bound:g}, received a difference of {difference:.3g}"
    return CheckReport(Path(path), card, n, difference, () if difference <= bound else (problem,))


def _refuse_device(target: Path) -> None:
    """Raise OSError for what is no file to replace: who may write all might replace a device by it."""
    if target.exists() and not target.is_file() and not target.is_dir():
        raise OSError(errno.EINVAL, "a device has that name")


def _write_through(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _shipped_folder() -> Path:
    return Path(str(resources.files("duktus.models"))) / "shipped"


def _replay(session: Session) -> tuple[int, float]:
    sample = session.card.sample
    inputs, outputs = sample.input.unpack(), sample.output.unpack()
    if not inputs.ndim or not len(inputs) or outputs.shape[:1] != inputs.shape[:1]:
        raise ModelError(f"sample: expected as many outputs as inputs, received {outputs.shape} for {inputs.shape}")
    alone = np.concatenate([session.run(one[None]) for one in inputs])
    together = session.run(np.concatenate([inputs] * _REPEATS))
    differences = (_difference(alone, outputs), _difference(together, np.concatenate([outputs] * _REPEATS)))
    return len(inputs) * _REPEATS, float(np.max(differences))


def _difference(received: Array, expected: Array) -> float:
    if received.shape != expected.shape:
        raise ModelError(f"sample: expected outputs of shape {expected.shape}, received {received.shape}")
    return float(np.abs(received - expected).max(initial=0))
