"""The corpus keeps its promises: exact spans, every type often enough, no PII where there is to be none."""

from __future__ import annotations

import random
import tomllib
from collections import Counter

import pytest

from tests.pii.corpus import HERE, compose, corpus, load
from tests.pii.obfuscate import INVISIBLE, OBFUSCATIONS, SENSIBLE
from tests.pii.people import ascii_name
from tests.pii.values import KINDS, make

REPORT, NEGATIVES = HERE / "report_templates.toml", HERE / "negatives_report.toml"


def test_every_type_has_templates_enough() -> None:
    templates = load(REPORT)
    counts = Counter(kind for template in templates for kind in template.kinds)
    assert len(templates) >= 260 and len({t.text for t in templates}) == len(templates)
    assert {kind: counts[kind] for kind in KINDS if counts[kind] < 8} == {}
    assert {t.domain for t in templates} == {"banking", "health", "telecom", "automotive", "media", "office"}
    assert sum(len(t.text) >= 600 for t in templates) >= 10


@pytest.mark.parametrize("way", OBFUSCATIONS)
def test_spans_are_exact_whatever_the_disguise(way: str) -> None:
    rng = random.Random(5)
    for template in load(REPORT):
        sample = compose(template.text, rng, way)
        place = 0
        for span in sample.spans:
            value = sample.text[span.start : span.end]
            assert place <= span.start < span.end <= len(sample.text)
            assert value == value.strip() and value[0] not in INVISIBLE and value[-1] not in INVISIBLE
            place = span.end
        assert [s.type for s in sample.spans] == [s.type for s in compose(template.text, rng).spans]


def test_the_spans_hold_the_values_themselves() -> None:
    text = "a {PERSON#1:full} b {EMAIL_ADDRESS#1}, {IBAN_CODE#1} {IBAN_CODE#1} {city} {PERSON#1:surname}"
    for seed in range(50):
        sample = compose(text, random.Random(seed))
        full, mail, one, other, surname = (sample.text[s.start : s.end] for s in sample.spans)
        assert surname in full and one == other and "@" in mail
        assert any(ascii_name(word)[:1] == mail[0].lower() for word in full.split()) or ascii_name(surname)[0] == mail[0].lower()


def test_an_unknown_slot_is_refused() -> None:
    with pytest.raises(ValueError, match="neither"):
        compose("{PERSONS}", random.Random(1))


def test_the_same_seed_makes_the_same_corpus() -> None:
    first, second = corpus(REPORT, 400, 3), corpus(REPORT, 400, 3)
    assert first == second and len(first) == 400
    assert 0.2 < sum(s.obfuscation != "clean" for s in first) / 400 < 0.4
    assert max(Counter(s.template_id for s in first).values()) <= 2


@pytest.mark.parametrize("way", [way for way in OBFUSCATIONS if way != "clean"])
def test_a_disguise_changes_most_values_and_ends_in_no_space(way: str) -> None:
    rng, changed, tried = random.Random(9), 0, 0
    for kind in sorted(SENSIBLE[way]):
        for _ in range(20):
            value = make(kind, rng)
            disguised = OBFUSCATIONS[way](value, kind, rng)
            assert disguised and disguised == disguised.strip()
            tried, changed = tried + 1, changed + (disguised != value)
    assert changed > tried / (8 if way in ("glued", "no_punctuation") else 2)


def test_negatives_and_injections_are_many_and_distinct() -> None:
    negatives = load(NEGATIVES)
    assert len(negatives) >= 200 and not any(t.kinds for t in negatives)
    assert not any(s.spans for s in corpus(NEGATIVES, len(negatives), 1))
    rows = tomllib.loads((HERE / "injection_report.toml").read_text("utf-8"))
    attacks, harmless = set(rows["attacks"]), set(rows["harmless"])
    assert len(attacks) == len(rows["attacks"]) >= 120 and len(harmless) == len(rows["harmless"]) >= 150 and not attacks & harmless
