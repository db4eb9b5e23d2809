"""The small models are loaded once, whoever asks first."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CODE = """
from concurrent.futures import ThreadPoolExecutor
from generators import minilm
from models import store

folder = store.path("all-minilm-l6-v2")
with ThreadPoolExecutor(6) as pool:
    names = ["injection", "pii-tagger", "bank-questions"] * 2
    made = list(pool.map(lambda name: minilm.tuned(folder, name)[0], names))
assert made[0] is made[3] and made[1] is made[4] and made[2] is made[5]
assert len({id(model.embeddings) for model in made}) == 1
"""


def test_threads_that_load_at_once_get_the_same_models() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
