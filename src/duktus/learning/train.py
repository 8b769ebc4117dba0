"""A recipe becomes a model file: its task prepares, fits and packs, and what was interrupted goes on."""

import logging
import os
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

from duktus.learning.curve import draw_curve
from duktus.learning.lock import locked
from duktus.learning.settings import Recipe
from duktus.learning.task import Packed, Report, Show, Task, Work, show_nothing
from duktus.models.file import save_model
from duktus.reporting.files import write_files
from duktus.reporting.page import bullets, document, facts, plot, safe, section
from duktus.types import DuktusError, MissingExtraError

R = TypeVar("R", bound=Recipe)
D = TypeVar("D")
F = TypeVar("F")


class TrainingInterrupted(DuktusError):  # noqa: N818  # like KeyboardInterrupt, which it stands for, it is no error
    """A training that was stopped by Ctrl-C. The same command goes on with it."""


def train(
    task: Task[R, D, F],
    recipe: R,
    *,
    data: Path | None = None,
    out: Path,
    report: Report = print,
    show: Show = show_nothing,
    tensorboard: Path | None = None,
) -> Path:
    """Train a recipe and write the model with its card, and beside it a report with the learning curve.

    Args:
        task: what is trained.
        recipe: how; of this task.
        data: where the recipe's data lie; found where ``duktus data`` puts them if None.
        out: the model file; checkpoints lie beside it in ``OUT.training/`` and go when the model is written, the report
            in ``OUT.report/``.
        report: receives each line of progress.
        show: receives progress within an epoch.
        tensorboard: folder for TensorBoard's event files.

    Returns:
        ``out``.

    Raises:
        TrainingInterrupted: Ctrl-C; the same call goes on from what is in ``OUT.training/``.
        DataError: data are missing or do not fit the recipe, a file cannot be written, or another training has the same
            ``out``.
        RecipeError: the checkpoint is another recipe's, or the loss of this one is no number any more.
        MissingExtraError: a package of the extra 'train' is missing.
    """
    require(task.needs)
    work = Work(out.with_suffix(".training"), data, report, show, tensorboard)
    with locked(work.folder, out):
        try:
            recipe, prepared = task.prepare(recipe, work)
            packed = task.pack(recipe, prepared, task.fit(recipe, prepared, work))
        except KeyboardInterrupt:
            raise TrainingInterrupted(f"stopped; the same command goes on {_goes_on(work.folder)}") from None
        save_model(packed.content, packed.card, out)
        _tell(packed, out, report)
        for left in work.folder.glob("*.np[yz]"):
            left.unlink()
    return out


def require(needs: tuple[str, ...]) -> None:
    """Raise where packages are missing, and not after hours of training; import Keras where it is among them.

    Raises:
        MissingExtraError: naming what is missing.
    """
    missing = [package for package in needs if find_spec(package) is None]
    if missing:
        raise MissingExtraError(f"training needs {', '.join(missing)}: pip install 'duktus[train]'")
    if "keras" in needs:
        _import_keras()


def _import_keras() -> None:
    """Import Keras without the lines that TensorFlow writes to file descriptor 2 as it is loaded.

    They are about its build and the processor, where the lines of progress are; no setting of TensorFlow stops all of
    them. Errors are Python's and are raised as ever.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # it warns of every new size of batch
    try:
        kept = os.dup(2)
    except OSError:  # it is closed
        return
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        import keras

        keras.ops.zeros(1)
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _goes_on(folder: Path) -> str:
    if (folder / "checkpoint.npz").exists():
        return f"from the last whole epoch, kept in {folder}"
    return f"with the data that were prepared, kept in {folder}" if any(folder.glob("*.np[yz]")) else "from the start"


def _tell(packed: Packed, out: Path, report: Report) -> None:
    """Report the figures, and write the page with them."""
    figures = "; ".join(f"{each.name} {100 * each.value:.2f} % of {each.n:,}" for each in packed.card.metrics[:2])
    report(f"test: {figures or 'nothing to measure on'}; wrote {out}")
    write = packed.write_report or (lambda folder, end: _plain_report(packed, folder, end))
    report(f"report: {write(out.with_suffix('.report'), _learning_section(packed))}")
    for line in packed.advice:
        report(line)


def _learning_section(packed: Packed) -> str:
    """Return the section with the learning curve, empty where nothing was learnt epoch by epoch."""
    if not packed.history:
        return ""
    title = "Loss and accuracy after each epoch"
    how = "Training figures are of the varied images, so that those of the validation part may be better."
    return section("Learning curve", plot(draw_curve(packed.card.name, packed.history), title, how))


def _plain_report(packed: Packed, folder: Path, end: str) -> Path:
    """Write the page of a task that has no evaluation of its own."""
    card = packed.card
    body = [
        f'<p class="kicker">Duktus training</p><h1>{safe(card.name)}</h1>',
        end,
        section("The model", facts(card)),
        section("Limits", bullets(card.limits)) if card.limits else "",
    ]
    record = {"model": card.name, "metrics": [asdict(each) for each in card.metrics]}
    return write_files(folder, document(f"{card.name}: training", body), record)
