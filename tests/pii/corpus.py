"""Puts values into texts and remembers where: `compose` fills one template, `corpus` fills many.

A slot is {KIND}, {KIND:variant} or {KIND#1}: the same number means the same person, and the same value where the kind has nothing to
do with a name. {PERSON#1:surname} and {EMAIL_ADDRESS#1} belong to {PERSON#1}. Small letters ({amount}) are what nobody needs to
hide. A span covers a name with its title ("Dr. Bell"), an address as a whole, and a handle with its @.
It doesn't know whether a text gives away a type without a telling word; a birthday among other dates is one by its template only.

    python -m tests.pii.corpus [file.toml [count [seed]]]      prints samples with the spans marked
"""

from __future__ import annotations

import random
import re
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.pii.fillers import FILLERS
from tests.pii.obfuscate import OBFUSCATIONS, SENSIBLE, fitting
from tests.pii.people import Person, person
from tests.pii.values import KINDS, PERSONAL, make

HERE = Path(__file__).parent
SLOT = re.compile(r"\{([A-Z][A-Z_]+|[a-z]+(?:_id)?)(?:#(\d+))?(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (exclusive) hold PII of `type`."""

    start: int
    end: int
    type: str


@dataclass(frozen=True, slots=True)
class Sample:
    """`obfuscation` is "clean" unless a value was changed."""

    text: str
    spans: tuple[Span, ...]
    domain: str
    template_id: str
    obfuscation: str


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    domain: str
    text: str

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(m[1] for m in SLOT.finditer(self.text) if m[1] in KINDS)


def compose(
    template: str, rng: random.Random, obfuscation: str = "clean", *, domain: str = "", template_id: str = "",
    names: str | Callable[[random.Random], Person] = "all",
) -> Sample:  # fmt: skip
    """`template` with its slots filled, each value disguised by `obfuscation` where that makes sense for its kind.

    `names` is the part of the names to take people from ("train", "report" or "all"), or a function that draws a person.
    """
    draw = names if callable(names) else partial(person, part=names)
    disguise = OBFUSCATIONS[obfuscation]
    people: dict[str, Person] = {}
    values: dict[tuple[str, str, str], str] = {}
    text, spans, place, changed, tight = "", [], 0, False, False
    for slot in SLOT.finditer(template):
        kind, number, variant = slot[1], slot[2] or "", slot[3] or ""
        text += _loosened(template[place : slot.start()], tight)
        place, tight = slot.end(), False
        if kind in FILLERS:
            text += FILLERS[kind](rng)
            continue
        if kind not in KINDS:
            raise ValueError(f"{slot[0]} is neither a kind of PII nor a filler")
        who = None
        if kind == "PERSON" or kind in PERSONAL:
            who = people.setdefault(number, draw(rng)) if number else draw(rng)
        plain = values.get((kind, number, variant)) if number else None
        if plain is None:
            plain = values[kind, number, variant] = make(kind, rng, variant, who)
        value = disguise(plain, kind, rng) if kind in SENSIBLE[obfuscation] else plain
        if obfuscation == "glued" and kind in SENSIBLE["glued"] and kind != "PERSON":
            # A letter would run into the letters around it; of a number one still sees where it begins and ends.
            if text[-1:] == " " and re.match(r"[:,]|\w" if not value[0].isalpha() else "[:,]", text[-2:-1]):
                text, changed = text[:-1], True
            tight = not value[-1].isalpha()
            changed |= bool(tight and re.match(r" \w", template[place:]))
        changed |= value != plain
        spans.append(Span(len(text), len(text) + len(value), kind))
        text += value
    text += _loosened(template[place:], tight)
    return Sample(text, tuple(spans), domain, template_id, obfuscation if changed else "clean")


def _loosened(words: str, tight: bool) -> str:
    """The words between two slots, without their first space when the value before them sticks to what follows."""
    return words[1:] if tight and re.match(r" \w", words) else words


def load(path: str | Path) -> list[Template]:
    """The templates of a file: tables named after a domain, in them lists of texts named after their form (chat, email, csv)."""
    rows = tomllib.loads(Path(path).read_text("utf-8"))
    return [
        Template(f"{domain}-{form}-{n}", domain, text.strip("\n"))
        for domain, forms in rows.items() for form, texts in forms.items() for n, text in enumerate(texts, start=1)
    ]  # fmt: skip


def corpus(split_file: str | Path, n: int, seed: int, *, disguised: float = 0.35, names: str = "all") -> list[Sample]:
    """`n` samples; every template comes as often as any other, give or take one. `disguised` is the share with an obfuscation."""
    rng, templates = random.Random(seed), load(split_file)
    samples: list[Sample] = []
    while len(samples) < n:
        for template in rng.sample(templates, len(templates))[: n - len(samples)]:
            ways = fitting(template.kinds) if rng.random() < disguised else []
            how = rng.choice(ways) if ways else "clean"
            samples.append(compose(template.text, rng, how, domain=template.domain, template_id=template.id, names=names))
    return samples


def marked(sample: Sample) -> str:
    """The text with its spans as [TYPE value]."""
    out, place = "", 0
    for span in sample.spans:
        out += f"{sample.text[place : span.start]}[{span.type} {sample.text[span.start : span.end]}]"
        place = span.end
    return out + sample.text[place:]


if __name__ == "__main__":
    file, count, seed = (*sys.argv[1:], *(str(HERE / "report_templates.toml"), "20", "1")[len(sys.argv) - 1 :])
    for sample in corpus(file, int(count), int(seed)):
        print(f"--- {sample.template_id} ({sample.obfuscation})\n{marked(sample)}")
