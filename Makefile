# One command each. Every target installs what it needs first and is quick the second time.
SHELL := /bin/bash
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

# A cluster that the shell happens to point at is never touched: only `make demo KUBECONFIG=...` names one.
ifeq ($(origin KUBECONFIG),command line)
demo_cluster := --kubeconfig "$(KUBECONFIG)"
endif
unexport KUBECONFIG

test_selection := $(if $(ONLY),--only "$(ONLY)") $(if $(FILE),--file "$(FILE)") $(if $(NAME),--name "$(NAME)")
bench_selection := $(if $(CASE),--case "$(CASE)") $(if $(JOBS),--jobs "$(JOBS)") $(if $(OUT),--out "$(OUT)") $(if $(STRIDE),--stride "$(STRIDE)")
DATA ?= ../shared/data

.DEFAULT_GOAL := help
.PHONY: help demo test verify format bench dashboards soak build run up down record modules

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: modules ## The main path on a real control plane; KUBECONFIG=path for a cluster of yours, ARGS="--json out.json"
	@node hack/demo/main.ts $(demo_cluster) $(ARGS)

test: modules ## All tests; ONLY=unit|contract|integration|e2e, FILE=path, NAME="words of the test's name"
	@node hack/run/tests.ts $(test_selection)

verify: modules ## Format, lint, types, house rules, sizes, generated files, dead code, lockfile; ends with a clean tree
	@node hack/verify/main.ts

format: modules ## Rewrite every file in the house's format
	@prettier --write --log-level warn .

bench: modules ## Benchmarks; CASE=3 or scale, DATA=folder laid out as docs/benchmarks.md says, OUT=report.json, ARGS=--help
	@node hack/bench/main.ts --data "$(DATA)" $(bench_selection) $(ARGS)

dashboards: modules ## The Grafana dashboards as pictures of a made-up day, in out/dashboards
	@node hack/dashboards/main.ts

soak: modules ## What is too long for every run: *.soak.test.ts; FILE=path for one
	@SUNWARD_SOAK=1 node hack/run/tests.ts $(test_selection)

build: modules ## The bundle that ships, in dist/
	@hack/run/step.sh "Building the bundle" node hack/build/main.ts

run: modules ## The operator, from source; ARGS="--kubeconfig path --config path"
	@node operator/main.ts $(ARGS)

up: modules ## A development control plane that stays; ARGS="--clusters 2"
	@node hack/controlplane/main.ts up $(ARGS)

down: modules ## Stops it
	@node hack/controlplane/main.ts down $(ARGS)

record: modules ## What a provider of data really answers, and its contract suite on that; ARGS="PROVIDER --zone Z", ARGS=--help
	@node hack/record-provider.ts $(ARGS)

modules:
	@hack/run/modules.sh
