"""all-MiniLM-L6-v2 through transformers: mean pooling over tokens, rows of unit length.

A folder of `models/` may hold layers that were trained for one use; they share the published word embeddings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators.text import SafeText
from models import store


class MiniLMEmbedder:
    name = "all-minilm-l6-v2"

    def __init__(self, folder: Path) -> None:
        from transformers import AutoModel, AutoTokenizer, logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]

        self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._models: dict[str, Any] = {"": AutoModel.from_pretrained(folder, local_files_only=True).eval()}
        self._lock = Lock()

    def embed(self, texts: Sequence[SafeText], tuned: str = "") -> NDArray[np.float32]:
        import torch

        model = self._model(tuned)
        if not texts:
            return np.zeros((0, model.config.hidden_size), np.float32)
        order = np.argsort([len(text) for text in texts])  # texts of one length together: short ones are not padded to long ones
        blocks = []
        for start in range(0, len(texts), 64):
            batch = self._tokenizer(
                [texts[i] for i in order[start : start + 64]], padding=True, truncation=True, max_length=256, return_tensors="pt"
            )
            with torch.no_grad():
                states = model(**batch).last_hidden_state
            mask = batch["attention_mask"].unsqueeze(-1)
            mean = (states * mask).sum(1) / mask.sum(1)
            blocks.append(torch.nn.functional.normalize(mean).numpy())
        rows = np.empty((len(texts), model.config.hidden_size), np.float32)
        rows[order] = np.concatenate(blocks)
        return rows

    def _model(self, tuned: str) -> Any:
        """The published model, or one with the layers of `models/{tuned}` in place of its own."""
        with self._lock:
            if tuned not in self._models:
                from safetensors.torch import load_file
                from transformers import AutoModel

                published = self._models[""]
                model = AutoModel.from_config(published.config).eval()
                model.embeddings = published.embeddings
                layers = load_file(store.trained(tuned))
                model.encoder.load_state_dict({name: value.float() for name, value in layers.items()})
                self._models[tuned] = model
            return self._models[tuned]
