"""The base install, unpacked: at most 400 MB, beside Keras on TensorFlow; each installed once from its lock."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

from benchmarks.results import Outcome, Row, Target, exactly
from benchmarks.setting import Setting
from duktus.types import DuktusError

MOST = 400
PEER = ("keras", "tensorflow-cpu", "tensorflow")
"""What the peer's environment holds, with all that these need; the second where it is to be had, else the third."""

TOOLS = {"pip", "setuptools"}
"""Installers, which are counted in neither."""

NOTE = (
    "Bytes of all files in `site-packages` of a fresh virtual environment, compiled bytecode included, after "
    "installing `requirements.lock`; for the peer, after installing Keras and TensorFlow with what they need, at the "
    "versions of `requirements-test.lock`. pip and setuptools are counted in neither."
)

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def run(setting: Setting) -> Outcome:
    """Install both and weigh them."""
    base = (setting.root / "requirements.lock").read_text(encoding="utf-8")
    full = (setting.root / "requirements-test.lock").read_text(encoding="utf-8")
    wanted = closure(PEER) - TOOLS
    setting.report("installing the base, then Keras and TensorFlow …")
    ours = installed_size(base)
    theirs = installed_size("".join(entry for name, entry in entries(full).items() if name in wanted))
    row = Row(
        "base install, unpacked",
        "MB",
        exactly(ours),
        exactly(theirs),
        target=Target(MOST, at_least=False),
        headline=True,
    )
    return Outcome((row,), (NOTE,))


def installed_size(lock: str) -> float:
    """Return the megabytes that a fresh virtual environment holds after installing a lock's text.

    Raises:
        DuktusError: pip could not install it.
    """
    with tempfile.TemporaryDirectory() as folder:
        place, requirements = Path(folder) / "env", Path(folder) / "lock.txt"
        requirements.write_text(lock, encoding="utf-8")
        _python("-m", "venv", "--without-pip", str(place))
        target = place / ("Scripts" if sys.platform == "win32" else "bin") / "python"
        pip = ("-m", "pip", "--disable-pip-version-check", "--quiet", "--python", str(target), "install")
        _python(*pip, "--no-deps", "--require-hashes", "--only-binary", ":all:", "-r", str(requirements))
        packages = [path for path in place.rglob("site-packages") if path.is_dir() and not path.is_symlink()]
        files = {file for path in packages for file in path.rglob("*") if file.is_file() and not file.is_symlink()}
        return sum(file.stat().st_size for file in files) / 1e6


def entries(lock: str) -> dict[str, str]:
    """Return a lock's entries by package, each with its hashes; a package pinned twice keeps both."""
    found: dict[str, str] = {}
    for entry in re.split(r"^(?=[A-Za-z0-9])", lock, flags=re.MULTILINE):
        name = _NAME.match(entry)
        if name and not entry.startswith("#"):
            found[_plain(name[0])] = found.get(_plain(name[0]), "") + entry.rstrip() + "\n"
    return found


def closure(names: Iterable[str]) -> set[str]:
    """Return packages with all that they need, as far as they are installed here; their extras are not followed."""
    found: set[str] = set()
    waiting = [_plain(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            needed = requires(name) or []
        except PackageNotFoundError:
            continue  # needed on another platform alone
        found.add(name)
        waiting += [_plain(match[0]) for line in needed if "extra ==" not in line and (match := _NAME.match(line))]
    return found


def _plain(name: str) -> str:
    """Return a package's name in its normal form (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _python(*arguments: str) -> None:
    result = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
    if result.returncode:
        raise DuktusError(f"expected {' '.join(arguments[:3])} … to succeed, received: {result.stderr.strip()[-500:]}")
