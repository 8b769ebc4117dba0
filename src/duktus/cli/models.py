"""``duktus models``: the models that come with Duktus, and any model file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from duktus.cli.terminal import Bar, complain, print_columns, visible

if TYPE_CHECKING:
    from duktus.models.card import Card

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
    from duktus.models.file import read_card, shipped, shipped_names

    names = shipped_names()
    if not names:
        complain("no model comes with this installation; train one by 'duktus train', or name a model file")
        return 1
    rows: list[tuple[str, ...]] = [("name", "task", "labels", "size", "accuracy", "made")]
    for name in names:
        path = shipped(name)
        rows.append(_row(name, read_card(path), path.stat().st_size))
    print_columns(rows)
    return 0


@app.command
def show(model: Model, /, *, layers: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Show a model's card: what it is for, how it was made and measured, and its limits.

    Args:
        model: A model's name, or the path of a model file.
        layers: Show the network's layers and their weights instead.
    """
    from duktus.models.container import read_bytes
    from duktus.models.file import find_model, read_card

    path = find_model(model)
    card = read_card(path)
    if layers:
        _show_layers(read_bytes(path))
    else:
        print(card.describe())


@app.command
def check(model: Model, /) -> int:
    """Check that a model file is whole and computes here what its card says.

    Args:
        model: A model's name, or the path of a model file.
    """
    from duktus.models.file import check_model, find_model

    report = check_model(find_model(model))
    for problem in report.problems:
        complain(f"{report.path}: {problem}")
    if report.passed:
        print(f"{report.card.name}: sound; {report.n} samples within {report.difference:.2g} of the card's outputs")
    return 0 if report.passed else 1


@app.command
def quantize(model: Model, data: Annotated[Path, Parameter(name="DATA")], /, *, out: Path | None = None) -> None:
    """Make a classifier's copy in whole numbers (int8), for 'duktus read --precision int8': smaller, and faster.

    Args:
        model: A model's name (see 'duktus models'), or the path of a model file.
        data: Labelled images like those that it will read: up to 500 give the ranges of its numbers, on others the copy
            is measured. A folder, a table, idx files, or the name of a data set that was fetched (mnist).
        out: The file to write; by default NAME-int8.onnx in this folder.
    """
    from duktus.datasets.download import locate
    from duktus.glyphs.training.quantize import divide, quantize_classifier
    from duktus.models.file import find_model, int8_path, save_model
    from duktus.models.runtime import Session

    path, folder = find_model(model), locate(data)
    target = out or Path(int8_path(path).name)
    ranges, asked = divide(folder)
    with Bar("measuring") as bar:
        content, card = quantize_classifier(Session(path), ranges, asked, folder.name or str(folder), bar.show)
    save_model(content, card, target)
    print(visible(str(target)))
    for metric in card.metrics[:2]:
        complain(f"{metric.name} {100 * metric.value:.2f} % of {metric.n:,}")


def _show_layers(content: bytes) -> None:
    """Print the layers of a network, and how many parameters they have together."""
    from duktus.models.layers import list_layers

    rows: list[tuple[str, ...]] = [("layer", "weights", "parameters")]
    found = list_layers(content)
    for layer in found:
        shapes = ", ".join(" x ".join(map(str, shape)) or "1" for shape in layer.weights)
        rows.append((layer.operator, shapes, f"{layer.parameters:,}" if layer.weights else ""))
    print_columns(rows)
    print(f"{sum(layer.parameters for layer in found):,} parameters")


def _row(name: str, card: "Card", size: int) -> tuple[str, ...]:
    accuracy = next((f"{m.value:.2%} of {m.n:,}" for m in card.metrics if m.name == "accuracy"), "")
    return name, card.task, str(len(card.labels)), f"{size / 1e6:.2f} MB", accuracy, card.created
