"""The messages that the bank's encoder learns from: complete, and none of those that measure it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from training.bank import texts
from usecases.evaluation import load
from usecases.finance.retrieval import load_passages

HELD_OUT = Path(__file__).parents[2] / "usecases" / "finance" / "evaluation" / "held-out.toml"


def bare(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def test_no_question_of_the_held_out_half_is_learned_from() -> None:
    learned = {bare(message.text) for message in texts.messages()}
    assert not [case for case in load(HELD_OUT) if any(bare(said) in learned for said in case.messages[-1:])]


def test_every_sentence_that_is_asked_for_has_messages_alone_and_in_conversation() -> None:
    known = texts.messages()
    for passage in load_passages():
        for sentence in {sentence for _, sentence in passage.asked}:
            mine = [m for m in known if m.label == f"{passage.slug}: {sentence}"]
            assert sum(not m.earlier for m in mine) >= 25, sentence
            assert sum(bool(m.earlier) for m in mine) >= 4, sentence


def test_a_key_that_starts_no_sentence_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "easy-saver.toml").write_text('[questions]\n"The Easy Saver pays 9%" = ["nine?"]\n[follow_ups]\n', encoding="utf-8")
    monkeypatch.setattr(texts, "TEXTS", tmp_path)
    with pytest.raises(ValueError, match=r"easy-saver\.toml.*'The Easy Saver pays 9%'"):
        texts.messages()
