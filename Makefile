# `make run` opens the window, `make test` runs the tests; both install what they need in .venv, and the system packages
# that lack where they may (root, or sudo without a password). uv is used where it is there. Either takes the build of
# torch that fits the card: packaging/torch_source.py. PIP_ARGS goes to pip or uv, for instance to take another index.

PYTHON ?= python3
PIP_ARGS ?=
PYTEST_ARGS ?= -n 2
BIN := .venv/bin
UV := $(shell command -v uv 2>/dev/null)
TORCH = $$($(PYTHON) packaging/torch_source.py $(if $(UV),--uv))
INSTALL = $(if $(UV),$(UV) pip install --python $(BIN)/python,$(BIN)/python -m pip install) $(TORCH)

.PHONY: run test lint types contracts metadata translations screenshots packages system system-headless clean

run: system .venv/installed
	$(BIN)/lazydiff

test: system-headless .venv/installed-dev
	QT_QPA_PLATFORM=offscreen OMP_NUM_THREADS=1 $(BIN)/python -m pytest $(PYTEST_ARGS)

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed-dev
	$(BIN)/mypy

contracts: .venv/installed-dev
	$(BIN)/lint-imports --no-cache

metadata:
	desktop-file-validate packaging/linux/*.desktop
	appstreamcli validate --no-net packaging/linux/*.metainfo.xml

# Takes new strings into resources/translations/*.ts, builds the *.qm, lists what waits for its translation.
translations: .venv/installed-dev
	$(BIN)/python packaging/translate.py

system:
	@$(PYTHON) packaging/check_system.py

system-headless:
	@$(PYTHON) packaging/check_system.py --headless

clean:
	rm -rf .venv build *.egg-info

# pip, not python, is the target: Debian without python3-venv leaves a .venv without pip behind.
.venv/bin/pip: | system-headless
	$(if $(UV),$(UV) venv --seed --python $(PYTHON) .venv,$(PYTHON) -m venv .venv)

.venv/installed: pyproject.toml | .venv/bin/pip
	$(INSTALL) $(PIP_ARGS) --editable .
	touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/pip
	$(INSTALL) $(PIP_ARGS) --editable '.[serve,train,test,dev]'
	touch $@ .venv/installed

# The pictures of the window in docs/window/, painted anew.
screenshots: .venv/installed-dev
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m app.lab.screenshots build/screenshots
	cp build/screenshots/*.webp docs/window/

# Wheel, source archive, one-folder program and .deb, into dist/.
packages: .venv/installed-packages
	$(BIN)/python packaging/build_packages.py

.venv/installed-packages: pyproject.toml | .venv/bin/pip
	$(INSTALL) $(PIP_ARGS) --editable '.[serve,packages]'
	touch $@
