# Joinery. `make demo` and `make test` install what they need on Debian 12 and do their job.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo serve test test-swift test-python interop interop-swift lint generate check-generated snippets replay bench \
  bench-audit bench-rpc check-allocations simulate faults schema-fixture attack-report sanitize fuzz clean

# Strict: an import of a target that is not declared as a dependency is an error.
SWIFT_FLAGS := -j 2 --explicit-target-dependency-import-check error
# What is released carries Swift's runtime in itself: nothing to install beside it, and 13 % less processor time an order.
RELEASE_FLAGS := -c release --static-swift-stdlib
RELEASE     := .build/release/joinery
PYTHON      := .venv/bin/python3
LISTEN      ?= 127.0.0.1:50051
DATABASE    ?= joinery.db
SIMULATIONS ?= 200
# Swift Testing would begin all tests at once: each then takes minutes, of which a connection that waits for its turn sees only that nobody answers.
FEW_AT_A_TIME := SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8
FUZZ_SECONDS ?= 600
FUZZ_TARGETS ?= frames deframer metadata timeout codec json

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install the C libraries and the Python environment of the client tests
	@.ci/setup

build: setup ## Build the optimised binary: .build/release/joinery
	swift build $(SWIFT_FLAGS) $(RELEASE_FLAGS) --product joinery

demo: build ## Play one order from quote to cash on a sample furniture company
	@$(PYTHON) clients/python/examples/demo.py --joinery $(RELEASE)

serve: build ## Serve DATABASE (joinery.db) on LISTEN (127.0.0.1:50051)
	@exec $(RELEASE) serve --listen $(LISTEN) --database $(DATABASE)

test: setup lint test-swift test-python interop ## All tests: Swift, the real binary, foreign clients and servers

test-swift:
	swift build $(SWIFT_FLAGS) --build-tests
	@set -o pipefail; $(FEW_AT_A_TIME) JOINERY_PYTHON=$(CURDIR)/$(PYTHON) swift test --skip-build 2>&1 | tee .build/test.log \
	  || { echo; echo "What failed:"; grep '✘' .build/test.log; exit 1; }

test-python:
	$(PYTHON) -m pytest -q clients/python

interop: setup ## The gRPC interoperability cases against clients, servers and proxies that are not ours
	swift build $(SWIFT_FLAGS) --product interop-peer
	swift build $(SWIFT_FLAGS) --product joinery
	$(PYTHON) -m pytest -q Tests/Interop

# Apart from `make test`: building grpc-swift-2 takes minutes.
interop-swift: setup ## The same cases with grpc-swift-2 as the client
	swift build $(SWIFT_FLAGS) --product interop-peer
	swift build -j 2 $(RELEASE_FLAGS) --package-path Tests/Interop/grpc-swift --scratch-path .build-grpc-swift --product grpc-swift-peer
	JOINERY_GRPC_SWIFT_PEER=$(CURDIR)/.build-grpc-swift/release/grpc-swift-peer \
	  $(PYTHON) -m pytest -q Tests/Interop/test_programs.py -k grpc_swift

lint: ## Formatting, .proto style, and checked-in generated code equal to a fresh one
	swift format lint --strict --parallel --recursive Package.swift Sources Tests proto
	.venv/bin/buf lint proto
	proto/generate --check

generate: setup ## Regenerate CMessages, Messages/Generated and the Python stubs from proto/
	proto/generate

schema-fixture: setup ## Write the newest schema that migrations are tested from (clients/python/tests/schemas) again
	swift build $(SWIFT_FLAGS) --product joinery
	JOINERY_SCHEMA_FIXTURE=1 $(PYTHON) -m pytest -q clients/python/tests/test_migrations.py -k write

replay: build ## Load the real catalogue and replay real furniture orders (needs JOINERY_DATA_DIR)
	@$(PYTHON) clients/python/examples/replay.py --joinery $(RELEASE)

simulate: setup ## Random commands against the model: SIMULATIONS=200 seeds, or SEED=n alone
	swift build $(SWIFT_FLAGS) --build-tests
	JOINERY_SIMULATIONS=$(SIMULATIONS) $(if $(SEED),JOINERY_SEED=$(SEED)) \
	  swift test --skip-build --filter SimulationTests

snippets: build ## Every snippet of the README's chapter "Calling Joinery", run as written
	JOINERY_SNIPPETS=all JOINERY_BINARY=$(CURDIR)/$(RELEASE) $(PYTHON) -m pytest -q clients/python/tests/test_readme.py

faults: build ## kill -9 in the middle of load, 200 times, a disk that fails at each of 60 calls, and the rest
	JOINERY_KILLS=200 JOINERY_FAULTS=60 JOINERY_BINARY=$(CURDIR)/$(RELEASE) $(PYTHON) -m pytest -q clients/python

attack-report: build ## What a neighbour notices of each attack: p99 of its calls against idle
	@$(PYTHON) clients/python/tests/attack_report.py --joinery $(RELEASE)

sanitize: setup ## The Swift tests under ThreadSanitizer, then under AddressSanitizer
	Tests/Sanitizers/run

# Built with the address sanitizer, in a folder of its own, where what is found lies, too. Swift measures coverage only
# when the fuzzer is named last, and `--sanitize` twice comes in any order.
fuzz: setup ## Random bytes at all that parses: FUZZ_SECONDS=600 for each of FUZZ_TARGETS
	JOINERY_FUZZ=1 swift build $(SWIFT_FLAGS) -c release --product joinery-fuzz \
	  --sanitize address --sanitize fuzzer -Xswiftc -sanitize=fuzzer -Xswiftc -enable-testing --scratch-path .build-fuzz
	for target in $(FUZZ_TARGETS); do \
	  mkdir -p .build-fuzz/found/$$target; \
	  .build-fuzz/release/joinery-fuzz $$target .build-fuzz/found/$$target \
	    Tests/Fuzz/Corpus/$$target -max_total_time=$(FUZZ_SECONDS) -max_len=4096 \
	    -artifact_prefix=.build-fuzz/found/$$target- -print_final_stats=1 || exit 1; \
	done

bench: build ## Ratios against plain SQLite, side by side in one run
	swift build $(SWIFT_FLAGS) $(RELEASE_FLAGS) --product joinery-bench
	.build/release/joinery-bench

bench-audit: build ## What the audit costs: export and check of a million entries
	swift build $(SWIFT_FLAGS) $(RELEASE_FLAGS) --product joinery-bench
	.build/release/joinery-bench --part audit

bench-rpc: setup ## The RPC runtime beside gRPC C++, grpc-swift-2 and bare nghttp2 (OPTIONS="--rounds 5 --seconds 3")
	swift build $(SWIFT_FLAGS) $(RELEASE_FLAGS) --product interop-peer
	for peer in bare-echo grpc-swift-peer; do \
	  swift build -j 2 $(RELEASE_FLAGS) --package-path Tests/Interop/grpc-swift --scratch-path .build-grpc-swift --product $$peer \
	    || exit 1; \
	done
	$(PYTHON) Tests/Interop/bench/bench_rpc.py $(OPTIONS)

check-allocations: setup ## Heap allocations for each unary call, against Tests/Interop/bench/allocations.json
	swift build $(SWIFT_FLAGS) $(RELEASE_FLAGS) --product interop-peer
	$(PYTHON) Tests/Interop/bench/allocations.py

clean: ## Remove everything that was built
	rm -rf .build .build-thread .build-address .build-fuzz .build-grpc-swift .venv
