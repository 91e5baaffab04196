# Guiyan's house: one word for each thing that is done with it. `make` lists them.

PYTHON ?= python3
LOCK_TOOL := uv==0.13.9
EVALUATION := ../shared/evaluation

BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run test check bench train eval lock format clean

help: ## this list
	@echo "make <target>, where <target> is:"
	sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1|\2/p' Makefile | awk -F '|' '{ printf "%-9s %s\n", $$1, $$2 }'

run: .venv/.run-stamp ## serve on 127.0.0.1, port 8000 or PORT; data in ./data or GUIYAN_DATABASE_URL
	@exec $(BIN)/guiyan serve --host 127.0.0.1 --port "$${PORT:-8000}"

test: .venv/.dev-stamp ## everything that must hold: style, types, the catalogue, the tests
	@scripts/debian-packages.sh
	failed=()
	step() { echo; echo "== $$*"; "$$@" || failed+=("$$*"); }
	step $(BIN)/ruff check .
	step $(BIN)/ruff format --check .
	step $(BIN)/mypy
	step $(BIN)/guiyan check
	step $(BIN)/python -m pytest
	echo
	if docker info >/dev/null 2>&1; then
		echo "Not run: building the container image, which takes minutes. By hand: docker build ."
	else
		echo "Not run: building the container image, because no container engine answers. tests/house reads Dockerfile and compose.yaml."
	fi
	if [ "$${#failed[@]}" -gt 0 ]; then echo "FAILED:"; printf '  %s\n' "$${failed[@]}"; exit 1; fi
	echo "Passed; what the tests skipped is listed above with its reason."

check: .venv/.run-stamp ## read knowledge/ and rules/, run every worked example, name every problem
	@$(BIN)/guiyan check

bench: .venv/.dev-stamp ## measure speed, beside a peer
	@$(BIN)/python -m benchmarks

train: .venv/.dev-stamp ## make the classifier of app/understanding anew from the labelled sentences, and grade it
	@$(INSTALL) --require-hashes -r requirements-train.lock
	$(BIN)/python -m training train
	$(BIN)/python -m training grade

eval: .venv/.run-stamp ## grade a fresh server against the labelled personas, sentences and rumours, where they are at hand
	@if [ ! -f $(EVALUATION)/check_personas.py ]; then
		echo "Nothing graded: $(EVALUATION)/check_personas.py is not on this machine."
		exit 0
	fi
	room=$$(mktemp -d)
	server=
	stop() { if [ -n "$$server" ]; then kill "$$server" 2>/dev/null || true; wait "$$server" || true; fi; rm -rf "$$room"; }
	trap stop EXIT
	port=$$($(BIN)/python -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	GUIYAN_DATABASE_URL="sqlite:///$$room/eval.db" $(BIN)/guiyan serve --host 127.0.0.1 --port "$$port" >"$$room/log" 2>&1 &
	server=$$!
	ready="import urllib.request as u; u.build_opener(u.ProxyHandler({})).open('http://127.0.0.1:$$port/readyz', timeout=2)"
	for second in {1..60}; do
		if $(BIN)/python -c "$$ready" 2>/dev/null; then
			$(BIN)/python $(EVALUATION)/check_personas.py "http://127.0.0.1:$$port" $(EVALUATION)/personas_dev.json
			$(BIN)/python $(EVALUATION)/score_understanding.py "http://127.0.0.1:$$port" $(EVALUATION)/utterances_dev.jsonl
			$(BIN)/python $(EVALUATION)/score_hearsay.py "http://127.0.0.1:$$port" $(EVALUATION)/hearsay_dev.jsonl
			exit
		fi
		kill -0 "$$server" 2>/dev/null || break
		sleep 1
	done
	echo "Nothing graded: the server did not become ready. What it said:"
	tail -n 30 "$$room/log"
	exit 1

lock: .venv/.made ## remake the lock files from pyproject.toml; UPGRADE=1 takes the newest versions
	@tools=$$(mktemp -d)
	trap 'rm -rf "$$tools"' EXIT
	$(BIN)/python -m venv "$$tools"
	"$$tools/bin/pip" install --quiet --disable-pip-version-check $(LOCK_TOOL)
	# setuptools is locked too, so that the project itself is installed without fetching anything more.
	build_needs() { $(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], sep="\n")'; }
	compile() {
		build_needs | UV_CUSTOM_COMPILE_COMMAND="make lock" "$$tools/bin/uv" pip compile --quiet --cache-dir "$$tools/cache" \
			--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
			$(if $(UPGRADE),--upgrade) "$$@" pyproject.toml -
	}
	compile --output-file requirements.lock
	compile --output-file requirements-dev.lock --constraints requirements.lock --extra dev --extra bench
	compile --output-file requirements-train.lock --constraints requirements-dev.lock --extra dev --extra bench --extra train

format: .venv/.dev-stamp ## lay out the code and mend what can be mended by machine
	@$(BIN)/ruff check --fix . || true
	$(BIN)/ruff format .

clean: ## remove .venv, caches and build output; ./data stays
	@rm -rf .venv build dist ./*.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: nothing is installed twice.
.venv/.made:
	@has_venv() { $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; }
	has_venv || PYTHON=$(PYTHON) scripts/debian-packages.sh
	if ! command -v $(PYTHON) >/dev/null; then
		echo "$(PYTHON) is not installed. On Debian, as root: apt-get install python3 python3-venv"
		exit 1
	fi
	if ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
		echo "Guiyan needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)."
		echo "Name another with: make PYTHON=/path/to/python3.11 <target>"
		exit 1
	fi
	if ! has_venv; then
		echo "$(PYTHON) cannot make a virtual environment, because ensurepip is missing. On Debian, as root: apt-get install python3-venv"
		exit 1
	fi
	$(PYTHON) -m venv .venv
	touch $@

.venv/.run-stamp: requirements.lock pyproject.toml .venv/.made
	@echo "Installing what Guiyan needs into .venv"
	$(INSTALL) --require-hashes -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev-stamp: requirements-dev.lock pyproject.toml .venv/.made
	@echo "Installing what Guiyan and its tests need into .venv"
	$(INSTALL) --require-hashes -r requirements-dev.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	touch .venv/.run-stamp $@ # the development lock holds the run-time lock, with the same pins
