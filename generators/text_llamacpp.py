"""llama.cpp in this process, through xllamacpp: parallel slots, prompt-prefix reuse, JSON schemas.

The engine calls back once per token; the callback's True stops it at that token and frees the slot.
"""

from __future__ import annotations

import os
import queue
import secrets
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from errors import GenerationFailed, GeneratorUnavailable, InvalidInput
from generators.text import TextRequest, TextStream, Usage

# Prompts are read in bites of this many tokens. Other streams get a token, and a closed stream ends,
# only between two bites: a 1.5B model reads about 27 tokens a second on two cores, with bites of 128 or of 2048.
BATCH_TOKENS = 128
SETTLED_S = 0.2


class LlamaCppText:
    """A GGUF file. `slots` streams run at once, each with `context_tokens` of room.

    `cache_mib` bounds the memory that keeps prompts whose slot went to someone else; 0 keeps none.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        slots: int = 4,
        context_tokens: int = 2048,
        threads: int | None = None,
        cache_mib: int = 256,
    ) -> None:
        import xllamacpp

        mend = f"Get it: python -m models fetch {name}"
        if name.endswith(".gguf"):  # a person's own file, which the catalogue can't fetch
            mend = "Set VITRINE_TEXT_MODEL to a GGUF file that exists, or to a model that `python -m models list` names."
        if not path.is_file():
            raise GeneratorUnavailable(f"{path.name} is not there. {mend}")
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_parallel = slots
        params.n_ctx = slots * context_tokens
        params.n_batch = params.n_ubatch = BATCH_TOKENS
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads or os.cpu_count() or 2
        params.cache_ram_mib = cache_mib  # the engine's own default is 8 GiB
        params.warmup = False
        params.verbosity = 0
        params.ui = False
        params.api_keys = [secrets.token_hex(16)]  # its loopback port is nobody else's business
        try:
            self._server: Any = xllamacpp.Server(params)
        except RuntimeError as error:
            raise GeneratorUnavailable(f"llama.cpp could not load {path.name}; is the file whole? {mend}") from error
        self._loaded_at = time.monotonic()
        self.name = f"{name} (llama.cpp)"
        self._closed = threading.Event()
        self._workers: set[threading.Thread] = set()

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        return TextStream(self._pieces(request, usage), usage)

    def _pieces(self, request: TextRequest, usage: Usage) -> Iterator[str]:
        server = self._server
        if self._closed.is_set() or server is None:
            raise GenerationFailed(f"{self.name} was closed; build it again to go on.")
        body = _body(request)
        chunks: queue.SimpleQueue[dict[str, Any] | BaseException | None] = queue.SimpleQueue()
        stop = threading.Event()
        said = ""

        def on_chunk(chunk: dict[str, Any]) -> bool:
            chunks.put(chunk)
            return stop.is_set() or self._closed.is_set()

        def run() -> None:
            try:
                server.handle_chat_completions(body, on_chunk)
                chunks.put(None)
            except BaseException as error:  # the consumer waits for this thread's last word, whatever it is
                chunks.put(error)
            finally:
                self._workers.discard(threading.current_thread())

        worker = threading.Thread(target=run, name="llama.cpp stream", daemon=True)
        self._workers.add(worker)
        worker.start()
        try:
            while (chunk := chunks.get()) is not None:
                if isinstance(chunk, BaseException):
                    raise GenerationFailed(f"{self.name} broke off: {chunk}", partial=said) from chunk
                if "error" in chunk:
                    raise self._refusal(chunk["error"], said)
                _count(chunk, usage)
                for choice in chunk.get("choices", []):
                    if reason := choice.get("finish_reason"):
                        usage.finish_reason = "length" if reason == "length" else "stop"
                    if piece := choice["delta"].get("content"):
                        said += piece
                        yield piece
            if not usage.finish_reason:
                why = "it was closed" if self._closed.is_set() else "the engine gave no reason"
                raise GenerationFailed(f"{self.name} broke off: {why}.", partial=said)
        finally:
            stop.set()
            worker.join(timeout=10)

    def _refusal(self, error: dict[str, Any], said: str) -> GenerationFailed | InvalidInput:
        if error.get("type") == "exceed_context_size_error":
            sizes = f"has {error.get('n_prompt_tokens')} tokens; {self.name} has room for {error.get('n_ctx')}"
            return InvalidInput(f"The prompt {sizes}, with the answer. Shorten it.")
        return GenerationFailed(f"{self.name} refused: {error.get('message', error)}", partial=said)

    def close(self) -> None:
        self._closed.set()
        for worker in list(self._workers):
            worker.join(timeout=10)
        # llama.cpp hangs when it is freed right after it was loaded: its own thread is not up yet (seen within 50 ms)
        time.sleep(max(0.0, SETTLED_S - (time.monotonic() - self._loaded_at)))
        self._server = None


def _body(request: TextRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "timings_per_token": True,  # so that a closed stream has its counts, too
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "stop": list(request.stop),
        "cache_prompt": True,
    }
    if request.json_schema is not None:
        schema = {"name": "reply", "schema": dict(request.json_schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _count(chunk: dict[str, Any], usage: Usage) -> None:
    """The running counts of a token's chunk, or the final ones of the last chunk."""
    if timings := chunk.get("timings"):
        usage.cached_tokens = timings.get("cache_n", 0)
        usage.prompt_tokens = usage.cached_tokens + timings.get("prompt_n", 0)
        usage.completion_tokens = timings.get("predicted_n", 0)
    if counts := chunk.get("usage"):
        usage.prompt_tokens = counts["prompt_tokens"]
        usage.completion_tokens = counts["completion_tokens"]
        usage.cached_tokens = (counts.get("prompt_tokens_details") or {}).get("cached_tokens", 0)
