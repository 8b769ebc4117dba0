"""The command line: a thin door that parses, calls and prints. One module a command.

A command's module is imported when the command is called and not before, so that ``duktus read`` waits for nothing
that it does not use.
"""

import atexit
import io
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import TextIO

from cyclopts import App, CycloptsError, MissingArgumentError, UnknownCommandError, UnusedCliTokensError

from duktus.cli.commands import COMMANDS
from duktus.cli.limits import leave, take_limits
from duktus.cli.terminal import FAILED, INTERRUPTED, PIPE_CLOSED, STANDARD_INPUT, WRONG_USAGE, complain
from duktus.door import __version__
from duktus.types import DuktusError, UsageError

_OVERVIEW = """
'duktus COMMAND --help' describes a command, with examples.
Every command takes --timeout SECONDS (60 if not given), which a page of an image
may take, and --pages N (100), which a file may have; what has more is an error.
Exit codes: 0 done, 1 an input or the work failed, 2 wrong usage.
"""


def build_app() -> App:
    """Return the command line's app; its commands are import strings until one is called."""
    app = App(
        name="duktus",
        help="Duktus reads handwriting in images, and says how sure it is.",
        help_epilogue=_OVERVIEW,
        help_format="plaintext",
        version=f"duktus {__version__}",
    )
    for name, command in COMMANDS.items():
        # An app of its own, as that of the models, brings its epilogue and takes none.
        epilogue = {"help_epilogue": command.examples} if command.examples else {}
        app.command(command.place, name=name, help=command.purpose, **epilogue)
    app.register_install_completion_command(help="Let the shell complete commands and options, from its next start on.")
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, 1 if something failed, 2 for wrong usage, 130, 141.

    Args:
        arguments: what stands behind ``duktus``; None for those of this process.
    """
    _open_streams()
    given = sys.argv[1:] if arguments is None else arguments
    try:
        rest = take_limits(given)
        _keep_home_clean(rest)
        status = _call([STANDARD_INPUT if token == "-" else token for token in rest])
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go(sys.stdout)
        return PIPE_CLOSED
    except KeyboardInterrupt as stopped:
        if stopped.args:  # a training says how it goes on
            complain(str(stopped))
        return leave(INTERRUPTED)
    except (CycloptsError, UsageError) as error:
        command = f" {given[0]}" if given and given[0] in COMMANDS else ""
        complain(f"{_explained(error)} See 'duktus{command} --help'.")
        return WRONG_USAGE
    except DuktusError as error:
        complain(str(error))
    except OSError as error:
        complain(str(error))
        _let_go(sys.stdout)
    except MemoryError:
        complain("expected more memory than this process may have; give smaller images, or fewer threads")
    else:
        return leave(status)
    return leave(FAILED)


def _keep_home_clean(words: Sequence[str]) -> None:
    """Have Keras and matplotlib keep their settings and list of fonts in a folder that goes when this process ends.

    Settings of the user's own are left to them.
    """
    own = os.path.expanduser("~/.keras")
    if words and words[0] in ("train", "evaluate") and not os.path.exists(own):
        folder = tempfile.mkdtemp(prefix="duktus-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        for name in ("KERAS_HOME", "MPLCONFIGDIR"):
            os.environ.setdefault(name, folder)


def _explained(error: CycloptsError | UsageError) -> str:
    """Return what was wrong as whole sentences, with what was probably meant."""
    if isinstance(error, MissingArgumentError) and error.argument is not None:
        return f"Expected {error.argument.name}, received nothing."
    if not isinstance(error, (UnknownCommandError, UnusedCliTokensError)):
        return f"{str(error).rstrip('.')}.".replace("?.", "?")
    received = error.unused_tokens or [""]
    options = received[0].startswith("-")
    known = [name for name in error.app or () if name.startswith("-") == options]
    meant = get_close_matches(received[0], known, n=1)
    advice = f'Did you mean "{meant[0]}"?' if meant else f"There are {', '.join(known)}." if known else ""
    if isinstance(error, UnknownCommandError):
        return f'There is no {"option" if options else "command"} "{received[0]}". {advice}'.rstrip()
    more = " ".join(f'"{token}"' for token in received)
    return f"Expected no further argument, received {more}. {advice if meant else ''}".rstrip()


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
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  # for as long as we run
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _let_go(stream: TextIO) -> None:
    """Point a stream that takes no more at nothing, or Python complains about it once more as it ends."""
    with suppress(OSError, ValueError):  # ValueError: it is closed, or no file
        descriptor = stream.fileno()
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)
