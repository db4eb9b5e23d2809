"""Does a sentence say only what the facts say? Compared are numbers, names, content words and promises.

It compares words, not meaning: a sentence that recombines true words falsely can pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NEUTRAL = frozenset("""
a an the and or but so if of to in on at for from by with as is are be was were will would can could may this that these
those it its you your we our us i me my have has had do does not there here which who when what how than then also please
about into over per each any all more most some such only just up out been being their they them he she his her
based sure certainly here's answer question bank help know let means mean need like want get make take use using cost costs
pay payment amount total month monthly year rate account thank thanks hello hi offers offer provides available includes
""".split())  # fmt: skip
_RISKY = frozenset("guarantee guaranteed always never free unlimited instantly unless must cannot no not without only".split())
_WORDS = dict(zip("one two three four five six seven eight nine ten eleven twelve".split(), range(1, 13), strict=True))


def _numbers(text: str) -> set[str]:
    found = {m.replace(",", "").rstrip(".") for m in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
    found |= {str(_WORDS[w]) for w in re.findall(r"[a-z]+", text.lower()) if w in _WORDS and w != "one"}
    return {str(float(n)) for n in found}


def _stem(word: str) -> str:
    return re.sub(r"(ing|ed|es|s|ly)$", "", word) if len(word) > 4 else word


def _words(text: str) -> set[str]:
    return {_stem(w) for w in re.findall(r"[a-z']+", text.lower())}


class Grounding:
    """`facts` are what may be said; words of `question` may be repeated, its numbers too."""

    def __init__(self, facts: Sequence[str], question: str = "") -> None:
        source = " ".join(facts)
        self._numbers = _numbers(source) | _numbers(question)
        self._said = _words(source)
        self._known = self._said | _words(question) | {_stem(w) for w in _NEUTRAL} | _NEUTRAL

    def supported_word(self, word: str) -> bool:
        """Whether a word may be shown before its sentence is whole."""
        bare = word.strip(".,;:!?()\"'").lower()
        if bare in _RISKY or bare in ("yes", "no"):
            return bare in self._said
        return _numbers(word) <= self._numbers and _words(bare) <= self._known

    def check(self, sentence: str) -> str | None:
        """Why the sentence is not supported, or None."""
        if re.match(r"\s*(yes|no)\b", sentence, re.I):
            return "answers yes or no, which no fact decides"
        if alien := _numbers(sentence) - self._numbers:
            return f"number not in the facts: {', '.join(sorted(alien))}"
        words = _words(sentence)
        if risky := {w for w in _RISKY if _stem(w) in words} - {w for w in _RISKY if _stem(w) in self._said}:
            return f"promise or condition not in the facts: {', '.join(sorted(risky))}"
        if unknown := words - self._known - _WORDS.keys():
            return f"words not in the facts: {', '.join(sorted(unknown))}"
        return None
