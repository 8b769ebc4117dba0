"""Duktus reads handwriting in images, and identifies the hand that wrote it.

It knows an answer because a network was trained on it, or because a gallery was taught a few examples.

**Read** digits and numbers in any image: a photograph, a scan, a drawing, an array.

>>> import duktus
>>> readings = duktus.read("examples/615_board.webp")
>>> readings.text
'615'
>>> readings[0].text, readings[0].accepted, readings[0].box
('6', True, Box(x=103, y=104, w=58, h=123))

**Teach** letters of your own from one drawing per letter, without training. What was never taught is refused.

>>> gallery = duktus.open_gallery("runes.db")
>>> gallery.teach("drawings/").known
6
>>> duktus.read("drawings/B/2.png", gallery=gallery, layout="one").text
'B'

**Whose hand** wrote a page: one of those that were enrolled, or none of them; or was it the hand of another page?

>>> duktus.enrol("hands.db", "letters/").known
2
>>> found = duktus.identify("letter.png", gallery="hands.db")
>>> found.matches[0].label
'Anna'
>>> duktus.search("letter.png", gallery="hands.db")[0].label
'Anna'
>>> duktus.verify("letter.png", "letters/Anna/1.png").log10_lr > 0
True

**Many** images are read side by side. What cannot be read is raised for one image, and yielded for many.

>>> model = duktus.open_model("digits")
>>> for result in model.read_many(["examples/58_ruled.jpg", "missing.png"]):
...     print(result if isinstance(result, duktus.DuktusError) else result.text)
58
missing.png: the file cannot be opened (No such file or directory); check the path

**Train, measure, explain.** ``train`` needs ``pip install 'duktus[train]'``; nothing else loads TensorFlow.

>>> model = duktus.train("drawings/", out="drawings.onnx")  # doctest: +SKIP
>>> evaluation = duktus.evaluate("runes.db", "more-drawings/")
>>> print(evaluation.lines[0])
Read right  100.00 %  (... %, n = 3)
>>> evaluation.report("report").name
'report.html'
>>> duktus.explain("examples/58_ruled.jpg").save("why.html").name
'why.html'

Results show themselves in notebooks: glyphs with their alternatives, hands in their order, verdicts in words. Their
types and all classes of errors are in ``duktus.types``. The command line has commands of the same names.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

# ONNX Runtime's telemetry starts with its import, and keeps a device's id and a database in the user's cache folder:
# set before anything imports it, for this process and for those that it starts.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

from duktus import types as types
from duktus.door import __version__ as __version__
from duktus.types import DuktusError, Identification, Reading, Readings

if TYPE_CHECKING:
    from duktus.door.data import fetch
    from duktus.door.evaluation import evaluate
    from duktus.door.explanation import explain
    from duktus.door.galleries import Gallery, open_gallery
    from duktus.door.hands import enrol, identify, search, verify
    from duktus.door.letters import read, teach
    from duktus.door.models import Model, list_models, open_model
    from duktus.door.training import summarize, train

__all__ = [
    "DuktusError",
    "Gallery",
    "Identification",
    "Model",
    "Reading",
    "Readings",
    "enrol",
    "evaluate",
    "explain",
    "fetch",
    "identify",
    "list_models",
    "open_gallery",
    "open_model",
    "read",
    "search",
    "summarize",
    "teach",
    "train",
    "verify",
]

_HOMES = {
    "data": ("fetch",),
    "evaluation": ("evaluate",),
    "explanation": ("explain",),
    "galleries": ("Gallery", "open_gallery"),
    "hands": ("enrol", "identify", "search", "verify"),
    "letters": ("read", "teach"),
    "models": ("Model", "list_models", "open_model"),
    "training": ("summarize", "train"),
}
"""The module of the door that each name is in."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a part of the door when it is used: NumPy and OpenCV take longer to load than all else."""
        for home, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"duktus.door.{home}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return all names of the door, also those that were not used yet."""
    return sorted({*globals(), *__all__})
