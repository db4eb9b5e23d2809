"""Any causal language model that transformers loads, by path or hub id, on a GPU where there is one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from errors import GenerationFailed, GeneratorUnavailable, InvalidInput
from generators.text import TextRequest, TextStream, Usage

HUB_ANSWER_S = 5.0
TOP_P = 0.95  # what llama.cpp samples from, too: the likeliest tokens that sum up to this


class TransformersText:
    def __init__(self, model: str) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        device = "cuda" if torch.cuda.is_available() else "cpu"
        mend = "Set VITRINE_TEXT_MODEL to a folder with an instruct model, or to the id of one that the hub has."
        try:
            try:
                self._tokenizer: Any = AutoTokenizer.from_pretrained(model, local_files_only=True)
                loaded: Any = AutoModelForCausalLM.from_pretrained(model, local_files_only=True)
            except (OSError, ValueError):
                if Path(model).exists():
                    raise
                _ask_hub(model, mend)
                self._tokenizer = AutoTokenizer.from_pretrained(model)
                loaded = AutoModelForCausalLM.from_pretrained(model)
            self._model: Any = loaded.to(device).eval()
        except GeneratorUnavailable:
            raise
        except Exception as error:  # what a broken folder raises depends on which file is broken
            raise GeneratorUnavailable(f"transformers could not load {model!r}: {error}. {mend}") from error
        if not self._tokenizer.chat_template:
            raise GeneratorUnavailable(f"{model!r} has no chat template, so it can't hold a conversation. {mend}")
        # Sampling is ours (see `_seeded`): the model's own sampling defaults would only cause warnings.
        self._model.generation_config.update(do_sample=False, temperature=None, top_p=None, top_k=None)
        self._tokenizer_lock = threading.Lock()  # a fast tokenizer must not be set up by two threads at once
        self._closed = threading.Event()
        self._workers: set[threading.Thread] = set()
        self.name = f"{model} (transformers, {device})"

    def stream(self, request: TextRequest) -> TextStream:
        usage = Usage()
        return TextStream(until_stop(self._pieces(request, usage), request.stop), usage)

    def _pieces(self, request: TextRequest, usage: Usage) -> Iterator[str]:
        import torch
        from transformers import LogitsProcessorList, StoppingCriteriaList

        model = self._model
        if self._closed.is_set() or model is None:
            raise GenerationFailed(f"{self.name} was closed; build it again to go on.")
        if request.json_schema is not None:
            raise GenerationFailed(f"{self.name} can't follow a JSON schema; use the llama.cpp or openai engine.")
        inputs = self._prompt(request).to(model.device)
        usage.prompt_tokens = inputs["input_ids"].shape[1]
        limit = self._room(model, request, usage.prompt_tokens)
        stop = threading.Event()
        ends = model.generation_config.eos_token_id
        ends = ends if isinstance(ends, list) else [ends]
        said = ""

        def on_token(ids: Any, *_: Any, **__: Any) -> Any:
            usage.completion_tokens = ids.shape[1] - usage.prompt_tokens
            if usage.completion_tokens == limit and int(ids[0, -1]) not in ends:
                usage.finish_reason = "length"
            return ids.new_full((1,), stop.is_set() or self._closed.is_set(), dtype=torch.bool)

        streamer = _Streamer(self._tokenizer)

        def run() -> None:
            try:
                model.generate(
                    **inputs,
                    max_new_tokens=limit,
                    logits_processor=LogitsProcessorList([_seeded(request, model.device)] if request.temperature > 0 else []),
                    streamer=streamer,
                    stopping_criteria=StoppingCriteriaList([on_token]),
                )
            except BaseException as error:  # the consumer waits for this thread's last word, whatever it is
                streamer.out.put(error)
            finally:
                self._workers.discard(threading.current_thread())

        worker = threading.Thread(target=run, name="transformers stream", daemon=True)
        self._workers.add(worker)
        worker.start()
        try:
            while (piece := streamer.out.get()) is not None:
                if isinstance(piece, BaseException):
                    raise GenerationFailed(f"{self.name} broke off: {piece}", partial=said) from piece
                said += piece
                yield piece
            if self._closed.is_set():
                raise GenerationFailed(f"{self.name} broke off: it was closed.", partial=said)
        finally:
            stop.set()
            worker.join(timeout=10)

    def _prompt(self, request: TextRequest) -> Any:
        messages = [{"role": m.role, "content": m.content} for m in request.messages]
        try:
            with self._tokenizer_lock:
                return self._tokenizer.apply_chat_template(
                    messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
                )
        except Exception as error:  # templates are programs of the model's authors: some refuse a role or an order
            raise GenerationFailed(f"{self.name} can't take these messages: {error}") from error

    def _room(self, model: Any, request: TextRequest, prompt_tokens: int) -> int:
        """How many tokens may be made: `max_tokens`, or what the model's context leaves."""
        context: int | None = getattr(model.config.get_text_config(), "max_position_embeddings", None)
        if context is None:
            return request.max_tokens
        if prompt_tokens >= context:
            sizes = f"has {prompt_tokens} tokens; {self.name} has room for {context}"
            raise InvalidInput(f"The prompt {sizes}, with the answer. Shorten it.")
        return min(request.max_tokens, context - prompt_tokens)

    def close(self) -> None:
        self._closed.set()
        for worker in list(self._workers):
            worker.join(timeout=10)
        self._model = None


def until_stop(pieces: Iterator[str], stops: Iterable[str]) -> Iterator[str]:
    """The pieces up to the first stop string, which is left out. Holds back only what may begin one."""
    stops = [s for s in stops if s]
    held = ""
    try:
        for piece in pieces:
            held += piece
            cuts = [at for s in stops if (at := held.find(s)) >= 0]
            if cuts:
                if rest := held[: min(cuts)]:
                    yield rest
                return
            keep = max((n for s in stops for n in range(1, len(s)) if held.endswith(s[:n])), default=0)
            ready, held = held[: len(held) - keep], held[len(held) - keep :]
            if ready:
                yield ready
        if held:
            yield held
    finally:
        closer = getattr(pieces, "close", None)
        if closer is not None:
            closer()


class _Streamer:
    """What `generate` hands its tokens to: text comes out of `out` token by token, then None.

    The one of transformers waits for the next space, which code and many languages hardly have.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.out: queue.SimpleQueue[str | BaseException | None] = queue.SimpleQueue()
        self._tokenizer = tokenizer
        self._ids: list[int] | None = None
        self._shown = self._before = 0  # tokens before `_shown` are out; decoding starts at `_before`, for the space between two

    def put(self, ids: Any) -> None:
        if self._ids is None:  # the first call brings the prompt
            self._ids = []
        else:
            self._ids += ids.flatten().tolist()
            self._flush(half_too=False)

    def end(self) -> None:
        self._flush(half_too=True)
        self.out.put(None)

    def _flush(self, half_too: bool) -> None:
        ids = self._ids or []
        old, text = (self._decode(ids[self._before : to]) for to in (self._shown, len(ids)))
        if len(text) > len(old) and (half_too or not text.endswith("\ufffd")):  # which stands for half a character
            self.out.put(text[len(old) :])
            self._before, self._shown = self._shown, len(ids)

    def _decode(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))


def _seeded(request: TextRequest, device: Any) -> Any:
    """Draws each token with a generator of the request's own, and leaves only that token to the greedy search.

    `generate` itself draws from torch's global generator, which all streams would share.
    """
    import torch

    generator = torch.Generator(device=device).manual_seed(request.seed)

    def draw(_: Any, scores: Any) -> Any:
        probabilities = torch.softmax(scores.float() / request.temperature, dim=-1)
        ranked, order = probabilities.sort(dim=-1, descending=True)
        ranked[ranked.cumsum(dim=-1) - ranked > TOP_P] = 0
        token = order.gather(-1, torch.multinomial(ranked, 1, generator=generator))
        return torch.full_like(scores, float("-inf")).scatter_(-1, token, 0.0)

    return draw


def _ask_hub(model: str, mend: str) -> None:
    """One question with a short timeout: loading asks for many files, and tries each one again and again."""
    from huggingface_hub import HfApi

    try:
        HfApi().model_info(model, timeout=HUB_ANSWER_S)
    except Exception as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise GeneratorUnavailable(f"{model!r} is not on this machine, and the hub did not give it: {reason}. {mend}") from error
