# The only door: every command sets up .venv by itself, with Python, pip and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PEERS := .venv-peers
PEERS_INSTALLED := $(PEERS)/.installed
SOURCES := src tests benchmarks tools
MINUTES ?= 5
NOTEBOOK := the-tutorial-then-and-now

.DEFAULT_GOAL := help
.PHONY: help demo notebook test coverage check wheel fuzz bench bench-peers docs format clean

help: ## Show what each target does
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(INSTALLED): pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(PEERS_INSTALLED): benchmarks/peers/requirements.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --requirement benchmarks/peers/requirements.txt
	@touch $@

demo: $(INSTALLED) ## Train on the bundled sample for about a minute, then write in that voice
	$(BIN)/talklike demo

notebook: $(INSTALLED) ## Run the tutorial's notebook; it, its page and the wheel for Kaggle or Colab go to build/notebook
	rm -rf build/notebook build/lib build/bdist.*
	mkdir -p build/notebook
	$(BIN)/jupytext --quiet --to ipynb --output build/notebook/$(NOTEBOOK).ipynb docs/tutorial/$(NOTEBOOK).py
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/notebook .
	$(BIN)/jupyter-nbconvert --execute --to notebook --inplace build/notebook/$(NOTEBOOK).ipynb
	$(BIN)/jupyter-nbconvert --to html build/notebook/$(NOTEBOOK).ipynb

test: $(INSTALLED) ## Run the tests
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

coverage: $(INSTALLED) ## Run the tests with branch coverage, half as long again; fails below 90 %
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --cov --cov-report=term

check: $(INSTALLED) ## Lint, format, types, import contracts, generated docs
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/reference.py --check

wheel: $(INSTALLED) ## Check that the built wheel, without extras, writes with a voice and has no torch
	rm -rf build/wheel build/lib build/bdist.* # modules that are gone would get into the wheel from there
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir build/wheel .
	$(BIN)/talklike train src/talklike/data/halfmoon_slip.csv.gz --epochs 0.2 --hidden 16 -o build/wheel/run
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt build/wheel/*.whl
	build/wheel/venv/bin/talklike generate build/wheel/run hello --chars 50 --seed 1
	build/wheel/venv/bin/talklike explore src/talklike/data/halfmoon_slip.csv.gz --top 3
	! build/wheel/venv/bin/python -c 'import torch'

fuzz: $(INSTALLED) ## Feed damaged chats to the readers of all formats; MINUTES=5, CORPUS= a folder of real exports
	$(BIN)/python tools/fuzz_formats.py --minutes $(MINUTES) $(if $(CORPUS),--corpus $(CORPUS))

bench: $(INSTALLED) ## Run the benchmarks; one JSON line for each figure
	@$(BIN)/python -m benchmarks

bench-peers: $(INSTALLED) $(PEERS_INSTALLED) ## Run talklike against Keras on TensorFlow, PyTorch, Kneser-Ney, PPMd; two hours
	@$(BIN)/python -m benchmarks peers

docs: $(INSTALLED) ## Write the generated pages of the reference
	$(BIN)/python tools/reference.py

format: $(INSTALLED) ## Format the code
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

clean: ## Remove the virtual environments and caches
	rm -rf $(VENV) $(PEERS) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage
