"""Measures a chat use case on its evaluation set, with a judge of its own.

The judge does not use the guardrail's grounding check: it takes each shown sentence apart into numbers with their signs,
capitalised names, conditions and promises, and calls the sentence unsupported when one of them stands in no fact that
was given. Intervals are 95 % Wilson score intervals (Wilson 1927).
"""

from __future__ import annotations

import json
import math
import re
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from errors import ShowcaseError
from usecases.chat import Answer

DECLINED = ("declined", "advice")
HOUSE = "We are Larkfield Bank."  # the one fact that is in the prompt itself
_TERMS = re.compile(
    r"\b(?:if|unless|until|except|provided|as long as|must|need to|required|only|at least|at most|minimum|maximum|up to|guarantee\w*|"
    r"promise\w*|always|never|free|unlimited|instant\w*|immediately|automatically|without|no|not|cannot|\w+n't)\b", re.I,
)  # fmt: skip
_SAME = {
    "cannot": "not",
    "can't": "not",
    "no": "not",
    "never": "not",
    "without": "not",
    "minimum": "at least",
    "maximum": "up to",
    "at most": "up to",
}


@dataclass(frozen=True, slots=True)
class Case:
    kind: str
    messages: tuple[str, ...]
    expected: tuple[str, ...]
    source: str
    customer: str | None

    @property
    def to_decline(self) -> bool:
        return self.kind in ("out_of_scope", "advice")


def load(path: Path) -> list[Case]:
    """The rows of an evaluation file; its head says what they mean."""
    cases = []
    for kind, messages, expected, source in tomllib.loads(path.read_text(encoding="utf-8"))["rows"]:
        customer = None
        if match := re.match(r"@(\w+) ", messages):
            customer, messages = match[1], messages[match.end() :]
        wanted = tuple(part.strip() for part in expected.split(" ; ") if part.strip())
        cases.append(Case(kind, tuple(messages.split(" >> ")), wanted, source, customer))
    return cases


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share of `hits` in `n`; (0, 1) when n is 0."""
    if not n:
        return 0.0, 1.0
    p, d = hits / n, 1 + z * z / n
    mid, half = (p + z * z / (2 * n)) / d, z / d * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, mid - half), min(1.0, mid + half)


def share(hits: int, n: int) -> dict[str, float | int | list[float]]:
    low, high = wilson(hits, n)
    return {"n": n, "hits": hits, "share": round(hits / n, 4) if n else 0.0, "interval": [round(low, 4), round(high, 4)]}


def sentences(answer: Answer) -> list[str]:
    """Shown sentences without their citation marks."""
    text = re.sub(r"\s*\[\d+\]", "", answer.text)
    return [s.strip() for s in re.split(r"(?<=[.!?])\s+(?=[A-Z£€$])", text) if s.strip()]


def unsupported(sentence: str, facts: tuple[str, ...], question: str = "") -> str | None:
    """What in `sentence` no fact holds, or None. An `if` that the customer himself put is no new condition."""
    source = " ".join(facts)
    held = {n.replace(",", "").rstrip(".") for n in re.findall(r"[£€$¥]?\d[\d,.:]*%?", source)}
    held |= {str(int(years) * 12) for years in re.findall(r"(\d+)[ -]year", source)}  # 5 years are 60 months
    for number in re.findall(r"[£€$¥]?\d[\d,.:]*%?", sentence):
        if (bare := number.replace(",", "").rstrip(".:")) not in held:
            return f"number {bare}"
    for name in re.findall(r"(?<!^)(?<![.!?] )\b[A-Z][a-z]+\b", sentence):
        if name.lower().removesuffix("s") not in source.lower():
            return f"name {name}"
    mine, theirs = (
        {_SAME.get(m.lower(), "not" if m.lower().endswith("n't") else m.lower()) for m in _TERMS.findall(t)} for t in (sentence, source)
    )
    if re.search(r"\bif\b", question, re.I):
        theirs.add("if")
    if extra := mine - theirs:
        return f"condition or promise: {', '.join(sorted(extra))}"
    return None


def correct(case: Case, answer: Answer) -> bool:
    """Everything expected is said, in one of its wordings; a question to be declined is declined."""
    if case.to_decline:
        return answer.kind in DECLINED
    said = re.sub(r"\s*\[\d+\]", "", answer.text).lower().replace("’", "'")
    return answer.kind not in DECLINED and all(any(w.lower() in said for w in part.split("|")) for part in case.expected)


def cited(case: Case, answer: Answer) -> bool:
    wanted = set(case.source.split("|"))
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)}
    return bool(wanted & {answer.route}) or bool(wanted & {c.slug for c in answer.citations if c.number in marks})


def results_path(module: str) -> Path:
    """Where the latest held-out figures of the use case `module` lie, for its page to show."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise KeyError(f"No module is called {module!r}; it must be the `module` of a row of usecases/registry.py.")
    return Path(spec.origin).parent / "evaluation" / "results.json"


def published(module: str) -> dict[str, Any] | None:
    """What the last `--eval` of the held-out half wrote, or None where none has been run."""
    path = results_path(module)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def evaluate(cases: list[Case], ask: Callable[[Case], Answer], log: Any = sys.stderr) -> dict[str, Any]:
    """Asks every case and counts; failures are named on `log`. `ask` returns the last answer of a case's conversation."""
    counts: Counter[str] = Counter()
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    wrong: list[dict[str, str]] = []
    timings: dict[str, list[float]] = defaultdict(list)
    started = time.perf_counter()
    for number, case in enumerate(cases, start=1):
        try:
            answer = ask(case)
        except ShowcaseError as error:
            wrong.append({"question": " >> ".join(case.messages), "answer": f"{type(error).__name__}: {error}"})
            kinds[case.kind][1] += 1
            continue
        for key in ("facts_ms", "first_word_s"):
            if key in answer.timings:
                timings[key].append(answer.timings[key])
        good = correct(case, answer)
        counts["correct"] += good
        kinds[case.kind][0] += good
        kinds[case.kind][1] += 1
        if case.source:
            counts["sourced"] += 1
            counts["cited"] += cited(case, answer)
        counts["declined_wrongly"] += not case.to_decline and answer.kind in DECLINED
        counts["declined_rightly"] += case.to_decline and answer.kind in DECLINED
        bad: list[str] = []
        if answer.facts:
            shown = sentences(answer)
            counts["sentences"] += len(shown)
            counts["worded"] += not answer.quoted
            counts["answered"] += 1
            bad = [f"{s} ({why})" for s in shown if (why := unsupported(s, (*answer.facts, HOUSE), case.messages[-1]))]
            counts["unsupported"] += len(bad)
        if not good or bad or (case.source and not cited(case, answer)):
            wrong.append({
                "question": " >> ".join(case.messages), "answer": answer.text, "route": answer.route, "expected": " ; ".join(case.expected),
                "source": case.source, "cited": ",".join(c.slug for c in answer.citations), "unsupported": "; ".join(bad),
            })  # fmt: skip
            print(json.dumps(wrong[-1], ensure_ascii=False), file=log)
        print(f"\r{number}/{len(cases)}", end="", file=log, flush=True)
    print(file=log)
    declinable = sum(c.to_decline for c in cases)

    def median(values: list[float]) -> float:
        return round(sorted(values)[len(values) // 2], 2) if values else 0.0

    return {
        "n": len(cases),
        "correct": share(counts["correct"], len(cases)),
        "citation_correct": share(counts["cited"], counts["sourced"]),
        "unsupported_sentences": share(counts["unsupported"], counts["sentences"]),
        "declined_rightly": share(counts["declined_rightly"], declinable),
        "declined_wrongly": share(counts["declined_wrongly"], len(cases) - declinable),
        "worded_by_model": share(counts["worded"], counts["answered"]),
        "quoted_from_facts": share(counts["answered"] - counts["worded"], counts["answered"]),
        "by_kind": {kind: f"{hits}/{n}" for kind, (hits, n) in sorted(kinds.items())},
        "facts_ms_median": median(timings["facts_ms"]),
        "first_word_s_median": median(timings["first_word_s"]),
        "seconds": round(time.perf_counter() - started, 1),
        "failures": len(wrong),
    }
