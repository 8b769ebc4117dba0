"""``duktus models``: the models that come with Duktus, and any model file."""

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from duktus.cli.terminal import Bar, complain, print_columns, visible
from duktus.door import models

_EXAMPLES = """
Examples:
  duktus models
  duktus models show digits
  duktus models show digits --layers
  duktus models check mine.onnx
  duktus models quantize runes.onnx RUNES/
"""

app = App(
    name="models",
    help="The models that come with Duktus, and any model file.",
    help_format="plaintext",
    help_epilogue=_EXAMPLES,
)

Model = Annotated[str, Parameter(name="MODEL")]


@app.default
@app.command(name="list")
def list_models() -> int:
    """List the models that come with Duktus."""
    found = models.list_models()
    if not found:
        complain("no model comes with this installation; train one by 'duktus train', or name a model file")
        return 1
    print_columns([("name", "task", "labels", "size", "accuracy", "made"), *map(_row, found)])
    return 0


@app.command
def show(model: Model, /, *, layers: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Show a model's card: what it is for, how it was made and measured, and its limits.

    Args:
        model: A model's name, or the path of a model file.
        layers: Show the network's layers and their weights instead.
    """
    found = models.open_model(model)
    if not layers:
        print(found.card.describe())
        return
    rows: list[tuple[str, ...]] = [("layer", "weights", "parameters")]
    for layer in found.layers:
        shapes = ", ".join(" x ".join(map(str, shape)) or "1" for shape in layer.weights)
        rows.append((layer.operator, shapes, f"{layer.parameters:,}" if layer.weights else ""))
    print_columns(rows)
    print(f"{sum(layer.parameters for layer in found.layers):,} parameters")


@app.command
def check(model: Model, /) -> int:
    """Check that a model file is intact and gives the outputs that its card records.

    Args:
        model: A model's name, or the path of a model file.
    """
    report = models.open_model(model).check()
    for problem in report.problems:
        complain(f"{report.path}: {problem}")
    if report.passed:
        samples = f"{report.n} samples within {report.difference:.2g} of the card's outputs"
        print(f"{visible(report.card.name)}: sound; {samples}")
    return 0 if report.passed else 1


@app.command
def quantize(model: Model, data: Annotated[Path, Parameter(name="DATA")], /, *, out: Path | None = None) -> None:
    """Make the int8-quantised copy of a classifier, for 'duktus read --precision int8': smaller and faster.

    Args:
        model: A model's name (see 'duktus models'), or the path of a model file.
        data: Labelled images like those that it will read: up to 500 calibrate the ranges, the rest evaluate the copy.
            A folder, a table, idx files, or the name of a data set that was fetched (mnist).
        out: The file to write; by default NAME-int8.onnx in this folder.
    """
    with Bar("measuring") as bar:
        made = models.open_model(model).quantize(data, out=out, progress=bar.show)
    print(visible(str(made.path)))
    for metric in made.card.metrics[:2]:
        complain(f"{metric.name} {100 * metric.value:.2f} % of {metric.n:,}")


def _row(model: models.Model) -> tuple[str, ...]:
    card, size = model.card, model.path.stat().st_size
    accuracy = next((f"{m.value:.2%} of {m.n:,}" for m in card.metrics if m.name == "accuracy"), "")
    return model.name, model.task, str(len(model.labels)), f"{size / 1e6:.2f} MB", accuracy, card.created
