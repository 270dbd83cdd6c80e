# The only entry point. `make help` lists what it can do.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PY := .venv/bin/python
FUNCTIONS := $(wildcard functions/*/app.py)
# npm writes this file when all others are in place.
NODE_MODULES := frontend/node_modules/.package-lock.json
export PYTHONPATH := layers/core
# uv compiles nothing: what is imported is compiled and kept, once.
unexport PYTHONDONTWRITEBYTECODE
export STACK ?=
export PORT ?=
export TARGET ?=
export QUERY ?=
export RUNTIME ?=

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^##@ / {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo; echo "  STACK=name PORT=4567 runs a second stack beside the first one."
	@echo "  TARGET=localstack or TARGET=aws works on a stack there; the default is the embedded stack, on this machine."

##@ Start and stop
# One module of infra/commands each.
COMMANDS := demo up down drop stream train impact status logs sql outputs tokens cost person
.PHONY: $(COMMANDS) token revoke clean
demo: frontend/dist ## Set up, start, train a model, ingest and score the sample, and print the page's address

up: frontend/dist ## Start the embedded stack and deploy the template to it; TARGET=localstack starts LocalStack

down: ## Stop the stack; the embedded one keeps its data, LocalStack doesn't

clean: ## Stop the embedded stack, and delete its data and everything that was built
	@if [ -d .venv ]; then TARGET= $(PY) -m infra.commands.destroy --yes; fi; rm -rf build .aws-sam frontend/dist

##@ Score and train
drop: ARGS = "$(FILE)"
drop: ## Score a file, and write its ranked candidates and its bad rows beside it: FILE=candidates.csv

stream: ARGS = --every $(or $(EVERY),60)
stream: ## Drop a file of generated candidates every EVERY=60 seconds

train: ARGS = $(if $(DATASET),--dataset "$(DATASET)") $(if $(MISSED),--missed $(MISSED)) $(if $(CAPACITY),--capacity $(CAPACITY)) $(if $(REASON),--force --reason "$(REASON)")
train: ## Train a model, and promote it if it passes its gates: DATASET=labelled.csv; MISSED=3 or CAPACITY=50/1000; REASON="…" promotes it anyway

sql: ARGS = "$$QUERY" $(if $(FORMAT),--format $(FORMAT))
sql: ## Query every scored row: QUERY="select …"; FORMAT=csv for all rows as CSV

impact: ARGS = "$(FILE)" $(if $(CATEGORIES),--categories "$(CATEGORIES)")
impact: ## Compare how often groups are called in a scored file: FILE=x.scored.csv; CATEGORIES=y.csv for groups of your own

##@ Look after it
status: ## Show the champion, drift, queues, what the watch found, files and runs

logs: ARGS = $(if $(FOLLOW),--follow) $(FN)
logs: ## Show the functions' latest log lines: FN=validate for one function; FOLLOW=1 to go on

person: ARGS = "$(ID)"
person: ## Print everything that is held about a candidate as one JSON document: ID=7

outputs: ## Print addresses and demo tokens of the running stack as JSON

cost: ARGS = $(if $(FILES),--files $(FILES)) $(if $(ROWS),--rows $(ROWS)) $(if $(CALLS),--calls $(CALLS))
cost: ## Estimate the AWS price of a month: FILES=30 ROWS=1000000 CALLS=100000

##@ Let people in
tokens: ARGS = list
tokens: ## List the clients that have a token

token: .venv/installed ## Print a new token, once: NAME=client ROLE=user|operator SOURCE=webapp|api DAYS=90
	@$(PY) -m infra.commands.tokens issue "$(NAME)" $(if $(ROLE),--role $(ROLE)) $(if $(SOURCE),--source $(SOURCE)) $(if $(DAYS),--days $(DAYS))

revoke: .venv/installed ## Revoke every token of a client: NAME=client
	@$(PY) -m infra.commands.tokens revoke "$(NAME)"

$(COMMANDS): .venv/installed
	@$(PY) -m infra.commands.$@ $(ARGS)

##@ Develop
.PHONY: format generate lock screenshots
format: .venv/installed ## Format the Python code
	@$(PY) -m ruff check --fix -q .; $(PY) -m ruff format .

generate: .venv/installed ## Write every generated file: requirements, tables of the docs, page types, dashboards, alarms, runbook, picture
	@$(PY) -m infra.generate

LOCK := .venv/bin/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -q
lock: .venv/installed ## Resolve the pinned dependencies again into requirements.lock and the tools' locks
	@$(LOCK) --group deployed --group embedded --group dev -o requirements.lock
	@for tool in uv sam checks; do $(LOCK) --group $$tool -o infra/tools/$$tool.lock || exit 1; done

screenshots: .venv/installed ## Take pictures of every view of the stack that is up into build/screenshots
	@$(PY) -m tests.browser.shots

##@ Check
.PHONY: check test e2e soak bench bench-ingest bench-scoring bench-model bench-api bench-demo bench-dependencies lint lint-python lint-functions lint-template lint-page lint-words
check: lint ## Check style and types, and run all but the largest unit tests
	@$(PY) -m pytest --hypothesis-profile check -m "not large" tests/unit
	@echo "Left out: tests marked as large, and nine of ten random examples of a property. make test runs everything."

# What takes longest begins first. The tests on stacks wait much, and those in memory compute meanwhile, where they may.
STACK_TESTS := $(PY) -m pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder tests/browser tests/e2e
MEMORY_TESTS := nice $(PY) -m pytest --numprocesses auto --dist loadfile tests/unit tests/integration tests/template
test: .venv/installed frontend/dist ## Run every test
	@. infra/node.sh && cd frontend && npm test --silent
	@mkdir -p build; $(STACK_TESTS) >build/stack-tests.log 2>&1 & beside=$$!; trap "kill $$beside 2>/dev/null" EXIT; trap "exit 130" INT TERM; \
	$(MEMORY_TESTS); memory=$$?; \
	echo "Tests on stacks (build/stack-tests.log) ..."; wait $$beside; stacks=$$?; trap - EXIT; cat build/stack-tests.log; \
	[ $$memory -eq 0 ] && [ $$stacks -eq 0 ]

e2e: .venv/installed frontend/dist ## Run the end-to-end tests on the TARGET, with a stack of their own
	@$(PY) -m pytest tests/e2e

lint: lint-python lint-functions lint-template lint-page lint-words ## Check style, types and spelling

lint-python: .venv/installed
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy .

# Each function has modules of its own under the same names, so mypy looks at one at a time.
MYPY_FUNCTION := MYPYPATH=$(CURDIR)/layers/core $(CURDIR)/$(PY) -m mypy --config-file $(CURDIR)/pyproject.toml --cache-dir $(CURDIR)/.mypy_cache/functions --exclude '^$$'
lint-functions: .venv/installed
	@for folder in $(dir $(FUNCTIONS)); do (cd $$folder && $(MYPY_FUNCTION) .) || exit 1; done

# The template and the page are looked at again when they have changed; a folder changes when a file is deleted from it.
lint-template: build/linted/template
build/linted/template: template.yaml .venv/installed
	@.venv/bin/cfn-lint $< && mkdir -p $(@D) && touch $@

lint-page: build/linted/page
build/linted/page: $(NODE_MODULES) frontend/package.json frontend/tsconfig.json frontend/vite.config.ts $(shell find frontend/src frontend/tests 2>/dev/null)
	@. infra/node.sh && (cd frontend && npm run --silent check) && mkdir -p $(@D) && touch $@

lint-words: .venv/installed
	@.venv/bin/codespell README.md CHANGELOG.md CONTRIBUTING.md Makefile template.yaml docs layers functions infra data frontend/src frontend/tests tests

soak: .venv/installed frontend/dist ## Test the invariants with large numbers; takes an hour or more
	@# Thousands of short threads would leave their memory in as many arenas.
	@MALLOC_ARENA_MAX=2 $(PY) -m tests.soak

bench-demo: .venv/installed ## Time the first make demo of a fresh clone
	@$(PY) -m tests.benchmarks.demo

bench: bench-ingest bench-scoring bench-model bench-api bench-demo bench-dependencies ## Run every bench

bench-ingest: .venv/installed ## Time the ingestion of a million rows beside Great Expectations
	@$(PY) -m tests.benchmarks.ingest

bench-scoring: .venv/installed frontend/dist ## Time scoring and the store beside scikit-learn and a plain loop
	@$(PY) -m tests.benchmarks.scoring

bench-model: .venv/installed ## Measure explanations beside shap
	@$(PY) -m tests.benchmarks.model

bench-api: .venv/installed frontend/dist ## Time the API beside FastAPI with a scikit-learn pipeline
	@$(PY) -m tests.benchmarks.api

bench-dependencies: .venv/installed $(NODE_MODULES) ## Measure what each dependency costs: size and import
	@$(PY) -m tests.benchmarks.dependencies

##@ Deploy
.PHONY: deploy destroy build invoke start-api
# Only the targets that aws-sam-cli deploys to need it.
SAM_localstack := .tools/sam/installed
SAM_aws := .tools/sam/installed
demo deploy e2e: $(SAM_$(TARGET))

deploy: .venv/installed frontend/dist ## Build, deploy to the TARGET, and train the first model
	@$(PY) -m infra.commands.deploy && $(PY) -m infra.commands.train --first

destroy: .venv/installed ## Delete the TARGET's stack with everything in it; says what that is, and asks first
	@$(PY) -m infra.commands.destroy

build: .venv/installed .tools/sam/installed ## Build what Lambda gets: RUNTIME=python3.12 instead of python3.13
	@$(PY) -m infra.commands.build

build-%: # what `sam build` asks for, once a layer or function
	@$(PY) -m infra.build.lambda_package $* "$(ARTIFACTS_DIR)"

invoke: .venv/installed .tools/sam/installed ## Run one function by `sam local` beside LocalStack: FN=validate EVENT=tests/events/validate.json
	@$(PY) -m infra.commands.invoke "$(FN)" $(EVENT)

start-api: .venv/installed .tools/sam/installed ## Serve the APIs by `sam local` beside LocalStack
	@$(PY) -m infra.commands.invoke --serve

##@ Release
.PHONY: build-test security-scan audit tools
build-test: build ## Test what was built: sizes, wheels, and that each handler imports with nothing else
	@$(PY) -m pytest tests/build

security-scan: .tools/sam/installed .tools/checks/installed ## Look for weak spots in the template and the code
	@SAM_CLI_TELEMETRY=0 .tools/sam/bin/sam validate --lint
	@.tools/checks/bin/checkov --quiet --compact --skip-download --framework cloudformation --file template.yaml
	@.tools/checks/bin/bandit --quiet --configfile pyproject.toml --recursive layers functions infra data

audit: .tools/checks/installed ## Look for known vulnerabilities in the pinned packages, in PyPI's database
	@for lock in requirements.lock infra/tools/*.lock; do .tools/checks/bin/pip-audit --strict --disable-pip --require-hashes --requirement $$lock || exit 1; done

tools: .tools/sam/installed .tools/checks/installed ## Install aws-sam-cli, checkov, bandit and pip-audit, apart from the project's packages

# ---------------------------------------------------------------- the installs
.venv/installed: requirements.lock infra/tools/uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "Job Change needs Python 3.11, 3.12 or 3.13. To choose one: make PYTHON=python3.13 ...")'
	@echo "Installing the pinned packages (once) ..."
	@$(PYTHON) infra/tools/install.py .venv $<

.tools/%/installed: infra/tools/%.lock | .venv/installed
	@echo "Installing $* (once) ..."
	@$(PY) infra/tools/install.py .tools/$* $<

$(NODE_MODULES): frontend/package-lock.json | .venv/installed
	@. infra/node.sh && cd frontend && npm ci --loglevel error >/dev/null || { echo "make: the page's packages couldn't be installed; the reason is above. Check the network and call make again." >&2; exit 1; }

frontend/dist: $(NODE_MODULES) $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)
	@echo "Building the page ..."
	@. infra/node.sh && cd frontend && npm run --silent build && touch dist
