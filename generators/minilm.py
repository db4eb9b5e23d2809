"""all-MiniLM-L6-v2 and the layers that this project trained for it; loaded once a process, whoever asks.

The published word embeddings, half of the weights, are shared by all of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from models import store

# One at a time: two threads that load at once would each keep a copy, and transformers' lazy imports break under them.
_loading = RLock()


def published(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model from the models' cache."""
    with _loading:
        return _published(folder)


def tuned(folder: Path, name: str) -> tuple[Any, dict[str, Any]]:
    """The model with the layers of `models/{name}` in place of its own, and what else their file holds: `head.weight`, `head.bias`."""
    with _loading:
        return _tuned(folder, name)


@cache
def _published(folder: Path) -> tuple[Any, Any]:
    from transformers import AutoModel, AutoTokenizer, logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return (
        AutoTokenizer.from_pretrained(folder, local_files_only=True),
        AutoModel.from_pretrained(folder, local_files_only=True).eval(),
    )


@cache
def _tuned(folder: Path, name: str) -> tuple[Any, dict[str, Any]]:
    from safetensors.torch import load_file
    from transformers import BertModel

    _, base = published(folder)
    model: Any = BertModel(base.config, add_pooling_layer=False)
    model.eval()
    model.embeddings = base.embeddings
    tensors = {key: value.float() for key, value in load_file(store.trained(name)).items()}
    model.encoder.load_state_dict({key: value for key, value in tensors.items() if not key.startswith("head.")})
    return model, {key: value for key, value in tensors.items() if key.startswith("head.")}
