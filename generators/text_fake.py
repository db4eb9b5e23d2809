"""A deterministic engine for tests and dry runs: says its replies in turn, word by word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generators.text import TextRequest, TextStream, Usage


class FakeText:
    """With no replies given it repeats the facts (lines that start with "- ") of the last message."""

    name = "fake engine"

    def __init__(self, replies: Sequence[str] = ()) -> None:
        self._replies = list(replies)
        self.requests: list[TextRequest] = []

    def stream(self, request: TextRequest) -> TextStream:
        self.requests.append(request)
        lines = request.messages[-1].content.splitlines()
        said = " ".join(line[2:] for line in lines if line.startswith("- ")) or "I have no facts."
        if self._replies:
            said = self._replies[(len(self.requests) - 1) % len(self._replies)]
        usage = Usage()
        return TextStream(self._pieces(said, request.max_tokens, usage), usage)

    def _pieces(self, said: str, limit: int, usage: Usage) -> Iterator[str]:
        for n, word in enumerate(said.split(" ")[:limit]):
            usage.completion_tokens += 1
            yield word if n == 0 else f" {word}"

    def close(self) -> None:
        self.requests.clear()
