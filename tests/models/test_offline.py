"""A whole question on real models with the network gone: what would be lost is the promise that nothing leaves the machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from generators import minilm
from guardrails import injection, scanner
from guardrails.build import open_door
from settings import Settings
from usecases.chat import Conversation, Done
from usecases.finance import assistant

QUESTION = "I am joe@example.com. Can I take money out of the Fixed Saver before the term ends?"


def _local(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture
def attempts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Everything that tried to leave this machine; all of it is refused. Sees what goes through Python's socket module."""
    tried: list[str] = []
    resolve = socket.getaddrinfo

    def guarded(name: str) -> None:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _local(address[0]):
                tried.append(f"{name} {address}")
                raise OSError("no network in this test")
            return real(self, *arguments)

        monkeypatch.setattr(socket.socket, name, call)

    def lookup(host: Any, *arguments: Any, **named: Any) -> Any:
        if not _local(host):
            tried.append(f"getaddrinfo {host}")
            raise socket.gaierror("no network in this test")
        return resolve(host, *arguments, **named)

    def lookup_name(host: str, *_: object) -> Any:
        tried.append(f"gethostbyname {host}")
        raise socket.gaierror("no network in this test")

    for name in ("connect", "connect_ex", "sendto"):
        guarded(name)
    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket, "gethostbyname", lookup_name)
    monkeypatch.setattr(socket, "gethostbyname_ex", lookup_name)
    yield tried


def test_a_question_is_answered_and_nothing_tries_to_leave(attempts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"):  # the promise is ours, not a switch's
        monkeypatch.delenv(name, raising=False)
    # what other tests have loaded already could hide an attempt
    for cached in (scanner.default_scanner, scanner._tagger, injection._classifier, minilm._tuned, minilm._published):
        cached.cache_clear()
    door = open_door(Settings(text_engine="llama.cpp", text_model="smollm2-135m"), assistant.BRAND)
    conversation = Conversation.start("amelia", "offline")
    answers = [event.answer for event in assistant.reply(door, conversation, QUESTION) if isinstance(event, Done)]
    assert attempts == []
    assert len(answers) == 1 and answers[0].text and answers[0].citations
    assert answers[0].glass.model_saw and "joe@example.com" not in answers[0].glass.model_saw


def test_the_watch_would_see_an_attempt(attempts: list[str]) -> None:
    import urllib.request

    with pytest.raises(OSError):
        urllib.request.urlopen("http://example.com/", timeout=2)
    with socket.socket() as plain, pytest.raises(OSError):
        plain.connect(("192.0.2.1", 80))
    assert len(attempts) == 2
