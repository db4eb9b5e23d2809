# make demo   starts the showcase      make test   every test      make lint   style, types, imports
PORT ?= 8501
PACK ?= standard
PY := .venv/bin/python
export PYTHONPATH := .
export TOKENIZERS_PARALLELISM := false

.PHONY: setup demo test lint

.venv/ready: requirements.txt requirements-dev.txt constraints.txt
	python3 -m venv .venv
	$(PY) -m pip install -q -r requirements.txt -r requirements-dev.txt -c constraints.txt
	touch $@

setup: .venv/ready
	$(PY) -m models fetch --pack $(PACK)

demo: setup
	@echo "Vitrine: http://127.0.0.1:$(PORT)"
	$(if $(filter light,$(PACK)),VITRINE_TEXT_MODEL=smollm2-135m) HF_HUB_OFFLINE=1 \
	  .venv/bin/streamlit run app.py --server.port $(PORT) --server.address 127.0.0.1

test: .venv/ready
	$(PY) -m models fetch --pack light
	HF_HUB_OFFLINE=1 $(PY) -m pytest tests

lint: .venv/ready
	.venv/bin/ruff check .
	.venv/bin/mypy --strict errors.py settings.py generators guardrails usecases store models
	.venv/bin/lint-imports
