# Needs make and Python 3.11 or newer; everything else is installed into .venv, pinned and hashed.
# Start here: make demo, make test.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

# The first Python on this machine that is new enough. Name another: make PYTHON=python3.12 test
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
RUN := PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python
# For `make build`: nothing means the Python that runs here, as the local stack wants it.
RUNTIME ?=
ARCH ?=

.PHONY: help build demo test test-fast flood lint format bench mutate lock clean up down

help: ## what can be made
	@echo "make demo       play a whole season on a local AWS and show what everybody got"
	@echo "make test       every test"
	@echo "make test-fast  rules and use cases only: seconds"
	@echo "make flood      two thousand deliveries under faults, on a machine that does nothing else"
	@echo "make lint       style, types, arrows between packages, template"
	@echo "make format     put the style right"
	@echo "make up         start the local AWS and deploy to it;  make down stops it"
	@echo "make build      what is uploaded;  for AWS: make build RUNTIME=python3.13 ARCH=arm64"
	@echo "make bench      measure, print a table, write benchmarks/results.json"
	@echo "make mutate     make mistakes in the money rules on purpose, and see which no test notices"
	@echo "make lock       renew the pins of all requirements"
	@echo "make clean      remove what was built, not what was installed"

# A stamp, not the folder: the folder exists long before everything is in it.
$(VENV): $(INSTALLED)
.PHONY: $(VENV)

# pip only fetches the installer: it cannot check hashes of packages asked for with extras, and
# takes minutes for what the installer does in seconds.
$(INSTALLED): requirements-installer.txt requirements-dev.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Name one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@echo "Installing into $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV) || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-installer.txt
	@install="$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.txt"; \
	$$install || { echo "Once more, trusting the certificates that this machine trusts"; $$install --system-certs; }
	@touch $@

build: $(INSTALLED)
	@$(RUN) -m devstack build $(if $(RUNTIME),--runtime $(RUNTIME)) $(if $(ARCH),--architecture $(ARCH))

up: $(INSTALLED)
	@$(RUN) -m devstack up

down: $(INSTALLED)
	@$(RUN) -m devstack down

demo: $(INSTALLED)
	@$(RUN) -m devstack demo

# What needs nothing but itself runs on every core; what is timed against a stack has the machine.
test: $(INSTALLED)
	@$(RUN) -m pytest --numprocesses auto --dist loadfile --ignore tests/e2e
	@$(RUN) -m pytest tests/e2e

test-fast: $(INSTALLED)
	@$(RUN) -m pytest tests/unit

flood: $(INSTALLED)
	@TENDING_FLOOD=2000 TENDING_QUIET=1 $(RUN) -m pytest -s tests/e2e/test_a_flood_of_payments.py

lint: $(INSTALLED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/cfn-lint template.yaml

format: $(INSTALLED)
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(INSTALLED)
	@$(RUN) -m benchmarks

# In an environment of its own. RULES="money refunds" tries some of the modules only.
MUTATION := .devstack/mutation
mutate: $(INSTALLED)
	@test -x $(MUTATION)/bin/cosmic-ray || { $(BIN)/python -m venv --clear $(MUTATION) \
	&& $(BIN)/uv pip install --quiet --python $(MUTATION)/bin/python --require-hashes -r requirements-mutation.txt; }
	@$(MUTATION)/bin/python -W ignore -m benchmarks.mutation $(RULES)

# What ships is compiled under the pins of everything, so that tests run what ships.
lock: $(INSTALLED)
	@set -e; compile="$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --generate-hashes --no-emit-index-url"; \
	export UV_CUSTOM_COMPILE_COMMAND="make lock"; \
	$$compile requirements-dev.in -o requirements-dev.txt; \
	$$compile -c requirements-dev.txt requirements.in -o requirements.txt; \
	$$compile -c requirements-dev.txt requirements-typesetting.in -o requirements-typesetting.txt; \
	$$compile -c requirements-dev.txt requirements-paypal.in -o requirements-paypal.txt; \
	$$compile -c requirements-dev.txt requirements-mutation.in -o requirements-mutation.txt; \
	$$compile requirements-installer.in -o requirements-installer.txt

clean: ## the local stack is stopped first; its letters and logs go too
	@if [ -x $(BIN)/python ]; then $(BIN)/python -m devstack down; fi
	@rm -rf .devstack .aws-sam .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
