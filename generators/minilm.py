"""all-MiniLM-L6-v2 and the layers that this project trained for it; loaded once a process, whoever asks.

The published word embeddings, half of the weights, are shared by all of them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from models import store


@cache
def published(folder: Path) -> tuple[Any, Any]:
    """Tokenizer and model from the models' cache."""
    from transformers import AutoModel, AutoTokenizer, logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return (
        AutoTokenizer.from_pretrained(folder, local_files_only=True),
        AutoModel.from_pretrained(folder, local_files_only=True).eval(),
    )


@cache
def tuned(folder: Path, name: str) -> tuple[Any, dict[str, Any]]:
    """The model with the layers of `models/{name}` in place of its own, and what else their file holds: `head.weight`, `head.bias`."""
    from safetensors.torch import load_file
    from transformers import BertModel

    _, base = published(folder)
    model: Any = BertModel(base.config, add_pooling_layer=False)
    model.eval()
    model.embeddings = base.embeddings
    tensors = {key: value.float() for key, value in load_file(store.trained(name)).items()}
    model.encoder.load_state_dict({key: value for key, value in tensors.items() if not key.startswith("head.")})
    return model, {key: value for key, value in tensors.items() if key.startswith("head.")}
