"""llama.cpp in this process, through xllamacpp: parallel slots, prompt-prefix reuse, JSON schemas.

The engine calls back once per token; the callback's True stops it at that token and frees the slot.
"""

from __future__ import annotations

import os
import queue
import secrets
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from errors import GenerationFailed, GeneratorUnavailable
from generators.text import TextRequest, TextStream, Usage


class LlamaCppText:
    """A GGUF file. `slots` streams run at once, each with `context_tokens` of room."""

    def __init__(
        self, path: Path, name: str, slots: int = 4, context_tokens: int = 2048, threads: int | None = None
    ) -> None:
        import xllamacpp

        if not path.is_file():
            raise GeneratorUnavailable(f"{path.name} is not there. Get it: python -m models fetch {name}")
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_parallel = slots
        params.n_ctx = slots * context_tokens
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads or os.cpu_count() or 2
        params.warmup = False
        params.verbosity = 0
        params.api_keys = [secrets.token_hex(16)]  # its loopback port is nobody else's business
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError as error:
            raise GeneratorUnavailable(f"llama.cpp could not load {path.name}: {error}") from error
        self.name = f"{name} (llama.cpp)"

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        return TextStream(self._pieces(request, usage), usage)

    def _pieces(self, request: TextRequest, usage: Usage) -> Iterator[str]:
        body: dict[str, Any] = {
            "messages": [{"role": m.role, "content": m.content} for m in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "seed": request.seed,
            "stop": list(request.stop),
            "cache_prompt": True,
        }
        if request.json_schema is not None:
            schema = {"name": "reply", "schema": dict(request.json_schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        chunks: queue.SimpleQueue[dict[str, Any] | BaseException | None] = queue.SimpleQueue()
        stop = threading.Event()

        def on_chunk(chunk: dict[str, Any]) -> bool:
            chunks.put(chunk)
            return stop.is_set()

        def run() -> None:
            try:
                self._server.handle_chat_completions(body, on_chunk)
                chunks.put(None)
            except Exception as error:
                chunks.put(error)

        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        try:
            while (chunk := chunks.get()) is not None:
                if isinstance(chunk, BaseException):
                    raise GenerationFailed(f"{self.name} broke off: {chunk}") from chunk
                if "error" in chunk:
                    raise GenerationFailed(f"{self.name} refused: {chunk['error'].get('message', chunk['error'])}")
                if counts := chunk.get("usage"):
                    usage.prompt_tokens = counts["prompt_tokens"]
                    usage.completion_tokens = counts["completion_tokens"]
                    usage.cached_tokens = counts.get("prompt_tokens_details", {}).get("cached_tokens", 0)
                for choice in chunk.get("choices", []):
                    if piece := choice["delta"].get("content"):
                        usage.completion_tokens += 1
                        yield piece
                    if choice.get("finish_reason") == "length":
                        usage.finish_reason = "length"
        finally:
            stop.set()
            worker.join(timeout=10)

    def close(self) -> None:
        self._server = None
