"""The engines under the contract suite, and a server that misbehaves on order."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from generators.text import Message, TextGenerator, TextRequest
from generators.text_llamacpp import LlamaCppText
from generators.text_openai import OpenAIText
from generators.text_transformers import TransformersText
from guardrails.compose import house_text
from models import store

API_KEY = "sesame"
SLOTS = 4
CONTEXT = 512
# Engines of one thread each: two that wait for each other crawl when other work has a core.
TEMPLATE = "{% for m in messages %}<|{{ m.role }}|> {{ m.content }}\n{% endfor %}{% if add_generation_prompt %}<|assistant|> {% endif %}"


def request(text: str, *, system: str = "", max_tokens: int = 24, **more: Any) -> TextRequest:
    messages = [Message("system", house_text(system))] if system else []
    return TextRequest((*messages, Message("user", house_text(text))), max_tokens=max_tokens, **more)


def llamacpp(slots: int = SLOTS, path: Path | None = None) -> LlamaCppText:
    return LlamaCppText(path or store.path("smollm2-135m"), "smollm2-135m", slots=slots, context_tokens=CONTEXT, threads=1)


def say(engine: TextGenerator, request: TextRequest) -> str:
    return "".join(engine.stream(request))


def openai_server() -> Iterator[str]:
    """A real server with a real key, llama.cpp's own: its address. For a fixture to yield from."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(store.path("smollm2-135m"))
    params.n_parallel, params.n_ctx = 2, 2 * CONTEXT
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup, params.verbosity, params.cache_ram_mib = False, 0, 0
    params.api_keys = [API_KEY]
    server = xllamacpp.Server(params)
    yield f"{server.listening_address}/v1"
    del server  # it listens until here


def tiny_model(folder: Path) -> Path:
    """A random Llama of a few thousand weights that speaks bytes, with a tokenizer and a chat template."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = ["<unk>", "</s>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    bare = Tokenizer(models.BPE(vocab={w: n for n, w in enumerate(words)}, merges=[], unk_token="<unk>"))
    bare.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bare.decoder = decoders.ByteLevel()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bare, unk_token="<unk>", eos_token="</s>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(7)
    config = LlamaConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=CONTEXT, bos_token_id=None, eos_token_id=1, pad_token_id=1,
        initializer_range=0.6,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    # No random end of the reply, and printable characters only: the tests decide when a reply ends.
    printable = {n for n, w in enumerate(words) if n > 1 and len(w) == 1 and ("!" <= w <= "~" or w == "Ġ")}
    with torch.no_grad():
        model.lm_head.weight[[n for n in range(len(words)) if n not in printable]] = 0
    model.save_pretrained(folder)
    return folder


def transformers(folder: Path) -> TransformersText:
    return TransformersText(str(tiny_model(folder)))


@contextmanager
def stub(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """A server that does to every POST what `answer` says."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            answer(self)

        do_GET = do_POST

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def event(text: str = "", finish: str | None = None, **more: Any) -> bytes:
    choice = {"index": 0, "delta": {"content": text} if text else {}, "finish_reason": finish}
    body = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}
    return f"data: {json.dumps(body)}\n\n".encode()


def send(handler: BaseHTTPRequestHandler, *events: bytes, chunked: bool = False, end: bool = True) -> None:
    """Events as a server streams them; `end` False breaks off without the last word."""
    handler.protocol_version = "HTTP/1.1"
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    if chunked:
        handler.send_header("transfer-encoding", "chunked")
    else:
        handler.send_header("connection", "close")
    handler.end_headers()
    for part in (*events, b"data: [DONE]\n\n") if end else events:
        handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n" if chunked else part)
    if chunked and end:
        handler.wfile.write(b"0\r\n\r\n")
    handler.close_connection = True


def refuse(handler: BaseHTTPRequestHandler, status: int, header: str = "x-none: 1") -> None:
    body = json.dumps({"error": {"message": "stub says no", "code": status}}).encode()
    handler.send_response(status)
    for name, value in (("content-type", "application/json"), ("content-length", str(len(body))), header.split(": ")):
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def openai(url: str, key: str = API_KEY, timeout_s: float = 30) -> OpenAIText:
    return OpenAIText(url, key, "smollm2-135m", timeout_s=timeout_s)
