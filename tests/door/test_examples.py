"""Every example in the documentation of the door runs as printed."""

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import duktus
import duktus.door

MODULES = ["duktus", *(f"duktus.door.{found.name}" for found in pkgutil.iter_modules(duktus.door.__path__))]

PUBLIC = [getattr(duktus, name) for name in duktus.__all__]


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name: str, home: Path) -> None:
    """In a folder with the files that they name, the examples of a module give what they show."""
    assert home == Path.cwd()
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    runner, report = doctest.DocTestRunner(optionflags=flags), list[str]()
    module = import_module(name)
    for found in doctest.DocTestFinder(exclude_empty=True).find(module):
        runner.run(found, out=report.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(report)
    (home / "new.db").unlink(missing_ok=True)


@pytest.mark.parametrize("thing", PUBLIC, ids=duktus.__all__)
def test_every_public_name_has_an_example(thing: object) -> None:
    """Who calls help() on a name sees how it is called; training alone is shown and not run."""
    assert ">>> " in (thing.__doc__ or "")
