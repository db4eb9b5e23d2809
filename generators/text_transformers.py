"""Any causal language model that transformers loads, by path or hub id, on a GPU where there is one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from errors import GenerationFailed, GeneratorUnavailable
from generators.text import TextRequest, TextStream, Usage


class TransformersText:
    def __init__(self, model: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(model)
            loaded: Any = AutoModelForCausalLM.from_pretrained(model)
            self._model = loaded.to(device).eval()
        except (OSError, ValueError) as error:
            raise GeneratorUnavailable(f"transformers could not load {model!r}: {error}") from error
        self.name = f"{model} (transformers, {device})"

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        return TextStream(self._pieces(request, usage), usage)

    def _pieces(self, request: TextRequest, usage: Usage) -> Iterator[str]:
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        if request.json_schema is not None:
            raise GenerationFailed(f"{self.name} can't follow a JSON schema; use the llama.cpp or openai engine.")
        stop = threading.Event()
        failures: list[BaseException] = []
        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        inputs = self._tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self._model.device)
        usage.prompt_tokens = inputs["input_ids"].shape[1]

        def run() -> None:
            try:
                self._model.generate(
                    **inputs,
                    max_new_tokens=request.max_tokens,
                    do_sample=request.temperature > 0,
                    temperature=request.temperature or None,
                    streamer=streamer,
                    stopping_criteria=StoppingCriteriaList([lambda *_, **__: stop.is_set()]),
                )
            except Exception as error:
                failures.append(error)
                streamer.end()  # type: ignore[no-untyped-call]

        worker = threading.Thread(target=run, daemon=True)
        worker.start()
        try:
            for piece in streamer:
                if piece:
                    usage.completion_tokens += 1
                    yield piece
            if failures:
                raise GenerationFailed(f"{self.name} broke off: {failures[0]}") from failures[0]
        finally:
            stop.set()
            worker.join(timeout=10)

    def close(self) -> None:
        self._model = None
