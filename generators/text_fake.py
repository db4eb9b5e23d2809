"""A deterministic engine for tests and dry runs: says its replies in turn, word by word."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from errors import GenerationFailed
from generators.text import TextRequest, TextStream, Usage
from generators.text_transformers import until_stop


class FakeText:
    """With no replies given it repeats the facts (lines that start with "- ") of the last message.

    `fail_after` n breaks every stream off after n pieces, as an engine that crashes would.
    """

    name = "fake engine"

    def __init__(self, replies: Sequence[str] = (), fail_after: int | None = None) -> None:
        self._replies = list(replies)
        self._fail_after = fail_after
        self._lock = threading.Lock()  # two streams at once must not take the same reply
        self._closed = threading.Event()
        self.requests: list[TextRequest] = []

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        with self._lock:
            turn = len(self.requests)
            self.requests.append(request)
        said = self._replies[turn % len(self._replies)] if self._replies else _facts(request)
        usage.prompt_tokens = sum(len(m.content.split()) for m in request.messages)
        return TextStream(until_stop(self._pieces(said, request.max_tokens, usage), request.stop), usage)

    def _pieces(self, said: str, limit: int, usage: Usage) -> Iterator[str]:
        words = said.split(" ")
        for n, word in enumerate(words[:limit]):
            if self._closed.is_set():
                raise GenerationFailed(f"{self.name} was closed.", partial=" ".join(words[:n]))
            if n == self._fail_after:
                raise GenerationFailed(f"{self.name} broke off after {n} pieces.", partial=" ".join(words[:n]))
            usage.completion_tokens += 1
            if n + 1 == limit < len(words):
                usage.finish_reason = "length"
            if piece := word if n == 0 else f" {word}":
                yield piece

    def close(self) -> None:
        self._closed.set()
        self.requests.clear()


def _facts(request: TextRequest) -> str:
    if request.json_schema is not None:
        return json.dumps(_example(request.json_schema))
    lines = request.messages[-1].content.splitlines()
    return " ".join(line[2:] for line in lines if line.startswith("- ")) or "I have no facts."


def _example(schema: Mapping[str, Any]) -> Any:
    """The smallest value of the usual kinds of schema; not of every schema there is."""
    if "enum" in schema:
        return schema["enum"][0]
    match schema.get("type"):
        case "object":
            properties = schema.get("properties", {})
            return {key: _example(properties.get(key, {})) for key in schema.get("required", properties)}
        case "array":
            return [_example(schema.get("items", {}))] * schema.get("minItems", 0)
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
    return ""
