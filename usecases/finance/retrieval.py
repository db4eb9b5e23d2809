"""Finds the sentences of the bank's documents that answer a question: MiniLM cosine plus BM25.

A passage is one `##` section; a hit is a sentence with its passage. Front matter helps people's words to meet the bank's:
`also` holds other words for a document, `asked` questions that a sentence answers, which are matched question to question
(document expansion: Nogueira and others 2019, "Document expansion by query prediction", here written by people).
The embeddings are built once and cached on disk under a name that hashes the documents and the embedder, so an edited
document is never served from an old index.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from models import store

KNOWLEDGE = Path(__file__).parent / "knowledge"
Embed = Callable[[Sequence[str]], NDArray[np.float32]]
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the one in C reads the documents ten times faster, where it is built
_STOP = frozenset(
    "a an the i my me is are do does did can could what how to of for on in at and or it you your we our if be with when "
    "much many have has get got there this that will would about any from".split()
)

WORDS = 0.1  # what a full match of words counts, where a full match of meaning counts 1; chosen on the tuning half


@dataclass(frozen=True, slots=True)
class Passage:
    slug: str
    title: str
    section: str
    text: str
    also: str = ""
    asked: tuple[tuple[str, str], ...] = ()  # (question, the sentence that answers it)

    @property
    def sentences(self) -> list[str]:
        return [s.strip() for s in re.split(r"(?<=[.!?])\s+(?=[A-Z£])", self.text) if s.strip()]


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` ranks; `cosine`, of the sentence or of a question that it answers, says how near it is at all."""

    passage: Passage
    sentence: str
    score: float
    cosine: float


def load_passages(folder: Path = KNOWLEDGE) -> list[Passage]:
    """Every section of every document in `folder`. Raises ValueError naming a document without front matter, or with
    questions for a sentence that it does not have."""
    passages = []
    for path in sorted(folder.glob("*.md")):
        parts = path.read_text(encoding="utf-8").split("---", 2)
        if len(parts) != 3:
            raise ValueError(f"{path.name} has no front matter; it must start with a block between --- lines.")
        front = yaml.load(parts[1], _YAML)
        asked = dict(front.get("asked", {}))
        for block in re.split(r"^## ", parts[2], flags=re.M)[1:]:
            section, _, text = block.partition("\n")
            passage = Passage(path.stem, str(front["title"]), section.strip(), text.strip(), str(front.get("also", "")))
            known = [(start, s) for s in passage.sentences for start in asked if s.startswith(start)]
            passages.append(replace(passage, asked=tuple((question, s) for start, s in known for question in asked.pop(start))))
        if asked:
            raise ValueError(f"{path.name} has questions for {next(iter(asked))!r}, but no sentence that starts so.")
    return passages


def tokens(text: str) -> list[str]:
    """Lower-case words with a crude plural stem, without stop words."""
    return [w.removesuffix("s") for w in re.findall(r"[a-z0-9£%.]+[a-z0-9%]|[a-z0-9]", text.lower()) if w not in _STOP]


def cached_rows(texts: Sequence[str], embed: Embed, name: str, folder: str) -> NDArray[np.float32]:
    """Embeddings of `texts`, shape (len(texts), dim), from the cache on disk where they were made before."""
    return cached([name, *texts], folder, lambda: embed(texts))


def cached(key: Sequence[str], folder: str, make: Callable[[], NDArray[np.float32]]) -> NDArray[np.float32]:
    """What `make` gives, kept on disk under a hash of `key`: everything that the result depends on."""
    digest = hashlib.sha256("\0".join(key).encode()).hexdigest()[:16]
    file = store.cache_dir() / "index" / f"{folder}-{digest}.npy"
    if file.exists():
        rows: NDArray[np.float32] = np.load(file)
        return rows
    rows = make()
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}.npy")
    np.save(temporary, rows)
    temporary.replace(file)
    return rows


class Index:
    """Hybrid index over sentences. `embed` maps texts to unit rows, shape (n, dim)."""

    def __init__(self, passages: Sequence[Passage], embed: Embed, name: str) -> None:
        self._embed = embed
        self.passages = list(passages)
        self._hits = [(passage, sentence) for passage in passages for sentence in passage.sentences]
        self._bm25 = BM25Okapi([tokens(f"{p.title} {p.section} {p.also} {s}") for p, s in self._hits])
        sentences = [f"{p.title}: {s}" for p, s in self._hits]
        place = {(id(p), s): n for n, (p, s) in enumerate(self._hits)}
        asked = [(question, place[id(p), s]) for p in passages for question, s in p.asked]
        self.questions = [question for question, _ in asked]
        self._answers = np.array([n for _, n in asked], dtype=int)
        rows = cached_rows([*sentences, *(question for question, _ in asked)], embed, name, "bank")
        self._sentences, self.asked = np.split(rows, [len(sentences)])

    def search(self, query: str, top: int = 6, context: str = "") -> list[Hit]:
        """The best `top` sentences, best first. `context` is `query` with what was said before it, as `in_context` puts it."""
        row = self._embed([context or query])[0]
        near = self._sentences @ row
        np.maximum.at(near, self._answers, self.asked @ row)
        lexical = np.asarray(self._bm25.get_scores(tokens(query)))
        score = near + WORDS * lexical / max(float(lexical.max()), 1e-6)
        best = [(*self._hits[i], float(score[i]), float(near[i])) for i in np.argsort(-score)[:top]]
        return [Hit(passage, sentence, value, cosine) for passage, sentence, value, cosine in best]
