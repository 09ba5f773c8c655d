# `make run` and `make test` set up by themselves, on a machine that has Python 3.11 to 3.13 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SUPERSET := .superset
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
LOCKED_IN = $$(sed -nE 's/^([a-z0-9._-]+)==.*/--no-emit-package \1/p' $(1))
TESTS := $(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder --max-worker-restart 0
SOAK := $(TESTS) --override-ini faulthandler_timeout=7200 --soak

.PHONY: help setup run serve dashboards test soak foreign docs docs-cli questions bench bench-readers lint lint-sql lock

help:  ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(READY)  ## the environment of .venv, from requirements.lock, extras.lock and tests/requirements.lock

# uv installs the whole lock in seconds; pip, which every Python brings, installs uv from the lock. The libraries
# are compiled once, and not by each of the many short processes of a run, some of which may not keep what they compile.
$(READY): requirements.lock extras.lock tests/requirements.lock pyproject.toml
	@echo "Setting up $(VENV) from requirements.lock (once; needs the package registry)" >&2
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| { echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 ..." >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/^[^ ]/p' tests/requirements.lock | sed '$$d' > $(VENV)/uv.lock.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $(VENV)/uv.lock.txt
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode \
		requirements.lock extras.lock tests/requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(READY)

run: setup  ## the example province through Airflow, dbt and the gates, to the plan's targets
	@$(BIN)/htx run

serve: setup  ## Airflow and the warehouse, up until Ctrl-C
	@$(BIN)/htx serve

# Superset needs other versions of what the project uses, and so an environment of its own, and Python 3.10 to 3.12.
$(SUPERSET)/.ready: reporting/dashboards/requirements.lock | $(READY)
	@echo "Setting up $(SUPERSET) from reporting/dashboards/requirements.lock (once; needs the package registry)" >&2
	@$(BIN)/uv venv --quiet --clear --no-python-downloads --python '>=3.10,<3.13' $(SUPERSET)
	@$(BIN)/uv pip sync --quiet --python $(SUPERSET)/bin/python --require-hashes reporting/dashboards/requirements.lock
	@touch $(SUPERSET)/.ready

dashboards: setup $(SUPERSET)/.ready  ## Superset with the dashboards, up until Ctrl-C
	@$(BIN)/htx dashboards --superset $(SUPERSET)

test: setup  ## everything that a change could break, two modules of tests at a time
	@$(TESTS) $(ARGS)

soak: setup $(SUPERSET)/.ready  ## what takes long or depends on chance; each part alone by make soak-kills, -years, -month, -seeds, -dirt, -fuzz, -machines, -requests, -office and -dashboards
	@$(SOAK) all $(ARGS)

soak-dashboards: $(SUPERSET)/.ready
soak-%: setup
	@$(SOAK) $* $(ARGS)

foreign: setup  ## read the workbooks of other projects' test suites in the folder DIR, and count the answers
	@$(BIN)/python -m tests.ingestion.foreign_workbooks $(DIR)

trial-%: setup  ## trial-image, trial-install: production in a scratch Debian below the new folder DIR; as root, with debootstrap
	@$(BIN)/python -m tests.production.$*_trial $(DIR)

docs: setup  ## the page that explains tables, figures and their SQL: .local/docs/index.html
	@$(BIN)/htx docs

docs-cli: setup  ## docs/cli.md, from the commands
	@$(BIN)/python -m tests.docs.cli_page

questions: setup  ## the answers of docs/questions.md again, from the example province
	@$(BIN)/python -m pytest tests/test_bi.py -k questions --write-questions

bench: setup  ## how fast files are loaded, beside two simple programs; what a build and readers' queries cost
	@$(BIN)/python -m tests.benchmarks.loading
	@$(BIN)/python -m tests.benchmarks.builds

bench-readers: setup  ## what readers' queries take at ten years and 34 times the size, and nothing else
	@$(BIN)/python -m tests.benchmarks.builds --readers

lint: setup  ## style, types, and who may import whom
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

lint-sql: setup  ## the style of the models; 40 s of processor time, and so not part of lint
	@$(BIN)/sqlfluff lint dbt_project/models

lock: setup  ## the locks again, with hashes and without hosts: what runs, drivers, what tests need besides, and Superset
	@$(LOCK) --group build -o requirements.lock pyproject.toml > /dev/null
	@$(LOCK) --group extras -c requirements.lock $(call LOCKED_IN,requirements.lock) -o extras.lock > /dev/null
	@$(LOCK) --group dev -c requirements.lock -c extras.lock $(call LOCKED_IN,requirements.lock extras.lock) \
		-o tests/requirements.lock > /dev/null
	@$(LOCK) -o reporting/dashboards/requirements.lock reporting/dashboards/requirements.in > /dev/null
