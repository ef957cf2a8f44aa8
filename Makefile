# One command each; `make help` lists them. Each makes the virtual environments that it needs on
# first use, and again what is out of date. Assumed: Python 3.11 or later with venv, pip and
# headers, GCC 12 or later, make; on Linux.

PYTHON ?= python3
PYTEST_ARGS ?=

VENV := .venv
LINT_VENV := .venv-lint
BOUNDS_VENV := .venv-bounds-check
WHEEL_VENV := .venv-wheel

C_FILES := $(wildcard csrc/*.[ch] csrc/reference/*.[ch] tests/c/*.[ch] kerasette/_core/*.h)
CYTHON_FILES := $(wildcard kerasette/_core/*.pyx kerasette/_core/*.pxd kerasette/_core/ops/*.pyx kerasette/_core/ops/*.pxd)
BUILD_FILES := setup.py pyproject.toml $(wildcard csrc/*.[ch] kerasette/_core/*.h) $(CYTHON_FILES)

# Lists of packages stand in pyproject.toml alone.
packages = $(PYTHON) -c "import tomllib; \
  table = tomllib.load(open('pyproject.toml', 'rb')); \
  print(*table['build-system']['requires'] if '$(1)' == 'build' \
        else table['project']['optional-dependencies']['$(1)'])"

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help build demo test test-all lint format sanitize bounds-check bench wheel clean
.DEFAULT_GOAL := help

help:
	@sed -n 's/^## //p' Makefile

## make build         kerasette, editable, in .venv
build: $(VENV)/built

## make demo          trains on scikit-learn's digits
demo: $(VENV)/built
	$(VENV)/bin/python examples/digits.py

## make test          the tests and the examples in docstrings, but for the slow ones
test: $(VENV)/built
	$(VENV)/bin/pytest -m "not slow" $(PYTEST_ARGS)

## make test-all      the slow ones too
test-all: $(VENV)/built
	$(VENV)/bin/pytest $(PYTEST_ARGS)

## make lint          ruff, cython-lint, clang-format
lint: $(LINT_VENV)/installed
	$(LINT_VENV)/bin/ruff check
	$(LINT_VENV)/bin/ruff format --check
	PATH="$(CURDIR)/$(LINT_VENV)/bin:$$PATH" cython-lint $(CYTHON_FILES)
	$(LINT_VENV)/bin/clang-format --dry-run -Werror $(C_FILES)

## make format        lets ruff and clang-format put right what they can
format: $(LINT_VENV)/installed
	$(LINT_VENV)/bin/ruff check --fix
	$(LINT_VENV)/bin/ruff format
	$(LINT_VENV)/bin/clang-format -i $(C_FILES)

## make sanitize      C tests of the kernels under ASan and UBSan
sanitize:
	$(MAKE) -C tests/c sanitize

## make bounds-check  tests of the core with the bounds checks of Cython on
# (Safe path: not the kerasette of the source tree, which is built without them.)
bounds-check: $(BOUNDS_VENV)/built
	PYTHONSAFEPATH=1 $(BOUNDS_VENV)/bin/pytest tests/core $(PYTEST_ARGS)

## make bench         kerasette beside its peers; an hour, 4 GiB (benchmarks/README.md)
bench: $(VENV)/built wheel
	$(VENV)/bin/python -m benchmarks --environments benchmarks/environments $(BENCH_ARGS)

## make wheel         dist/: sdist and wheel, checked and tried
wheel: $(WHEEL_VENV)/installed
	rm -rf dist build/unrepaired build/trial
	$(WHEEL_VENV)/bin/python -m build --outdir build/unrepaired
	PATH="$(CURDIR)/$(WHEEL_VENV)/bin:$$PATH" \
	  auditwheel repair --strip -z 9 --wheel-dir dist build/unrepaired/*.whl
	mv build/unrepaired/*.tar.gz dist
	$(WHEEL_VENV)/bin/python tools/check_wheel.py dist/*.whl dist/*.tar.gz
	$(PYTHON) -m venv build/trial
	build/trial/bin/pip install --quiet dist/*.whl
	cd build/trial && bin/python -I $(CURDIR)/tools/try_wheel.py

## make clean         removes all that was built, environments included
clean:
	rm -rf build dist kerasette.egg-info .pytest_cache .ruff_cache
	rm -rf $(VENV) $(LINT_VENV) $(BOUNDS_VENV) $(WHEEL_VENV)
	find kerasette -name '*.so' -delete
	find kerasette tests examples benchmarks tools -name __pycache__ -prune -exec rm -rf {} +

# ---- environments -------------------------------------------------------------

# Without build isolation: in a fresh environment Cython's own files are newer than all that was
# made from them, and everything would be built anew.
$(VENV)/built: $(VENV)/installed $(BUILD_FILES)
	$(VENV)/bin/pip install --quiet --no-build-isolation --editable ".[test]"
	@touch $@

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet $$($(call packages,build))
	@touch $@

$(BOUNDS_VENV)/built: $(BUILD_FILES) $(wildcard kerasette/*.py kerasette/*/*.py)
	$(PYTHON) -m venv $(BOUNDS_VENV)
	KERASETTE_BOUNDS_CHECK=1 $(BOUNDS_VENV)/bin/pip install --quiet ".[test]"
	@touch $@

$(LINT_VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(LINT_VENV)
	$(LINT_VENV)/bin/pip install --quiet $$($(call packages,lint))
	@touch $@

$(WHEEL_VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(WHEEL_VENV)
	$(WHEEL_VENV)/bin/pip install --quiet $$($(call packages,wheel))
	@touch $@
