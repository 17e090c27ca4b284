# `make run` and `make test` install what they need by themselves; `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
BIN := .venv/bin

# A fresh Debian has no ensurepip and a pip that refuses the system's environment, so the virtual
# environment is made without pip and filled by the system's.
INSTALL := $(PYTHON) -m pip --disable-pip-version-check --python $(BIN)/python install --quiet
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'
# What is installed where the catalog, its client or the example runs.
SHIPPED := app client/src examples migrations seeds
# The Procfile says how the catalog is released and served; this reads a line of it.
procfile = PATH="$(CURDIR)/$(BIN):$$PATH" $(shell sed -n 's/^$(1): //p' Procfile)

.PHONY: help run example test test-postgres test-browser test-input test-stateful test-security test-faults test-operation test-load \
  bench bench-edits bench-documents bench-lint bench-pages bench-bundles bench-client screenshots lint audit words \
  format types lock clean

help: ## List what there is to make
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-22s %s\n", $$1, $$2}'

run: $(BIN)/.runtime ## Install, migrate, seed and serve on 127.0.0.1:8000 (PORT=… changes it)
	@$(call procfile,release)
	@exec env $(call procfile,web)

example: $(BIN)/.example ## Beside it, run a service that asks it, on 127.0.0.1:8001 (PORT=…, CATALOG_URL=…)
	@echo "Try:  curl -X POST -H 'Accept-Language: ko' http://127.0.0.1:$${PORT:-8001}/documents"
	@exec $(BIN)/granian --interface wsgi --port "$${PORT:-8001}" --blocking-threads 4 --no-ws \
	  --workers-kill-timeout 1 --log-level warning examples.recognizer.service:app

test: $(BIN)/.dev ## Install what testing needs and run the tests
	@$(BIN)/python -m pytest

test-postgres: $(BIN)/.dev ## Run the tests of what needs a database on a PostgreSQL of their own (apt: postgresql; TESTS=…)
	@$(BIN)/python -m tests.postgresql_server $(BIN)/python -m pytest $(TESTS)

test-browser: $(BIN)/.dev ## Run the tests in Chromium (apt-get install chromium)
	@$(BIN)/python -m pytest tests/browser

test-input: $(BIN)/.dev ## Try bad input made by machines: some 20 minutes; a table says what held
	@INPUT=long $(BIN)/python -m pytest --show-capture=no tests/input

test-faults: $(BIN)/.dev ## Break what can break under it, and see that nothing acknowledged is lost: half an hour
	@$(BIN)/python -m tests.faults

test-stateful: $(BIN)/.dev ## Hold the product against a model of it: 500 runs of 50 steps, some minutes
	@STATEFUL=long $(BIN)/python -m pytest -n0 tests/journeys/test_stateful.py

test-security: $(BIN)/.dev ## Attack it, and tell what held (apt-get install nginx-light)
	@$(BIN)/python -m pytest -q -m security

test-operation: $(BIN)/.dev ## Hold what who runs it relies on: numbers, backups, doctor, limits, stops, and tell what held
	@$(BIN)/python -m pytest -q -m operation

test-load: $(BIN)/.dev ## 37 clients for 300 s, and none is told what is old (LOAD='--seconds 30', LOAD=--soak)
	@$(BIN)/python -m tests.load $(LOAD)

bench: $(BIN)/.bench ## Measure answers a second beside others, among a million codes (apt: wrk, nginx-light)
	@mkdir -p instance
	@$(BIN)/python -m bench.fast instance/million.sqlite3

bench-edits: $(BIN)/.dev ## Measure edits by many at once: lost ones, waiting, numbers given twice
	@for measurement in counters writers reservations; do \
	  echo "$$measurement:"; $(BIN)/python -m bench.edits $$measurement || exit 1; \
	done

bench-documents: $(BIN)/.dev ## Measure 100,000 codes in 3 locales, in and out
	@$(BIN)/python -m bench.documents

bench-lint: $(BIN)/.dev ## Measure lint and lookups of log lines on 100,000 codes in 3 locales
	@$(BIN)/python -m bench.lint

words: $(BIN)/.dev ## Bring the pages' new words into the files of their translators
	@$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keyword said --keyword later \
	  --no-location --omit-header --sort-output --output-file .words.pot app/pages
	@for language in ko ja; do \
	  $(BIN)/pybabel --quiet update --input-file .words.pot --locale $$language --no-fuzzy-matching \
	    --omit-header --ignore-obsolete --output-file app/pages/translations/$$language.po; \
	done; rm .words.pot

bench-pages: $(BIN)/.dev ## Measure the pages of a service with 5,000 codes
	@$(BIN)/python -m bench.pages

bench-bundles: $(BIN)/.dev ## Measure the bundle of 10,000 codes: its weight, and what a 304 costs
	@$(BIN)/python -m bench.bundles

bench-client: $(BIN)/.dev ## Measure the client: a lookup beside a plain dict's, the start with 10,000 codes
	@$(BIN)/python -m bench.client

screenshots: $(BIN)/.dev ## Take the pictures in docs/screenshots anew, in Chromium
	@$(BIN)/python -m tests.browser.screenshots

lint: $(BIN)/.dev types ## Check style, imports between the rooms, types, and what bandit knows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive $(SHIPPED)

audit: $(BIN)/.dev ## Ask PyPI what is known to be wrong with what is locked (needs the network)
	@for locked in requirements.txt requirements-examples.txt; do \
	  $(BIN)/uv --quiet tool run --from 'pip-audit>=2.10' pip-audit --strict --disable-pip \
	    --require-hashes --requirement $$locked --progress-spinner off || { \
	    echo "$$locked: not audited, or something is known to be wrong: see above."; exit 1; }; \
	done

types: $(BIN)/.dev ## Check the types, the client's as of its oldest Python
	@$(BIN)/mypy
	@$(BIN)/mypy --python-version 3.10 client/src

format: $(BIN)/.dev ## Put the code into its format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(BIN)/.dev ## Lock the newest versions of all dependencies, with their hashes
	@for group in build:requirements.txt examples:requirements-examples.txt \
	  dev:requirements-dev.txt; do \
	  $(COMPILE) --upgrade --group $${group%%:*} --output-file $${group##*:} pyproject.toml || exit 1; \
	done
	@$(COMPILE) --upgrade --constraint requirements-dev.txt --group bench \
	  --output-file requirements-bench.txt pyproject.toml
	@$(COMPILE) --upgrade --constraint requirements-dev.txt --group postgres \
	  --output-file requirements-postgres.txt

clean: ## Remove the environment and caches; the catalog in instance/ stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -m venv --without-pip .venv

$(BIN)/.runtime: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what running needs into .venv ..."
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements.txt
	@$(INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(BIN)/.example: requirements-examples.txt client/pyproject.toml | $(BIN)/python
	@echo "Installing what the example needs into .venv ..."
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-examples.txt
	@$(INSTALL) --no-build-isolation --no-deps --editable client
	@touch $@

$(BIN)/.dev: requirements-dev.txt pyproject.toml client/pyproject.toml | $(BIN)/python
	@echo "Installing what developing needs into .venv ..."
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-dev.txt
	@$(INSTALL) --no-build-isolation --no-deps --editable . --editable client
	@touch $@ $(BIN)/.runtime $(BIN)/.example

$(BIN)/.bench: requirements-bench.txt $(BIN)/.dev
	@echo "Installing what measuring beside others needs into .venv ..."
	@$(INSTALL) --require-hashes --only-binary :all: -r requirements-bench.txt
	@touch $@
