"""The contract of text engines: one method that streams.

`TextGenerator.stream` yields pieces of text; one-shot is ``"".join(engine.stream(request))``.
Closing the stream stops the engine. An adapter raises only the errors of `errors.py`, also
while it is being iterated.

Requests hold `SafeText` and nothing else. It is a NewType of str that only `guardrails` may
build: mypy proves it for typed code and `tests/unit/test_one_door.py` for the whole tree.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NewType, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from errors import InvalidInput

SafeText = NewType("SafeText", str)
Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    role: Role
    content: SafeText


@dataclass(frozen=True, slots=True)
class TextRequest:
    """What an engine is asked for. `temperature` 0 is greedy; `json_schema` constrains the output."""

    messages: tuple[Message, ...]
    max_tokens: int = 256
    temperature: float = 0.0
    seed: int = 0
    stop: tuple[str, ...] = ()
    json_schema: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        if not self.messages:
            raise InvalidInput("A text request needs at least one message; it has none.")
        if self.max_tokens < 1:
            raise InvalidInput(f"max_tokens is {self.max_tokens}; it must be 1 or more.")
        if not 0 <= self.temperature <= 2:
            raise InvalidInput(f"temperature is {self.temperature}; it must be from 0 to 2.")


@dataclass(slots=True)
class Usage:
    """Counts in tokens, times in seconds from the call. Filled while the stream runs."""

    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    first_token_s: float | None = None
    total_s: float = 0.0
    finish_reason: Literal["stop", "length", "closed", "error", ""] = ""

    @property
    def tokens_per_second(self) -> float:
        """Decoding speed after the first token; 0 when fewer than two tokens came."""
        if self.first_token_s is None or self.completion_tokens < 2:
            return 0.0
        return (self.completion_tokens - 1) / max(self.total_s - self.first_token_s, 1e-9)


class TextStream(Iterator[str]):
    """Pieces of text, with `usage` filled as they come. `close()` stops the engine; closing twice is fine.

    An adapter hands in its generator and the `Usage` that the generator fills with token counts;
    the times are measured here, the same way for every engine.
    """

    def __init__(self, pieces: Iterator[str], usage: Usage) -> None:
        self._pieces = pieces
        self._started = time.perf_counter()
        self.usage = usage

    def __next__(self) -> str:
        try:
            piece = next(self._pieces)
        except StopIteration:
            self._finish("stop")
            raise
        except BaseException:
            self._finish("error")
            raise
        if self.usage.first_token_s is None:
            self.usage.first_token_s = time.perf_counter() - self._started
        return piece

    def close(self) -> None:
        closer = getattr(self._pieces, "close", None)
        if closer is not None:
            closer()
        self._finish("closed")

    def __enter__(self) -> TextStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _finish(self, reason: Literal["stop", "closed", "error"]) -> None:
        if not self.usage.total_s:
            self.usage.total_s = time.perf_counter() - self._started
            self.usage.finish_reason = self.usage.finish_reason or reason


@runtime_checkable
class TextGenerator(Protocol):
    """A text engine. One instance serves many threads at once."""

    @property
    def name(self) -> str:
        """What the pages show, e.g. ``"qwen2.5-coder-1.5b (llama.cpp)"``."""

    def stream(self, request: TextRequest) -> TextStream: ...

    def close(self) -> None:
        """Free the engine's memory; streams still running end with `GenerationFailed`."""


class Embedder(Protocol):
    """Sentence embeddings for routing and retrieval."""

    @property
    def name(self) -> str: ...

    def embed(self, texts: Sequence[SafeText], tuned: str = "") -> NDArray[np.float32]:
        """Rows of unit length, shape (len(texts), dim). An empty sequence gives shape (0, dim). `tuned` names the folder of
        `models/` whose trained layers read the texts instead of the published ones."""
