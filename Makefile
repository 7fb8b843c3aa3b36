# The only commands a person needs. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed
PROTO_FILES := $(shell cd protos && find . -name '*.proto' | sed 's|^\./||' | sort)

# A kustomization and a patch are no resources of their own; the tests of the deployment read them.
MANIFESTS := $(filter-out %/kustomization.yaml %/databases.yaml,$(shell find deploy/kubernetes -name '*.yaml' | sort))

.PHONY: help demo up reset test test-screens check protos bench bench-screening bench-classification bench-pages clean

help:            ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Xuke needs Python 3.11 or newer"'
	$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock | $(VENV)/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

demo: $(RUNTIME) ## play the four stories on a fresh platform and show each step
	$(BIN)/xuke demo

up: $(RUNTIME)   ## start the platform and keep it running; Ctrl-C stops it
	$(BIN)/xuke up

reset: $(RUNTIME) ## empty the state of `make up`
	$(BIN)/xuke reset

test: $(DEVELOPMENT) ## run every test
	$(BIN)/pytest -n 2 --dist loadfile
	$(BIN)/pytest tests/browser -n 2 --dist loadgroup

test-screens: $(DEVELOPMENT) ## the browser's tests in both languages at both widths; `test` takes each once
	XUKE_EVERY_SCREEN=1 $(BIN)/pytest tests/browser -n 2 --dist loadgroup

check: $(DEVELOPMENT) ## lint, types, layers, contracts, deployment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd protos && ../$(BIN)/buf lint . && ../$(BIN)/buf format --diff --exit-code .
	cd protos && ../$(BIN)/buf breaking . --against baseline.binpb
	$(BIN)/python protos/generate.py --check
	$(BIN)/kubernetes-validate --strict --quiet $(MANIFESTS)
	$(BIN)/pytest tests/unit/deploy

protos: $(DEVELOPMENT) ## regenerate the code beside the contracts
	cd protos && ../$(BIN)/buf format --write .
	$(BIN)/python protos/generate.py

bench: $(DEVELOPMENT) ## measure; prints figures and ratios, asserts nothing about time
	$(BIN)/python -m tests.bench

bench-screening: $(DEVELOPMENT) ## measure how well and how fast names are found; XUKE_SCREENING_DATA has labelled ones
	$(BIN)/python -m tests.bench.screening

bench-classification: $(DEVELOPMENT) ## measure how well and how fast items are classified; XUKE_CLASSIFICATION_DATA has labelled ones
	$(BIN)/python -m tests.bench.classification

bench-pages: $(DEVELOPMENT) ## measure every page of the portal among 10,000 applications
	$(BIN)/python -m tests.bench.pages

clean:           ## remove the environment
	rm -rf $(VENV)
