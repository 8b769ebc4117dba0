"""What is shipped: locks that can be trusted, a base that stays small, and files that name no machine."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

LOCKS = ("requirements.lock", "requirements-test.lock")
SCHEMAS, RELEASE = "requirements-schemas.lock", "requirements-release.lock"
HEAVY = ("keras", "tensorflow", "onnx", "tf2onnx", "sklearn", "scipy", "matplotlib", "openvino", "pypdfium2", "ray")
SERVERS = ("fastapi", "uvicorn", "psycopg")
# Written in halves, so that this file does not hold what it looks for.
MACHINE_PATHS = tuple("/" + name + "/" for name in ("work", "root", "opt/pypi", "tmp/w"))
INDEX_WORDS = ("pypi" + ".org", "python" + "hosted", "--index" + "-url", "--extra-index" + "-url")


def pins(lock: Path) -> dict[str, tuple[str, int]]:
    """Each requirement of a lock, its version with its marker, and how many hashes it lists."""
    entries = re.split(r"^(?=[a-z0-9])", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    heads = [re.match(r"([a-z0-9.-]+)==([^\\]+)", entry) for entry in entries]
    assert all(heads), "an entry of the lock is not pinned with =="
    return {
        head[1]: (head[2].strip(), entry.count("--hash=sha256:"))
        for head, entry in zip(heads, entries, strict=True)
        if head
    }


def tracked(repository: Path) -> list[Path]:
    """Every file that git knows or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=repository, check=True, capture_output=True).stdout
    paths = (repository / name for name in listing.decode("utf-8").split("\0") if name)
    return [path for path in paths if path.is_file()]


def imported_by(statement: str) -> set[str]:
    """The top-level modules that a fresh interpreter has loaded once it has run a statement."""
    program = f"import sys\n{statement}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    result = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, encoding="utf-8")
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", [*LOCKS, SCHEMAS, RELEASE])
def test_every_pin_has_hashes(repository: Path, name: str) -> None:
    """Nothing is installed whose bytes the lock does not name."""
    bare = [package for package, (_, hashes) in pins(repository / name).items() if hashes == 0]
    assert bare == []


@pytest.mark.parametrize("name", [*LOCKS, SCHEMAS, RELEASE])
def test_lock_names_no_index(repository: Path, name: str) -> None:
    """A lock installs from whatever index its user has set up."""
    text = (repository / name).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_locks_agree(repository: Path) -> None:
    """The tests run on the very versions that the base ships."""
    base, everything = (pins(repository / name) for name in LOCKS)
    assert base.items() <= everything.items()


def test_lock_covers_what_the_project_declares(repository: Path) -> None:
    """A dependency added to pyproject.toml without `make lock` is noticed."""
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    base, everything = (pins(repository / name).keys() for name in LOCKS)
    assert {line.split()[0] for line in project["dependencies"]} <= base
    assert {line.split()[0] for line in extras} <= everything


def test_base_may_be_used_commercially(repository: Path) -> None:
    """Every package of the base that is installed has a licence that asks for no more than its text to be kept."""
    kind = re.compile(r"MIT|BSD|Apache|Zlib|HPND|ISC|PSF", re.IGNORECASE)
    unknown = []
    for name in pins(repository / "requirements.lock"):
        try:
            about = metadata(name)
        except PackageNotFoundError:
            continue  # of another platform
        listed = [each for each in about.get_all("Classifier") or () if each.startswith("License ::")]
        said = (each for key in ("License-Expression", "License") for each in about.get_all(key) or ())
        text = " ".join((*said, *listed))
        if not kind.search(text) or re.search(r"\b[AL]?GPL|GNU|non.?commercial", text, re.IGNORECASE):
            unknown.append((name, text))
    assert unknown == []


def test_base_lock_has_no_training_packages(repository: Path) -> None:
    """Whoever only reads does not download TensorFlow."""
    assert not pins(repository / "requirements.lock").keys() & {"tensorflow", "tensorflow-cpu", *HEAVY}


@pytest.mark.parametrize("statement", ["import duktus", "import duktus.cli", "import duktus.glyphs.reading.reader"])
def test_serving_imports_nothing_heavy(statement: str) -> None:
    """The serving path starts in a fraction of a second, because it loads no training or server package."""
    assert not imported_by(statement) & {*HEAVY, *SERVERS}


def test_base_dependencies_are_all_that_serving_imports(repository: Path) -> None:
    """What `duktus read` imports is in the base lock, so the base install is whole."""
    # Extensions that Cython compiled leave a module of its runtime, which no distribution brings.
    outside = imported_by("import duktus.cli") - imported_by("pass") - sys.stdlib_module_names - {"cython_runtime"}
    distributions = {"cv2": "opencv-python-headless", "PIL": "pillow", "google": "protobuf", "attr": "attrs"}
    names = {distributions.get(module, module.replace("_", "-")) for module in outside if module[0] != "_"}
    assert names - pins(repository / "requirements.lock").keys() <= {"duktus"}


def test_no_file_names_a_machine_or_an_index(repository: Path) -> None:
    """The tree works on any machine, and says nothing of the ones that it was made on."""
    words = (*MACHINE_PATHS, *INDEX_WORDS)
    texts = ((path, path.read_bytes().decode("utf-8", "replace")) for path in tracked(repository))
    assert [(path.name, word) for path, text in texts for word in words if word in text] == []


def test_shipped_models_are_small(repository: Path) -> None:
    """A clone stays a quick download: each model is under 3 MB, that of lines under 6, all of them under 24 MB."""
    sizes = {path.name: path.stat().st_size for path in (repository / "src/duktus/models/shipped").glob("*.onnx")}
    assert [name for name, size in sizes.items() if size >= (6e6 if name == "lines.onnx" else 3e6)] == []
    assert sum(sizes.values()) < 24e6


def test_modules_stay_readable(repository: Path) -> None:
    """A module that outgrows about 300 lines is two modules."""
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (repository / "src").rglob("*.py")}
    assert [(path.name, lines) for path, lines in lengths.items() if lines > 320] == []


def test_wheel_brings_recipes_and_models(repository: Path, tmp_path: Path) -> None:
    """What `duktus train digits-quick` and `duktus read` open is in the wheel; tests and examples are not."""
    pytest.importorskip("flit_core")
    program = "import sys; from flit_core.buildapi import build_wheel; print(build_wheel(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        cwd=repository,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    names = set(zipfile.ZipFile(tmp_path / built.stdout.split()[-1]).namelist())
    recipes = {path.relative_to(repository / "recipes").as_posix() for path in (repository / "recipes").rglob("*.*")}
    assert {f"duktus/recipes/{name}" for name in recipes} < names
    assert "duktus/models/shipped/digits.onnx" in names
    assert {name.partition("/")[0] for name in names} == {"duktus", "duktus-0.1.0.dist-info"}
