# Two commands matter: `make demo` and `make test`. Both install what they need.
# Variables: PYTHON=/path/to/python  VENV=dir  WHEELS=dir  ARGS="…"

VENV ?= .venv
PY = "$(VENV)/bin/python"
WORKERS ?= 2
UV ?= uv
export VENV
export PYTHON
export WHEELS

.DEFAULT_GOAL := help
.PHONY: help env demo test lint check bench fault-matrix soak docs messages lock wheels wheel validators clean

help:
	@echo "make demo        lihat satu malam bekerja / watch a night happen"
	@echo "make practice    platform tiruan untuk latihan / pretend platforms to practise on"
	@echo "make test        jalankan semua uji / run all tests"
	@echo "make check       gaya, tipe, kontrak impor, uji / style, types, import contracts, tests"
	@echo "make bench       ukur sasaran / measure against the goals"
	@echo "make fault-matrix semua gangguan platform × pola malam / every trouble of the platforms × patterns of nights"
	@echo "make soak        uji panjang / the long tests"
	@echo "make validators  pasang validator luar / install the outside validators"
	@echo "make wheels      unduh semua wheel ke wheels/ / download all wheels into wheels/"
	@echo "make wheel       buat paket jejak / build the jejak package"
	@echo "make lock        buat ulang requirements/lock.txt / make the lock again"
	@echo "make docs        perbarui daftar modul / renew the list of modules in docs/architecture.md"
	@echo "make messages    perbarui katalog pesan / renew the message catalogues"
	@echo "make clean       hapus lingkungan dan hasil sementara / delete environment and caches"

env:
	@sh tools/setup.sh

demo: env
	$(PY) -m demo $(ARGS)

practice: env
	$(PY) -m demo --practice $(ARGS)

# The outside validators are made ready first: two workers would make them twice.
# Without a network the tests that need them say so and are skipped.
test: env
	@$(PY) tests/validators/run_validators.py || true
	$(PY) -m pytest -n $(WORKERS) $(ARGS)

lint: env
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	"$(VENV)/bin/lint-imports"

check: lint test

bench: env
	$(PY) -m benchmarks $(ARGS)

# One cell alone: make fault-matrix ARGS="--only instagram:post-404-login-page:once"
fault-matrix: env
	$(PY) -m benchmarks.fault_matrix $(ARGS)

soak: env
	$(PY) -m pytest -m soak $(ARGS)

docs: env
	$(PY) tools/rooms.py --write

messages: env
	mkdir -p build
	"$(VENV)/bin/pybabel" -q extract --no-location -k N_ --project jejak --copyright-holder "the authors of jejak" -o build/jejak.pot archiver
	"$(VENV)/bin/pybabel" -q update --no-fuzzy-matching --ignore-pot-creation-date -i build/jejak.pot -d archiver/i18n -D jejak
	"$(VENV)/bin/pybabel" compile -d archiver/i18n -D jejak

LOCKED = --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
  --only-binary :all: --custom-compile-command "make lock"

lock:
	$(UV) pip compile pyproject.toml --group dev $(LOCKED) --emit-build-options -o requirements/lock.txt $(ARGS)
	$(UV) pip compile requirements/validators.in --no-binary surt $(LOCKED) \
	  --overrides requirements/validators-overrides.in -o requirements/validators.txt $(ARGS)

wheels: env
	$(PY) tools/bootstrap.py --download wheels

wheel: env
	rm -rf build
	$(PY) -m pip wheel --no-index --no-deps --no-build-isolation -w dist .

validators: env
	@$(PY) tests/validators/run_validators.py

# An environment that somebody else made is not ours to delete.
clean:
	@if [ ! -e "$(VENV)" ]; then :; elif [ -e "$(VENV)/.made-by-jejak" ]; then rm -rf "$(VENV)"; \
	  else echo "$(VENV): bukan buatan jejak, dibiarkan / not made by jejak, left alone"; fi
	rm -rf .venvs build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name .git -prune -o -name "$(notdir $(VENV))" -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
