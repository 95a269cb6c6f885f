# Everything runs from .venv, which `make setup` builds from requirements.lock.
# Needed beforehand: Python 3.11 or newer (with venv and pip), make and git.

PYTHON ?= python3
# Language of the notebooks that `make lab` opens: vi or en.
LANGUAGE ?= vi
PYTEST_ARGS ?= -n 2 --dist worksteal

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
AIRFLOW := .venv-airflow

# uv does not read pip's settings: hand it the index and the certificates that
# pip is set to, by variable or file, unless uv has settings of its own.
PIP_SETTING = $$($(BIN)/python -m pip config list | sed -nE "s/^(:env:|global|install)\.$(1)='(.*)'$$/\2/p" | head -n 1)
UV = index="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$(call PIP_SETTING,index-url)}}"; \
	cert="$${SSL_CERT_FILE:-$(call PIP_SETTING,cert)}"; \
	env VIRTUAL_ENV="$(CURDIR)/$(VENV)" $${index:+UV_DEFAULT_INDEX="$$index"} $${cert:+SSL_CERT_FILE="$$cert"} $(BIN)/uv

# Without bytecode every process would compile again what it imports, at three times the cost of the work itself.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup report check lab docs site test test-all lint format lock system-packages airflow-env bench bench-all mutants clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(READY) ## Build .venv from requirements.lock (redone only when that or pyproject.toml changes)

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo 'Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)' >&2; exit 1; }
	@echo 'Building $(VENV) ...'
	@$(PYTHON) -m venv --clear $(VENV)
	@# Only uv comes by pip, at the version and hashes of the lock.
	@awk '/^[^ ]/ { on = /^uv==/ } on' requirements.lock > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(VENV)/uv.txt

$(READY): requirements.lock pyproject.toml | $(BIN)/uv
	@echo 'Installing the locked packages ...'
	@# The lock names the build backends too, so nothing unpinned is fetched.
	@$(UV) pip sync --quiet --require-hashes --build-constraints requirements.lock requirements.lock
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

report: setup ## Make the report [QUARTER=... PROVINCES=... LANGUAGES=... AS_OF=...]
	$(BIN)/ninhthuan run$(if $(QUARTER), --quarter '$(QUARTER)')$(if $(PROVINCES), --provinces '$(PROVINCES)')$(if $(LANGUAGES), --languages '$(LANGUAGES)')$(if $(AS_OF), --as-of '$(AS_OF)')

check: setup ## Check the data files
	$(BIN)/ninhthuan check

lab: setup ## Open the first notebook in JupyterLab, a copy in one language [LANGUAGE=en JUPYTER_ARGS=...]
	@$(BIN)/ninhthuan notebooks --to build/lab --language '$(LANGUAGE)' > /dev/null
	@# The copies are signed while the server starts. All of the project can be seen, and the tour is what opens.
	@$(BIN)/jupyter trust build/lab/'$(LANGUAGE)'/*.ipynb build/lab/'$(LANGUAGE)'/explore/*.ipynb > /dev/null & \
	JUPYTER_CONFIG_PATH='$(CURDIR)/deploy/lab' $(BIN)/jupyter lab --ServerApp.root_dir='$(CURDIR)' \
		--LabApp.default_url='/lab/tree/build/lab/$(LANGUAGE)/explore/00_start_here.ipynb' $(JUPYTER_ARGS)

docs: setup ## Build the documentation as a site in build/docs, offline, warnings as errors
	@$(BIN)/sphinx-build -W --keep-going --nitpicky --quiet --fresh-env --builder html \
		--doctree-dir build/doctrees docs build/docs
	@$(BIN)/ninhthuan run --reports build/docs/example --quarter 2025Q2 --provinces 58 --languages vi,en \
		--formats html --quiet
	@echo 'Documentation: build/docs/index.html'

site: docs ## Build what a web server gives, in build/site: documentation, explore.html, the data as files, feeds [URL=https://.../]
	@rm -rf build/site && cp -r build/docs build/site
	@$(BIN)/ninhthuan page --reports build/site > /dev/null
	@$(BIN)/ninhthuan export build/site/api $(if $(URL),--url '$(URL)api/') > /dev/null
	@echo 'Site: build/site/index.html'

test: setup ## Run the tests that every change asks for, in five minutes [PYTEST_ARGS=...]
	@$(BIN)/pytest $(PYTEST_ARGS)

test-all: setup ## Run every test, the full matrices of tests/full.csv too [PYTEST_ARGS=...]
	@$(BIN)/pytest --full $(PYTEST_ARGS)

lint: setup ## Check code and notebooks with ruff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup ## Fix and format code and notebooks with ruff
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: $(BIN)/uv ## Make requirements.lock anew from pyproject.toml, with the newest versions
	@$(UV) pip compile pyproject.toml --all-extras --group dev --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock
	@$(UV) pip compile deploy/airflow/requirements.in --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-header --no-annotate --no-emit-index-url --quiet \
		--output-file deploy/airflow/requirements.txt

system-packages: ## Install LibreOffice for briefing.pdf, and what some tests use (Debian and Ubuntu)
	@missing=; \
		command -v chromium || command -v chromium-browser || command -v google-chrome || missing=chromium; \
		command -v firefox-esr || command -v firefox || missing="$$missing firefox-esr"; \
		command -v soffice || missing="$$missing libreoffice-writer-nogui"; \
		office=$$(readlink -f "$$(command -v soffice)" 2>/dev/null); \
		[ -e "$${office%/*}/libsclo.so" ] || missing="$$missing libreoffice-calc-nogui"; \
		fc-list 2>/dev/null | grep -q LiberationSerif-Regular || missing="$$missing fontconfig fonts-liberation2"; \
		command -v pdftoppm || missing="$$missing poppler-utils"; \
		command -v crontab || missing="$$missing cron"; \
		command -v systemd-analyze || missing="$$missing systemd"; \
		command -v openssl || missing="$$missing openssl"; \
		command -v Rscript || missing="$$missing r-base-core"; \
		[ -n "$$missing" ] || exit 0; \
		if [ "$$(id -u)" = 0 ]; then run=; else run=sudo; fi; \
		$$run apt-get update -qq && \
		$$run env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing

airflow-env: $(AIRFLOW)/.ready ## Build .venv-airflow, which one test of deploy/ uses

$(AIRFLOW)/.ready: deploy/airflow/requirements.txt | $(BIN)/uv
	@echo 'Building $(AIRFLOW) ...'
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(AIRFLOW)
	@$(UV) pip sync --quiet --require-hashes --python $(AIRFLOW)/bin/python deploy/airflow/requirements.txt
	@touch $@

bench: setup ## Measure: planning, deaths, a small batch, rank sets, figures, dossiers, JupyterLab, and the engine beside papermill and a plain script (10 minutes)
	$(BIN)/python benchmarks/plan500.py
	@echo
	$(BIN)/python benchmarks/death.py --trials 5
	@echo
	$(BIN)/python benchmarks/batch63.py --provinces 4
	@echo
	$(BIN)/python benchmarks/ranks.py
	@echo
	$(BIN)/python benchmarks/figures.py
	@echo
	$(BIN)/python benchmarks/dossiers.py
	@echo
	$(BIN)/python benchmarks/sync.py --rounds 1
	@echo
	$(BIN)/python benchmarks/lab.py
	@echo
	@# Last: its last two lines are the two ratios.
	@$(BIN)/python benchmarks/engine.py --rounds 3

mutants: setup ## Plant the faults of tests/mutants.csv one by one: the tests have to find each (ten minutes)
	$(BIN)/python benchmarks/mutants.py

bench-all: setup ## Measure the batch of all 63 provinces, make 500 reports with faults, and check what every report there can be says (two hours)
	$(BIN)/python benchmarks/batch63.py --languages vi,en
	@echo
	$(BIN)/python benchmarks/soak.py
	@echo
	$(BIN)/python benchmarks/sweep.py

clean: ## Remove .venv, caches and build output
	rm -rf $(VENV) $(AIRFLOW) build dist .pytest_cache .ruff_cache .hypothesis *.egg-info
	find . -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +
