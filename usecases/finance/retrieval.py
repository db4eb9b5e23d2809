"""Finds the sentences of the bank's documents that answer a question: MiniLM cosine plus BM25.

A passage is one `##` section (front matter `also` holds other words that people use for it); a hit is a sentence with its
passage. The embeddings are built once and cached on disk
under a name that hashes the documents and the embedder, so an edited document is never served from an old index.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from models import store

KNOWLEDGE = Path(__file__).parent / "knowledge"
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
_STOP = frozenset(
    "a an the i my me is are do does did can could what how to of for on in at and or it you your we our if be with when "
    "much many have has get got there this that will would about any from".split()
)


# what people say -> what the documents say
_SYNONYMS = {
    "charge": "fee cost",
    "free": "fee cost",
    "cost": "fee",
    "price": "fee cost",
    "expensive": "fee cost",
    "abroad": "foreign",
    "overseas": "abroad foreign",
    "holiday": "abroad foreign",
    "foreign": "abroad",
    "withdraw": "take out",
    "withdrawal": "take out",
    "interest": "rate aer apr",
    "rate": "aer apr",
    "early": "before end",
    "earn": "pay aer",
    "minimum": "least",
    "maximum": "most up",
    "limit": "up most",
    "age": "aged",
    "old": "aged",
    "document": "identification passport",
    "phone": "call",
    "ring": "call",
    "hour": "open",
    "died": "death",
    "dead": "death",
    "dad": "death",
    "lost": "stolen",
    "transfer": "payment",
    "deposit": "pay",
    "join": "open",
    "quick": "day",
    "long": "day takes",
    "send": "payment",
}


@dataclass(frozen=True, slots=True)
class Passage:
    slug: str
    title: str
    section: str
    text: str
    also: str = ""

    @property
    def sentences(self) -> list[str]:
        return [s.strip() for s in re.split(r"(?<=[.!?])\s+(?=[A-Z£])", self.text) if s.strip()]


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` ranks, `cosine` (of the sentence or its passage, the larger) says how near it is at all."""

    passage: Passage
    sentence: str
    score: float
    cosine: float


def load_passages(folder: Path = KNOWLEDGE) -> list[Passage]:
    """Every section of every document in `folder`. Raises ValueError naming a document without front matter."""
    passages = []
    for path in sorted(folder.glob("*.md")):
        parts = path.read_text(encoding="utf-8").split("---", 2)
        if len(parts) != 3:
            raise ValueError(f"{path.name} has no front matter; it must start with a block between --- lines.")
        front = yaml.safe_load(parts[1])
        for block in re.split(r"^## ", parts[2], flags=re.M)[1:]:
            section, _, text = block.partition("\n")
            passages.append(Passage(path.stem, str(front["title"]), section.strip(), text.strip(), str(front.get("also", ""))))
    return passages


def tokens(text: str) -> list[str]:
    """Lower-case words with a crude plural stem, without stop words."""
    return [w.removesuffix("s") for w in re.findall(r"[a-z0-9£%.]+[a-z0-9%]|[a-z0-9]", text.lower()) if w not in _STOP]


def cached_rows(texts: Sequence[str], embed: Embed, name: str, folder: str) -> NDArray[np.float32]:
    """Embeddings of `texts`, shape (len(texts), dim), from the cache on disk where they were made before."""
    key = hashlib.sha256("\0".join([name, *texts]).encode()).hexdigest()[:16]
    cached = store.cache_dir() / "index" / f"{folder}-{key}.npy"
    if cached.exists():
        rows: NDArray[np.float32] = np.load(cached)
        return rows
    rows = embed(texts)
    cached.parent.mkdir(parents=True, exist_ok=True)
    temporary = cached.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, rows)
    temporary.replace(cached)
    return rows


class Index:
    """Hybrid index over sentences. `embed` maps texts to unit rows, shape (n, dim)."""

    def __init__(self, passages: Sequence[Passage], embed: Embed, name: str) -> None:
        self._embed = embed
        self.passages = list(passages)
        self._hits = [(passage, sentence) for passage in passages for sentence in passage.sentences]
        full = [f"{p.title}. {p.section}. {p.text} {p.also}" for p in passages]
        owner = {id(p): n for n, p in enumerate(passages)}
        self._owner = np.array([owner[id(p)] for p, _ in self._hits])
        self._bm25 = BM25Okapi([tokens(f"{p.title} {p.section} {p.also} {s}") for p, s in self._hits])
        sentences = [f"{p.title}: {s}" for p, s in self._hits]
        rows = cached_rows([*full, *sentences], embed, name, "bank")
        self._passages, self._sentences = rows[: len(full)], rows[len(full) :]

    def search(self, query: str, top: int = 6, prefer: Collection[str] = ()) -> list[Hit]:
        """The best `top` sentences, best first. Documents in `prefer` (of products that the query names) come forward."""
        row = self._embed([query])[0]
        near, around = self._sentences @ row, (self._passages @ row)[self._owner]
        words = tokens(query)
        lexical = np.asarray(self._bm25.get_scores(words))
        lexical = lexical + 0.5 * np.asarray(self._bm25.get_scores([s for w in words for s in tokens(_SYNONYMS.get(w, ""))]))
        score = 0.7 * near + 0.3 * around + 0.3 * lexical / max(float(lexical.max()), 1e-6)
        if prefer:
            score = score + 0.25 * np.array([p.slug in prefer for p, _ in self._hits])
        best = np.argsort(-score)[:top]
        return [
            Hit(passage, sentence, float(score[i]), float(max(near[i], around[i]))) for i in best for passage, sentence in [self._hits[i]]
        ]
