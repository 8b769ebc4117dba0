"""Everything of how an ink came to be a picture: mark, framing, sheet, light, camera and scanner."""

from dataclasses import dataclass, field

from duktus.pen.camera import Camera, Light, Scanner
from duktus.pen.sheet import RGB, Sheet


@dataclass(frozen=True)
class Mark:
    """What the pen left: its colour, how much light it swallows, and its body.

    ``density`` is the optical density of full ink (0.2 is a faint pencil, 3 a marker); where the mark ``hides`` its
    ground, as chalk does, it is the opacity in [0, 1]. ``line``, above 0, draws every stroke anew at this constant
    width, and ``spread`` widens strokes (below 0, thins them) on either side; both are shares of the ink's height.
    ``grain`` is how much the paper's tooth breaks the mark up. An ``aliased`` mark has no half-tones.
    """

    colour: RGB = (0.02, 0.02, 0.03)
    density: float = 2.0
    hides: bool = False
    line: float = 0.0
    spread: float = 0.0
    grain: float = 0.0
    aliased: bool = False


@dataclass(frozen=True)
class Framing:
    """Where the ink lies in the picture.

    The ink's box is ``height`` pixels high, and ``margins`` (top, right, bottom, left) are left around it, in heights
    of the ink; below 0 they cut into it. With a ``canvas`` (rows, columns) the picture has that size instead, and
    ``place`` (down, across, each in [0, 1]) says where in the free room the ink lies. ``turn`` is in radians,
    ``keystone`` the slant of the sheet to the camera, ``stretch`` the width gained. A ``stray`` piece of a
    neighbour's stroke comes in at an edge.
    """

    height: int = 64
    margins: tuple[float, float, float, float] = (0.2, 0.2, 0.2, 0.2)
    canvas: tuple[int, int] | None = None
    place: tuple[float, float] = (0.5, 0.5)
    turn: float = 0.0
    keystone: tuple[float, float] = (0.0, 0.0)
    stretch: float = 1.0
    stray: bool = False


@dataclass(frozen=True)
class Scene:
    """How an ink becomes a picture, stage by stage.

    ``size`` (rows, columns), where given, is what the picture is brought to at last, its aspect lost unless the
    columns are 0; ``soften`` is the blur that comes with it, in pixels of that size. ``bilevel``, above 0, is the
    share of the range at which the result is divided into two values.
    """

    framing: Framing
    mark: Mark
    sheet: Sheet = field(default_factory=Sheet)
    light: Light | None = None
    camera: Camera = field(default_factory=Camera)
    scanner: Scanner | None = None
    coloured: bool = False
    inverted: bool = False
    size: tuple[int, int] | None = None
    soften: float = 0.0
    bilevel: float = 0.0
