# routellm: build, test and publish. `make help` lists the targets.

export CGO_ENABLED = 0

PYTHON  ?= python3
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -s -w -X github.com/routellm/routellm/cmd/routellm/internal/cli.version=$(VERSION)
SHARED  ?= ../shared
FUZZTIME ?= 10s

.PHONY: help build test test-python lint bench fuzz figures data cross clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build bin/routellm, one static binary
	go build -trimpath -ldflags '$(LDFLAGS)' -o bin/routellm ./cmd/routellm

test: ## run every test (Python's part runs where pyarrow and duckdb are installed)
	go test ./...

test-python: ## install what the tests with pyarrow and DuckDB need, and insist on them
	$(PYTHON) -m pip install --quiet --requirement scripts/requirements.txt
	ROUTELLM_REQUIRE_PYTHON=1 go test -count 1 ./datasets/

lint: ## gofmt, go vet, staticcheck, tidy go.mod
	@test -z "$$(gofmt -l .)" || { echo "gofmt: these files need formatting:"; gofmt -l .; exit 1; }
	go vet ./...
	go tool staticcheck ./...
	go mod tidy -diff

bench: ## run every benchmark once, with allocations
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## fuzz the readers for FUZZTIME each
	go test -run '^$$' -fuzz FuzzOpen -fuzztime $(FUZZTIME) ./datasets/
	go test -run '^$$' -fuzz FuzzReadCSV -fuzztime $(FUZZTIME) ./datasets/

figures: build ## evaluate on every benchmark into out/, with tables and plots
	bin/routellm eval --router random,length,oracle --bench all --out out

data: build ## rebuild the built-in data sets from SHARED (default ../shared)
	bin/routellm datasets import routellm --from $(SHARED)/data --out benchmarks
	bin/routellm datasets import table $(SHARED)/data/train/arena55k_battles.jsonl.gz \
		--id id --prompt prompt --drop-text --name arena --licence Apache-2.0 \
		--source 'lmsys-arena-human-preference-55k (digests and counts of prompts)' \
		--out benchmarks/arena.parquet

cross: ## build for macOS and Windows too
	GOOS=darwin GOARCH=arm64 go build -trimpath -o /dev/null ./cmd/routellm
	GOOS=windows GOARCH=amd64 go build -trimpath -o /dev/null ./cmd/routellm
	GOOS=linux GOARCH=arm64 go build -trimpath -o /dev/null ./cmd/routellm

clean: ## remove what the other targets made
	rm -rf bin out
