# GANEnhance in two commands: `make enhance` shows what it does, `make test` proves it. `make help` lists the rest.
# Needs python3 (3.10 or newer) with venv, make and bash; no GPU, no display.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV ?= .venv
OUT ?= out
# What `make enhance` runs, and where: OpenVINO is the CPU.
MODEL ?= mr-denoise
DEVICE ?= openvino
RESULTS := Docs/results
RECIPES := GANEnhanceLib/training/recipes
BENCH_QUALITY = OMP_NUM_THREADS=1 $(BIN)/python Testing/bench/quality --out $(RESULTS)/quality

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --prefer-binary

MODELS := mr-denoise mr-superres ct-lowdose us-despeckle
GANS := vanilla-gan dcgan wgan-gp infogan style-gan cyclegan pix2pix

.PHONY: help enhance test bench bench-quality bench-architectures models gans screenshots translations lint clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# A stamp for each set of installed packages: a second run finds it and installs nothing.
$(VENV)/.made:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "$(PYTHON) is older than 3.10; name another with 'make PYTHON=...'." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' || \
	  { echo "$(PYTHON) has no venv; on Debian: apt-get install python3-venv." >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.enhance: pyproject.toml | $(VENV)/.made
	@echo "== Installing GANEnhance and its CPU backend into $(VENV)"
	$(PIP) -e '.[openvino,command]'
	@touch $@

# The constraints choose a torch that needs no GPU; see Docs/dependencies.md.
$(VENV)/.test: pyproject.toml Testing/constraints.txt Testing/scripts/debian-packages.sh | $(VENV)/.made
	@echo "== Installing what training, tests and measurements need into $(VENV)"
	bash Testing/scripts/debian-packages.sh
	$(PIP) -c Testing/constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/.enhance

enhance: $(VENV)/.enhance ## enhance the two shipped samples on the CPU, into out/
	$(BIN)/python -m GANEnhanceLib.demo "$(OUT)" --model "$(MODEL)" --device "$(DEVICE)"

test: $(VENV)/.test ## install what the tests need and run all of them
	$(BIN)/python -m pytest

bench: $(VENV)/.test ## measure speed, memory and quality (most of two hours) into Docs/results/
	@missed=0; for bench in speed memory train_data train_step; do \
	  echo "== $$bench"; $(BIN)/python Testing/bench/$$bench.py --json $(RESULTS)/$$bench.json || missed=1; \
	done; echo "== quality"; $(BENCH_QUALITY) || missed=1; exit $$missed

# Finished rows are kept in runs/quality, so that a stopped run goes on where it was.
bench-quality: $(VENV)/.test ## models beside classical methods, and harm (an hour) into Docs/results/quality/
	$(BENCH_QUALITY)

# A model that is below its own input is not exported. `make models MODELS=ct-lowdose` trains one.
models: $(VENV)/.test ## train the four models again from public packages (under 100 minutes each)
	@for model in $(MODELS); do \
	  echo "== $$model"; run=runs/$$model; bundle=$$run/bundle/$$model; card=$(RECIPES)/$$model.card.json; \
	  $(BIN)/ganenhance train $$model --resume auto; \
	  $(BIN)/ganenhance export $$run $$bundle --replace --even-if-worse --card $$card; \
	  $(BIN)/python Testing/bench/quality --model $$bundle --no-harm --json $$run/quality.json || [ $$? = 1 ]; \
	  $(BIN)/ganenhance export $$run $$bundle --replace --card $$card --figures $$run/quality.json; \
	done

bench-architectures: $(VENV)/.test ## train eleven generators alike and compare them (an hour and a half of one core)
	$(BIN)/python Testing/bench/architectures.py

gans: $(VENV)/.test ## train every GAN template and make the pictures of Docs/training (50 minutes of one core)
	@mkdir -p runs
	@for gan in $(GANS); do \
	  echo "== $$gan"; $(BIN)/ganenhance train --template $$gan > runs/$$gan.yaml; \
	  $(BIN)/ganenhance train runs/$$gan.yaml --set threads=1 --resume auto; \
	done
	$(BIN)/python Testing/scripts/make_training_pictures.py runs Docs/training --json $(RESULTS)/gans.json

screenshots: $(VENV)/.test ## make the pictures of Docs/screenshots again (a minute)
	$(BIN)/python Testing/scripts/make_screenshots.py

translations: $(VENV)/.test ## bring the translation files up to date with the strings of the panel
	$(BIN)/python Testing/scripts/update_translations.py

lint: $(VENV)/.test ## check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

clean: ## remove the environment and everything made but training runs
	rm -rf $(VENV) $(OUT) build dist *.egg-info .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
