"""Ways in which people and machines disguise a value so that a reader still sees it and a pattern no longer does.

Each takes the value, its kind and a source of chance, and gives it back unchanged where it has nothing to change. SENSIBLE says
for which kinds a disguise is likely; nothing here knows whether a detector ought to see through it. What touches the words
around a value (`glued`) is done where the text is put together, in corpus.py.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable

from tests.pii.values import KINDS

DIGITS = frozenset(
    "PHONE_NUMBER CREDIT_CARD IBAN_CODE BANK_ACCOUNT ROUTING_NUMBER SORT_CODE US_SSN UK_NHS UK_NINO IN_AADHAAR IN_PAN TAX_ID PASSPORT "
    "DRIVER_LICENSE MRN INSURANCE_ID IMEI ICCID IMSI".split()
)
NET = frozenset({"EMAIL_ADDRESS", "URL", "USERNAME"})
CODES = frozenset({"VIN", "LICENSE_PLATE"})
# A changed letter or case makes these another secret or another wallet, so only what keeps every character is fit for them.
EXACT = frozenset({"CRYPTO", "API_KEY", "PASSWORD"})
SENSIBLE: dict[str, frozenset[str]] = {
    "clean": frozenset(KINDS), "zero_width": frozenset(KINDS), "full_width": DIGITS | CODES | {"DATE_OF_BIRTH", "IP_ADDRESS"},
    "homoglyphs": NET | {"PERSON", "ADDRESS", "IBAN_CODE", "UK_NINO", "IN_PAN", "PASSPORT", "VIN", "LICENSE_PLATE", "DRIVER_LICENSE"},
    "at_dot": frozenset({"EMAIL_ADDRESS", "URL", "IP_ADDRESS"}), "spelled_digits": DIGITS | {"DATE_OF_BIRTH", "LICENSE_PLATE", "VIN"},
    "odd_separators": DIGITS | {"DATE_OF_BIRTH", "MAC_ADDRESS", "LICENSE_PLATE"},
    "line_break": frozenset(KINDS) - {"USERNAME", "PASSWORD"}, "glued": frozenset(KINDS) - {"ADDRESS", "URL"} - EXACT,
    "upper": frozenset({"PERSON", "ADDRESS", "EMAIL_ADDRESS", "MAC_ADDRESS"}),
    "lower": CODES | frozenset("PERSON ADDRESS IBAN_CODE UK_NINO IN_PAN PASSPORT DRIVER_LICENSE INSURANCE_ID".split()),
    "no_punctuation": DIGITS | {"PERSON", "ADDRESS", "DATE_OF_BIRTH", "MAC_ADDRESS", "LICENSE_PLATE"},
    "spaced_out": DIGITS | CODES | {"PERSON", "DATE_OF_BIRTH", "EMAIL_ADDRESS"},
}  # fmt: skip
INVISIBLE = "\u200b\u200b\u200c\u200d\u2060\ufeff\u00ad"
_TWINS = {
    "a": "а", "c": "с", "e": "е", "i": "і", "j": "ј", "o": "оο", "p": "р", "s": "ѕ", "x": "х", "y": "у", "A": "АΑ", "B": "ВΒ", "C": "С",
    "E": "ЕΕ", "H": "НΗ", "I": "ІΙ", "J": "Ј", "K": "КΚ", "M": "МΜ", "N": "Ν", "O": "ОΟ", "P": "РΡ", "S": "Ѕ", "T": "ТΤ", "X": "ХΧ",
    "Y": "ΥҮ", "Z": "Ζ",
}  # fmt: skip
_AT_DOT = (
    (" at ", " dot "), ("[at]", "."), (" [at] ", " [dot] "), ("(at)", "(dot)"), (" (at) ", " (dot) "), (" AT ", " DOT "), ("@", "[.]"),
    ("_at_", "_dot_"), (" @ ", " . "), ("[@]", "[.]"),
)  # fmt: skip
_SPELLED = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def clean(value: str, kind: str, rng: random.Random) -> str:
    return value


def _between(value: str, rng: random.Random, count: int, what: Callable[[], str]) -> str:
    """`what()` at up to `count` places inside the value, never at its ends."""
    places = sorted(rng.sample(range(1, len(value)), min(count, len(value) - 1)), reverse=True) if len(value) > 1 else []
    for place in places:
        value = value[:place] + what() + value[place:]
    return value


def zero_width(value: str, kind: str, rng: random.Random) -> str:
    sort = rng.choice(INVISIBLE)
    return _between(value, rng, rng.choice((1, 2, 3, len(value))), lambda: sort)


def full_width(value: str, kind: str, rng: random.Random) -> str:
    return "".join(chr(ord(c) - 48 + 0xFF10) if c in "0123456789" else c for c in value)


def homoglyphs(value: str, kind: str, rng: random.Random) -> str:
    places = [i for i, c in enumerate(value) if c in _TWINS]
    out = list(value)
    for place in rng.sample(places, min(len(places), rng.choice((1, 2, 3)))):
        out[place] = rng.choice(_TWINS[out[place]])
    return "".join(out)


def at_dot(value: str, kind: str, rng: random.Random) -> str:
    style = rng.choice(_AT_DOT)
    if kind != "EMAIL_ADDRESS" and style[1] == ".":
        style = ("@", "[.]")
    head, name = re.match(r"(\w+://)?(.*)", value, re.S).groups(default="")  # type: ignore[union-attr]
    return head + name.replace("@", style[0]).replace(".", style[1])


def spelled_digits(value: str, kind: str, rng: random.Random) -> str:
    """As one says it on the telephone: groups with commas, "double five", letters one by one."""
    nought, doubles = rng.choice(("zero", "oh")), rng.random() < 0.4
    signs = {"+": "plus", "/": "slash" if rng.random() < 0.5 else "", "x": "extension", "ext": "extension"}

    def said(group: str) -> str:
        out, place = [], 0
        while place < len(group):
            char = group[place]
            word = (nought if char == "0" else _SPELLED[int(char)]) if char.isdigit() else char
            if doubles and char.isdigit() and group[place : place + 2] == char * 2:
                out.append(f"double {word}")
                place += 1
            else:
                out.append(word)
            place += 1
        return " ".join(out)

    if kind == "DATE_OF_BIRTH" and re.search("[A-Za-z]{3}", value):
        return re.sub(r"\d+", lambda m: said(m[0]), value).replace("-", " ")
    groups = re.findall(r"[0-9]+|[A-Za-z]+|[+/]", value)
    words = [signs[g] if g in signs else " ".join(g) if g.isalpha() else said(g) for g in groups]
    return (", " if rng.random() < 0.3 and len(words) > 1 else " ").join(word for word in words if word)


def odd_separators(value: str, kind: str, rng: random.Random) -> str:
    joint = rng.choice((".", "/", "_", "\u2009", "\u00a0", "\u202f", "–", "\u2011", " - ", "·", ":", "  ", " / ", "*", "\u2003"))
    head, rest = ("+", value[1:]) if value.startswith("+") else ("", value)
    parts = [p for p in re.split(r"[^0-9A-Za-z]+", rest) if p]
    if len(parts) == 1:
        size = rng.choice((2, 3, 4))
        parts = [rest[i : i + size] for i in range(0, len(rest), size)]
    return head + joint.join(parts)


def line_break(value: str, kind: str, rng: random.Random) -> str:
    """At a place where a line may end: instead of a space, after a mark, else in the middle."""
    spaces = [m.start() for m in re.finditer(" ", value)]
    if spaces:
        place = rng.choice(spaces)
        return value[:place] + rng.choice(("\n", "\r\n", "\n  ", "\n> ")) + value[place + 1 :]
    marks = [m.end() for m in re.finditer(r"[-@/.:_](?!/)", value) if 0 < m.start() and m.end() < len(value)]
    place = rng.choice(marks) if marks else len(value) // 2
    return value[:place] + "\n" + value[place:] if len(value) > 3 else value


def glued(value: str, kind: str, rng: random.Random) -> str:
    """Without inner spaces; the neighbouring words come close in corpus.py."""
    if kind == "PERSON":
        return "".join(word[0].upper() + word[1:] for word in re.split(r"[ .,]+", value) if word)
    return value if kind == "DATE_OF_BIRTH" else value.replace(" ", "")


def upper(value: str, kind: str, rng: random.Random) -> str:
    return value.upper()


def lower(value: str, kind: str, rng: random.Random) -> str:
    return value.lower()


def no_punctuation(value: str, kind: str, rng: random.Random) -> str:
    if kind in ("PERSON", "ADDRESS") or re.search("[A-Za-z]{3}", value):
        return re.sub(r"\s+", " ", re.sub(r"[^\w\s]", lambda m: "" if m[0] in ".,'’#:" else " ", value)).strip()
    return re.sub(r"[\W_]", "", value)


def spaced_out(value: str, kind: str, rng: random.Random) -> str:
    """A space between all characters, and three where a word ends."""
    joint = rng.choice((" ", " ", "-", ".")) if kind in DIGITS else " "
    words = value.split(" ") if kind == "PERSON" else [re.sub(r"[\s()-]+", "", value)]
    return "   ".join(joint.join(word) for word in words).replace("+" + joint, "+")


OBFUSCATIONS: dict[str, Callable[[str, str, random.Random], str]] = {
    "clean": clean, "zero_width": zero_width, "full_width": full_width, "homoglyphs": homoglyphs, "at_dot": at_dot,
    "spelled_digits": spelled_digits, "odd_separators": odd_separators, "line_break": line_break, "glued": glued, "upper": upper,
    "lower": lower, "no_punctuation": no_punctuation, "spaced_out": spaced_out,
}  # fmt: skip


def fitting(kinds: Iterable[str]) -> list[str]:
    """The disguises, `clean` aside, that make sense for one of these kinds at least."""
    wanted = set(kinds)
    return [name for name in OBFUSCATIONS if name != "clean" and SENSIBLE[name] & wanted]
