"""One contract for every text engine, against real engines: what a page may count on, whichever one serves it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from errors import GenerationFailed, InvalidInput
from generators.text import TextGenerator, TextRequest
from generators.text_fake import FakeText
from generators.text_transformers import TransformersText
from tests.models import text_engines as build

ENGINES = ("fake", "llama.cpp", "transformers", "openai")
SLOTS = {"fake": 4, "llama.cpp": build.SLOTS, "transformers": 2, "openai": 2}
MARKED = {"type": "object", "properties": {"who": {"enum": [""]}, "note": {"type": "string", "maxLength": 30}}, "required": ["who", "note"]}
# The fake repeats the facts; the others make something of them.
CATS = "Tell me about these cats.\n- Mia sleeps all day, and Tom hunts all night, and Leo does both of it by turns."
LONG = "Write a long story about these.\n- " + "one two three " * 10
real_only = pytest.mark.parametrize("kind", ENGINES[1:], indirect=True)
schema_only = pytest.mark.parametrize("kind", ["llama.cpp", "openai"], indirect=True)


@pytest.fixture(scope="module", params=ENGINES)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def server_url() -> Iterator[str]:
    yield from build.openai_server()


@pytest.fixture(scope="module")
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], TextGenerator]:
    def make(kind: str) -> TextGenerator:
        match kind:
            case "llama.cpp":
                return build.llamacpp()
            case "transformers":
                return build.transformers(tmp_path_factory.mktemp("tiny"))
            case "openai":
                return build.openai(request.getfixturevalue("server_url"))
        return FakeText()

    return make


@pytest.fixture(scope="module")
def engine(kind: str, make: Callable[[str], TextGenerator]) -> Iterator[TextGenerator]:
    engine = make(kind)
    yield engine
    engine.close()


@pytest.fixture
def own_engine(kind: str, make: Callable[[str], TextGenerator]) -> Iterator[TextGenerator]:
    """One that a test may break or close."""
    engine = make(kind)
    yield engine
    engine.close()


def test_a_reply_streams_in_pieces_and_its_costs_are_known(engine: TextGenerator) -> None:
    stream = engine.stream(build.request(CATS, max_tokens=12))
    pieces = list(stream)
    usage = stream.usage
    assert isinstance(engine, TextGenerator)
    assert len(pieces) > 3 and all(pieces) and all(type(p) is str for p in pieces)
    assert usage.completion_tokens == 12 and usage.finish_reason == "length"  # no less than asked for, no more
    assert usage.prompt_tokens > 5
    assert usage.first_token_s is not None and 0 < usage.first_token_s <= usage.total_s
    assert usage.tokens_per_second > 0


def test_a_reply_that_ends_by_itself_is_not_shown_as_cut(kind: str, engine: TextGenerator, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(engine, TransformersText):  # its random model never ends, so a frequent token becomes the end
        first = build.say(engine, build.request(CATS))
        end = engine._tokenizer.convert_tokens_to_ids(first[5])
        monkeypatch.setattr(engine._model.generation_config, "eos_token_id", [end])
    schema = MARKED if kind in ("llama.cpp", "openai") else None
    stream = engine.stream(build.request(CATS, max_tokens=100, json_schema=schema))
    assert "".join(stream)
    assert stream.usage.finish_reason == "stop" and 0 < stream.usage.completion_tokens < 100


def test_stopping_a_reply_frees_the_engine_for_the_next_person(kind: str, engine: TextGenerator) -> None:
    request = build.request(LONG, max_tokens=150)
    begun = time.perf_counter()
    whole = len(list(engine.stream(request)))
    alone_s = time.perf_counter() - begun
    streams = [engine.stream(request) for _ in range(SLOTS[kind])]
    with ThreadPoolExecutor(len(streams)) as pool:
        assert all(pool.map(next, streams))
    begun = time.perf_counter()
    for stream in streams:
        stream.close()
        stream.close()
        assert stream.usage.finish_reason == "closed" and 1 <= stream.usage.completion_tokens < whole
        assert list(stream) == []
    assert next(after := engine.stream(build.request(CATS)))
    assert time.perf_counter() - begun < max(alone_s / 2, 0.5)
    after.close()
    assert not [t.name for t in threading.enumerate() if t.name.endswith(" stream")]


def test_the_same_question_gets_the_same_answer(engine: TextGenerator) -> None:
    build.say(engine, build.request(CATS))  # llama.cpp reads a prompt it knows in other batches, which may round otherwise
    assert build.say(engine, build.request(CATS)) == build.say(engine, build.request(CATS))


def test_a_seed_brings_a_sampled_answer_back(kind: str, engine: TextGenerator) -> None:
    build.say(engine, build.request(CATS))
    texts = {seed: [build.say(engine, build.request(CATS, temperature=1.2, seed=seed)) for _ in range(2)] for seed in (1, 2, 3)}
    assert all(first == second for first, second in texts.values())
    if kind != "fake":
        assert len({first for first, _ in texts.values()}) == 3  # so the seed is what decides


def test_a_stop_string_ends_the_reply_before_it(engine: TextGenerator) -> None:
    build.say(engine, build.request(CATS))
    whole = build.say(engine, build.request(CATS))
    stop = whole[len(whole) // 2 :][:4]
    stream = engine.stream(build.request(CATS, stop=("never said", stop)))
    assert "".join(stream) == whole[: whole.index(stop)]
    assert stream.usage.finish_reason == "stop"


def test_replies_to_several_people_at_once_never_mix(kind: str, engine: TextGenerator) -> None:
    """Engines make pieces ahead of who takes them, so only the times show that none waited for another's end."""
    count = SLOTS[kind]
    start = threading.Barrier(count, timeout=60)
    begun, ended = [0.0] * count, [0.0] * count

    def ask(n: int) -> TextRequest:
        if kind in ("fake", "transformers"):
            return build.request(f"- {n} cats, {n} dogs and {n} horses live at farm number {n}", max_tokens=150)
        who = {"enum": [f"person-{n}-of-{count}"]}
        schema = {**MARKED, "properties": {"who": who, "note": {"type": "string", "minLength": 100, "maxLength": 120}}}
        return build.request(f"I am number {n}. " + CATS, max_tokens=150, json_schema=schema)

    def run(n: int) -> str:
        stream = engine.stream(ask(n))
        start.wait()
        said = next(stream)
        begun[n] = time.perf_counter()
        if kind == "fake":  # it makes a piece when it is asked for one
            start.wait()
        said += "".join(stream)
        ended[n] = time.perf_counter()
        return said

    with ThreadPoolExecutor(count) as pool:
        texts = list(pool.map(run, range(count)))
    assert len(set(texts)) == count
    assert max(begun) < min(ended)
    if kind in ("fake", "transformers"):
        assert texts == [build.say(engine, ask(n)) for n in range(count)]
    else:
        assert [json.loads(text)["who"] for text in texts] == [f"person-{n}-of-{count}" for n in range(count)]


def test_a_schema_is_followed_or_refused_never_ignored(kind: str, engine: TextGenerator) -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"mood": {"enum": ["calm", "wild"]}, "legs": {"type": "integer", "minimum": 2, "maximum": 8}},
        "required": ["mood", "legs"],
        "additionalProperties": False,
    }
    request = build.request(CATS, max_tokens=100, json_schema=schema)
    if kind == "transformers":
        with pytest.raises(GenerationFailed, match="JSON schema; use the llama.cpp or openai engine"):
            build.say(engine, request)
        return
    got = json.loads(build.say(engine, request))
    assert set(got) == {"mood", "legs"} and got["mood"] in ("calm", "wild") and 2 <= got["legs"] <= 8


@schema_only
def test_a_schema_the_engine_cannot_read_is_an_error_of_ours(engine: TextGenerator) -> None:
    with pytest.raises(GenerationFailed, match="(?i)schema"):
        build.say(engine, build.request(CATS, json_schema={"type": "nonsense"}))


@real_only
def test_a_prompt_too_long_is_refused_with_both_sizes(engine: TextGenerator) -> None:
    with pytest.raises(InvalidInput, match=rf"\d{{4}}\D.*\D{build.CONTEXT}\D"):
        build.say(engine, build.request("word " * 2000))
    assert build.say(engine, build.request(CATS))


@real_only
def test_a_reply_never_outgrows_the_context(kind: str, engine: TextGenerator) -> None:
    room = "one two three " * (20 if kind == "transformers" else 130)  # a token of the tiny model is a byte
    stream = engine.stream(build.request("Write a long story about these.\n- " + room, max_tokens=5000))
    assert "".join(stream)
    assert stream.usage.finish_reason == "length"
    assert build.CONTEXT - 8 <= stream.usage.prompt_tokens + stream.usage.completion_tokens <= build.CONTEXT


def test_a_closed_engine_says_so(own_engine: TextGenerator) -> None:
    running = own_engine.stream(build.request(LONG, max_tokens=150))
    assert next(running)
    own_engine.close()
    own_engine.close()
    with pytest.raises(GenerationFailed, match="closed"):
        list(running)
    assert running.usage.finish_reason == "error"
    with pytest.raises(GenerationFailed, match="closed"):
        build.say(own_engine, build.request(CATS))


class Crashing:
    """Passes two chunks of text on, then dies as the engine would."""

    def __init__(self, server: Any) -> None:
        self._server = server

    def handle_chat_completions(self, body: Any, on_chunk: Callable[[Any], bool]) -> None:
        texts = 0

        def passed(chunk: Any) -> bool:
            nonlocal texts
            texts += bool(chunk["choices"] and chunk["choices"][0]["delta"].get("content"))
            return on_chunk(chunk) or texts == 2

        self._server.handle_chat_completions(body, passed)
        raise RuntimeError("ggml: out of memory")


@pytest.mark.parametrize("kind", ENGINES[:3], indirect=True)  # the openai one breaks off in the tests of its failures
def test_a_crash_half_way_keeps_what_was_said(kind: str, own_engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "fake":
        own_engine = FakeText(fail_after=2)
    elif kind == "llama.cpp":
        own_engine._server = Crashing(own_engine._server)
    else:
        forward, calls = own_engine._model.forward, iter(range(99))

        def failing(*args: Any, **kwargs: Any) -> Any:
            if next(calls) == 2:
                raise RuntimeError("ggml: out of memory")
            return forward(*args, **kwargs)

        monkeypatch.setattr(own_engine._model, "forward", failing)
    stream = own_engine.stream(build.request(CATS))
    said = next(stream) + next(stream)
    with pytest.raises(GenerationFailed, match="broke off") as caught:
        next(stream)
    assert caught.value.partial == said and stream.usage.finish_reason == "error"
    if kind != "fake":
        assert "out of memory" in str(caught.value) and isinstance(caught.value.__cause__, RuntimeError)
