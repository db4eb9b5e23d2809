"""Training texts for the PII tagger: templates and hard negatives of this folder, filled with values and disguises of `tests/pii`.

Names come from the training part of the measurement set's tables and of `names.toml`, never from its report part; texts come from
this folder only. One template in ten is kept back to choose the checkpoint by.
"""

from __future__ import annotations

import random
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path

from tests.pii.corpus import Sample, Template, compose
from tests.pii.obfuscate import fitting
from tests.pii.people import Person, _part, person
from tests.pii.values import KINDS

HERE = Path(__file__).parent
NEGATIVES, DISGUISED, JOINED, OWN_NAMES = 0.4, 0.4, 0.2, 0.4
RARE = frozenset((
    "IN_AADHAAR", "IN_PAN", "IMSI", "UK_NINO", "UK_NHS", "CRYPTO", "ROUTING_NUMBER", "SORT_CODE", "DRIVER_LICENSE", "INSURANCE_ID",
    "PASSPORT",
))  # fmt: skip


class Samples:
    """An endless, seeded stream; `kept_back` gives the texts that no training step sees."""

    def __init__(self) -> None:
        rows = [
            Template(f"{file.stem}-{domain}-{n}", domain, text.replace(":title_surname", ":formal"))
            for file in sorted(HERE.glob("templates*.toml"))
            for domain, texts in tomllib.loads(file.read_text("utf-8"))["templates"].items() for n, text in enumerate(texts)
        ]  # fmt: skip
        negatives = [t for f in sorted(HERE.glob("negatives*.toml")) for t in tomllib.loads(f.read_text("utf-8"))["texts"]]
        self._texts = [row for row in rows if not _held(row.text)]
        self._kept = [row for row in rows if _held(row.text)]
        self._negatives = [text for text in negatives if not _held(text)]
        self._kept_negatives = [text for text in negatives if _held(text)]
        self._weights = [2.5 if row.kinds & RARE else 1.0 for row in self._texts]
        names = tomllib.loads((HERE / "names.toml").read_text("utf-8"))
        self._first, self._last = (_part(tuple(names[key]), "train") for key in ("first", "last"))

    def stream(self, seed: int) -> Iterator[Sample]:
        rng = random.Random(seed)
        while True:
            sample = self._one(rng)
            if rng.random() < JOINED:
                sample = _join(sample, self._one(rng), rng.choice(["\n", " ", "\n\n", ". "]))
            yield sample

    def kept_back(self, n: int, seed: int = 0) -> list[Sample]:
        rng = random.Random(seed)
        made = [self._fill(rng.choice(self._kept), rng) for _ in range(n * 4 // 5)]
        return made + [compose(rng.choice(self._kept_negatives), rng) for _ in range(n // 5)]

    def _one(self, rng: random.Random) -> Sample:
        if rng.random() < NEGATIVES:
            return compose(rng.choice(self._negatives), rng)
        return self._fill(rng.choices(self._texts, self._weights)[0], rng)

    def _fill(self, row: Template, rng: random.Random) -> Sample:
        ways = fitting(row.kinds & set(KINDS)) if rng.random() < DISGUISED else []
        return compose(row.text, rng, rng.choice(ways) if ways else "clean", domain=row.domain, template_id=row.id, names=self._person)

    def _person(self, rng: random.Random) -> Person:
        if rng.random() > OWN_NAMES:
            return person(rng, "train")
        return Person(rng.choice(self._first), rng.choice(self._first), rng.choice(self._last), rng.random() < 0.5, False)


def _held(text: str) -> bool:
    return zlib.crc32(text.encode()) % 10 == 0


def _join(one: Sample, other: Sample, between: str) -> Sample:
    shift = len(one.text) + len(between)
    spans = (*one.spans, *(type(s)(s.start + shift, s.end + shift, s.type) for s in other.spans))
    return Sample(one.text + between + other.text, spans, one.domain, f"{one.template_id}+{other.template_id}", one.obfuscation)
