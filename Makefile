# Each target sets up what it needs; docs/developing.md tells more.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
PYTEST_ARGS ?=

SEEDS ?= 1000
START ?= 0
KILLS ?= 50

.PHONY: help setup demo test sim kill lint check format bench trace lock test-packages

help:
	@echo "make demo         run the story, leave hub and stations serving (ONCE=1: end after the story)"
	@echo "make test         every test, browser and PostgreSQL included (PYTEST_ARGS=... is passed on)"
	@echo "make vectors      write fixtures/vectors/ again (the same bytes, unless the specification changed)"
	@echo "make check        format, lint, types, imports, then every test"
	@echo "make sim          the seeded simulation, many seeds (SEEDS=10000 START=0 for the night)"
	@echo "make kill         real processes: kill -9 and bad lines, many times (KILLS=50 of each)"
	@echo "make bench        measure against the budgets"
	@echo "make trace        which requirement has which test; fails while a core row has none"
	@echo "make setup        only the virtual environment .venv/"
	@echo "make format       rewrite the code as ruff wants it"
	@echo "make lock         choose the newest allowed dependencies anew and write requirements.lock"

setup: $(INSTALLED)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is missing or older than 3.11; name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) has no venv. On Debian: sudo apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Wheels only: nothing is compiled, and no package runs code of its own while it is installed.
$(INSTALLED): requirements.lock pyproject.toml | $(PY)
	$(PY) -m pip install --quiet --no-deps --require-hashes --only-binary :all: -r requirements.lock
	PYTHONWARNINGS=ignore $(PY) -m pip install --quiet --no-deps --no-build-isolation --editable .
	$(PY) -m pip --quiet check
	touch $@

test-packages:
	@bash .ci/debian-packages chromium fonts libatomic postgresql

demo: $(INSTALLED)
	$(PY) -m fixtures.demo $(if $(ONCE),--once)

test: $(INSTALLED) test-packages
	$(PY) -m pytest -n 2 --dist loadfile $(PYTEST_ARGS)

sim: $(INSTALLED)
	$(PY) -m tests.simulation --seeds $(SEEDS) --start $(START)

vectors: $(INSTALLED)
	$(PY) -m fixtures.vectorkit

kill: $(INSTALLED) test-packages
	BANGBAN_KILLS=$(KILLS) $(PY) -m pytest tests/integration/test_kill.py tests/integration/test_real_faults.py

lint: $(INSTALLED)
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports

check: lint
	$(MAKE) test

format: $(INSTALLED)
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

bench: $(INSTALLED)
	$(PY) -m bench

trace: $(INSTALLED)
	$(PY) -m tests.trace

lock: $(INSTALLED)
	$(VENV)/bin/uv pip compile pyproject.toml --upgrade --universal --python-version 3.11 --all-extras \
	  --generate-hashes --no-header --no-emit-index-url --quiet --output-file requirements.lock
