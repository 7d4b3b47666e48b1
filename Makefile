# What one does with the portal. `make` alone lists it.

PORT ?= 8000
PYTHON ?= $(shell for name in python3.11 python3; do $$name --version >/dev/null 2>&1 && echo $$name && break; done)
PY := .venv/bin/python
MARKS ?=
OPTIONS ?=
CATALOGS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
TEMPLATES = $(shell find templates -name '*.html')
OFFLINE := SECRET_KEY=only-for-lint DATABASE_URL=sqlite://:memory: CACHE_URL=locmemcache://
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras
COMPILE += --no-header --no-annotate --no-emit-index-url

export PORT

.DEFAULT_GOAL := help
.PHONY: help demo install install-dev test test-postgres test-browser lint audit access format messages lock bench \
	drill-crash drill-load drill-writers html lighthouse scan handbook load-fixtures dump-fixtures clean

help: ## list these commands
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | \
		awk -F '|' '{ printf "make %-15s %s\n", $$1, $$2 }'

demo: install $(CATALOGS) ## run the portal with its fixtures on http://127.0.0.1:8000 (PORT=8001 for another port)
	@$(PY) deploy/demo.py serve

install: ## make .venv with what the portal runs on
	@$(if $(PYTHON),,echo "The portal needs Python 3.11 or newer, and there is no python3 here."; exit 1;) $(PYTHON) deploy/install.py requirements.txt

install-dev: ## make .venv with what tests and lint need too
	@$(if $(PYTHON),,echo "The portal needs Python 3.11 or newer, and there is no python3 here."; exit 1;) $(PYTHON) deploy/install.py requirements.txt requirements-dev.txt

test: install-dev $(CATALOGS) ## run every test (MARKS="not browser" for a part of them)
	$(PY) -m pytest -n auto $(if $(MARKS),-m "$(MARKS)")

test-postgres: install-dev $(CATALOGS) ## run the tests on PostgreSQL and Redis, but for those in a browser
	DATABASE_URL="$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres}" \
	CACHE_URL="$${CACHE_URL:-redis://127.0.0.1:6379/1}" \
	$(PY) -m pytest -n auto -m "not browser"

test-browser: install-dev $(CATALOGS) ## run the tests that drive Chromium (EVERY_LOOK=1: every state in every look); fail where there is none
	REQUIRE_BROWSER=1 $(PY) -m pytest -n auto -m browser

lint: install-dev $(CATALOGS) ## check format, style, imports, migrations and translations
	$(PY) -m ruff format --check
	$(PY) -m ruff check
	$(if $(TEMPLATES),.venv/bin/djade --check --target-version 5.2 $(TEMPLATES))
	$(PY) .venv/bin/lint-imports --no-logo
	$(OFFLINE) $(PY) manage.py makemigrations --check --dry-run
	$(OFFLINE) $(PY) manage.py check
	$(PY) .ci/messages.py check

audit: install-dev ## hold every version in the locks against published advisories, or say plainly that none could be seen
	@$(PY) .ci/audit.py $(OPTIONS)

access: install-dev $(CATALOGS) ## ask every address of the desk in every role and write docs/access.md
	WRITE_ACCESS=1 $(PY) -m pytest -q tests/test_access.py -k everybody_gets

format: install-dev ## put Python and templates into the form that lint asks for
	$(PY) -m ruff format
	$(PY) -m ruff check --fix
	$(if $(TEMPLATES),-.venv/bin/djade --target-version 5.2 $(TEMPLATES))

messages: install-dev ## bring the Chinese catalog up to the source (needs GNU gettext) and compile it
	$(PY) .ci/messages.py update
	@$(MAKE) --no-print-directory compile-messages

lock: install-dev ## resolve requirements*.in into requirements*.txt, with hashes and without addresses
	$(COMPILE) requirements.in --output-file requirements.txt
	$(COMPILE) requirements-s3.in --output-file requirements-s3.txt
	$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

bench: install $(CATALOGS) ## measure pages beside an empty Django view (needs wrk), totals, imports, the search
	@$(PY) deploy/bench.py $(OPTIONS)
	@$(PY) deploy/bench_totals.py
	@$(PY) deploy/bench_import.py
	@$(PY) deploy/bench_search.py

drill-crash: install-dev $(CATALOGS) ## kill servers and databases while editors save, and look whether anything was lost
	@$(PY) deploy/drill_crash.py $(OPTIONS)
	@$(PY) deploy/drill_crash.py --engine postgresql $(OPTIONS)

drill-load: install-dev $(CATALOGS) ## ask one worker for three times what it sustains, for ten minutes
	@$(PY) deploy/drill_load.py $(OPTIONS)

drill-writers: install-dev $(CATALOGS) ## twelve editors who save at once for a minute, on SQLite
	@$(PY) deploy/drill_crash.py --kills 0 --seconds 60

html: install $(CATALOGS) ## read every page with the Nu HTML checker and follow every link (needs npm and java)
	@$(PY) deploy/check_html.py

lighthouse: install $(CATALOGS) ## judge the main pages with Lighthouse (needs npm and Chromium)
	@$(PY) deploy/lighthouse.py

scan: install $(CATALOGS) ## look for holes with wapiti, as a visitor and as staff (comes from the package index)
	@$(PY) deploy/scan.py $(OPTIONS)

handbook: install-dev $(CATALOGS) ## take the screenshots of docs/editing.md from a running portal (needs Chromium)
	@$(PY) deploy/handbook.py

load-fixtures: install ## load fixtures/ into the demo's database, over edits made there
	@$(PY) deploy/demo.py load-fixtures

dump-fixtures: install ## write the demo's database to fixtures/
	@$(PY) deploy/demo.py dump-fixtures

clean: ## remove what these commands made, but for the demo's database, uploads and key
	rm -rf .venv .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete 2>/dev/null || true

.PHONY: compile-messages
compile-messages: $(CATALOGS)

# The finished catalog appears at once, so that a portal that starts meanwhile never reads half of it.
%.mo: %.po | install
	@$(PY) -m babel.messages.frontend -q compile --input-file $< --output-file $@.new \
		&& mv $@.new $@ || { echo "Stopped at: compiling $<."; exit 1; }
