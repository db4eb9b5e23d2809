"""Reads sums, terms, rates and currencies out of plain English, and writes sums as a bank does.

Parsers return None when they find nothing; what they cannot read ("a couple of grand") is left to the model's
schema-constrained fallback, and what that does not settle is asked for.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

_UNITS = dict(zip(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen".split(), range(1, 20), strict=True,
))  # fmt: skip
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SCALES = {"hundred": 100, "grand": 1000, "thousand": 1000, "k": 1000, "m": 10**6, "million": 10**6}
_COUNT = "|".join([*_UNITS, *_TENS])
_MORE = f"{_COUNT}|hundred|thousand|grand|million|and"
_NUMBER_WORD = re.compile(
    rf"\b(?:(?:a|{_COUNT})[\s-]+(?:(?:{_MORE})\b[\s-]*)*|(?:{_COUNT})\b)", re.I
)  # fmt: skip
CURRENCIES = {
    "EUR": ("€", ("euro", "euros", "eur", "spain", "france", "italy", "germany", "portugal", "greece", "ireland")),
    "USD": ("$", ("dollar", "dollars", "usd", "usa", "america", "new york", "united states")),
    "JPY": ("¥", ("yen", "jpy", "japan")),
    "CHF": ("CHF", ("franc", "francs", "chf", "switzerland")),
    "AUD": ("A$", ("australian dollar", "australian dollars", "aussie", "aud", "australia")),
}


def money(value: Decimal, sign: str = "£") -> str:
    """'£1,234.50'; whole pounds without pence; a minus goes before the sign."""
    rounded = abs(value).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{'-' if value < 0 else ''}{sign}{rounded:,.2f}".removesuffix(".00")


def digits(text: str) -> str:
    """`text` with number words as digits: 'twenty five thousand' -> '25000', 'ten grand' -> '10000'."""

    def value(match: re.Match[str]) -> str:
        total, part, seen = 0, 0, False
        words = re.findall(r"[a-z]+", match[0].lower())
        for n, word in enumerate(words):
            if word in _UNITS or word in _TENS:
                part, seen = part + (_UNITS.get(word) or _TENS[word]), True
            elif word == "hundred":
                part, seen = (part or 1) * 100, True
            elif word in ("thousand", "grand", "million"):
                total, part, seen = total + (part or 1) * _SCALES[word], 0, True
            elif word == "a" and n == 0 and len(words) > 1:
                part = 0
        if not seen:
            return match[0]
        tail = " " if match[0][-1].isspace() else ""
        return f"{total + part}{tail}"

    return _NUMBER_WORD.sub(value, text)


_TERM = r"\bover|\b(?:stretch|extend|spread|shorten|cut)\w* (?:it |that )?(?:out )?(?:to|over)"


def parse_amount(text: str) -> Decimal | None:
    """The first sum of money in `text`: '£10,000', '10k', '2.5 million', 'ten grand'; not years, ages, percentages or card digits."""
    pattern = (
        r"(?<![\d.,-])(£|€|\$)?\s?(\d[\d,]*(?:\.\d+)?)\s?(k|grand|thousand|m|million)?\b"
        r"(?![\d.,]*\d|\s*-?\s*(?:%|per ?cent|years?|yrs?|months?|days?|weeks?|hours?|old\b|cards?\b|people\b))"
    )
    text = re.sub(r"\b(\w+) and a half (thousand|grand|million)", lambda m: f"{digits(m[1] + ' ').strip()}.5 {m[2]}", text, flags=re.I)
    text = re.sub(r"\b(?:a )?quarter of a million\b", "250000", re.sub(r"\bhalf a million\b", "500000", text, flags=re.I), flags=re.I)
    if re.search(r"\b(?:quarter|half|third|couple) (?:of )?(?:a )?(?:million|thousand|grand|hundred)\b", text, re.I):
        return None
    best: Decimal | None = None
    plain = digits(text)
    for match in re.finditer(pattern, plain, re.I):
        if not match[1] and not match[3] and len(match[2]) < 3 and re.search(rf"(?:{_TERM})\s*$", plain[: match.start()], re.I):
            continue  # "and over 30?" is a term
        value = Decimal(match[2].replace(",", "")) * _SCALES.get((match[3] or "").lower(), 1)
        named = match[1] or re.match(r"\s*(?:pounds?|quid|euros?|dollars?|yen|francs?)\b", plain[match.end() :], re.I)
        if value < 1 or (value < 10 and not named):  # "one of my cards" is no pound
            continue
        if match[1]:  # a sum with a currency sign wins over a bare number
            return value
        best = best if best is not None else value
    return best


_EARNED = r"earn|salar|income|wage|\bmake\b|\bpaid\b|\bon\b|bring|gross|take[- ]home"
_OTHERS = (
    r"\b(?:wife|husband|hubby|missus|partner|spouse|she|he|we|us|both|together|combined|between|girlfriend|boyfriend|fianc\w+|fella|"
    r"bloke|mrs|other half|mum|dad|sister|brother)\b"
)


def parse_income(text: str) -> Decimal | None:
    """A yearly income; of two people ('I earn 40k and my wife 35k') the sum, monthly pay times twelve.

    Where several sums are named, those count that stand with a word for earning or for the other earner: of 'lend me £250,000
    on a salary of £50,000' the second.
    """
    parts = re.split(r"\b(?:and|plus|if|when|but|on a)\b|\+|,(?!\d)|[.?!](?!\d)", text, flags=re.I)
    found = [(part, value) for part in parts if (value := parse_amount(part)) is not None]
    if len(found) > 1:
        found = [row for row in found if re.search(f"{_EARNED}|{_OTHERS}", row[0], re.I)] or found
    if not found:
        return parse_amount(text)
    total = sum((value for _, value in found), Decimal(0)) if re.search(_OTHERS, text, re.I) else found[0][1]
    if total < 1000 and not re.search(r"£|\b(?:week|month|day|hour)", text, re.I):
        return total * 1000  # "sorry, 54 not 45": nobody earns £54 a year
    if total < 5000 and re.search(r"\b(?:a|per|each) week\b|\bweekly\b", text, re.I):
        return total * 52
    return total * 12 if re.search(r"\b(?:a|per|each) month\b|\bmonthly\b", text, re.I) and total < 20_000 else total


def parse_months(text: str) -> int | None:
    """A term in months from '4 years', '18 months', 'a year', 'half a year', 'two and a half years'."""
    plain = digits(re.sub(r"\s+and a half\b", ".5", text.lower()))
    if match := re.search(r"(\d{1,3})(?:\s*½|\.5)\s*-?\s*(?:years?|yrs?)", plain):
        return int(match[1]) * 12 + 6
    if re.search(r"\ba year\.5", plain):
        return 18
    if match := re.search(r"\ba (dozen|decade|couple of) ?(?:years?|yrs?)?\b", plain):
        return {"dozen": 144, "decade": 120, "couple of": 24}[match[1]]
    if match := re.search(rf"(?:{_TERM}) (\d{{1,2}})(?=\W*$|\s+(?:then|instead))", plain):  # "and over 30?"
        return int(match[1]) * 12
    if match := re.search(r"(\d{1,3})\s*-?\s*(years?|yrs?|y|months?|mths?)\b(?!\s*fix|\s*old)", plain):
        return int(match[1]) * (1 if match[2].startswith("m") else 12)
    if re.search(r"\b(?:half a year|six months)\b", plain):
        return 6
    return 12 if re.search(r"\b(?:a|one|next|the|the next|(?:a|the|one) (?:full|whole|entire)) year\b", plain) else None


def parse_currency(text: str) -> str | None:
    """ISO 4217 code of a currency or of the country named, for those in `CURRENCIES`."""
    lowered = text.lower()
    for code, (_, words) in reversed(CURRENCIES.items()):
        if any(re.search(rf"\b{re.escape(word)}\b", lowered) for word in words):
            return code
    for code, (sign, _) in CURRENCIES.items():
        if sign in text:
            return code
    return None


def parse_place(text: str) -> str | None:
    """The country that `text` names, of those whose currency we know: 'spain' -> 'Spain'."""
    places = "spain|france|italy|germany|portugal|greece|ireland|america|new york|japan|switzerland|australia"
    if re.search(r"\b(?:usa|united states)\b", text, re.I):
        return "the United States"
    match = re.search(rf"\b({places})\b", text, re.I)
    return match[1].title() if match else None


_VAGUE = r"\b(?:couple|few|half|quarter|dozen|decade|third)s?\b"


def vague(text: str) -> bool:
    """Whether `text` names a quantity in a way that no parser here reads ('a couple of grand', 'a decade')."""
    return bool(re.search(_VAGUE, text, re.I))


def unread_numbers(text: str) -> bool:
    """Whether `text` speaks of quantities at all; without any, no model need be asked to find one."""
    return vague(text) or bool(re.search(r"\d|\b(?:grand|hundred|thousand|million)s?\b", text, re.I))
