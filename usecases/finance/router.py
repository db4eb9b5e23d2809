"""Chooses the route of a message: a logistic regression on MiniLM embeddings of example utterances.

It is trained in memory from `utterances.toml` at first use (well under a second), so adding
an utterance needs no other step. It knows nothing of the conversation; the assistant does.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

UTTERANCES = Path(__file__).parent / "utterances.toml"
MARGIN = 0.04


class Router:
    """`embed` maps texts to unit rows, shape (n, dim)."""

    def __init__(self, embed: Callable[[Sequence[str]], NDArray[np.float32]]) -> None:
        table = tomllib.loads(UTTERANCES.read_text(encoding="utf-8"))
        texts = [text for rows in table.values() for text in rows]
        labels = [route for route, rows in table.items() for _ in rows]
        self._embed = embed
        self._model = LogisticRegression(C=20, class_weight="balanced", max_iter=500).fit(embed(texts), labels)

    def route(self, text: str) -> tuple[str, float]:
        """The route and its probability. A narrow call falls to ``"knowledge"``, which cites or declines."""
        probabilities = self._model.predict_proba(self._embed([text]))[0]
        order = np.argsort(-probabilities)
        best, second = probabilities[order[0]], probabilities[order[1]]
        name = str(self._model.classes_[order[0]]) if best - second >= MARGIN else "knowledge"
        return name, float(best)
