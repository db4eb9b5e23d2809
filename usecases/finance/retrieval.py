"""Finds the passages of the bank's documents that answer a question: MiniLM cosine plus BM25.

A passage is one `##` section. The embeddings are built once and cached on disk under a name that
hashes the documents and the embedder, so an edited document is never served from an old index.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from models import store

KNOWLEDGE = Path(__file__).parent / "knowledge"
_STOP = frozenset(
    "a an the i my me is are do does can what how to of for on in at and or it you your if be with when".split()
)


@dataclass(frozen=True, slots=True)
class Passage:
    slug: str
    title: str
    section: str
    text: str

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(s.strip(" -") for s in re.split(r"(?<=[.!?])\s+|\n+", self.text) if s.strip(" -"))


def load_passages(folder: Path = KNOWLEDGE) -> list[Passage]:
    """Every section of every document in `folder`. Raises ValueError naming a document without front matter."""
    passages = []
    for path in sorted(folder.glob("*.md")):
        parts = path.read_text(encoding="utf-8").split("---", 2)
        if len(parts) != 3:
            raise ValueError(f"{path.name} has no front matter; it must start with a block between --- lines.")
        title = str(yaml.safe_load(parts[1])["title"])
        for block in re.split(r"^## ", parts[2], flags=re.M)[1:]:
            section, _, text = block.partition("\n")
            passages.append(Passage(path.stem, title, section.strip(), text.strip()))
    return passages


def tokens(text: str) -> list[str]:
    """Lower-case words with a crude plural stem, without stop words."""
    return [w.removesuffix("s") for w in re.findall(r"[a-z0-9£%.]+[a-z0-9%]|[a-z0-9]", text.lower()) if w not in _STOP]


class Index:
    """Hybrid index over passages. `embed` maps texts to unit rows, shape (n, dim)."""

    def __init__(
        self, passages: Sequence[Passage], embed: Callable[[Sequence[str]], NDArray[np.float32]], name: str
    ) -> None:
        self.passages = list(passages)
        self._embed = embed
        full = [f"{p.title}. {p.section}. {p.text}" for p in self.passages]
        self._bm25 = BM25Okapi([tokens(text) for text in full])
        key = hashlib.sha256("\0".join([name, *full]).encode()).hexdigest()[:16]
        cached = store.cache_dir() / "index" / f"bank-{key}.npy"
        if cached.exists():
            self._rows = np.load(cached)
        else:
            self._rows = embed(full)
            cached.parent.mkdir(parents=True, exist_ok=True)
            temporary = cached.with_suffix(".part.npy")
            np.save(temporary, self._rows)
            temporary.replace(cached)

    def search(self, query: str, top: int = 3) -> list[tuple[Passage, float, float]]:
        """The best `top` passages as (passage, blended score, cosine), best first."""
        cosine = self._rows @ self._embed([query])[0]
        lexical = np.asarray(self._bm25.get_scores(tokens(query)))
        blended = cosine + 0.35 * lexical / max(float(lexical.max()), 1e-6)
        best = np.argsort(-blended)[:top]
        return [(self.passages[i], float(blended[i]), float(cosine[i])) for i in best]
