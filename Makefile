# One place for every command of the project. `make help` lists them.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Where this is set, each of the many processes of a run would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix bench claim lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with everything in it

$(STAMP): requirements/app.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "This needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@echo "Installing into $(VENV) (a minute or two, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@PYTHONWARNINGS="ignore:Editable installation" \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 -x /test_ bot handlers integrations benchmarks tests
	@touch $(STAMP)

demo: setup ## the whole product on this laptop, with stand-ins of Slack, Procore and QuickBooks
	@$(BIN)/onboard demo

test: setup ## every test
	@$(BIN)/python -m pytest -n auto --dist worksteal

check: setup ## lint, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

fix: setup ## let ruff mend and format what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup ## every benchmark, one report
	@$(BIN)/python -m benchmarks

claim: setup ## remake one claim of the docs: make claim NAME=matching
	@$(BIN)/python -m benchmarks.claim "$(NAME)"

lock: setup ## remake requirements/*.txt from pyproject.toml
	@$(BIN)/python requirements/lock.py

clean: ## remove .venv and everything built
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
