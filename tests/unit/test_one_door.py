"""There is one door to a generator: what a person would lose is his data, shown to a model as he typed it.

The first half reads the whole tree; the second sends a message through the door to an engine that keeps what it was given.
It can't prove that `house_text` is only given the house's own text: that stays a matter of reading.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from errors import GuardrailBlocked
from generators.text_fake import FakeText
from guardrails import Admitted, Door, Grounding, Message, Session, bullets, fill, house_text
from guardrails.scanner import default_scanner

ROOT = Path(__file__).parents[2]
Rule = Callable[[ast.AST], bool]


def sources() -> Iterator[tuple[str, ast.Module]]:
    """Every Python file of ours, by its path from the root."""
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not any(part.startswith(".") or part == "__pycache__" for part in name.split("/")):
            yield name, ast.parse(path.read_text(encoding="utf-8"), name)


def breaches(rule: Rule, tree: ast.Module) -> list[int]:
    return [getattr(node, "lineno", 0) for node in ast.walk(tree) if rule(node)]


def makes_safe_text(node: ast.AST) -> bool:
    """`SafeText(...)`, `text.SafeText(...)`, `cast(SafeText, ...)`, `cast("SafeText", ...)`, or SafeText under another name."""
    if isinstance(node, ast.ImportFrom):
        return any(alias.name == "SafeText" and alias.asname for alias in node.names)
    if isinstance(node, ast.Assign):
        return _named(node.value, "SafeText")
    if not isinstance(node, ast.Call):
        return False
    cast = _named(node.func, "cast") and bool(node.args) and "SafeText" in ast.unparse(node.args[0])
    return _named(node.func, "SafeText") or cast


def _named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name or isinstance(node, ast.Attribute) and node.attr == name


def imports(package: str) -> Rule:
    """By statement, or by name through `import_module`, `__import__` and `run_module`."""

    def ours(name: str | None) -> bool:
        return name is not None and name.split(".")[0] == package

    def rule(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            return any(ours(alias.name) for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            return node.level == 0 and ours(node.module)
        if isinstance(node, ast.Call) and any(_named(node.func, f) for f in ("import_module", "__import__", "run_module")):
            return any(isinstance(a, ast.Constant) and isinstance(a.value, str) and ours(a.value) for a in node.args)
        return False

    return rule


@pytest.mark.parametrize(
    ("rule", "allowed"),
    [
        (makes_safe_text, ("guardrails/", "tests/", "benchmarks/")),
        (imports("generators"), ("guardrails/", "generators/", "tests/", "benchmarks/")),
        (imports("streamlit"), ("app.py", "pages/", "ui/", "tests/", "benchmarks/")),
    ],
    ids=["only the guardrail says what is safe", "only the guardrail knows an engine", "only pages know streamlit"],
)
def test_the_whole_tree_keeps_the_rule(rule: Rule, allowed: tuple[str, ...]) -> None:
    trees = list(sources())
    assert {"usecases/finance/assistant.py", "guardrails/door.py", "ui/chat.py", "app.py"} <= {name for name, _ in trees}
    broken = [f"{name}:{line}" for name, tree in trees if not name.startswith(allowed) for line in breaches(rule, tree)]
    assert not broken


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (makes_safe_text, "x = SafeText(typed)"),
        (makes_safe_text, "import generators.text as t\nx = t.SafeText(typed)"),
        (makes_safe_text, "x = cast('SafeText', typed)"),
        (makes_safe_text, "from generators.text import SafeText as S\nx = S(typed)"),
        (makes_safe_text, "S = SafeText"),
        (imports("generators"), "def f():\n    from generators.text_fake import FakeText"),
        (imports("generators"), "import generators.text"),
        (imports("generators"), "importlib.import_module('generators.text')"),
        (imports("streamlit"), "if x:\n    import streamlit as st"),
    ],
)
def test_each_way_round_would_be_seen(rule: Rule, code: str) -> None:
    assert breaches(rule, ast.parse(code))


# ---- at run time

SECRETS = ("Sarah", "Jones", "4111", "1111", "joe@example.com", "07700", "900123", "NWBK", "6016", "QQ123456C", "5919")
MESSAGE = (
    "I am Sarah Jones. My card 4111 1111 1111 1111 was charged, mail me at joe@example.com or call 07700 900123. "
    "My IBAN is GB29 NWBK 6016 1331 9268 19, my NINO is QQ123456C and my NHS number is 943 476 5919."
)


def no_embedder() -> None:
    raise AssertionError("nothing here embeds")


def opened(engine: FakeText) -> Door:
    return Door(lambda: engine, no_embedder, default_scanner, None)  # type: ignore[arg-type]


def ask(door: Door, session: Session, *texts: str) -> tuple[list[Admitted], str]:
    admitted = [door.admit(text, session) for text in texts]
    prompt = fill("Facts:\n{facts}\nQuestion: {question}", facts=bullets([a.safe for a in admitted]), question=admitted[-1].safe)
    messages = [Message("system", house_text("Word the facts.")), Message("user", prompt)]
    *_, last = door.stream(messages, session, Grounding([a.safe for a in admitted], admitted[-1].safe))
    return admitted, last.text


def seen(engine: FakeText) -> str:
    return "\n".join(message.content for request in engine.requests for message in request.messages)


def test_an_engine_sees_pseudonyms_and_the_person_his_own_words() -> None:
    engine = FakeText(["Your card is <CREDIT_CARD_1>."])
    _, said = ask(opened(engine), Session("s"), MESSAGE)
    assert len(engine.requests) == 1
    assert not [secret for secret in SECRETS if secret in seen(engine)]
    tokens = ("PERSON", "CREDIT_CARD", "EMAIL_ADDRESS", "PHONE_NUMBER", "IBAN_CODE", "UK_NINO", "UK_NHS")
    assert all(f"<{token}_1>" in seen(engine) for token in tokens)
    assert said == "Your card is 4111 1111 1111 1111."


@pytest.mark.parametrize("source", ["user", "upload", "passage", "tool"])
def test_text_from_anywhere_is_pseudonymised(source: str) -> None:
    safe = opened(FakeText()).admit(MESSAGE, Session("s"), source).safe  # type: ignore[arg-type]
    assert not [secret for secret in SECRETS if secret in safe]


def test_a_token_typed_in_one_conversation_shows_nobody_elses_value() -> None:
    engine = FakeText(["Your card is <CREDIT_CARD_1>.", "Your card is <TYPED_1>.", "Your card is <CREDIT_CARD_1>."])
    door = opened(engine)
    ask(door, Session("a"), MESSAGE)
    for _ in range(2):
        _, said = ask(door, Session("b"), "Your card is <CREDIT_CARD_1>.")
        assert "4111" not in said
    assert "<CREDIT_CARD_1>" not in engine.requests[1].messages[-1].content


def test_a_value_that_the_model_makes_up_is_not_shown() -> None:
    _, said = ask(opened(FakeText(["Your card is 5500 0000 0000 0004."])), Session("s"), MESSAGE)
    assert "5500" not in said


def test_a_scanner_that_fails_lets_nothing_through() -> None:
    class Torn:
        def scan(self, text: str) -> list[object]:
            raise GuardrailBlocked("torn", rule="scanner")

    engine = FakeText()
    door = Door(lambda: engine, no_embedder, Torn, None)  # type: ignore[arg-type]
    with pytest.raises(GuardrailBlocked):
        ask(door, Session("s"), "hello")
    assert engine.requests == []
