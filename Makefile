# Duktus from a fresh clone. Needs make and Python 3.11 or newer, nothing else.
# Every path is relative, so that the clone may stand in a folder with spaces in its name.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

# python3 where it is new enough and the locked TensorFlow has wheels for it; then other names; then any new enough.
PYTHON ?= $(shell for most in 14 99; do for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c "import sys; sys.exit(not (3, 11) <= sys.version_info < (3, $$most))" >/dev/null 2>&1 && echo $$p && exit; \
	done; done)

VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet --require-virtualenv
# --only-binary: a platform without a wheel is told so at once, where building OpenCV would take an hour and then fail.
INSTALL := $(PIP) install --require-hashes --only-binary :all:

# An environment is trusted only where it was made (it names that place in several files) and while it still runs.
SOUND := $(shell [ "$$(cat $(VENV)/made-in 2>/dev/null)" = "$$(pwd -P)" ] && $(PY) -c 'import pip' 2>/dev/null && echo yes)
ifneq ($(SOUND),yes)
.PHONY: $(VENV)/made-in
endif

.PHONY: help run test lint bench docs fuzz lock release clean

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 12

run: $(VENV)/base ## Install the base and read the images in examples/
	@$(PY) -m duktus read examples --format table

test: lint chromium ## Install what the tests need, check the style and the types, run the tests
	$(PY) -m pytest -n auto --maxprocesses 4 --dist worksteal

# The page is tested in a browser where there is one, or where Debian's may be installed.
.PHONY: chromium
chromium:
	@command -v chromium chromium-browser >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  echo "Installing Debian's Chromium for the tests of the page" >&2 && timeout 300 sh -c \
	  'apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium' >/dev/null 2>&1; } || \
	  echo "No Chromium here: the tests of the page are skipped" >&2

lint: $(VENV)/test ## Check the style and the types
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy

bench: $(VENV)/test ## Measure the published recipe beside ours; ARGS="--only SECTION" for a part of it
	$(PY) -m benchmarks.run $(ARGS)

docs: $(VENV)/test ## Build the documentation into site/
	NO_MKDOCS_2_WARNING=1 $(PY) -m mkdocs build

fuzz: $(VENV)/test ## Hostile inputs through every command; ARGS="--minutes 60 --seed 1 --only pictures", or "--count 30000"
	$(PY) -m tests.fuzz $(ARGS)

# Existing pins stay unless UPGRADE is set. --universal and all hashes of a version: one lock for every platform.
LOCK := uv pip compile pyproject.toml --group build --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	--quiet $(if $(UPGRADE),--upgrade)
lock: ## Pin every dependency with its hashes; UPGRADE=1 for the newest versions (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pipx install uv" >&2; exit 1; }
	$(LOCK) --all-extras --output-file requirements-test.lock
	$(LOCK) --constraints requirements-test.lock --output-file requirements.lock
	$(subst pyproject.toml --group build,--group release,$(LOCK)) --constraints requirements-test.lock \
	  --output-file requirements-release.lock

# The wheel is installed into an environment that has the base alone, and reads there; what that environment holds is the
# bill of materials (CycloneDX).
BARE := build/bare/bin/python
release: $(VENV)/base ## Build wheel and source, try the wheel in a bare environment, list its dependencies; into dist/
	rm -rf build dist && mkdir -p build dist
	$(PY) -c 'from flit_core import buildapi; [f("dist") for f in (buildapi.build_sdist, buildapi.build_wheel)]'
	"$(PYTHON)" -m venv build/bare && "$(PYTHON)" -m venv build/tools
	$(BARE) -m pip install --quiet --require-hashes --only-binary :all: -r requirements.lock
	$(BARE) -m pip install --quiet --no-deps dist/*.whl
	build/tools/bin/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements-release.lock
	cd build && bare/bin/duktus read ../examples --format table
	build/tools/bin/cyclonedx-py environment --output-file dist/duktus.cdx.json $(BARE)
	@ls -l dist

clean: ## Remove the environment and what the tools left
	rm -rf $(VENV) build dist site .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/made-in:
	@[ -n "$(PYTHON)" ] || { echo "Duktus needs Python 3.11 or newer; found $$(python3 --version 2>/dev/null || echo none)." \
	  "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; v = sys.version_info; sys.exit(v < (3, 11) and \
	  "Duktus needs Python 3.11 or newer; $(PYTHON) is %d.%d. Name another: make PYTHON=/path/to/python3.12" % v[:2])'
	@echo "Making $(VENV) with $$("$(PYTHON)" --version)" >&2
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is incomplete here." \
	  "On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@pwd -P > $@

# The project itself is installed in place, by the flit_core of the lock: no build isolation, so nothing unpinned is
# fetched, and --no-index, so nothing could be.
$(VENV)/base: requirements.lock pyproject.toml $(VENV)/made-in
	@echo "Installing the base from requirements.lock" >&2
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test: requirements-test.lock requirements-schemas.lock $(VENV)/base
	@echo "Installing what the tests need from requirements-test.lock (TensorFlow: about 1.5 GB)" >&2
	@$(INSTALL) -r requirements-test.lock
	@$(INSTALL) --no-deps -r requirements-schemas.lock
	@touch $@
