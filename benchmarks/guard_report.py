"""Measures what the guardrail finds, against stock Presidio on the same texts: make guard-report

    python -m benchmarks.guard_report [--texts 1394] [--seed 11] [--quick]

Texts come from the report half of `tests/pii`: templates, hard negatives and names that no rule and no weight was tuned on; values, formats
and disguises are made anew by the seed. Everything is synthetic English: the figures are about this set. Intervals are 95 % Wilson score
intervals over texts, spans or characters as if these were independent; texts of one template are not, so true intervals are wider.
Writes `guardrails/report.json`, which the app's report page shows.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.guard import stock_presidio
from guardrails.figures import REPORT
from guardrails.findings import Finding
from guardrails.injection import injection
from guardrails.scanner import Scanner
from guardrails.streaming import StreamCleaner
from tests.pii.corpus import Sample, compose, corpus, load
from usecases.evaluation import share

PII = Path(__file__).parents[1] / "tests" / "pii"

HIGH_RISK = frozenset(
    "US_SSN CREDIT_CARD IBAN_CODE BANK_ACCOUNT PASSPORT DRIVER_LICENSE UK_NHS UK_NINO IN_AADHAAR IN_PAN TAX_ID MRN INSURANCE_ID IMEI IMSI "
    "ICCID VIN ROUTING_NUMBER SORT_CODE".split()
)
# what Presidio calls the kinds of the set, where it has another name
PRESIDIO = {
    "LOCATION": "ADDRESS", "US_BANK_NUMBER": "BANK_ACCOUNT", "US_DRIVER_LICENSE": "DRIVER_LICENSE", "US_PASSPORT": "PASSPORT",
    "UK_PASSPORT": "PASSPORT", "DATE_TIME": "DATE_OF_BIRTH", "US_ITIN": "TAX_ID", "ABA_ROUTING_NUMBER": "ROUTING_NUMBER",
    "IN_PASSPORT": "PASSPORT", "UK_VEHICLE_REGISTRATION": "LICENSE_PLATE", "IN_VEHICLE_REGISTRATION": "LICENSE_PLATE",
}  # fmt: skip
Scan = Callable[[str], Sequence[Finding]]
Shares = dict[str, Any]


def stock() -> Scan:
    """Presidio as it comes, with all its default recognisers for English and the spaCy model that we ship."""
    analyze = stock_presidio()

    def scan(text: str) -> list[Finding]:
        return [Finding(r.start, r.end, PRESIDIO.get(r.entity_type, r.entity_type), r.score, "Presidio") for r in analyze(text)]

    return scan


def measure(scan: Scan, samples: Sequence[Sample], negatives: Sequence[str]) -> Shares:
    """Shares with intervals: what stays visible, what is covered, what is hidden needlessly, and the time."""
    count: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    started = time.perf_counter()
    found = [list(scan(sample.text)) for sample in samples]
    took = time.perf_counter() - started
    for sample, rows in zip(samples, found, strict=True):
        hidden = {n for row in rows for n in range(row.start, row.end)}
        labelled = {n for span in sample.spans for n in range(span.start, span.end)}
        open_kinds = set()
        for span in sample.spans:
            seen = {n for n in range(span.start, span.end) if sample.text[n].isalnum()}
            over = [row for row in rows if row.start < span.end and row.end > span.start]
            whole, typed = seen <= hidden, any(row.type == span.type for row in over)
            for table in (kinds[span.type], ways[sample.obfuscation], count):
                table.update(spans=1, covered=whole, met=bool(over), typed=typed)
            if not whole:
                open_kinds.add(span.type)
        count.update(texts=bool(sample.spans), leaking=bool(open_kinds), risky=any(s.type in HIGH_RISK for s in sample.spans))
        count.update(leaking_risk=bool(open_kinds & HIGH_RISK), found=len(rows))
        count.update(right=sum(any(r.start < s.end and r.end > s.start for s in sample.spans) for r in rows))
        harmless = {n for n in range(len(sample.text)) if sample.text[n].isalnum()} - labelled
        count.update(harmless=len(harmless), masked=len(harmless & hidden), characters=len(sample.text))
    touched = sum(bool(list(scan(text))) for text in negatives)
    return {
        "texts_leaking": share(count["leaking"], count["texts"]),
        "texts_leaking_high_risk": share(count["leaking_risk"], count["risky"]),
        "spans_covered": share(count["covered"], count["spans"]),
        "right_type": share(count["typed"], count["met"]),
        "precision": share(count["right"], count["found"]),
        "negatives_touched": share(touched, len(negatives)),
        "harmless_masked": share(count["masked"], count["harmless"]),
        "ms_per_1000_characters": round(took * 1e6 / count["characters"], 1),
        "by_kind": {k: share(c["covered"], c["spans"]) for k, c in sorted(kinds.items())},
        "by_disguise": {k: share(c["covered"], c["spans"]) for k, c in sorted(ways.items())},
    }


def streamed(scan: Scan, samples: Sequence[Sample], seed: int) -> Shares:
    """Texts that leak when they arrive in pieces of one to seven characters, as `guardrails/streaming.py` lets them out."""
    rng, leaking, texts = random.Random(seed), 0, 0
    for sample in samples:
        cleaner, out, at = StreamCleaner(scan, _blacked), "", 0
        while at < len(sample.text):
            size = rng.randint(1, 7)
            out += cleaner.feed(sample.text[at : at + size])
            at += size
        out += cleaner.close()
        texts += bool(sample.spans)
        leaking += any(out[n].isalnum() for span in sample.spans for n in range(span.start, span.end))
    return share(leaking, texts)


def _blacked(text: str, found: Sequence[Finding]) -> str:
    """`text` with findings as blanks, letter for letter, so that positions stay."""
    for row in found:
        text = f"{text[: row.start]}{' ' * (row.end - row.start)}{text[row.end :]}"
    return text


def attacks(check: Callable[[str], bool]) -> Shares:
    table = tomllib.loads((PII / "injection_report.toml").read_text("utf-8"))
    started = time.perf_counter()
    caught, blocked = (sum(map(check, table[key])) for key in ("attacks", "harmless"))
    n = len(table["attacks"]) + len(table["harmless"])
    return {
        "caught": share(caught, len(table["attacks"])),
        "harmless_blocked": share(blocked, len(table["harmless"])),
        "ms_per_text": round((time.perf_counter() - started) * 1000 / n, 1),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.guard_report", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--texts", type=int, default=1394)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--quick", action="store_true", help="200 texts, nothing is written")
    given = parser.parse_args()
    rng = random.Random(given.seed)
    samples = corpus(PII / "report_templates.toml", 200 if given.quick else given.texts, given.seed, names="report")
    negatives = [compose(row.text, rng, names="report").text for row in load(PII / "negatives_report.toml")]
    ours, theirs = Scanner(), stock()
    ours.scan("warm"), theirs("warm")
    result = {
        "date": date.today().isoformat(), "texts": len(samples), "negatives": len(negatives), "seed": given.seed,
        "vitrine": measure(ours.scan, samples, negatives), "streamed_leaking": streamed(ours.scan, samples, given.seed),
        "presidio": measure(theirs, samples, negatives),
        "injection": attacks(lambda text: injection(text)[0]),
    }  # fmt: skip
    print(table(result))
    if not given.quick:
        REPORT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def table(result: dict[str, Any]) -> str:
    """The report as plain text, one line a figure: ours, then Presidio's."""
    ours, theirs = result["vitrine"], result["presidio"]

    def shown(value: Any) -> str:
        return f"{value['share']:.3f} ({value['interval'][0]:.3f}-{value['interval'][1]:.3f})" if isinstance(value, dict) else f"{value}"

    lines = [f"{result['texts']} texts, {result['negatives']} hard negatives; Vitrine | stock Presidio"]
    lines += [f"{key:28} {shown(ours[key]):24} | {shown(theirs[key])}" for key in ours if not key.startswith("by_")]
    for group in ("by_kind", "by_disguise"):
        lines += [f"  {key:26} {shown(value):24} | {shown(theirs[group][key])}  n={value['n']}" for key, value in ours[group].items()]
    lines.append(f"texts leaking in pieces      {shown(result['streamed_leaking'])}")
    lines += [f"injection {key:18} {shown(value)}" for key, value in result["injection"].items()]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
