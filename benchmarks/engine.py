"""What the guardrail costs the engine, and what the shared prompt prefix saves it.

Guarded is the assistant's own path (`door.admit`, then `wording.word`), bare is the same request straight to the engine. Both
engines are llama.cpp in this process. It does not measure routing, retrieval or the page.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.questions import QUESTIONS, Question
from benchmarks.report import Row, Target, compared
from errors import GeneratorUnavailable
from generators.text import Message, TextGenerator, TextRequest, TextStream, Usage
from generators.text_llamacpp import LlamaCppText
from guardrails import Door, Session, bullets, fill, house_text
from guardrails.scanner import default_scanner
from models import store
from settings import current
from store.audit import AuditLog
from usecases.chat import Citation, Words
from usecases.finance import wording
from usecases.finance.house import BRAND

MAX_TOKENS = 110  # as wording.word asks for; `_same_request` notices when that changes


class ClockedEngine:
    """An engine that remembers its last request and when the first piece of its answer came."""

    def __init__(self, engine: TextGenerator) -> None:
        self._engine = engine
        self.name = engine.name
        self.request: TextRequest | None = None
        self.usage = Usage()
        self.first_at = 0.0

    def stream(self, request: TextRequest) -> TextStream:
        self.request, self.first_at = request, 0.0
        stream = self._engine.stream(request)
        self.usage = stream.usage
        return TextStream(self._pieces(stream), stream.usage)

    def _pieces(self, stream: TextStream) -> Iterator[str]:
        with stream:
            for piece in stream:
                self.first_at = self.first_at or time.perf_counter()
                yield piece

    def close(self) -> None:
        self._engine.close()


@dataclass(frozen=True, slots=True)
class Run:
    """One answer: seconds to the engine's first piece and to the first word shown, and tokens a second after the first."""

    first_s: float
    shown_s: float
    tokens_per_s: float
    cached_tokens: int


def guardrail(quick: bool) -> list[Row]:
    """Guarded against bare: tokens a second and time to the first token."""
    questions = QUESTIONS[:4] if quick else QUESTIONS
    guarded, bare = [], []
    with _engine(slots=1, cache_mib=0) as engine, _door(engine) as door:
        wording.warm(door, Session("warm-up"))
        _guarded(door, engine, QUESTIONS[-1])  # loads the scanner; not counted
        for n in range(1 if quick else 2):
            for question, variant in schedule(questions, flip=bool(n % 2)):
                if variant == "guarded":
                    guarded.append((question, _guarded(door, engine, question)))
                else:
                    bare.append((question, _bare(engine, question)))
    pairs = list(zip(*(_sorted(side, questions) for side in (guarded, bare)), strict=True))
    cached = [median(run.cached_tokens for run in side) for side in zip(*pairs, strict=True)]
    note = f"Prompt tokens that the engine had in its cache, guarded and bare: {cached[0]:.0f} and {cached[1]:.0f}."
    spoken = [(g, b) for g, b in pairs if g.tokens_per_s and b.tokens_per_s]
    return [
        compared("Guarded answer, speed", "tokens/s", [g.tokens_per_s for g, _ in spoken], "bare engine",
                 [b.tokens_per_s for _, b in spoken], Target(0.97, at_least=True),
                 "From the engine's first piece until the answer has passed every check."),
        compared("Guarded answer, time to first token", "s", [g.first_s for g, _ in pairs], "bare engine",
                 [b.first_s for _, b in pairs], Target(1.15), note),
        compared("Guarded answer, first word shown", "s", [g.shown_s for g, _ in pairs], "bare engine's first token",
                 [b.first_s for _, b in pairs], note="A word is shown once the facts hold it; numbers wait for their unit."),
    ]  # fmt: skip


def prefix(quick: bool) -> list[Row]:
    """Time to first token of the second request of an engine, which has the prefix in its cache, against the first."""
    first, second = [], []
    for n in range(2 if quick else 6):
        one, other = (QUESTIONS[(2 * n + k) % len(QUESTIONS)] for k in (0, 1))
        with _engine(slots=current().slots) as engine:
            # a fresh engine still has to read its weights from the file; that is not what is compared
            _drain(engine.stream(TextRequest((Message("user", house_text("Hello")),), max_tokens=1)))
            first.append(_bare(engine, one, max_tokens=4).first_s)
            second.append(_bare(engine, other, max_tokens=4).first_s)
    note = "Each pair is a new engine; the two requests share system prompt and examples, not facts or question."
    return [compared("Second question, time to first token", "s", second, "first question of the same engine", first, Target(0.5), note)]


def schedule(questions: Sequence[Question], flip: bool = False) -> list[tuple[Question, str]]:
    """Every question once guarded and once bare, in the order A B B A, and never the same question twice in a row.

    The engine has one slot and keeps one prompt, the latest; so either variant finds the prefix in the cache and nothing more.
    """
    if len(questions) % 2 or not questions:
        raise ValueError(f"The questions go in twos; {len(questions)} do not.")
    order = []
    for n in range(0, len(questions), 2):
        one, other = questions[n], questions[n + 1]
        a, b = ("bare", "guarded") if bool(n // 2 % 2) == flip else ("guarded", "bare")
        order += [(one, a), (other, b), (one, b), (other, a)]
    return order


def model_file() -> tuple[Path, str]:
    """The GGUF file that the settings name, and its name. Raises GeneratorUnavailable."""
    settings = current()
    if settings.text_engine != "llama.cpp":
        raise GeneratorUnavailable(f"The settings name the engine {settings.text_engine}; this measures llama.cpp only.")
    name = settings.text_model
    return (Path(name), Path(name).name) if name.endswith(".gguf") else (store.path(name), name)


def _guarded(door: Door, engine: ClockedEngine, question: Question) -> Run:
    shown = 0.0
    citation = Citation(1, "Document", "Section", " ".join(question.facts), "document")
    started = time.perf_counter()
    session = Session(uuid.uuid4().hex)
    admitted = door.admit(question.text, session)
    for event in wording.word(door, session, admitted, question.facts, (), (citation,), "documents", {}):
        if isinstance(event, Words) and event.text:
            shown = shown or time.perf_counter()
    run = _run(engine, started, shown)
    _same_request(engine.request, _request(question))
    return run


def _bare(engine: ClockedEngine, question: Question, max_tokens: int = MAX_TOKENS) -> Run:
    request = _request(question, max_tokens)
    started = time.perf_counter()
    _drain(engine.stream(request))
    return _run(engine, started, 0.0)


def _run(engine: ClockedEngine, started: float, shown: float) -> Run:
    ended, first = time.perf_counter(), engine.first_at
    tokens = engine.usage.completion_tokens
    speed = (tokens - 1) / (ended - first) if tokens > 1 and first else 0.0
    return Run(first - started, shown - started, speed, engine.usage.cached_tokens)


def _request(question: Question, max_tokens: int = MAX_TOKENS) -> TextRequest:
    facts = bullets([house_text(fact) for fact in question.facts])
    prompt = fill(wording.ASK, facts=facts, question=house_text(question.text))
    return TextRequest((*wording.prefix(), Message("user", prompt)), max_tokens=max_tokens)


def _same_request(guarded: TextRequest | None, bare: TextRequest) -> None:
    """The comparison is void when the engine is asked for different things."""
    if guarded != bare:
        raise RuntimeError(f"The assistant asks the engine for something else than the bare variant does: {guarded}, not {bare}.")


def _sorted(runs: Sequence[tuple[Question, Run]], questions: Sequence[Question]) -> list[Run]:
    """By question, then in the order of the runs, so that the two variants of a question meet."""
    return [run for question in questions for asked, run in runs if asked is question]


def _drain(stream: TextStream) -> None:
    for _ in stream:
        pass


@contextmanager
def _engine(slots: int, cache_mib: int = 256) -> Iterator[ClockedEngine]:
    path, name = model_file()
    engine = ClockedEngine(LlamaCppText(path, name, slots=slots, threads=current().threads or None, cache_mib=cache_mib))
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def _door(engine: ClockedEngine) -> Iterator[Door]:
    """A door like the app's, with its audit log in a file of its own."""

    def embedder() -> None:
        raise AssertionError("nothing here embeds")

    with tempfile.TemporaryDirectory() as folder:
        audit = AuditLog(f"sqlite:///{Path(folder) / 'audit.db'}")
        yield Door(lambda: engine, embedder, lambda: default_scanner(BRAND), audit)  # type: ignore[arg-type, return-value]
