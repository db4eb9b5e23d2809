"""Chooses the route of a message: a logistic regression on MiniLM embeddings of example utterances.

Three sources: templates expanded with a fixed seed (`utterances.toml`), messages as people really write them
(`spoken.toml`), and the questions in the documents' front matter, which are all "knowledge". They are embedded once and
cached on disk, so adding one needs no other step. It knows nothing of the conversation; `dialogue.py` does.
"""

from __future__ import annotations

import itertools
import random
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from usecases.finance.retrieval import Embed, cached, cached_rows

UTTERANCES = Path(__file__).parent / "utterances.toml"
SPOKEN = UTTERANCES.with_name("spoken.toml")
PER_ROUTE = 80
MARGIN = 0.08
C = 30  # inverse strength of the ridge penalty, chosen with PER_ROUTE on the tuning half
_PLACEHOLDER = re.compile(r"<[A-Z]+(?:_[A-Z]+)*_\d+>")
SURE, SAME = 0.8, 0.45  # below this probability, a question this near to one that the documents answer is left to them


def in_context(text: str, before: Sequence[str] = ()) -> str:
    """`text` as the encoder was trained to read it (`training/bank`), with the one or two messages before it, latest first.

    Without the guard's placeholders: they say whose matter it is, never which, and the encoder has not met them.
    """
    return " << ".join(_PLACEHOLDER.sub("", said) for said in [text, *(said[:200] for said in before[:2])])


class Guess(NamedTuple):
    """A route with its probability; `near` is the cosine to the nearest question that the documents answer."""

    route: str
    confidence: float
    near: float


def expand(templates: Sequence[str], lists: Mapping[str, Sequence[str]], limit: int = PER_ROUTE) -> list[str]:
    """At most `limit` different utterances, shared evenly over the templates; the same ones in every run."""
    rng = random.Random(7)
    made = []
    for template in templates:
        every = [text for plain in _fill(r"\(([^()]*\|[^()]*)\)", template, lambda inner: inner.split("|"))
                 for text in _fill(r"\{(\w+)\}", plain, lambda name: lists[name])]  # fmt: skip
        made.append(rng.sample(every, len(every)))
    turns = itertools.zip_longest(*made)
    return list(dict.fromkeys(text for turn in turns for text in turn if text is not None))[:limit]


def _fill(pattern: str, template: str, options: Callable[[str], Sequence[str]]) -> list[str]:
    parts = re.split(pattern, template)  # text, inner, text, inner, ... text
    choices = [options(part) if n % 2 else [part] for n, part in enumerate(parts)]
    return ["".join(choice) for choice in itertools.islice(itertools.product(*choices), 3000)]


class Router:
    """`embed` maps texts to unit rows, shape (n, dim), by weights called `name`; `asked` are the rows of `questions`, which the documents
    answer."""

    def __init__(self, embed: Embed, questions: Sequence[str], asked: NDArray[np.float32], name: str) -> None:
        table = tomllib.loads(UTTERANCES.read_text(encoding="utf-8"))
        spoken = tomllib.loads(SPOKEN.read_text(encoding="utf-8"))["routes"]
        routes = {route: expand(templates, table["lists"]) + spoken[route] for route, templates in table["routes"].items()}
        texts = [text for rows in routes.values() for text in rows]
        labels = [route for route, rows in routes.items() for _ in rows] + ["knowledge"] * len(questions)
        self._embed, self._asked = embed, asked
        rows = np.concatenate([cached_rows(texts, embed, name, "router"), asked])
        self._routes = sorted(routes)
        self._weights = cached([name, f"C={C}", *labels, *texts, *questions], "router-weights", lambda: _fit(rows, labels))

    def route(self, text: str) -> Guess:
        """A narrow call falls to ``"knowledge"``, which cites or declines."""
        row = self._embed([text])[0]
        logits = self._weights @ np.append(row, 1)
        probabilities = np.exp(logits - logits.max())
        probabilities /= probabilities.sum()
        order = np.argsort(-probabilities)
        best, second = probabilities[order[0]], probabilities[order[1]]
        near = float((self._asked @ row).max(initial=0))
        unsure = best - second < MARGIN or (best < SURE and near >= SAME)
        return Guess("knowledge" if unsure else self._routes[order[0]], float(best), near)


def _fit(rows: NDArray[np.float32], labels: Sequence[str]) -> NDArray[np.float32]:
    """Weights of a multinomial logistic regression, shape (routes in alphabetical order, dim + 1); the last column is the bias."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=C, class_weight="balanced", max_iter=1000).fit(rows, labels)
    return np.column_stack([model.coef_, model.intercept_]).astype(np.float32)
