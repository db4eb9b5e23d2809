"""What the training scripts share: all-MiniLM-L6-v2 with its word embeddings frozen, and the file of trained layers that the app loads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch.nn.functional import normalize
from transformers import AutoModel, AutoTokenizer

from models import store

WIDTH = 384


def device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def published() -> tuple[Any, Any]:
    """Tokenizer and model. The embeddings are half of the weights; frozen, words that training never saw keep their place."""
    base = store.path("all-minilm-l6-v2")
    model: Any = AutoModel.from_pretrained(base, local_files_only=True).to(device())
    model.embeddings.requires_grad_(False)
    return AutoTokenizer.from_pretrained(base, local_files_only=True), model


def pooled(model: Any, tokenizer: Any, texts: Sequence[str], length: int) -> torch.Tensor:
    """Unit rows, shape (len(texts), 384): the mean over at most `length` tokens."""
    batch = tokenizer(list(texts), padding=True, truncation=True, max_length=length, return_tensors="pt").to(device())
    mask = batch["attention_mask"].unsqueeze(-1)
    return normalize((model(**batch).last_hidden_state * mask).sum(1) / mask.sum(1))


def write(model: Any, out: Path, head: Any = None) -> None:
    """`out`/layers.safetensors: the six layers, and `head.weight` and `head.bias` where there is a head, as float16."""
    tensors = dict(model.encoder.state_dict()) | ({f"head.{k}": v for k, v in head.state_dict().items()} if head is not None else {})
    out.mkdir(parents=True, exist_ok=True)
    save_file({k: v.detach().cpu().half().contiguous() for k, v in tensors.items()}, out / "layers.safetensors")
