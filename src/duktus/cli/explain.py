"""``duktus explain``: how a page became what was read."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from duktus.cli.inputs import read_standard_input
from duktus.cli.terminal import STANDARD_INPUT, UsageError, visible
from duktus.types import DuktusError


def explain(
    image: Annotated[str, Parameter(name="IMAGE")],
    /,
    *,
    stages: Annotated[bool, Parameter(negative=())] = False,
    out: Path | None = None,
    page: Annotated[int, Parameter(validator=Number(gte=1))] = 1,
    model: str = "digits",
) -> None:
    """Show how a page became what was read, as a picture, and print where the picture lies.

    Args:
        image: An image or stroke file, or - for standard input.
        stages: Show page, ink, writing, characters, and each glyph as the network sees it with its answer.
        out: The PNG file to write; by default the image's name with .stages.png, in this folder.
        page: Which page, of a file with several.
        model: A model's name (see 'duktus models'), or the path of a model file.
    """
    if not stages:
        raise UsageError("expected what to explain, received nothing: add --stages.")
    from duktus.imaging.png import encode_png
    from duktus.recognition.reader import open_model
    from duktus.recognition.stages import draw_stages, find_stages

    source = read_standard_input() if image == STANDARD_INPUT else image
    name = "standard-input" if isinstance(source, bytes) else Path(source).name
    target = out or Path(f"{Path(name).stem}.stages.png")
    picture = draw_stages(find_stages(open_model(model), source, page), visible(name))
    try:
        target.write_bytes(encode_png(picture))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DuktusError(f"{target}: the picture cannot be written ({reason}); name another file by --out") from error
    print(visible(str(target)))
