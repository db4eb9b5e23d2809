"""A slow server that speaks the OpenAI chat API: says the facts of its prompt word by word, and knows who hung up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle, islice
from queue import Queue
from threading import Event, Thread
from typing import Any


@dataclass
class SlowModel:
    """While it is `slow` it pauses before each word and says the facts, or `raving` in their place, up to the token limit."""

    address: str = ""
    pause_s: float = 0.3
    slow: bool = True
    raving: str = ""
    hung_up: Queue[str] = field(default_factory=Queue)  # the last word that each broken connection was sent

    def words(self, body: dict[str, Any]) -> list[str]:
        facts = [line[2:] for line in body["messages"][-1]["content"].splitlines() if line.startswith("- ")]
        words = [f"{word} " for word in (self.raving or " ".join(facts)).split()]
        return list(islice(cycle(words) if self.slow else words, body["max_tokens"]))


@contextmanager
def slow_model() -> Iterator[SlowModel]:
    model, over = SlowModel(), Event()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.end_headers()
            word, hung_up = "", model.hung_up
            try:
                for word in model.words(body):
                    if over.wait(model.pause_s if model.slow else 0):
                        return
                    self._say({"index": 0, "delta": {"content": word}, "finish_reason": None})
                self._say({"index": 0, "delta": {}, "finish_reason": "stop"})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                hung_up.put(word)

        def _say(self, choice: dict[str, Any]) -> None:
            chunk = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "slow", "choices": [choice]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.address = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield model
    finally:
        over.set()
        server.shutdown()
        server.server_close()
