# The front door. `make run` and `make test` set up what they need.
SWIFT ?= swift
# One binary: the Swift runtime inside, no symbols.
RELEASE = --configuration release --static-swift-stdlib -Xlinker -s
PREFIX ?= $(HOME)/.local
BINARY = .build/release/skua

.PHONY: run test soak fuzz bench screenshots record format lint install build setup models

run: build            ## Build optimised and open the console on the demo world.
	@$(BINARY) demo

build: setup
	@$(SWIFT) build $(RELEASE) --product skua

test: setup           ## Run every test.
	@scripts/test

fuzz: setup           ## Coverage-guided fuzzing of definitions, paths, expressions and patterns (SKUA_FUZZ_SECONDS each, 600).
	@scripts/fuzz

# How many random worlds `make soak` lives through; a failing one prints its seed.
SEEDS ?= 20000

soak: setup           ## Simulate many more random worlds than the tests do.
	@SKUA_SEEDS=$(SEEDS) $(SWIFT) test --filter SimulationTests

bench: build          ## Measure speed and size, against named limits and peers.
	@scripts/bench

# SKUA_BINARY names another build to draw with.
screenshots:          ## Let the program draw its own screenshots from the demo world.
	@test -n "$$SKUA_BINARY" || $(MAKE) build
	@SWIFT_DETERMINISTIC_HASHING=1 $${SKUA_BINARY:-$(BINARY)} gallery screenshots

record: build         ## Record every tour, to be watched with asciinema.
	@scripts/record

# What ModelCompiler writes is formatted by nobody.
SOURCES = $(shell git ls-files '*.swift' ':!:*/Generated/*')

format:               ## Format all sources in place.
	@$(SWIFT) format --in-place --parallel $(SOURCES)

lint:                 ## Check formatting and style.
	@$(SWIFT) format lint --strict --parallel $(SOURCES)

install: build        ## Install the one binary under PREFIX (default ~/.local).
	@install -D -m 755 $(BINARY) $(PREFIX)/bin/skua
	@echo "Installed $(PREFIX)/bin/skua"

models: setup         ## Compile AWS's service models anew from the installed botocore.
	@$(SWIFT) run ModelCompiler

setup:
	@scripts/setup
