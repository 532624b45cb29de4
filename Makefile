# Everything a person does here. `make run` and `make test` need Python 3.11+, pip, venv and make.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# Many tests wait for a clock; an idle worker takes over from a busy one.
WORKERS := -n 4 --dist worksteal
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.PHONY: run try talk test quick torture screenshots catalogue lint check fix lock clean

run: .venv/run.done  ## speak Telegram; without a token, a local one in a browser
	@$(BIN)/python -m bot run

try: .venv/run.done  ## try the coach on the local Telegram, in a browser, even where there is a token
	@$(BIN)/python -m bot try

talk: .venv/run.done  ## talk with the coach in this terminal, nothing is kept
	@$(BIN)/python -m bot talk

test: lint  ## everything that must hold before a change is shared
	$(BIN)/python -m pytest $(WORKERS)

quick: .venv/test.done  ## the tests without the linters
	$(BIN)/python -m pytest $(WORKERS) -x

torture: .venv/test.done  ## the long tests, at most 75 minutes; ONLY=D02 runs one
	$(BIN)/python -m tests.torture $(if $(ONLY),--only $(ONLY)) $(if $(WRITE),--write)

screenshots: .venv/test.done  ## take the pictures of the README again; needs a Chromium
	$(BIN)/python -m tests.page.screenshots

catalogue: .venv/test.done  ## what may go wrong, by number, and the tests that hold each
	@$(BIN)/python -m tests.catalogue

lint: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

check: .venv/run.done  ## mistakes in words, situations and script, each with its remedy
	@$(BIN)/python -m bot check

fix: .venv/run.done  ## write the files that are made from others: catalogues, maps, tables
	@$(BIN)/python -m bot check --fix

lock: .venv/test.done  ## choose new versions of what we depend on; see CONTRIBUTING.md
	$(BIN)/python -m pip install --quiet pip-tools
	$(LOCK) --upgrade --extra dev -o requirements-dev.txt pyproject.toml
	$(LOCK) --constraint requirements-dev.txt -o requirements.txt pyproject.toml

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Twenty Minutes needs Python 3.11 or newer; try make run PYTHON=python3.11")'
	@echo "Setting up (once, about a minute) ..."
	@$(PYTHON) -m venv .venv

.venv/run.done: .venv/bin/python requirements.txt
	@$(PIP) -r requirements.txt
	@touch $@

.venv/test.done: .venv/bin/python requirements-dev.txt
	@$(PIP) -r requirements-dev.txt
	@touch $@
