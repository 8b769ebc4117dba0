"""The command line: a thin door that parses, calls and prints. One module a command.

A command's module is imported when the command is called and not before, so that ``duktus read`` waits for nothing
that it does not use.
"""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

from cyclopts import App, CycloptsError

from duktus.cli.terminal import STANDARD_INPUT, UsageError, complain
from duktus.types import DuktusError

FAILED, WRONG_USAGE, INTERRUPTED, PIPE_CLOSED = 1, 2, 130, 141
"""Exit codes beside 0; the last two are what a shell shows for a process that SIGINT or SIGPIPE ended."""

_EXAMPLES = """
Examples:

duktus read photo.jpg                              what is written in a picture
duktus read scans/ --format jsonl > answers.jsonl  a folder and all below it, for a program
duktus read - < photo.jpg                          a picture from standard input
duktus explain photo.jpg --stages                  how the page became glyphs, as a picture
duktus evaluate digits mnist --report report/      how good a model is, as a page to look at
duktus train recipes/digits.toml                   a network of your own

'duktus COMMAND --help' tells all about one command. Exit codes: 0 done, 1 an input or the work failed, 2 wrong usage.
"""

_COMMANDS = (
    ("read", "duktus.cli.read:read", "Read what is written in images, folders of images and stroke files."),
    ("explain", "duktus.cli.explain:explain", "Show how a page became what was read."),
    ("train", "duktus.cli.train:train", "Train, measure and pack a network as a recipe says."),
    ("evaluate", "duktus.cli.evaluate:evaluate", "Measure a model on labelled images."),
    ("models", "duktus.cli.models:app", "The models that come with Duktus, and any model file."),
    ("data", "duktus.cli.data:data", "Fetch a data set."),
)


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    with suppress(PackageNotFoundError):
        return f"duktus {version('duktus')}"
    return "duktus, not installed"


def build_app() -> App:
    """Return the command line's app; its commands are import strings until one is called."""
    app = App(
        name="duktus",
        help="Duktus reads handwriting in images, and says how sure it is.",
        help_epilogue=_EXAMPLES,
        help_format="plaintext",
        version=_version,
    )
    for name, place, purpose in _COMMANDS:
        app.command(place, name=name, help=purpose)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, 1 if something failed, 2 for wrong usage, 130, 141.

    Args:
        arguments: what stands behind ``duktus``; None for those of this process.
    """
    _open_streams()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        status = _call([STANDARD_INPUT if token == "-" else token for token in given])
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except (CycloptsError, UsageError) as error:
        complain(f"{error} See 'duktus --help'.")
        return WRONG_USAGE
    except DuktusError as error:
        complain(str(error))
    except OSError as error:
        complain(str(error))
        _let_go(sys.stdout)
    except MemoryError:
        complain("expected more memory than this process may have; give smaller images, or fewer threads")
    else:
        return status
    return FAILED


def _call(tokens: list[str]) -> int:
    """Parse, call the command and return the exit code that it answers with; None counts as 0."""
    app = build_app()
    app.suppress_keyboard_interrupt = False
    return app(tokens, exit_on_error=False, print_error=False, result_action="return_value") or 0


def _open_streams() -> None:
    """UTF-8 whatever the locale, bytes of names that are none escaped as JSON does; a closed stream swallows."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by the caller, as in 'duktus read x.png >&-'
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _let_go(stream: object) -> None:
    """Point a stream that takes no more at nothing, or Python complains about it once more as it ends."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())  # type: ignore[attr-defined]  # a test's stream may have none
