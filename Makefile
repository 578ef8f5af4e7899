# Needs Python 3.11 with venv, and the package index; everything else comes from requirements.lock.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.made-from-lock
ARGS ?=
# Where the proofs of the sync begin, and how many times as long as in CI they go on.
SEED ?= 1
TIMES ?= 5

.PHONY: venv demo test prove soak check bench lock catalogue picture recording clean

venv: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# A simulated centre and the console on it; without a terminal it prints the queue.
demo: $(STAMP)
	@$(BIN)/triage demo $(ARGS)

test: $(STAMP)
	$(BIN)/pytest -n 2 -m "not proof" $(ARGS)

# Some minutes of two nurses, kills, bad links and full disks (docs/sync.md); `soak` for as long as you like.
prove: $(STAMP)
	$(BIN)/pytest -n 2 -m proof -rfEP $(ARGS)

soak: $(STAMP)
	$(BIN)/pytest -n 2 -m proof -rfEP --proof-seed $(SEED) --proof-times $(TIMES) $(ARGS)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP)
	@for each in benchmarks/[!_]*.py; do echo "== $$each"; $(BIN)/python "$$each" || exit 1; done
	@echo "== benchmarks/alarm_quality"; $(BIN)/python -m benchmarks.alarm_quality --patients 6

# Resolves pyproject.toml anew; needs `uv` on the path.
lock:
	uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header \
	  --extra dev pyproject.toml --output-file requirements.lock

# Takes new messages into the bokmål catalogue, compiles it, and lists what still lacks a translation.
catalogue: $(STAMP)
	$(BIN)/python -m triage_tui.wording.catalogue

# Draws docs/queue.svg anew.
picture: $(STAMP)
	$(BIN)/python docs/make_picture.py

# Plays docs/console.cast anew: a minute of a shift in the real console.
recording: $(STAMP)
	$(BIN)/python docs/make_recording.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
