# Every target sets up its own .venv and needs nothing but Python >= 3.11 and make.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-dev
PREPARED := .prepared/rules.msgpack
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
UV_INDEX := $(if $(PIP_INDEX_URL),--default-index $(PIP_INDEX_URL))
EXAMPLE := examples/dynamodb_schemas
AS_OF := 2026-01-07
DEMO := $(EXAMPLE)/deployments/demo
JSON := sit_dynamodb_schemas_assessment.json
ASSESS = $(BIN)/readiness assess sit $(EXAMPLE) --fail-on never
# The real Terraform that `oracle` asks, and how long. A wrapper beside the checkout, which knows a mirror of the
# providers, is preferred: the comparison works without network.
TERRAFORM ?= $(firstword $(abspath $(wildcard ../shared/tools/terraform-offline)) terraform)
SECONDS_OF_ORACLE ?= 60
# How long `fuzz` looks for faults, and from where: the same seed gives the same inputs.
SECONDS_OF_FUZZ ?= 600
SEED ?=
SHIPPED := action.yml action/comment/action.yml action/setup/action.yml .pre-commit-hooks.yaml $(wildcard examples/workflows/*.yml)
ACTIONLINT ?= actionlint
# What `bench` is told besides: --quick, --only example, --clock cpu, --strict.
BENCH ?=
# Test workers: as many as there are cores.
WORKERS ?= auto

.PHONY: help demo site test check golden docs workflows lock oracle fuzz strace wheel bench clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "bbws-readiness needs Python 3.11 or newer; set PYTHON=python3.12, for example" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: pyproject.toml | $(VENV)/.made
	$(PIP) --editable .
	@touch $@

# One installation, not two: what `demo` needs is part of it. uv takes a tenth of pip's time over some hundred packages;
# where uv cannot be had, or finds less than pip, which knows more places to look, pip does it.
$(STAMP): pyproject.toml | $(VENV)/.made
	@{ $(PIP) --only-binary uv uv && $(BIN)/uv pip install --quiet --python $(BIN)/python $(UV_INDEX) --editable '.[dev]'; } || \
		{ echo "without uv: pip takes a minute or two" >&2; $(PIP) --editable '.[dev]'; }
	@touch $(VENV)/.installed $@

# What a wheel has of templates and rules ready made. Without it, or after a change, a run reads the files themselves:
# it says the same, but takes longer.
$(PREPARED): $(wildcard templates/*.j2 templates/*/*.j2 rules/*.yaml rules/remedies/*.yaml) \
		$(wildcard bbws_readiness/render/templates/*.py bbws_readiness/engine/*.py) bbws_readiness/positioned.py | $(STAMP)
	$(BIN)/python hatch_build.py

# The same files three times: what disagreements mean depends on who is declared right, and on what was decided.
demo: $(VENV)/.installed ## assess the example under its three readings, and print what the last one corrects
	@rm -rf $(DEMO)
	@echo '=== (a) Nobody has said who is right'
	@$(ASSESS) --as-of $(AS_OF)T16:30 --config $(EXAMPLE)/readings/no_authority.yaml --output-dir $(DEMO)/a
	@echo; echo '=== (b) The plan is declared right'
	@$(ASSESS) --as-of $(AS_OF)T16:55 --output-dir $(DEMO)/b_then_c
	@cp $(DEMO)/b_then_c/$(JSON) $(DEMO)/b.json
	@echo; echo '=== (c) Terraform is declared right, and six decisions are recorded'
	@$(ASSESS) --as-of $(AS_OF)T17:15 --config $(EXAMPLE)/readings/terraform_is_authority.yaml --output-dir $(DEMO)/b_then_c
	@echo; echo '=== (b) -> (c)'
	@$(BIN)/readiness diff $(DEMO)/b.json $(DEMO)/b_then_c/$(JSON)

site: $(VENV)/.installed ## make the web page of the example, under the reading in which the plan is right
	@$(BIN)/readiness site sit $(EXAMPLE) --as-of $(AS_OF)T16:55

# Compiled modules are kept, whatever the environment says: many tests start the command anew.
test: export PYTHONDONTWRITEBYTECODE =
test: $(STAMP) $(PREPARED) ## run all tests
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(STAMP) ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

golden: $(STAMP) ## regenerate the pinned outputs; read their diff like code
	$(BIN)/python -m pytest --update-golden tests/test_golden.py tests/cli/test_portfolio.py::test_the_table_is_as_pinned

docs: $(STAMP) ## regenerate the pages of docs/ that are made from codes, nouns, rules and their cases
	$(BIN)/python docs/generate.py

workflows: $(STAMP) ## judge the shipped actions and workflows with zizmor, and with actionlint where there is one
	$(BIN)/zizmor --offline --strict-collection --persona=pedantic --no-progress $(SHIPPED)
	@if command -v $(ACTIONLINT) >/dev/null; then $(ACTIONLINT) $(filter examples/%,$(SHIPPED)); \
		else echo "actionlint is not on the path, nor named by ACTIONLINT: left out"; fi

# The newest versions that fit, with the digests of all their files; only the action installs from the lock.
lock: $(STAMP) ## lock the packages that the action installs
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml action/build.in --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --no-annotate --custom-compile-command 'make lock' --output-file action/requirements.txt

oracle: $(STAMP) ## compare the evaluator with a real Terraform for a minute
	$(BIN)/python -m tests.oracle.compare --terraform $(TERRAFORM) --seconds $(SECONDS_OF_ORACLE)

strace: $(STAMP) ## run the hostile inputs under strace and say what the kernel was asked for
	$(BIN)/python -m tests.hostile.trace

fuzz: $(STAMP) ## look for inputs that break a reader, a command or a promise
	$(BIN)/python -m tests.fuzz.run --seconds $(SECONDS_OF_FUZZ) $(if $(SEED),--seed $(SEED))

wheel: $(STAMP) ## build the wheel and the sdist into dist/
	$(BIN)/python -m build --outdir dist .

bench: $(STAMP) ## time whole commands beside checkov, trivy and terraform, and write docs/performance.md
	$(BIN)/python -m benchmarks.run --terraform $(TERRAFORM) $(BENCH)

clean: ## remove what the targets made
	rm -rf $(VENV) .prepared dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis $(EXAMPLE)/deployments
