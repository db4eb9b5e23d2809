"""Any server that speaks the OpenAI chat API: vLLM, Ollama, llama.cpp's own, a cloud gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from errors import GenerationFailed, GeneratorUnavailable
from generators.text import TextRequest, TextStream, Usage


class OpenAIText:
    def __init__(self, base_url: str, api_key: str, model: str, timeout_s: float = 30) -> None:
        import openai

        self._client = openai.OpenAI(base_url=base_url, api_key=api_key or "none", timeout=timeout_s, max_retries=1)
        self._model = model
        self.name = f"{model} ({base_url})"

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        return TextStream(self._pieces(request, usage), usage)

    def _pieces(self, request: TextRequest, usage: Usage) -> Iterator[str]:
        import httpx
        import openai

        more: dict[str, Any] = {}
        if request.stop:
            more["stop"] = list(request.stop)
        if request.json_schema is not None:
            schema = {"name": "reply", "schema": dict(request.json_schema)}
            more["response_format"] = {"type": "json_schema", "json_schema": schema}
        said = ""
        try:
            create: Any = self._client.chat.completions.create
            with create(
                model=self._model,
                messages=[{"role": m.role, "content": m.content} for m in request.messages],
                max_tokens=request.max_tokens,
                temperature=request.temperature,
                seed=request.seed,
                stream=True,
                **more,
            ) as chunks:
                for chunk in chunks:
                    for choice in chunk.choices:
                        if piece := choice.delta.content:
                            usage.completion_tokens += 1
                            said += piece
                            yield piece
        except openai.AuthenticationError as error:
            raise GeneratorUnavailable(f"{self.name} refused the key. Set VITRINE_OPENAI_API_KEY.") from error
        except openai.RateLimitError as error:
            wait = error.response.headers.get("retry-after", "a few")
            raise GeneratorUnavailable(f"{self.name} is busy. Try again in {wait} seconds.") from error
        except (openai.APIConnectionError, httpx.HTTPError) as error:
            if said:
                raise GenerationFailed(f"{self.name} cut the connection half-way.", partial=said) from error
            raise GeneratorUnavailable(f"{self.name} does not answer. Check VITRINE_OPENAI_BASE_URL.") from error
        except openai.APIError as error:
            raise GenerationFailed(f"{self.name} failed: {error.message}", partial=said) from error

    def close(self) -> None:
        self._client.close()
