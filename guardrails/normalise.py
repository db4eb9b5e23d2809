"""Text as recognisers should read it, with a map back to what was typed.

Folded away are the tricks and accidents that hide a value from a pattern while a person still reads it: invisible
characters, full-width and other digits, look-alike letters of other alphabets, odd spaces and dashes, and digits spelled out
as a speech recogniser writes them ("four double one oh"). It knows no language but English number words, and does not
undo leetspeak or Base64.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from guardrails.inputs import INVISIBLE

# Look-alikes of Latin letters and digits (a subset of Unicode's confusables.txt, UTS 39): Cyrillic, Greek, Armenian.
_LOOKALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗаеоросухіјѕԁһԛԝѵᴀΑΒΕΖΗΙΚΜΝΟΡΤΥΧανορτυχικοսօ",
    "ABESIJKMHOPCTYX3aeopocyxijsdhqwvaABEZHIKMNOPTYXavoptuxikouo",
)
_UNITS = {w: str(n) for n, w in enumerate("zero one two three four five six seven eight nine".split())}
_UNITS |= dict.fromkeys(("oh", "o", "nought"), "0")
_TEENS = {w: str(n) for n, w in enumerate("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), 10)}
_TENS = {w: str(n) for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_TIMES = {"double": 2, "triple": 3, "treble": 3}
_WORD = "|".join(sorted([*_UNITS, *_TEENS, *_TENS, *_TIMES], key=len, reverse=True))
_SPOKEN = re.compile(rf"(?<![a-z])(?:(?:{_WORD})(?:[ ,\-]+|(?![a-z]))){{4,}}", re.I)


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` to search; character i of it stands for the characters `starts[i]` to `ends[i]` of what was typed."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """The range of the typed text behind `text[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """`text` without invisible characters, in plain letters, digits, spaces and dashes. Linear time."""
    out: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isascii():
            plain = char
        elif INVISIBLE.match(char):
            continue
        else:
            plain = _plain(char)
        out.append(plain)
        places += [place] * len(plain)
    return Folded("".join(out), tuple(places), tuple(p + 1 for p in places))


def spoken(folded: Folded) -> Folded | None:
    """The same with spelled-out digits as digits, where there are runs of four or more; None where there are none."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for run in _SPOKEN.finditer(folded.text):
        end = run.start() + len(run[0].rstrip(" ,-"))
        digits = _digits(run[0])
        if len(digits) < 4:
            continue
        out += [folded.text[at : run.start()], digits]
        starts += [*folded.starts[at : run.start()], *([folded.starts[run.start()]] * len(digits))]
        ends += [*folded.ends[at : run.start()], *([folded.ends[end - 1]] * len(digits))]
        at = end
    if not at:
        return None
    return Folded("".join([*out, folded.text[at:]]), (*starts, *folded.starts[at:]), (*ends, *folded.ends[at:]))


def _plain(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category == "Pd" or char in "\u2212\u2043\u00ad":
        return "-"
    if char in "\u2018\u2019\u02bc\u2032":
        return "'"
    if char in "\u201c\u201d\u2033":
        return '"'
    wide = unicodedata.normalize("NFKC", char)
    return (wide if wide.isprintable() and " " not in wide else char).translate(_LOOKALIKES)


def _digits(words: str) -> str:
    """'four double one twenty three' -> '41123'."""
    out, times, tens = "", 1, ""
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in _TIMES:
            times = _TIMES[word]
            continue
        if tens and word in _UNITS and word not in ("zero", "oh", "o", "nought"):
            out, tens = out + tens + _UNITS[word], ""
            continue
        if tens:
            out, tens = out + tens + "0", ""
        if word in _TENS:
            tens = _TENS[word]
        else:
            out += (_UNITS.get(word) or _TEENS[word]) * times
        times = 1
    return out + (f"{tens}0" if tens else "")
