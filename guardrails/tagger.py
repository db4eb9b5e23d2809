"""Finds personal data by its place in the sentence: a small transformer that tags every token (see `training/pii`).

It was trained on English text with names and addresses of many countries. It reads the text folded and in lower case, so it
can't tell "will" from "Will"; what it is sure of it may still get wrong, which the report page measures.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from generators import minilm
from guardrails.findings import WORDY, Finding
from guardrails.normalise import Folded
from models import store

NAME = "pii-tagger"
WINDOW, STRIDE = 160, 96  # tokens at a time, and how far the next window starts; a token is judged where it has most around it
ENOUGH = 0.2  # probability that a token is personal data of any kind; on texts kept back, less hides little more and costs precision
# The fewest letters and digits that a value of a kind has: what is shorter, the tagger has misread.
SHORTEST = {
    "CREDIT_CARD": 12, "IBAN_CODE": 15, "BANK_ACCOUNT": 6, "ROUTING_NUMBER": 9, "SORT_CODE": 6, "US_SSN": 9, "UK_NHS": 10, "UK_NINO": 8,
    "IN_AADHAAR": 12, "IN_PAN": 10, "TAX_ID": 8, "PASSPORT": 6, "DRIVER_LICENSE": 5, "MRN": 4, "INSURANCE_ID": 5, "IMEI": 14, "ICCID": 18,
    "IMSI": 14, "VIN": 11, "LICENSE_PLATE": 3, "IP_ADDRESS": 4, "MAC_ADDRESS": 12, "PHONE_NUMBER": 6, "DATE_OF_BIRTH": 4, "CRYPTO": 20,
    "EMAIL_ADDRESS": 5, "API_KEY": 8, "ADDRESS": 5,
}  # fmt: skip
DOUBTED = 0.4  # a name that is less sure is none: "two years", "and in yen"
_COUNTED = re.compile(  # what a number is written with: words with a digit in them, single letters, number words, months
    r"[^\W_]*\d[^\W_]*|\b[a-z]\b|\b(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|double|triple|\w+teen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|\w+(?:th|first|second|third)|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|"
    r"aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*)\b", re.I,
)  # fmt: skip


class Tagger:
    """Thread-safe: reads only. `models/pii-tagger` holds layers, a head over tokens and `labels.json`: O, B-KIND, I-KIND, ..."""

    def __init__(self) -> None:
        from tokenizers import Tokenizer

        folder = store.path("all-minilm-l6-v2")
        self._model, head = minilm.tuned(folder, NAME)
        self._weight, self._bias = head["head.weight"], head["head.bias"]
        labels = json.loads(store.trained(NAME).with_name("labels.json").read_text(encoding="utf-8"))
        self._kinds = tuple(label[2:] for label in labels[1::2])
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))  # its own: the embedder's pads and cuts
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._first, self._last = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))

    def find(self, view: Folded) -> Iterator[Finding]:
        """Findings in the typed text, in order."""
        encoded = self._tokenizer.encode(view.text, add_special_tokens=False)
        ids, offsets = encoded.ids, encoded.offsets
        if not ids:
            return
        odds = self._odds(ids)
        inside = 1 - odds[:, 0]
        begins, kinds = odds[:, 1::2], odds[:, 1::2] + odds[:, 2::2]
        at = 0
        while at < len(offsets):
            if inside[at] < ENOUGH:
                at += 1
                continue
            end = at + 1
            kind = int(kinds[at].argmax())
            while end < len(offsets) and inside[end] >= ENOUGH:
                glued = offsets[end][0] == offsets[end - 1][1]  # a word is not cut in two
                other = int(kinds[end].argmax())
                if not glued and (other != kind or begins[end, other] > 0.5 * kinds[end, other]):
                    break
                end += 1
            kind = self._kinds[int(kinds[at:end].sum(0).argmax())]
            first, last = _whole(view.text, offsets[at][0], offsets[end - 1][1])
            if _plausible(view.text[first:last], kind, float(inside[at:end].mean())):
                yield Finding(*view.typed(first, last), kind, round(float(inside[at:end].mean()), 2), "tagger")
            at = end

    def _odds(self, ids: list[int]) -> NDArray[np.float32]:
        """Probabilities of the labels, shape (tokens, labels)."""
        import torch

        room, total = WINDOW - 2, len(ids)
        rows = np.zeros((total, 2 * len(self._kinds) + 1), np.float32)
        best = np.full(total, -1)
        for start in range(0, max(total - room, 0) + STRIDE, STRIDE):
            piece = ids[start : start + room]
            if start and not len(piece) > room - STRIDE:  # the window before has seen all of it
                break
            with torch.no_grad():
                states = self._model(torch.tensor([[self._first, *piece, self._last]])).last_hidden_state[0, 1:-1]
                odds = torch.softmax(states @ self._weight.T + self._bias, -1).numpy()
            n = len(piece)
            around = np.minimum(np.arange(n) + (start == 0) * room, np.arange(n)[::-1] + (start + n == total) * room)
            take = around > best[start : start + n]
            rows[start : start + n][take] = odds[take]
            best[start : start + n][take] = around[take]
        return rows


def _plausible(value: str, kind: str, sure: float) -> bool:
    """Whether a value of `kind` can look so: long enough, and with something in it that counts where the kind is a number."""
    long = sum(c.isalnum() for c in value) >= SHORTEST.get(kind, 2)
    if kind in WORDY:
        return long and (kind != "PERSON" or sure >= DOUBTED)
    counted = sum(len(word) if any(c.isdigit() for c in word) else 1 for word in _COUNTED.findall(value))
    return long and counted >= min(SHORTEST.get(kind, 2) / 2, 4) and counted > 1


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """The range with the rest of the words that it begins and ends in."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return start, end
