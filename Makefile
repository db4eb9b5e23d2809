# `make` alone says what there is. Everything runs from .venv; the second start needs no network.
PORT ?= 8501
PACK ?= standard
ADDRESS ?= 127.0.0.1
# Once the models are here nothing asks the hub. To load a hub id by VITRINE_TEXT_ENGINE=transformers: make demo HF_HUB_OFFLINE=0
HF_HUB_OFFLINE ?= 1
# More for pytest, for example: make test-unit PYTEST="-k store -n 2"
PYTEST ?=
PY := .venv/bin/python
# The first Python on this machine that runs and is new enough (a pyenv shim may be there and not run).
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
export PYTHONPATH := .
export TOKENIZERS_PARALLELISM := false

OFFLINE := HF_HUB_OFFLINE=$(HF_HUB_OFFLINE)
ifeq ($(PACK),light)
VITRINE_TEXT_MODEL ?= smollm2-135m
export VITRINE_TEXT_MODEL
endif

.DEFAULT_GOAL := help
.PHONY: help setup demo models browser test test-unit test-pages test-models test-browser lint bench guard-report screenshots

help:  ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile
	@echo "  PORT=8502 another port, PACK=light the small model, ADDRESS=0.0.0.0 open to the network"

.venv/ready: requirements.txt requirements-dev.txt constraints.txt
	@$(PY) -m pip --version >/dev/null 2>&1 || test -n "$(PYTHON)" || \
	  { echo "No Python 3.11 or newer was found. Install one, or name it: make setup PYTHON=/path/to/python3.12"; exit 1; }
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	$(PY) -m pip install -q -r requirements.txt -r requirements-dev.txt -c constraints.txt
	@touch $@

setup: .venv/ready  ## installs the packages, fetches the models of PACK and builds the search indexes
	@$(PY) -m models fetch --pack $(PACK)
	@$(OFFLINE) $(PY) -m usecases prepare

# The checks come before the models: a taken port or a full disk is told before a gigabyte is fetched.
demo: .venv/ready  ## starts the showcase
	@$(PY) -m models.preflight --port $(PORT) --pack $(PACK)
	@$(PY) -m models fetch --pack $(PACK)
	@$(OFFLINE) $(PY) -m usecases prepare
	@echo "Vitrine: http://$(ADDRESS:0.0.0.0=127.0.0.1):$(PORT)"
	@$(OFFLINE) .venv/bin/streamlit run app.py --server.port $(PORT) --server.address $(ADDRESS)

models: .venv/ready
	@$(PY) -m models fetch --pack light

# A Chromium for the browser tests: the machine's own, Playwright's, or the system's package, whichever can be had.
browser: .venv/ready
	@command -v chromium || command -v google-chrome || command -v chromium-browser \
	  || $(PY) -m playwright install chromium \
	  || { test "$$(id -u)" = 0 && command -v apt-get && apt-get install -y -q chromium; } \
	  || echo "No Chromium is here and none can be installed: the browser tests will be skipped."

test: models browser  ## every test
	$(OFFLINE) $(PY) -m pytest tests $(PYTEST)

test-unit: models  ## tests that need no engine
	$(OFFLINE) $(PY) -m pytest tests/unit $(PYTEST)

test-pages: models  ## each page, headless
	$(OFFLINE) $(PY) -m pytest tests/pages $(PYTEST)

test-models: models  ## real models answer
	$(OFFLINE) $(PY) -m pytest tests/models $(PYTEST)

test-browser: models browser  ## the running app in a browser
	$(OFFLINE) $(PY) -m pytest tests/browser $(PYTEST)

lint: .venv/ready  ## style, types, one-way imports
	.venv/bin/ruff check .
	.venv/bin/mypy --strict errors.py settings.py generators guardrails usecases store models
	.venv/bin/lint-imports

bench: setup models  ## measures the models
	$(OFFLINE) $(PY) -m benchmarks

guard-report: models  ## what the guardrail finds and misses, against stock Presidio
	$(OFFLINE) $(PY) -m benchmarks.guard_report

screenshots: setup browser  ## pictures of every page
	$(OFFLINE) $(PY) -m benchmarks.screenshots
