"""Pages that are generated: the command line's from its help, the models' from their cards."""

import contextlib
import io
from collections.abc import Iterator
from typing import Any

from mkdocs.structure.files import File, Files

import duktus
from duktus.cli import build_app, main
from duktus.cli.commands import COMMANDS

GROUPS = ("models", "gallery")
"""Commands that have commands of their own."""


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages to those that lie in the folder."""
    for place, text in (("command-line", command_line()), ("models", models())):
        files.append(File.generated(config, f"reference/{place}.md", content=text))
    return files


def command_line() -> str:
    """Return the page of the command line, every command with its help."""
    parts = ["# Command line", "This is what `--help` prints.", _help()]
    for name in COMMANDS:
        parts += [f"## duktus {name}", _help(name)]
        parts += [part for sub in _commands_of(name) for part in (f"### duktus {name} {sub}", _help(name, sub))]
    return "\n\n".join(parts) + "\n"


def models() -> str:
    """Return the page of the shipped models, every card as ``duktus models show`` prints it."""
    parts = ["# Models", "The cards of the models that come with Duktus; `duktus models show NAME` prints them."]
    for model in duktus.list_models():
        parts += [f"## {model.name}", _fenced(model.card.describe())]
    return "\n\n".join(parts) + "\n"


def _commands_of(name: str) -> Iterator[str]:
    if name in GROUPS:
        yield from (sub for sub in build_app()[name] if not sub.startswith("-"))


def _help(*words: str) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as told:
        main([*words, "--help"])
    return _fenced(told.getvalue().strip("\n"))


def _fenced(text: str) -> str:
    return f"```text\n{text}\n```"
