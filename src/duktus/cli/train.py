"""``duktus train``: a network, from recipe to model file."""

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from duktus.cli.terminal import Bar, visible
from duktus.door import training


def train(  # noqa: PLR0913  # each is an option of the command
    recipe: Annotated[Path, Parameter(name="RECIPE|FOLDER")],
    /,
    *,
    data: Path | None = None,
    out: Path | None = None,
    start: Annotated[str | None, Parameter(name="--from")] = None,
    group_by: Literal["number"] | None = None,
    settings: Annotated[list[str] | None, Parameter(name="--set", negative=())] = None,
    summary: Annotated[bool, Parameter(negative=())] = False,
    tensorboard: Path | None = None,
) -> None:
    """Train, evaluate and export a network, on a folder of labelled images or by a recipe; print its path.

    Args:
        recipe: Labelled images (a folder, a table, an archive of Omniglot); a recipe (TOML), or the name of one that
            comes with Duktus (digits, digits-quick, runes, hands, …) or of a data set (mnist).
        data: Where a recipe's data set lies, if not under $DUKTUS_DATA or in the user's cache. For the recipe lines,
            your own lines: name.png beside name.gt.txt, a table (file,text), or pages with ALTO or PAGE files; the
            shipped model is then fine-tuned on these.
        out: The model file to write; by default the folder's or recipe's name with .onnx, in this folder.
        start: A model to start from, its name or its file, for your own images: a transcriber (lines, numbers) for
            lines with their texts, a table of corrections (read --review) too; an encoder of letters for labelled
            images.
        group_by: "number" if the numbers at the end of the files' names are those of drawers or pages (ᚠ_07.png):
            images of one number are then used for training or for evaluation, not both.
        settings: A setting other than the recipe's, as in --set epochs=2; may be given several times.
        summary: Show the network's layers, parameters and operations instead of training it.
        tensorboard: A folder for TensorBoard's logs.
    """
    if summary:
        print("\n".join(map(visible, training.summarize(recipe, data=data, settings=settings or ()).splitlines())))
        return
    with Bar("") as bar:
        model = training.train(
            recipe,
            out=out,
            data=data,
            start=start,
            group_by=group_by,
            settings=settings or (),
            tensorboard=tensorboard,
            report=_report,
            progress=bar.show,
        )
    print(visible(str(model.path)))


def _report(line: str) -> None:
    print(visible(line), file=sys.stderr, flush=True)
