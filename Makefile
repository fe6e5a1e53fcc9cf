# Everything one does with Pledge. `make help` lists it.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000

# Modules are compiled once and not by each of the tests' processes.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check bench soak screenshots translations lock fast

help:  ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1	/'

$(BIN)/.run: requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Pledge runs on ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(BIN)/.dev: requirements-dev.txt requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what tests and checks need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(BIN)/.run $@

run: $(BIN)/.run  ## set up, migrate, load the demo on first start, serve web and worker
	@PLEDGE_DEMO=1 $(BIN)/flask --app wsgi serve --port $(PORT)

test: $(BIN)/.dev  ## every test, on SQLite and on a real PostgreSQL
	@.ci/chromium
	$(BIN)/pytest -n 3 --dist worksteal -m "not soak" --database sqlite
	$(BIN)/pytest -n 3 --dist worksteal -m "not soak" --database postgresql

fast: $(BIN)/.dev  ## the tests without a browser, on SQLite
	$(BIN)/pytest -n 2 -m "not soak and not browser"

check: $(BIN)/.dev  ## format, lint, types, imports, templates, dependencies, migrations, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/deptry .

bench: $(BIN)/.dev  ## measure: one line a figure, with its limit and budget
	$(BIN)/python -m bench

soak: $(BIN)/.dev  ## the long fault runs, on both databases (SEED=… MINUTES=…)
	$(BIN)/pytest -q -n 2 -m soak --database sqlite
	$(BIN)/pytest -q -n 2 -m soak --database postgresql
	$(BIN)/python -m tests.faults

screenshots: $(BIN)/.dev  ## write docs/screenshots from the demo
	@.ci/chromium
	$(BIN)/python -m tests.screenshots

translations: $(BIN)/.dev  ## bring the catalogues of languages up to date with the code
	$(BIN)/pybabel -q extract -F app/translations/babel.cfg -k _ -k say -k lazy_gettext -k ngettext:1,2 -k WrongHours --no-location --sort-output --no-wrap -o app/translations/messages.pot .
	$(BIN)/pybabel -q update -i app/translations/messages.pot -d app/translations --no-fuzzy-matching --ignore-obsolete --no-wrap
	@rm app/translations/messages.pot

lock: $(BIN)/.dev  ## lock the requirements with hashes
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --python-version 3.11 requirements-dev.in -o requirements-dev.txt
