"""Makes the pictures in this folder, all with the project's own pen and all from one seed.

Usage: python examples/make_images.py [FOLDER]

A picture's name says what is written in it, before the first underscore.
"""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image

from duktus.pen.camera import Camera, Light
from duktus.pen.hand import sample_hand, write
from duktus.pen.paper import take
from duktus.pen.scene import Framing, Mark, Scene
from duktus.pen.scribbles import scribble
from duktus.pen.sheet import RGB, Print, Sheet
from duktus.pen.strokes import Drawing, write_inkml
from duktus.pen.tools import PENS, draw_ink

SEED = 2026

Margins = tuple[float, float, float, float]
BLUE, BLACK, CHALK = (0.01, 0.04, 0.45), (0.02, 0.02, 0.03), (0.85, 0.85, 0.80)
PHONE = Camera(defocus=0.7, shot=0.02, read=0.008, balance=(1.05, 1.0, 0.92), black=0.05, white=0.95, jpeg=80)
ROOMY: Margins = (0.8, 0.8, 0.8, 0.8)
CLOSE: Margins = (0.35, 0.5, 0.35, 0.4)
TIGHT: Margins = (0.1, 0.1, 0.1, 0.1)


@dataclass(frozen=True)
class Example:
    """A picture to make: the file's name, the text, line by line, the pen and the scene."""

    name: str
    lines: tuple[str, ...]
    pen: str
    scene: Scene


def _photo(height: int, light: Light, *prints: Print, colour: RGB = BLUE, margins: Margins = ROOMY) -> Scene:
    """A telephone's photograph of a sheet of paper."""
    framing = Framing(height, margins, turn=0.04, keystone=(0.04, -0.03))
    sheet = Sheet(mottle=0.02, prints=prints)
    return Scene(framing, Mark(colour, 2.6), sheet, light, PHONE, coloured=True)


LAMP = Light(fall=0.45, angle=0.6, vignette=0.2)
SHADE = Light(fall=0.3, angle=2.4, shadow=0.45, softness=0.12)
RULED = Print("ruled", 0.8, (0.30, 0.55, 0.80), pitch=1.3, line=1.2)
SQUARED = Print("squared", 0.35, (0.5, 0.5, 0.5), pitch=0.55, line=1.0)
BANK = (
    Print("flat", 0.35, (0.30, 0.65, 0.40), angle=0.3),
    Print("waves", 0.5, (0.30, 0.55, 0.80), pitch=0.16, line=0.8, angle=0.2),
    Print("rosette", 0.4, (0.75, 0.35, 0.40), pitch=0.2, line=0.8),
)
BORDERS = (Print("box", 1.2, pitch=0.12, line=1.5),)
SCREEN = Sheet((1.0, 1.0, 1.0), 0, 0)
BOARD = Sheet((0.02, 0.05, 0.035), 0.2, 0.3)
BROWN = Sheet((0.45, 0.32, 0.20), 0.02, 0.03, 12)

EXAMPLES = (
    Example("7_photo.jpg", ("7",), "ballpoint", _photo(150, LAMP)),
    Example("2047_shadow.jpg", ("2047",), "fountain", _photo(110, SHADE)),
    Example("58_ruled.jpg", ("58",), "ballpoint", _photo(110, LAMP, RULED)),
    Example("360_squared.jpg", ("360",), "fountain", _photo(110, SHADE, SQUARED, colour=BLACK)),
    Example("14-256-3089_page.jpg", ("14", "256", "3089"), "ballpoint", _photo(330, SHADE, margins=CLOSE)),
    Example(
        "73_pencil.png",
        ("73",),
        "pencil",
        Scene(Framing(90, ROOMY), Mark((0.1, 0.1, 0.11), 0.8, grain=0.4), Sheet(), None, Camera(0.5)),
    ),
    Example(
        "36_cell.png",
        ("36",),
        "ballpoint",
        Scene(Framing(34, canvas=(52, 96)), Mark(BLACK, 1.6), Sheet(prints=BORDERS), None, Camera(0.5)),
    ),
    Example(
        "1906_cheque.jpg",
        ("1906",),
        "fountain",
        Scene(Framing(56, (0.4, 0.5, 0.4, 0.5)), Mark(BLUE, 1.8), Sheet(prints=BANK), coloured=True),
    ),
    Example(
        "4_mouse.png",
        ("4",),
        "mouse",
        Scene(Framing(120, canvas=(200, 200)), Mark(BLACK, 1.0, True, 0.06, aliased=True), SCREEN),
    ),
    Example(
        "9_small.png",
        ("9",),
        "mouse",
        Scene(Framing(20, canvas=(28, 28)), Mark(BLACK, 1.0, True, 0.1), SCREEN, inverted=True),
    ),
    Example(
        "615_board.webp",
        ("615",),
        "ballpoint",
        Scene(
            Framing(130, ROOMY),
            Mark(CHALK, 0.9, True, grain=0.45),
            BOARD,
            LAMP,
            replace(PHONE, jpeg=0),
            coloured=True,
        ),
    ),
    Example(
        "2_envelope.png",
        ("2",),
        "ballpoint",
        Scene(Framing(48, TIGHT), Mark(BLACK, 1.8), BROWN, None, Camera(0.8), size=(16, 0), soften=0.3),
    ),
    Example(
        "8_fax.png",
        ("8",),
        "ballpoint",
        Scene(Framing(40, TIGHT), Mark(BLACK, 2.5, line=0.1), size=(18, 0), bilevel=0.55),
    ),
)


def written(lines: tuple[str, ...], rng: np.random.Generator) -> Drawing:
    """Write lines one beneath the other, all in one hand."""
    hand = replace(sample_hand(rng), slope=0.0)
    pitch = 1.9 * hand.size
    drawings = [write(line, hand, rng).placed(y=number * pitch) for number, line in enumerate(lines)]
    return Drawing(tuple(stroke for drawing in drawings for stroke in drawing.strokes))


def picture(example: Example, rng: np.random.Generator) -> Image.Image:
    """Make one picture."""
    ink = draw_ink(written(example.lines, rng), pen=PENS[example.pen], height=150 * len(example.lines), rng=rng)
    return Image.fromarray(take(ink, example.scene, rng))


def doodle(rng: np.random.Generator) -> Image.Image:
    """Make the picture of something that is no character."""
    return Image.fromarray(take(draw_ink(scribble(rng), height=150, rng=rng), _photo(120, LAMP), rng))


def make_all(folder: Path) -> list[Path]:
    """Make all pictures and the stroke file; each has a generator of its own, so that one may change alone."""
    pictures = {each.name: picture(each, _generator(each.name)) for each in EXAMPLES}
    pictures["doodle.jpg"] = doodle(_generator("doodle.jpg"))
    folder.mkdir(parents=True, exist_ok=True)
    for name, made in pictures.items():
        made.save(folder / name, quality=82, optimize=True)
    strokes = folder / "85_drawing.inkml"
    strokes.write_text(write_inkml(written(("85",), _generator("85"))), encoding="utf-8")
    return [*(folder / name for name in pictures), strokes]


def _generator(name: str) -> np.random.Generator:
    return np.random.default_rng([SEED, *name.encode()])


if __name__ == "__main__":
    for path in make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent):
        print(path)
