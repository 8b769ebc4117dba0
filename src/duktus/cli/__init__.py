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
from typing import NamedTuple, TextIO

from cyclopts import App, CycloptsError, MissingArgumentError, UnknownCommandError, UnusedCliTokensError

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


class _Command(NamedTuple):
    """A command: where it is, in a line what it does, and examples for its help."""

    place: str
    purpose: str
    examples: str


_COMMANDS = {
    "read": _Command(
        "duktus.cli.read:read",
        "Read what is written in images, folders of images and stroke files.",
        """
Examples:
  duktus read photo.jpg                     what is written in a picture
  duktus read scans/ --format csv > it.csv  a folder and all below it
  duktus read - < photo.jpg                 a picture from standard input
  duktus read letter.jpg --format alto > letter.xml
  duktus read scan.pdf --layout table --format csv > numbers.csv
  duktus read scans/ --out read/ --format page   goes on where it stopped
  duktus read page.png --gallery runes.db --review out.csv

Doubtful characters are then listed in out.csv, with their pictures in
out.files/. Fill in the column 'label', and 'duktus teach runes.db out.csv'
takes the table.

A file that cannot be read has a record of its error in its place, the rest
goes on, and the exit code is 1.
""",
    ),
    "explain": _Command(
        "duktus.cli.explain:explain",
        "Show which ink decided what was read or whose hand it is, or how a page became what was read.",
        """
Examples:
  duktus explain photo.jpg                            writes photo.explained.html
  duktus explain page.png --gallery runes.db          with the nearest examples
  duktus explain page.png --gallery hands.db          which words speak for whose hand
  duktus explain page.png --gallery hands.db --regions 0,0,1200,800
  duktus explain page.png --against letter.png        for or against that hand
  duktus explain photo.jpg --stages                   writes photo.stages.png
  duktus explain scan.pdf --stages --page 3 --out three.png
""",
    ),
    "train": _Command(
        "duktus.cli.train:train",
        "Train, measure and pack a network: on labelled images, or as a recipe says.",
        """
Examples:
  duktus train runes                    a folder a label; writes runes.onnx and runes.report/
  duktus train letters.csv --out mine.onnx
  duktus train mnist                    digits, in seconds; or by name: digits-quick
  duktus train recipes/digits.toml
  duktus train runes --group-by number  ᚠ_07.png is the seventh drawer's
  duktus train recipes/digits.toml --set epochs=2 --out quick.onnx
  duktus train recipes/digits.toml --summary

Progress goes to standard error. Interrupted by Ctrl-C or killed, it continues
from its checkpoint when it is called again. Needs the extra 'train'.
""",
    ),
    "evaluate": _Command(
        "duktus.cli.evaluate:evaluate",
        "Measure a model or a gallery on labelled images, each figure with its 95 % interval.",
        """
Examples:
  duktus evaluate digits mnist --report report/
  duktus evaluate mine.onnx labelled/ --limit 1000
  duktus evaluate runes.db labelled/ --report report/
  duktus evaluate hand-encoder pages/ --report report/
  duktus evaluate hands.db pages/ --report report/

DATA is a folder with a folder a label (7/01.png) or with labels in file names
(7_01.png), a table (file,label as .csv or .jsonl), a folder with MNIST's idx
files, whose test part is taken, or the name of a data set that 'duktus data'
downloaded. Needs the extra 'train'.
""",
    ),
    "serve": _Command(
        "duktus.cli.serve:serve",
        "Serve a page on which to draw, teach and compare hands, and an interface for programs.",
        """
Examples:
  duktus serve                              opens http://127.0.0.1:8000/
  duktus serve --port 9000 --galleries galleries/
  DUKTUS_TOKEN=... duktus serve --host 0.0.0.0 --allow-host archive.example

Needs the extra 'server'. Nothing that is sent is kept, unless it is taught or
enrolled. The interface is described at /openapi.json.
""",
    ),
    "models": _Command("duktus.cli.models:app", "List, show, check and quantise models.", ""),
    "teach": _Command(
        "duktus.cli.teach:teach",
        "Teach letters from drawings: the next reading with the gallery knows them.",
        """
Examples:
  duktus teach runes.db runes/                a folder a letter, or ᚠ_01.png
  duktus teach runes.db --label ᚠ drawing.png
  duktus teach runes.db out.csv               filled in after 'duktus read --review'
  duktus read page.png --gallery runes.db

The same drawing twice changes nothing. Nothing is trained, and the base
installation is enough.
""",
    ),
    "apply": _Command(
        "duktus.cli.apply:apply",
        "Write corrections of numbers and lines back into the table of readings.",
        """
Examples:
  duktus read scan.pdf --layout table --format csv --review review.csv > table.csv
  duktus apply review.csv table.csv

Correct in review.html, which saves review.csv, or in its column 'label'.
""",
    ),
    "enrol": _Command(
        "duktus.cli.teach:enrol",
        "Enrol hands from pages: the next identification with the gallery knows them.",
        """
Examples:
  duktus enrol hands.db letters/                 a folder a writer, or a table
  duktus enrol hands.db --writer Anna page.png   pages of one hand

One page is enough. The same page twice changes nothing; one that is there
under another name is reported, and stays as it was without --replace.
""",
    ),
    "identify": _Command(
        "duktus.cli.hands:identify",
        "Tell whose hand documents are in, or that it is none that is known.",
        """
Examples:
  duktus identify page.png --gallery hands.db
  duktus identify page.png --model hands.onnx      by a trained network
  duktus identify scans/ --gallery hands.db --top 3 --format jsonl
  duktus identify page.png --gallery hands.db --without 0,1100,800,200
""",
    ),
    "verify": _Command(
        "duktus.cli.hands:verify",
        "Tell how much likelier one hand makes two documents than two hands do.",
        """
Examples:
  duktus verify a.png b.png
  duktus verify deed.png deed.png --regions 0,0,900,700 --second-regions 0,700,900,200
""",
    ),
    "search": _Command(
        "duktus.cli.hands:search",
        "List the documents of a gallery by likeness of hand.",
        """
Examples:
  duktus search page.png --gallery hands.db
""",
    ),
    "gallery": _Command(
        "duktus.cli.gallery:app", "List, rename, merge, remove, export, import and check what a gallery holds.", ""
    ),
    "data": _Command(
        "duktus.cli.data:data",
        "Download a data set.",
        """
Examples:
  duktus data mnist
  duktus data mnist --to data/mnist

A download that was interrupted goes on where it stopped.
""",
    ),
}


def build_app() -> App:
    """Return the command line's app; its commands are import strings until one is called."""
    app = App(
        name="duktus",
        help="Duktus reads handwriting in images, and says how sure it is.",
        help_epilogue=_OVERVIEW,
        help_format="plaintext",
        version=f"duktus {__version__}",
    )
    for name, command in _COMMANDS.items():
        # An app of its own, as that of the models, brings its epilogue and takes none.
        epilogue = {"help_epilogue": command.examples} if command.examples else {}
        app.command(command.place, name=name, help=command.purpose, **epilogue)
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
        command = f" {given[0]}" if given and given[0] in _COMMANDS else ""
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
