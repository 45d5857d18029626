# `make run` starts the site, `make test` runs the tests. Both set up what is missing first.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup run test bench clean

export PYTHON

help:  ## List what make can do here
	@grep -hE "^[a-z]+:.*## " Makefile | sed -E "s/^([a-z]+):.*## /\1\t/" | expand -t 8

setup:  ## Install what is missing: Debian packages, .venv, Python packages
	@.ci/setup

# setpriv: when make is killed, the site stops too instead of running on unseen.
run: setup  ## Start the site and stay in the foreground; Ctrl-C stops it
	@exec setpriv --pdeathsig TERM .venv/bin/python manage.py serve

# A process for each core and one more, since some tests wait; four at most, as each holds an engine. The tests of a file
# stay together; they may share a site.
test:  ## Run all tests; ARGS="-k upload" picks some of them
	@.ci/setup tests
	@.venv/bin/python -m pytest -n $$(($$(nproc) + 1)) --maxprocesses=4 --dist=loadfile --no-loadscope-reorder $(ARGS)

bench: setup  ## Measure accuracy and speed (see bench/README.md)
	@.venv/bin/python -m bench $(ARGS)

clean:  ## Remove .venv and caches; documents in var/ stay
	rm -rf .venv .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path "./var/*" -prune -exec rm -rf {} +
