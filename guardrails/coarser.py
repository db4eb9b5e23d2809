"""The coarser form of a value: an age band for a day of birth, a month for a date, a town or outward code for an address.

It knows addresses as Britain, the United States and much of Europe write them; what it can't read it does not guess.
"""

from __future__ import annotations

import re
from datetime import date

from guardrails import dates

BIRTH = frozenset(("DATE_OF_BIRTH", "BIRTH_DATE", "DOB"))
DATES = BIRTH | {"DATE", "DATE_TIME"}
PLACES = frozenset(("ADDRESS", "STREET_ADDRESS", "LOCATION", "POSTCODE", "ZIP_CODE"))
OUTWARD = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s{0,2}\d[A-Z]{2}\b", re.I)  # of a British postcode, SW1A of SW1A 1AA
_TOWN = r"(?P<town>[^\W\d_]{2,}(?:[ '’\-.]{1,2}[^\W\d_]{2,}){0,3})"
_NAMED = (
    re.compile(rf"[,\n]\s*{_TOWN}[\s,]+(?P<state>[A-Z]{{2}})[\s,]+\d{{5}}(?:-\d{{4}})?\b"),  # Springfield, IL 62704
    re.compile(rf"[,\n]\s*(?:[A-Z]{{1,2}}-)?\d{{4,5}}(?:[ -]?[A-Z]{{2}})?\s+{_TOWN}"),  # 60311 Frankfurt, 1012 AB Amsterdam
)
_STREET = re.compile(
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|close|court|way|place|square|terrace|crescent|gardens?|house|cottage|flat|farm|lodge|"
    r"building|floor|walk|mews|row|hill|park|box)\.?$|(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|straat|laan)$|^(?:rue|via|calle|avenida|viale)\b",
    re.I,
)
_STATES = re.compile(
    r"(?:uk|u\.k\.|united kingdom|great britain|england|scotland|wales|northern ireland|ireland|usa|united states|germany|deutschland|"
    r"france|spain|italy|netherlands|[\w ]*shire|kent|essex|surrey|sussex|devon|cornwall|norfolk|suffolk)\.?",
    re.I,
)  # fmt: skip


def coarser(value: str, kind: str, today: date) -> str | None:
    """None where `kind` has no coarser form, or this value can't be read."""
    if kind in DATES:
        written = dates.read(value, today)
        if written is None or not written.exact:
            return None
        return _aged(written.day, today) if kind in BIRTH else f"{dates.MONTHS[0][written.day.month - 1]} {written.day.year}"
    return _place(value) if kind in PLACES else None


def _aged(born: date, today: date) -> str | None:
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not 0 <= age <= 120:
        return None
    # so few people are older that a band of ten years would single them out
    return "aged 90 or over" if age >= 90 else f"aged {age // 10 * 10}-{age // 10 * 10 + 9}"


def _place(value: str) -> str | None:
    for form in _NAMED:
        if match := form.search(value):
            return ", ".join(part for part in (match["town"], match.groupdict().get("state")) if part)
    outward = OUTWARD.search(value)
    parts = [part.strip(" .") for part in re.split(r"[,\n]", OUTWARD.sub("", value))]
    parts = [part for part in parts if part and not _STATES.fullmatch(part)]
    # the last part of several is the town; one part alone may as well be a house or a street
    if len(parts) > 1 and re.fullmatch(_TOWN, parts[-1]) and not _STREET.search(parts[-1]):
        return parts[-1]
    return outward[1].upper() if outward else None
