"""Text in pieces is cleaned like text in one piece, and nothing shows before it was read."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import pytest

from guardrails.findings import Finding
from guardrails.streaming import HOLD, StreamCleaner

CARD = re.compile(r"\d{4}(?: \d{4}){3}")


def find(text: str) -> list[Finding]:
    return [Finding(m.start(), m.end(), "CREDIT_CARD", 1.0, "test") for m in CARD.finditer(text)]


def clean(text: str, found: Sequence[Finding]) -> str:
    for row in reversed(found):
        text = f"{text[: row.start]}[CARD]{text[row.end :]}"
    return text


@pytest.mark.parametrize("seed", range(12))
def test_pieces_of_any_size_give_what_the_whole_gives(seed: int) -> None:
    rng = random.Random(seed)
    words = ["pay", "with", "4111 1111 1111 1111", "please", "and\n", "then 4000 0000 0000 0002", "x" * rng.randint(1, 400)]
    text = " ".join(rng.choice(words) for _ in range(200))
    cleaner, out, at = StreamCleaner(find, clean), "", 0
    while at < len(text):
        size = rng.randint(1, 7)
        out += cleaner.feed(text[at : at + size])
        assert not CARD.search(out)
        at += size
    assert out + cleaner.close() == clean(text, find(text))


def test_the_newest_characters_wait() -> None:
    cleaner = StreamCleaner(find, clean)
    text = "word " * 400
    shown = "".join(cleaner.feed(c) for c in text)
    assert HOLD <= len(text) - len(shown) < 2 * HOLD


def test_an_empty_stream_gives_nothing() -> None:
    assert StreamCleaner(find, clean).close() == ""
