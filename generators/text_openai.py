"""Any server that speaks the OpenAI chat API: vLLM, Ollama, llama.cpp's own, a cloud gateway.

Nothing is retried: a person waits, and the client's own retries obey a server's retry-after of up to two minutes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from errors import GenerationFailed, GeneratorUnavailable, InvalidInput, ShowcaseError
from generators.text import TextRequest, TextStream, Usage

CONNECT_S = 5.0  # a server that is there takes the connection at once; only its first token may take long


class OpenAIText:
    """`timeout_s` bounds the wait for the first token and between two tokens, not the whole reply."""

    def __init__(self, base_url: str, api_key: str, model: str, timeout_s: float = 30) -> None:
        import openai

        try:
            self._client = openai.OpenAI(
                base_url=base_url,
                api_key=api_key.strip() or "none",
                timeout=openai.Timeout(timeout_s, connect=min(timeout_s, CONNECT_S)),
                max_retries=0,
            )
        except Exception as error:
            like = "it looks like http://127.0.0.1:8000/v1"
            raise GeneratorUnavailable(f"VITRINE_OPENAI_BASE_URL is {base_url!r}, which is no address: {like}.") from error
        self._model = model
        self._timeout_s = timeout_s
        self._closed = threading.Event()
        self.name = f"{model} ({base_url})"

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        return TextStream(self._pieces(request, usage), usage)

    def _pieces(self, request: TextRequest, usage: Usage) -> Iterator[str]:
        if self._closed.is_set():
            raise GenerationFailed(f"{self.name} was closed; build it again to go on.")
        said = ""
        try:
            create: Any = self._client.chat.completions.create
            with create(model=self._model, **_body(request)) as chunks:
                for chunk in chunks:
                    if self._closed.is_set():
                        raise GenerationFailed(f"{self.name} broke off: it was closed.", partial=said)
                    _count(chunk, usage)
                    for choice in chunk.choices or []:
                        if choice.finish_reason:
                            usage.finish_reason = "length" if choice.finish_reason == "length" else "stop"
                        if piece := choice.delta and choice.delta.content:
                            said += piece
                            if not chunk.usage:
                                usage.completion_tokens += 1
                            yield piece
            if not usage.finish_reason:  # a cut without a last word looks like a regular end of the stream
                raise GenerationFailed(f"{self.name} cut the connection half-way.", partial=said)
        except ShowcaseError:
            raise
        except Exception as error:  # openai wraps no error that comes once the stream runs; its http client varies
            raise self._translated(error, said) from error

    def _translated(self, error: Exception, said: str) -> ShowcaseError:
        import openai

        if self._closed.is_set():
            return GenerationFailed(f"{self.name} broke off: it was closed.", partial=said)
        if isinstance(error, openai.APIStatusError):
            return self._refusal(error)
        if isinstance(error, openai.APIError) and not isinstance(error, openai.APIConnectionError):
            return GenerationFailed(f"{self.name} failed: {error.message}", partial=said)
        if isinstance(error, UnicodeEncodeError):
            return GeneratorUnavailable(f"The key for {self.name} has a character no key has. Set VITRINE_OPENAI_API_KEY.")
        if isinstance(error, (ValueError, TypeError, AttributeError)):
            return GenerationFailed(f"{self.name} sent what no chat API sends: {error}", partial=said)
        if said:
            return GenerationFailed(f"{self.name} cut the connection half-way.", partial=said)
        if isinstance(error, openai.APITimeoutError) or "Timeout" in type(error).__name__:
            late = f"{self.name} did not answer within {self._timeout_s:g} seconds"
            return GeneratorUnavailable(f"{late}. Check the server, and VITRINE_OPENAI_BASE_URL.")
        return GeneratorUnavailable(f"{self.name} does not answer. Check VITRINE_OPENAI_BASE_URL.")

    def _refusal(self, error: Any) -> ShowcaseError:
        said_by_server = str(error.body.get("message") if isinstance(error.body, dict) else error.message)
        match error.status_code:
            case 401 | 403:
                return GeneratorUnavailable(f"{self.name} refused the key. Set VITRINE_OPENAI_API_KEY.")
            case 404:
                where = "Check VITRINE_TEXT_MODEL and VITRINE_OPENAI_BASE_URL (it ends in /v1 as a rule)"
                return GeneratorUnavailable(f"{self.name} is not known to the server. {where}.")
            case 429:
                wait = error.response.headers.get("retry-after", "")
                when = f"in {wait} seconds" if wait.isdigit() else "in a minute"
                return GeneratorUnavailable(f"{self.name} is busy. Try again {when}.")
            case 400 | 413 if "context" in said_by_server.lower():
                return InvalidInput(f"The prompt is too long for {self.name}: {said_by_server}. Shorten it.")
        return GenerationFailed(f"{self.name} failed ({error.status_code}): {said_by_server}")

    def close(self) -> None:
        self._closed.set()
        self._client.close()


def _body(request: TextRequest) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": m.role, "content": m.content} for m in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "seed": request.seed,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    if request.stop:
        body["stop"] = list(request.stop)
    if request.json_schema is not None:
        schema = {"name": "reply", "schema": dict(request.json_schema)}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


def _count(chunk: Any, usage: Usage) -> None:
    """The server's own counts, from the chunk that has them; a server without them leaves the count of pieces."""
    if counts := chunk.usage:
        usage.prompt_tokens = counts.prompt_tokens or 0
        usage.completion_tokens = counts.completion_tokens or 0
        details = counts.prompt_tokens_details
        usage.cached_tokens = (details and details.cached_tokens) or 0
