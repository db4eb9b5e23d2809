"""Does a text try to give the model orders? Structural rules, and a classifier on a small transformer (see `training/injection`).

Orders are looked for in the text as it reads once look-alike letters are folded, in what it hides (HTML that is not shown, Base64, hex,
rot13, percent signs, spaced-out, reversed and leet letters) and, in long texts, in windows of fifty words. It was trained on
English, with some texts in twenty other languages; what it misses and blocks wrongly is on the report page.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import unquote

import numpy as np

from generators import minilm
from generators.embedding_minilm import pooled
from guardrails.inputs import INVISIBLE
from guardrails.normalise import fold
from models import store

NAME = "injection"
SCALE = 10.0  # as in training: cosines are small numbers
ENOUGH = 0.96  # blocks one in a hundred of the harmless texts that training kept back
WINDOW, STRIDE = 50, 35  # words
_DELIMITERS = re.compile(r"<\|?(?:im_start|im_end|system|assistant)\|?>|\[/?INST\]", re.I)
_PLAIN = (  # what is said so openly needs no judge
    ("override", re.compile(
        r"\b(?:ignore|disregard|forget|override)\b.{0,30}\b(?:previous|prior|above|earlier|all your|system)\b"
        r".{0,30}\b(?:instructions?|rules?|prompts?|guidelines?)\b", re.I | re.S)),
    ("role play", re.compile(
        r"\byou are now\b.{0,40}\b(?:dan|unrestricted|jailbroken|developer mode|no (?:rules|restrictions|limits))\b", re.I)),
    ("delimiters", _DELIMITERS),
)  # fmt: skip
_UNSEEN = re.compile(
    r"<!--(?P<comment>.{3,2000}?)-->|<(?P<tag>\w{1,12})\b[^<>]{0,300}(?:display\s{0,8}:\s{0,8}none|visibility\s{0,8}:\s{0,8}hidden|"
    r"font-size\s{0,8}:\s{0,8}[01](?:px|pt)?\b|\bhidden\b)[^<>]{0,300}>(?P<inside>[^<]{3,2000})", re.I | re.S,
)  # fmt: skip
_BASE64 = re.compile(r"(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/]{4}){5,}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![A-Za-z0-9+/=])")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ ,:]?){12,}(?![0-9A-Fa-f])")
_SPACED = re.compile(r"(?<!\w)(?:\w[ ._\-*]){7,}\w(?!\w)")
_LEET = str.maketrans("013457$@!", "oieastsai")
_COMMON = frozenset("the a to and of in is you your i me my it for that this all not do with are be as from have now".split())


class Verdict(NamedTuple):
    """`score` is from 0 to 1; `reason` names the rule, or is empty."""

    attempt: bool
    score: float
    reason: str


def injection(text: str) -> Verdict:
    """Whether `text` is an attempt. Raises GeneratorUnavailable when the classifier's weights are missing."""
    plain = fold(unicodedata.normalize("NFKC", INVISIBLE.sub("", text))).text
    if rule := next((name for name, pattern in _PLAIN if pattern.search(plain)), None):
        return Verdict(True, 0.97, rule)
    views = [("order to the model", piece) for piece in _windows(plain)]
    views += [(reason, piece) for reason, hidden in _hidden(plain) for piece in _windows(hidden)]
    views = list(dict.fromkeys(views))
    if not views:
        return Verdict(False, 0.0, "")
    scores = _scores([piece for _, piece in views])
    best = int(scores.argmax())
    score = round(float(scores[best]), 3)
    return Verdict(score >= ENOUGH, score, views[best][0] if score >= ENOUGH else "")


def _windows(text: str) -> Iterator[str]:
    words = text.split()
    for start in range(0, max(len(words) - WINDOW, 0) + STRIDE, STRIDE):
        piece = words[start : start + WINDOW]
        if piece and (not start or len(piece) > WINDOW - STRIDE):
            yield " ".join(piece)[:1500]


def _hidden(text: str) -> Iterator[tuple[str, str]]:
    """What the text says in a way that a person does not read, with the name of the way."""
    for match in _UNSEEN.finditer(text):
        yield "hidden in HTML", match["comment"] or match["inside"]
    for match in _BASE64.finditer(text):
        with_pad = match[0] + "=" * (-len(match[0]) % 4)
        if said := _readable(lambda code=with_pad: base64.b64decode(code, validate=True)):
            yield "in Base64", said
    for match in _HEX.finditer(text):
        code = re.sub(r"0x|\\x|[ ,:]", "", match[0])
        if said := _readable(lambda code=code: bytes.fromhex(code[: len(code) // 2 * 2])):
            yield "in hex", said
    if (said := unquote(text)) != text:
        yield "percent-encoded", said
    if _SPACED.search(text):
        yield "spaced out", _SPACED.sub(lambda m: re.sub(r"[ ._\-*]", "", m[0]), text)
    if re.search(r"[a-z][013457$@!][a-z]", text, re.I):
        yield "in leet", re.sub(r"\S*[A-Za-z]\S*", lambda m: m[0].translate(_LEET), text)
    plain = _common(text)
    for reason, said in (("in rot13", codecs.encode(text, "rot13")), ("reversed", text[::-1])):
        if _common(said) > max(plain, 1):
            yield reason, said


def _readable(decode: Any) -> str:
    try:
        said: str = decode().decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
    return said if sum(c.isalpha() or c.isspace() for c in said) > 0.8 * len(said) else ""


def _common(text: str) -> int:
    return sum(word in _COMMON for word in re.findall(r"[a-z]+", text.lower()))


def _scores(pieces: list[str]) -> Any:
    """Probability of an order per piece, shape (len(pieces),)."""
    tokenizer, model, weight, bias = _classifier()
    logits = SCALE * (pooled(model, tokenizer, pieces) @ weight.T + bias)
    odds = np.exp(logits - logits.max(1, keepdims=True))
    return odds[:, 1] / odds.sum(1)


@cache
def _classifier() -> tuple[Any, Any, Any, Any]:
    folder = store.path("all-minilm-l6-v2")
    model, head = minilm.tuned(folder, NAME)
    return minilm.published(folder)[0], model, head["head.weight"].numpy(), head["head.bias"].numpy()
