# Every target does its own set-up. All that is needed is Python 3.11, 3.12 or 3.13, git and make. Node, which fetches what
# the page draws cards with, is taken where it is on PATH, else as a Python package.
#
#   make demo     try Knuff in a browser, without an account      PORT=8000
#   make test     every check and every test                      WORKERS=4
#   make help     the rest

PYTHON  ?=
PORT    ?= 8000
WORKERS ?= 4
SEED    ?=
MINUTES ?=
PLANTED ?=

VENV  := .venv
BIN   := $(VENV)/bin
READY := $(VENV)/.ready
CARDS := node_modules/.ready
DRAWN := workplace/page/vendor/LICENSES.txt

.DEFAULT_GOAL := help
.PHONY: help setup demo fleet check format test bench soak image-steps lock clean

help:
	@echo "make setup        make .venv, with knuff in it (PYTHON= to choose one)"
	@echo "make demo         Knuff and a pretend workplace at http://127.0.0.1:$(PORT) (PORT= to change)"
	@echo "make fleet        the same on PostgreSQL: two that listen and plan, three that send, to kill one of them"
	@echo "make check        format, lint, types, import contracts, lessons"
	@echo "make test         make check, then every test: both databases, browser journeys"
	@echo "make format       lay out the code as make check wants it"
	@echo "make bench        measure, each figure with its baseline; writes bench/results.json"
	@echo "make soak         fifty kills on each platform while two thousand nudges go out; with SEED=1 MINUTES=10 a fleet"
	@echo "                  under every fault; with PLANTED=all the bugs that the soak must see"
	@echo "make image-steps  run the steps of the Dockerfile on a clean root (Debian, root)"
	@echo "make lock         pin the packages anew (needs uv and npm)"
	@echo "make clean        remove what setting up and testing left behind"

setup: $(READY) $(CARDS)
	@echo "Ready: $(BIN)/knuff"

$(READY): requirements-dev.lock pyproject.toml tools/setup
	@tools/setup $(VENV) "$(PYTHON)"
	@touch $@

$(CARDS): package-lock.json .npmrc requirements-node.lock tools/page_assets $(DRAWN) | $(READY)
	@tools/page_assets $(BIN)/python
	@touch $@

# The last file tools/page_assets writes: gone, it makes the rule above run.
$(DRAWN): ;

demo: $(READY) $(CARDS)
	@$(BIN)/knuff demo --port $(PORT)

fleet: $(READY) $(CARDS)
	@$(BIN)/python -m tools.fleet

check: $(READY)
	@echo "Check 1/5  Is the code laid out alike? (ruff format; make format mends it)"
	@$(BIN)/ruff format --check --quiet || { $(BIN)/ruff format --check; exit 1; }
	@echo "Check 2/5  Known mistakes (ruff)"
	@$(BIN)/ruff check --quiet
	@echo "Check 3/5  Types (mypy --strict)"
	@$(BIN)/mypy
	@echo "Check 4/5  Walls between the rooms (import-linter)"
	@$(BIN)/lint-imports
	@echo "Check 5/5  Lessons, in both languages (knuff lessons check)"
	@$(BIN)/knuff lessons check

format: $(READY)
	@$(BIN)/ruff check --fix --quiet --select I
	@$(BIN)/ruff format

# Beside the checks, which take one core, the tests are read once: otherwise each worker makes their bytecode anew, and
# where Python is told to write none, so does each program that a test starts.
test: export PYTHONDONTWRITEBYTECODE =
test: $(READY) $(CARDS)
	@$(BIN)/python -m pytest --collect-only --quiet >/dev/null 2>&1 & \
	$(MAKE) --no-print-directory check; checked=$$?; wait; exit $$checked
	@echo "Tests  Looking for a Chromium"
	@chromium=$$($(BIN)/python -m tests.chromium) && echo "       $$chromium" && \
	echo "Tests  On SQLite and PostgreSQL, and in the browser, $(WORKERS) at a time" && \
	CHROMIUM="$$chromium" $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal --durations 10

bench: $(READY)
	@$(BIN)/python -m bench

soak: $(READY)
	@$(BIN)/python -m bench.soak $(if $(SEED),--seed $(SEED)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(PLANTED),--planted $(PLANTED))

image-steps: $(READY)
	@$(BIN)/python -m tools.image_steps

# Three locks with the same versions: what runs Knuff, what builds it, what tests it. A fourth for Node, and npm's own, whose
# versions stand in package.json. Pins stay unless OPTIONS=--upgrade is said. `fewest`: one version for every Python.
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(OPTIONS)

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv. Type: python3 -m pip install uv"; exit 1; }
	@command -v npm >/dev/null || { echo "make lock needs npm, which comes with Node 20 or newer"; exit 1; }
	@$(COMPILE) pyproject.toml --output-file requirements.lock
	@$(COMPILE) --group build --output-file requirements-build.lock
	@$(COMPILE) --group node --output-file requirements-node.lock
	@$(COMPILE) pyproject.toml --group dev --constraints requirements.lock --constraints requirements-build.lock \
		--output-file requirements-dev.lock
	@npm install --package-lock-only --loglevel error >/dev/null
	@echo "Pinned. Run make test, then commit the five lock files."

clean:
	@rm -rf $(VENV) node_modules workplace/page/vendor build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
	@echo "Clean. Databases of the demo are left alone."
