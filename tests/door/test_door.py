"""The door as a whole: few names, light to import, and nothing that the command line alone can do."""

import inspect
import pydoc
import subprocess
import sys
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import pytest
from cyclopts import App

import duktus
import duktus.door.corrections
import duktus.door.installation
from duktus.cli import build_app
from tests.cli.door import environment

DOORS = {
    "read": ("read", "Model.read_many"),
    "explain": ("explain", "types.Explanation.save"),
    "train": ("train", "summarize"),
    "evaluate": ("evaluate", "types.Evaluation.report"),
    "models list": ("list_models",),
    "models show": ("Model.__init__",),
    "models check": ("Model.check",),
    "models quantize": ("Model.quantize",),
    "teach": ("teach",),
    "enrol": ("enrol",),
    "identify": ("identify", "Gallery.identify_many"),
    "verify": ("verify",),
    "search": ("search",),
    "gallery list": ("Gallery.labels",),
    "gallery remove": ("Gallery.remove",),
    "gallery rename": ("Gallery.rename",),
    "gallery merge": ("Gallery.merge",),
    "gallery export": ("Gallery.export",),
    "gallery import": ("Gallery.import_examples",),
    "gallery check": ("Gallery.check",),
    "data": ("fetch",),
    "apply": ("door.corrections.apply",),
    "doctor": ("door.installation.inspect_installation",),
}
"""What does in Python what a command does."""

PRINTING = {"--format", "--by", "--out", "--delimiter", "--summary", "--report", "--layers", "--limits"}
"""Options that say how an answer is printed and where, or that are a function or method of their own."""

SPELT = {"set": "settings", "out": "path", "together": "image", "from": "start"}
"""Options that may have another name in Python; images that are one document are given together as a tuple."""


def commands(app: App, before: str = "") -> Iterator[tuple[str, App]]:
    """Every command with its words; a group of commands is none itself."""
    for name in app:
        if name.startswith("-"):
            continue
        inner = app[name]
        nested = list(commands(inner, f"{before}{name} "))
        yield from nested or [(f"{before}{name}", inner)]


COMMANDS = dict(commands(build_app()))


def parameters(doors: tuple[str, ...]) -> set[str]:
    """The parameters of functions of the door."""
    found: list[Callable[..., Any]] = [attrgetter(name)(duktus) for name in doors]
    return {name for each in found for name in inspect.signature(each).parameters}


def test_every_command_is_known() -> None:
    """A new command without a function of its kind is found out."""
    assert set(COMMANDS) - {"serve"} == set(DOORS)  # which is a program of its own: ``duktus.server``


@pytest.mark.parametrize("command", DOORS)
def test_python_can_do_all_that_a_command_does(command: str) -> None:
    """Each option of a command is a parameter of what does the same in Python."""
    options = {
        option
        for argument in COMMANDS[command].assemble_argument_collection()
        for option in argument.names
        if option.startswith("--") and not option.startswith("--no-")
    }
    named = {option[2:].replace("-", "_") for option in options - PRINTING}
    found = parameters(DOORS[command])
    assert [name for name in named if not {name, SPELT.get(name)} & found] == []


def test_names_are_few() -> None:
    """A page of help is read to its end: twenty names at most, and each of them there."""
    assert len(duktus.__all__) <= 20
    assert all(hasattr(duktus, name) for name in duktus.__all__)


def test_help_reads_like_documentation() -> None:
    """``help(duktus)`` opens with what it is and how it is used, and describes every name."""
    page = pydoc.plain(pydoc.render_doc(duktus))
    assert "Duktus reads handwriting in images" in page
    assert all(f"{name}" in page for name in duktus.__all__)


def test_import_loads_nothing_heavy() -> None:
    """``import duktus`` loads the standard library alone, and is soon done."""
    script = (
        "import time, sys; start = time.process_time(); import duktus; print(time.process_time() - start); "
        "print(*{name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    )
    call = [sys.executable, "-c", script]
    runs = [
        subprocess.run(call, env=environment(), capture_output=True, check=True, encoding="utf-8").stdout.splitlines()
        for _ in range(3)
    ]
    loaded = set(runs[0][1].split())
    assert not {"numpy", "cv2", "onnxruntime", "PIL", "keras", "tensorflow", "cyclopts", "rich"} & loaded
    assert min(float(seconds) for seconds, _ in runs) < 0.3
