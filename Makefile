# The only entry point. `make help` lists what it can do.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
FUNCTIONS := $(wildcard functions/*/app.py)
export PYTHONPATH := layers/core
export STACK ?=
export PORT ?=
export TARGET ?=
export RUNTIME ?=
export ARCHITECTURE ?=

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo; echo "  STACK=name and PORT=4567 run a second stack beside the first one."
	@echo "  TARGET=localstack or aws means a stack there; the default is embedded, on this machine."

# ------------------------------------------------------------------ the stack
.PHONY: demo up down drop stream status logs cost token tokens revoke outputs train clean
demo: .venv/installed frontend/dist ## Set up, start, train, ingest the sample, score it, and print the page's address
	@$(PY) -m infra.demo

up: .venv/installed frontend/dist ## Start the embedded stack and deploy the template to it; TARGET=localstack starts LocalStack
	@$(PY) -m infra.place up

down: .venv/installed ## Stop the stack; its data is kept (not by LocalStack)
	@$(PY) -m infra.place down

train: .venv/installed ## Train a model and promote it if it passes its gates: DATASET=file.csv
	@$(PY) -m infra.train $(if $(DATASET),--dataset "$(DATASET)") $(if $(REASON),--force --reason "$(REASON)")

drop: .venv/installed ## Drop a file into the lake and follow it: FILE=candidates.csv
	@$(PY) -m infra.drop "$(FILE)"

stream: .venv/installed ## Drop a random raw file every EVERY=60 seconds, as arriving data would
	@$(PY) -m infra.stream --every $(or $(EVERY),60)

status: .venv/installed ## Show the champion, drift, queues, what the watch found, files and runs
	@$(PY) -m infra.status

logs: .venv/installed ## Show the functions' latest log lines: FN=validate for one function, FOLLOW=1 to go on
	@$(PY) -m infra.logs $(if $(FOLLOW),--follow) $(FN)

cost: .venv/installed ## Estimate the AWS price of a month: FILES=30 ROWS=1000000 CALLS=100000
	@$(PY) -m infra.cost $(if $(FILES),--files $(FILES)) $(if $(ROWS),--rows $(ROWS)) $(if $(CALLS),--calls $(CALLS))

token: .venv/installed ## Print a new token, once: NAME=client ROLE=user|operator SOURCE=webapp|api DAYS=90
	@$(PY) -m infra.token issue "$(NAME)" $(if $(ROLE),--role $(ROLE)) $(if $(SOURCE),--source $(SOURCE)) $(if $(DAYS),--days $(DAYS))

tokens: .venv/installed ## List the clients that have a token
	@$(PY) -m infra.token list

revoke: .venv/installed ## Revoke every token of a client: NAME=client
	@$(PY) -m infra.token revoke "$(NAME)"

outputs: .venv/installed ## Print addresses and demo tokens of the running stack as JSON
	@$(PY) -m infra.outputs

clean: ## Stop the embedded stack and forget its data and all that was built
	@if [ -d .venv ]; then TARGET= $(PY) -m infra.embedded clean; fi; rm -rf build .aws-sam frontend/dist

# ------------------------------------------------------------------ for Lambda
.PHONY: deploy destroy build build-test invoke start-api parts
# Only the targets that aws-sam-cli deploys to need it.
SAM_localstack := .tools/sam/installed
SAM_aws := .tools/sam/installed
demo deploy e2e: $(SAM_$(TARGET))

deploy: .venv/installed frontend/dist ## Build and deploy to a TARGET, and train the first model
	@$(PY) -m infra.deploy && $(PY) -m infra.first_model

destroy: .venv/installed ## Delete the TARGET's stack with everything in it; says what that is, and asks
	@$(PY) -m infra.remove

build: .venv/installed .tools/sam/installed ## Build what Lambda gets: RUNTIME=python3.12 ARCHITECTURE=arm64 for another than python3.13 x86_64
	@$(PY) -m infra.sam

build-test: build ## Test what was built: sizes, wheels, and that each handler imports with nothing else
	@$(PY) -m pytest tests/built.py

build-%: # what `sam build` asks for, once a layer or function
	@$(PY) -m infra.build $* "$(ARTIFACTS_DIR)"

invoke: .venv/installed .tools/sam/installed ## Run one function by `sam local` beside LocalStack: FN=validate EVENT=tests/events/validate.json
	@$(PY) -m infra.invoke "$(FN)" $(EVENT)

start-api: .venv/installed .tools/sam/installed ## Serve the APIs by `sam local` beside LocalStack
	@$(PY) -m infra.invoke --serve

parts: .venv/installed ## Write the requirements of layers and functions from pyproject.toml and requirements.lock
	@$(PY) -m infra.parts

# ------------------------------------------------------------------ the checks
.PHONY: test soak bench bench-ingest bench-scoring bench-api lint format screenshots page-types lock
test: .venv/installed frontend/dist ## Run every test
	@. infra/node.sh && cd frontend && npm test --silent
	@$(PY) -m pytest --numprocesses auto --dist loadfile tests/unit tests/aws tests/template
	@$(PY) -m pytest --numprocesses 3 --dist loadfile tests/e2e tests/browser

soak: .venv/installed frontend/dist ## Try the invariants with large numbers; takes an hour or more
	@$(PY) -m tests.soak

bench-ingest: .venv/installed ## Time the ingestion of a million rows beside Great Expectations
	@$(PY) -m tests.bench.ingest

bench-scoring: .venv/installed frontend/dist ## Time scoring and the store beside scikit-learn and a plain loop
	@$(PY) -m tests.bench.scoring

bench-api: .venv/installed frontend/dist ## Time the API beside FastAPI with a scikit-learn pipeline
	@$(PY) -m tests.bench.api

bench: bench-ingest bench-scoring bench-api ## Run every bench

lint: .venv/installed frontend/node_modules ## Check style and types
	@$(PY) -m ruff check . && $(PY) -m ruff format --check .
	@$(PY) -m mypy . && for app in $(FUNCTIONS); do (cd $$(dirname $$app) && MYPYPATH=$(CURDIR)/layers/core $(CURDIR)/$(PY) -m mypy --config-file $(CURDIR)/pyproject.toml --cache-dir $(CURDIR)/.mypy_cache/functions --exclude '^$$' .) || exit 1; done
	@.venv/bin/cfn-lint template.yaml && . infra/node.sh && cd frontend && npm run --silent check

format: .venv/installed ## Format the Python code
	@$(PY) -m ruff check --fix -q .; $(PY) -m ruff format .

screenshots: .venv/installed ## Take pictures of every view of the stack that is up into build/screenshots
	@$(PY) -m tests.browser.shots

page-types: .venv/installed ## Make the page's types anew from the API's description
	@$(PY) -m infra.page_types

LOCK := .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q
lock: .venv/installed ## Resolve the pinned dependencies anew into requirements.lock and the tools' locks
	@$(LOCK) --group deployed --group embedded --group dev -o requirements.lock
	@$(LOCK) --group sam -o infra/tools/sam.lock && $(LOCK) --group checks -o infra/tools/checks.lock

# ---------------------------------------------------------- the checks of a release
.PHONY: e2e safety audit picture tools
e2e: .venv/installed frontend/dist ## Run the end-to-end tests on a TARGET, with a stack of their own
	@$(PY) -m pytest tests/e2e

safety: .tools/sam/installed .tools/checks/installed ## Look for weak spots in the template and the code
	@SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam validate --lint
	@.tools/checks/bin/checkov --quiet --compact --skip-download --framework cloudformation --file template.yaml
	@.tools/checks/bin/bandit --quiet --configfile pyproject.toml --recursive layers functions infra data

audit: .tools/checks/installed ## Look for known weaknesses in the pinned packages; asks PyPI's database
	@for lock in requirements.lock infra/tools/*.lock; do .tools/checks/bin/pip-audit --strict --disable-pip --require-hashes --requirement $$lock || exit 1; done

picture: .venv/installed ## Draw docs/architecture.svg from the template
	@$(PY) -m infra.architecture

tools: .tools/sam/installed .tools/checks/installed ## Install aws-sam-cli, checkov, bandit and pip-audit, apart from the project's packages

# ---------------------------------------------------------------- the installs
.venv/installed: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "Job Change needs Python 3.11, 3.12 or 3.13. To choose one: make PYTHON=python3.13 ...")'
	@echo "Installing the pinned packages (a minute or two, once) ..."
	@$(PYTHON) -m venv .venv && .venv/bin/pip install --disable-pip-version-check --no-deps --require-hashes -q -r requirements.lock
	@touch $@


.tools/%/installed: infra/tools/%.lock
	@echo "Installing $* (once) ..."
	@$(PYTHON) -m venv .tools/$* && .tools/$*/bin/pip install --disable-pip-version-check --no-deps --require-hashes -q -r $<
	@touch $@

frontend/node_modules: frontend/package-lock.json | .venv/installed
	@. infra/node.sh && cd frontend && npm ci --silent && touch node_modules

frontend/dist: frontend/node_modules $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)
	@echo "Building the page ..."
	@. infra/node.sh && cd frontend && npm run --silent build && touch dist
