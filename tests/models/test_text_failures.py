"""What each text engine owes beside the contract: its cache, its files, its server's and its hub's failures."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from errors import GenerationFailed, GeneratorUnavailable
from generators.text_transformers import TransformersText, _Streamer, until_stop
from tests.models import text_engines as build

CATS = "Tell me about cats."
HALF = (build.event("Cats"), build.event(" sleep"))


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    yield from build.openai_server()


def test_a_follow_up_question_does_not_pay_for_the_conversation_again() -> None:
    engine = build.llamacpp(slots=1)
    talk = "You know these cats. " * 30

    def cached(question: str, system: str = talk) -> float:
        stream = engine.stream(build.request(question, system=system, max_tokens=4))
        list(stream)
        return stream.usage.cached_tokens / stream.usage.prompt_tokens

    assert cached("Who sleeps?") < 0.1
    assert cached("Who hunts?") > 0.8
    assert cached("What is the time?", system="You are a clock. " * 20) < 0.2  # takes the only slot
    assert cached("Who sleeps, again?") > 0.8  # so this comes from the bounded cache beside the slots
    engine.close()


def test_a_model_file_deleted_while_it_serves_breaks_no_reply(tmp_path: Path) -> None:
    copy = tmp_path / "copy.gguf"
    shutil.copyfile(build.store.path("smollm2-135m"), copy)
    engine = build.llamacpp(slots=1, path=copy)
    copy.unlink()
    assert build.say(engine, build.request(CATS))
    engine.close()


def test_a_missing_or_broken_model_names_what_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GeneratorUnavailable, match="python -m models fetch smollm2-135m"):
        build.llamacpp(path=tmp_path / "none.gguf")
    (half := tmp_path / "half.gguf").write_bytes(build.store.path("smollm2-135m").read_bytes()[:1_000_000])
    with pytest.raises(GeneratorUnavailable, match="whole.*python -m models fetch smollm2-135m"):
        build.llamacpp(path=half)
    (half_folder := build.tiny_model(tmp_path / "tiny")).joinpath("model.safetensors").write_bytes(b"half")
    untalkative = build.tiny_model(tmp_path / "untalkative")
    untalkative.joinpath("chat_template.jinja").unlink()
    for model in ("nobody/has-this", "no such id", str(half_folder), str(untalkative), str(tmp_path / "none")):
        with pytest.raises(GeneratorUnavailable, match="VITRINE_TEXT_MODEL") as caught:
            TransformersText(model)
        assert model in str(caught.value)


def test_stop_strings_and_characters_that_span_tokens_stay_whole(tmp_path: Path) -> None:
    assert list(until_stop(iter(["a<", "b<", "st", "op>c"]), ["<stop>"])) == ["a", "<b"]
    assert "".join(until_stop(iter(["a<", "st"]), ["<stop>"])) == "a<st"
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(build.tiny_model(tmp_path))
    streamer = _Streamer(tokenizer)
    for token in [0, *tokenizer("Grüße 👋!")["input_ids"]]:
        streamer.put(torch.tensor([token]))
    streamer.end()
    assert list(iter(streamer.out.get, None)) == [*"Grüße 👋!"]


@pytest.mark.parametrize(
    ("answer", "error", "message"),
    [
        pytest.param(lambda h: build.refuse(h, 429, "retry-after: 17"), GeneratorUnavailable, "busy.*in 17 seconds", id="busy"),
        pytest.param(lambda h: build.refuse(h, 429), GeneratorUnavailable, "busy.*in a minute", id="busy, no hint"),
        pytest.param(lambda h: build.refuse(h, 404), GeneratorUnavailable, "VITRINE_TEXT_MODEL", id="unknown model"),
        pytest.param(lambda h: build.refuse(h, 500), GenerationFailed, "500.*stub says no", id="server error"),
        pytest.param(lambda h: h.close_connection, GeneratorUnavailable, "VITRINE_OPENAI_BASE_URL", id="hangs up"),
        pytest.param(lambda h: time.sleep(20), GeneratorUnavailable, "within 1 seconds", id="never answers"),
        pytest.param(lambda h: build.send(h), GenerationFailed, "cut the connection", id="empty stream"),
        pytest.param(lambda h: build.send(h, b"data: {broken\n\n"), GenerationFailed, "no chat API", id="no JSON"),
    ],
)
def test_a_server_that_fails_is_named_within_seconds_with_what_to_do(answer: Any, error: type[Exception], message: str) -> None:
    begun = time.perf_counter()
    with build.stub(answer) as url, pytest.raises(error, match=message) as caught:
        build.say(build.openai(url, timeout_s=1), build.request(CATS))
    assert time.perf_counter() - begun < 3
    assert url in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(lambda h: build.send(h, *HALF, end=False), "cut the connection", id="closed"),
        pytest.param(lambda h: build.send(h, *HALF, chunked=True, end=False), "cut the connection", id="closed inside a chunked body"),
        pytest.param(lambda h: (build.send(h, *HALF, end=False), time.sleep(20)), "cut the connection", id="stalls"),
        pytest.param(lambda h: build.send(h, *HALF, b'data: {"error": {"message": "CUDA"}}\n\n'), "failed: CUDA", id="error event"),
    ],
)
def test_a_connection_cut_half_way_keeps_what_was_said(answer: Any, message: str) -> None:
    begun = time.perf_counter()
    with build.stub(answer) as url, pytest.raises(GenerationFailed, match=message) as caught:
        build.say(build.openai(url, timeout_s=1), build.request(CATS))
    assert caught.value.partial == "Cats sleep"
    assert time.perf_counter() - begun < 3


def test_a_wrong_key_names_the_setting(server_url: str) -> None:
    with pytest.raises(GeneratorUnavailable, match="refused the key.*VITRINE_OPENAI_API_KEY") as caught:
        build.say(build.openai(server_url, key="open barley"), build.request(CATS))
    assert "barley" not in str(caught.value) and caught.value.__cause__ is not None
    with pytest.raises(GeneratorUnavailable, match="character no key has.*VITRINE_OPENAI_API_KEY"):
        build.say(build.openai(server_url, key="sésame"), build.request(CATS))
    assert build.say(build.openai(server_url, key=build.API_KEY + "\n"), build.request(CATS))  # as it comes from a file


def test_nothing_at_the_address_costs_seconds() -> None:
    begun = time.perf_counter()
    for url in (f"http://127.0.0.1:{build.free_port()}/v1", "localhost/v1"):
        with pytest.raises(GeneratorUnavailable, match="does not answer. Check VITRINE_OPENAI_BASE_URL"):
            build.say(build.openai(url), build.request(CATS))
    assert time.perf_counter() - begun < 5
    with pytest.raises(GeneratorUnavailable, match="VITRINE_OPENAI_BASE_URL is 'http://host:port/v1'"):
        build.openai("http://host:port/v1")


def test_counts_come_from_the_server_and_are_made_up_for_by_one_that_sends_none() -> None:
    counts = {"prompt_tokens": 40, "completion_tokens": 9, "total_tokens": 49, "prompt_tokens_details": {"cached_tokens": 30}}
    with build.stub(lambda h: build.send(h, *HALF, build.event(finish="length"), build.event(usage=counts, choices=[]))) as url:
        list(stream := build.openai(url).stream(build.request(CATS)))
    usage = stream.usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens, usage.finish_reason) == (40, 30, 9, "length")
    with build.stub(lambda h: build.send(h, *HALF, build.event(choices=None), build.event(finish="stop"))) as url:
        assert "".join(stream := build.openai(url).stream(build.request(CATS))) == "Cats sleep"
    assert stream.usage.completion_tokens == 2 and stream.usage.finish_reason == "stop"


def test_a_hub_that_does_not_answer_costs_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants as hub

    from generators import text_transformers

    monkeypatch.setattr(hub, "HF_HUB_OFFLINE", False)
    monkeypatch.setattr(text_transformers, "HUB_ANSWER_S", 1.0)
    asked = []
    with build.stub(lambda h: (asked.append(h.path), time.sleep(20))) as url:
        monkeypatch.setattr(hub, "ENDPOINT", url.removesuffix("/v1"))
        begun = time.perf_counter()
        with pytest.raises(GeneratorUnavailable, match="nobody/has-this.*VITRINE_TEXT_MODEL"):
            TransformersText("nobody/has-this")
    assert asked and time.perf_counter() - begun < 4
