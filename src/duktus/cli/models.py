"""``duktus models``: the models that come with Duktus, and any model file."""

from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from duktus.cli.terminal import complain, print_columns

if TYPE_CHECKING:
    from duktus.models.card import Card

_EXAMPLES = """
Examples:
  duktus models
  duktus models show digits
  duktus models check mine.onnx
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
def show(model: Model, /) -> None:
    """Show a model's card: what it is for, how it was made and measured, and its limits.

    Args:
        model: A model's name, or the path of a model file.
    """
    from duktus.models.file import find_model, read_card

    print(read_card(find_model(model)).describe())


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


def _row(name: str, card: "Card", size: int) -> tuple[str, ...]:
    accuracy = next((f"{m.value:.2%} of {m.n:,}" for m in card.metrics if m.name == "accuracy"), "")
    return name, card.task, str(len(card.labels)), f"{size / 1e6:.2f} MB", accuracy, card.created
