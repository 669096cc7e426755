PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test planner counting test-moments lint shards story clients check bench demo migrate load schema lock clean

help: ## What can be asked for
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Folkmoot needs Python 3.11 or newer: set PYTHON=/path/to/python3.11.")'
	@echo "Installing what Folkmoot runs on into $(VENV) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing what development needs into $(VENV) (once) ..."
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

setup: $(VENV)/.dev ## Install everything development needs

run: $(VENV)/.run ## Serve the five trusts on port 8000 (PORT=…, DATABASE_URL=…)
	@exec $(BIN)/python -m api run --stop-with $$PPID

migrate: $(VENV)/.run ## Bring the database to the newest tables
	@$(BIN)/python -m api migrate

load: $(VENV)/.run ## Load the five trusts again
	@$(BIN)/python -m api load

demo: $(VENV)/.run ## Tell the whole story against a running server
	@$(BIN)/python -m api demo

story: $(VENV)/.run ## Start a server of its own, tell the whole story to it, stop it
	@$(BIN)/python -m tests.story

test: $(VENV)/.dev ## Run the whole suite
	@$(BIN)/python -m pytest -n 2

counting: $(VENV)/.dev ## Run the tests of counting/ where nothing else of the project can be imported
	@$(BIN)/python -m pytest tests/counting

MOMENTS := 2027-06-15T23:30+01:00 2027-06-16T00:30+01:00 2028-02-29T12:00Z 2027-03-28T00:30Z 2027-10-31T00:30Z

test-moments: $(VENV)/.dev ## Run what has a clock at midnight, on 29 February and while clocks change
	@for moment in $(MOMENTS); do CLOCK=$$moment $(BIN)/python -m pytest -n 2 tests/api tests/db tests/schema || exit 1; done

planner: $(VENV)/.dev ## Run the planner's own tests where nothing else of ours can be imported (SEED=…, EXAMPLES=…)
	@folder=$$(mktemp -d) && trap "rm -rf $$folder" EXIT && cp -r planner $$folder && \
	 $(CURDIR)/$(BIN)/python -I -m pytest -W error -p no:cacheprovider --rootdir $$folder -c /dev/null $$folder/planner/tests

lint: $(VENV)/.dev ## Style, types, import contracts, schema drift
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m api schema --check

shards: $(VENV)/.dev ## Whether every statement of the tests stays on one shard (SEED=…, ALL=1)
	@$(BIN)/python -m tests.shards

clients: $(VENV)/.dev ## Generate a Python and a TypeScript client of docs/operations/ and compile both strictly
	@$(BIN)/python -m tests.clients

check: lint test planner shards clients ## Everything that must hold

schema: $(VENV)/.run ## Write schema/schema.graphql from the code
	@$(BIN)/python -m api schema

bench: $(VENV)/.dev ## Measure against the bare handler and the peers
	@$(BIN)/python -m bench

lock: $(VENV)/.dev ## Pin the dependencies again
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -c requirements.lock pyproject.toml --group dev -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header tests/clients/python/pyproject.toml -o tests/clients/python/requirements.lock

clean: ## Remove the database of the embedded server and what was installed
	rm -rf var $(VENV)
