"""Reads one date as people write it, and writes another day the same way.

It knows numeric dates and months in words of six languages, with a day, without one, or the year alone. Of 03/04/1987 it takes the
day to be first unless told otherwise; it knows no weekdays and no other calendars.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = tuple(tuple(row.split()) for row in (
    "January February March April May June July August September October November December",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "januari februari maart april mei juni juli augustus september oktober november december",
))  # fmt: skip
_SPELT = {name[:n] for row in MONTHS for name in row for n in range(3, len(name) + 1)}
_WORD = f"(?P<B>{'|'.join(sorted(_SPELT, key=len, reverse=True))})"
_Y, _D, _S = r"(?P<Y>(?:19|20)\d\d|(?<=['’])\d\d|\d\d)", r"(?P<d>\d{1,2})", r"\s?[-./,_\s]\s?"
_TH = r"(?P<th>st|nd|rd|th)?(?:\sof)?\.?"
_BORDERS = r"(?<![A-Za-z0-9]){}(?!(?!T\d)[A-Za-z0-9])"
_FORMS = tuple(re.compile(_BORDERS.format(form), re.I) for form in (
    rf"(?P<Y>(?:19|20)\d\d){_S}(?P<m>\d{{1,2}}){_S}(?P<d>\d{{1,2}})",
    rf"{_D}{_S}(?P<m>\d{{1,2}}){_S}{_Y}",
    r"(?P<Y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
    rf"{_D}{_TH}(?:\sde)?[\s\-./,]{{0,3}}{_WORD}(?:\sde)?[\s\-./,]{{0,3}}['’]?{_Y}",
    rf"{_WORD}[\s\-.]{{0,2}}{_D}{_TH}[\s,.\-]{{1,3}}['’]?{_Y}",
    rf"{_WORD}[\s\-./,]{{1,3}}(?P<Y>(?:19|20)\d\d)",
    r"(?P<m>\d{1,2})[-./](?P<Y>(?:19|20)\d\d)",
    r"(?P<Y>(?:19|20)\d\d)",
))  # fmt: skip


_Fields = tuple[tuple[int, int, str], ...]  # start, end and kind of each part of a date, in order


@dataclass(frozen=True, slots=True)
class Written:
    """A date in a text: `day` (the first of the month or year where none is written), and how it is written."""

    day: date
    exact: bool  # a day is written, not only a month or a year
    _text: str
    _fields: _Fields

    def other(self, day: date) -> str:
        """The text with `day` in place of its own, in the same format."""
        out, at = "", 0
        words = any(kind == "B" for _, _, kind in self._fields)
        numbers = [self._text[start:end] for start, end, kind in self._fields if kind in "dm"]
        narrow = any(len(n) == 1 or words and n[0] != "0" for n in numbers)  # 4 May, but 04/05: written without a leading zero
        for start, end, kind in self._fields:
            out += self._text[at:start] + _part(self._text[start:end], kind, day, narrow)
            at = end
        return out + self._text[at:]


def read(text: str, today: date, month_first: bool = False) -> Written | None:
    """The date in `text`; None where there is none, or no such day (31/02). A year of two digits is not after `today`'s."""
    for form in _FORMS:
        match = form.search(text)
        if match is None:
            continue
        fields = tuple(sorted((*match.span(kind), kind) for kind in form.groupindex if match[kind] is not None))
        return _read(text, match.groupdict(), fields, today, month_first)
    return None


def _read(text: str, found: dict[str, str | None], fields: _Fields, today: date, month_first: bool) -> Written | None:
    year = int(found["Y"] or 0)
    if year < 100:
        year += 2000 if year <= today.year % 100 else 1900
    first, second = int(found.get("d") or 1), _month(found)
    if "m" in found and "d" in found and fields[0][2] == "d" and (second > 12 or month_first and first <= 12):
        first, second = second, first
        swap = {"d": "m", "m": "d"}
        fields = tuple((start, end, swap.get(kind, kind)) for start, end, kind in fields)
    try:
        return Written(date(year, second, first), bool(found.get("d")), text, fields)
    except ValueError:
        return None


def _month(found: dict[str, str | None]) -> int:
    if found.get("m"):
        return int(found["m"] or 0)
    word = (found.get("B") or "").lower()
    return next((n for row in MONTHS for n, name in enumerate(row, 1) if word and name.lower().startswith(word)), 1)


def _part(old: str, kind: str, day: date, narrow: bool) -> str:
    """One part of the date: `old` shows how wide it is, in which language and in which case."""
    if kind == "Y":
        return str(day.year)[-len(old) :]
    if kind == "th":
        th = "th" if day.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(day.day % 10, "th")
        return th.upper() if old.isupper() else th
    if kind in "dm":
        number = day.day if kind == "d" else day.month
        return str(number) if narrow else f"{number:02}"
    row = next(row for row in MONTHS if any(name.lower().startswith(old.lower()) for name in row))
    name = row[day.month - 1]
    whole = any(name.lower() == old.lower() for name in row)
    name = name if whole else name[:3]
    return name.upper() if old.isupper() else name.lower() if old.islower() else name.capitalize()
