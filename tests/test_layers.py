"""The house as ARCHITECTURE.md lists it: imports go down its list, never up, and no circle stands among files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MOST_FILES, MOST_LINES, LONGEST = 20, 300, 50
"""Files in a folder, lines of a module, and lines of a function without its docstring, at most."""


@pytest.fixture(scope="module")
def rooms(repository: Path) -> list[str]:
    """The rooms in their order: the first column of the table below "## The house"."""
    text = (repository / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split("## The house", 1)[1].split("\n## ", 1)[0]
    return [name.replace("/", ".").strip(".") for name in re.findall(r"^\| `([\w/.]+?)(?:\.py)?` \|", table, re.M)]


@pytest.fixture(scope="module")
def modules(repository: Path) -> dict[str, Path]:
    """Every module of the package by its dotted name below ``duktus``; the package itself is ``duktus``."""
    root = repository / "src" / "duktus"
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        found[".".join(parts) or "duktus"] = path
    return found


@pytest.fixture(scope="module")
def imports(modules: dict[str, Path]) -> dict[str, set[str]]:
    """What each module imports of the others: at its top, in functions, and for type checkers alone."""
    return {name: set(_imported(path, modules)) for name, path in modules.items()}


def test_every_module_has_a_room(rooms: list[str], modules: dict[str, Path]) -> None:
    """Each module lies in one of the rooms, and no room is empty."""
    homes = {name: _room(name, rooms) for name in modules if modules[name].name != "__init__.py"}
    assert [name for name, room in homes.items() if room is None] == []
    assert sorted(set(rooms) - {room for room in homes.values() if room}) == ["duktus"]


def test_imports_go_down(rooms: list[str], imports: dict[str, set[str]]) -> None:
    """No module imports from a room that stands below its own in the list."""
    upward = [
        f"{name} -> {other}"
        for name, others in imports.items()
        for other in sorted(others)
        if (own := _room(name, rooms)) and (its := _room(other, rooms)) and rooms.index(its) > rooms.index(own)
    ]
    assert upward == []


def test_readers_do_not_know_each_other(imports: dict[str, set[str]]) -> None:
    """What reads characters and what tells hands apart share the rooms above them and nothing else."""
    crossing = [
        f"{name} -> {other}"
        for name, others in imports.items()
        for other in others
        if {name.split(".", 1)[0], other.split(".", 1)[0]} == {"glyphs", "hands"}
    ]
    assert crossing == []


def test_no_circles(imports: dict[str, set[str]]) -> None:
    """Modules can be sorted so that each imports only from those before it."""
    left = {name: others - {name} for name, others in imports.items()}
    while free := [name for name, others in left.items() if not others & left.keys()]:
        for name in free:
            del left[name]
    assert sorted(left) == []


def test_folders_modules_and_functions_are_small(modules: dict[str, Path]) -> None:
    """No folder has more than 20 files, no module more than 300 lines, no function more than 50."""
    folders = [path.parent for path in modules.values()]
    large = {str(folder): folders.count(folder) for folder in set(folders) if folders.count(folder) > MOST_FILES}
    long = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules.items()}
    assert large == {}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}
    assert [each for path in modules.values() for each in _long_functions(path)] == []


def test_no_name_repeats_its_folder(modules: dict[str, Path]) -> None:
    """No file carries a prefix that its folder says: ``hands/hand_report.py`` would."""
    repeated = [
        name
        for name, path in modules.items()
        if "_" in path.stem.strip("_")
        and path.stem.split("_")[0] in {part.rstrip("s") for part in name.split(".")[:-1]}
    ]
    assert repeated == []


def _room(name: str, rooms: list[str]) -> str | None:
    """Return the longest room in which a module lies."""
    fitting = [room for room in rooms if name == room or name.startswith(f"{room}.")]
    return max(fitting, key=len, default=None)


def _imported(path: Path, modules: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "duktus":
            for alias in node.names:
                yield _known(f"{node.module}.{alias.name}", modules) or _known(node.module, modules) or node.module
        elif isinstance(node, ast.Import):
            yield from (found for alias in node.names if (found := _known(alias.name, modules)))


def _known(name: str, modules: dict[str, Path]) -> str | None:
    below = name.removeprefix("duktus.")
    return below if name.startswith("duktus") and below in modules else None


def _long_functions(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            has_doc = ast.get_docstring(node) is not None
            start = node.body[0].end_lineno if has_doc else node.lineno
            if (node.end_lineno or 0) - (start or 0) > LONGEST:
                yield f"{path.name}: {node.name}"
