"""Start-up: pages must open without loading the heavy libraries, and the logic must not need a page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ["torch", "transformers", "spacy", "presidio_analyzer", "llama_cpp", "onnxruntime", "sklearn", "streamlit"]


def loaded(*modules: str) -> set[str]:
    """Which of HEAVY a fresh interpreter has after importing `modules`."""
    code = f"import sys, json, {', '.join(modules)}; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "modules",
    [("usecases", "usecases.registry", "usecases.finance.assistant"), ("guardrails", "guardrails.build", "guardrails.scanner")],
    ids=["use cases", "guardrails"],
)
def test_importing_the_logic_loads_no_model_library_and_no_page(modules: tuple[str, ...]) -> None:
    assert not loaded(*modules) - {"sklearn"}  # the finance router imports it at the top; about 1 s


def test_the_check_would_see_a_heavy_import() -> None:
    assert "sklearn" in loaded("sklearn")
