"""all-MiniLM-L6-v2 through transformers: mean pooling over tokens, rows of unit length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators import minilm
from generators.text import SafeText


class MiniLMEmbedder:
    name = "all-minilm-l6-v2"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tokenizer, self._published = minilm.published(folder)

    def embed(self, texts: Sequence[SafeText], tuned: str = "") -> NDArray[np.float32]:
        model = minilm.tuned(self._folder, tuned)[0] if tuned else self._published
        return pooled(model, self._tokenizer, texts)


def pooled(model: Any, tokenizer: Any, texts: Sequence[str]) -> NDArray[np.float32]:
    """The mean over the tokens of each text, as rows of unit length; tokens after the 256th are not read."""
    import torch

    rows = np.zeros((len(texts), model.config.hidden_size), np.float32)
    order = np.argsort([len(text) for text in texts])  # texts of one length together: short ones are not padded to long ones
    for start in range(0, len(texts), 64):
        at = order[start : start + 64]
        batch = tokenizer([texts[i] for i in at], padding=True, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            states = model(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1)
        rows[at] = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1)).numpy()
    return rows
