# The commands of the README. `make run` and `make test` set everything up by themselves.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python

.PHONY: run test check bench lock docs verifier clean

run: $(VENV)/.run
	$(VENV)/bin/rostrum up --demo

test: $(VENV)/.dev
	$(PY) tools/run_tests.py

check: $(VENV)/.dev
	$(PY) tools/run_checks.py

bench: $(VENV)/.bench
	$(PY) -m bench

docs: $(VENV)/.dev
	$(PY) tools/write_reference.py

verifier: $(VENV)/.run
	$(PY) tools/build_verifier.py

lock:
	$(PYTHON) tools/lock.py

$(VENV)/.run: requirements/run.lock pyproject.toml node/package-lock.json tools/vendor.py
	$(PYTHON) tools/set_up.py run

$(VENV)/.dev: requirements/dev.lock pyproject.toml node/package-lock.json tools/vendor.py
	$(PYTHON) tools/set_up.py dev

$(VENV)/.bench: requirements/bench.lock $(VENV)/.dev
	$(PY) -m pip install -q --require-hashes -r requirements/bench.lock
	touch $(VENV)/.bench

clean:
	rm -rf $(VENV) node/node_modules node/servers/node_modules src/rostrum/web/vendor dist build
