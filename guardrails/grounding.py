"""Does a sentence say only what the facts say? Compared are numbers with their units, names, polarity, conditions and words.

It compares words, not meaning: a sentence that recombines the words of one fact falsely can pass. Stricter than it
need be on purpose: what it rejects is replaced by the fact itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_NEUTRAL = frozenset("""
not no cannot can't don't doesn't won't isn't aren't
a an the and or but so of to in on at for from by with as is are be was were will would can could may might this that these
those it its it's you your you'll you're you've we our us we'll i me my have has had do does did there here which who what how then
about into per each any all some such just up out been being their they them he she his her one ones own
yourself myself based on sure certainly here's answer question let means mean need needs like want get gets getting make take takes
use using used
also both while whereas compared than more less higher lower however instead including include includes
during when where why if keep note please yes okay well same every over under after before within until through
offer offers offered provide provides available comes come currently charge charged fee cost costs costing pay pays paying paid
allow allows allowed able apply applies give gives given hold
amount total money sum payment payments rate interest account accounts bank larkfield customer customers
thank thanks hello hi regarding per annum annual annually year years yearly month months monthly day days daily
""".split())  # fmt: skip
_RISKY = frozenset(
    "guarantee guaranteed promise always never free unlimited instant instantly immediately unless must cannot can't only best "
    "if until except minimum maximum least most recommend should waive refund approved approval".split()
)
_SAFE_IF_ASKED = frozenset({"if", "can't", "cannot", "should", "must"})
_LIMITS = ("up to", "at least", "at most", "as long as")
_DUTY = re.compile(r"\b(?:need(?:s|ed)? to|ha(?:ve|s) to|must|required)\b", re.I)
_DUTY_IN_FACT = re.compile(r"\b(?:need\w*|ha(?:ve|s) to|must|required?|only|please)\b", re.I)
_NUMBERS = dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True))
_NEGATION = re.compile(r"\b(?:not|no|never|without|cannot|none|neither|nor|\w+n't)\b", re.I)
_UNIT = re.compile(
    r"^\W{0,2}(?:(?:working|full|calendar)\s+)?(days?|weeks?|months?|years?|hours?|minutes?|times|per ?cent|percentage points?)\b", re.I
)
_NUMBER = re.compile(r"([£€$¥])?\s?(\d[\d,]*(?:\.\d+)?)(\s?%)?|\b(" + "|".join(_NUMBERS) + r")\b", re.I)
_CLAUSE = re.compile(r",?\s+(?:while|whereas|but|although|and (?=the |it |you |your |a )|which )|;\s+", re.I)
_FUNCTION = frozenset(
    "a an the and or but so of to in on at for from by with as is are be was were will would can could may this that it its it's you your "
    "we our i me my have has had do does did there here which who what then their they them also both while whereas "
    "only just not no".split()
)
Quantity = tuple[float, str]


def quantities(text: str) -> list[Quantity]:
    """Numbers of `text` with their unit: (3.1, '%'), (500.0, '£'), (14.0, 'day'), (40.0, ''); years as months."""
    found = []
    for match in _NUMBER.finditer(text):
        value = float(_NUMBERS[match[4].lower()]) if match[4] else float(match[2].replace(",", "").rstrip("."))
        after = _UNIT.match(text[match.end() :])
        unit = match[1] or ("%" if match[3] else "")
        if not unit and after:
            unit = {"percent": "%"}.get(re.sub(r"\W", "", after[1].lower()), after[1].lower().rstrip("s"))
        if unit == "year":  # 12 months are a year
            value, unit = value * 12, "month"
        found.append((value, unit))
    return found


def _stem(word: str) -> str:
    word = word.removesuffix("'s").replace("’", "'")
    return re.sub(r"(?:ings?|ed|es|s|ly|ally|al|ment|ion|e)$", "", word) if len(word) > 4 else word


def _words(text: str) -> list[str]:
    return [w.strip("'") for w in re.findall(r"[a-z']+", text.lower().replace("’", "'")) if w.strip("'")]


def _stems(text: str) -> set[str]:
    return {_stem(w) for w in _words(text)}


class Grounding:
    """`facts` are what may be said. Words of `question` may be repeated, its numbers and promises not.

    `names` are product names: a number said of one product must stand in a fact about that product.
    """

    def __init__(self, facts: Sequence[str], question: str = "", names: Sequence[str] = ()) -> None:
        self.facts = tuple(facts)
        self._quantities = [set(quantities(fact)) for fact in facts]
        self._stems = [_stems(fact) for fact in facts]
        self._negated = [bool(_NEGATION.search(fact)) for fact in facts]
        self._names = sorted({n.lower() for n in names}, key=len, reverse=True)
        self._fact_names = [self.names_in(fact) for fact in facts]
        # facts clause by clause, for yes and no: a clause without a name is about what its fact names
        self._clauses = [
            (named or self._fact_names[n], _stems(clause), bool(_NEGATION.search(clause)))
            for n, fact in enumerate(facts)
            for clause in _CLAUSE.split(fact)
            for named in [self.names_in(clause)]
        ]
        self._said = set().union(*self._stems) if facts else set()
        self._plain = {w for fact in facts for w in _words(fact)}
        self._known = self._said | _stems(question) | {_stem(w) for w in _NEUTRAL} | _NEUTRAL
        self._asked = set(_words(question)) & _SAFE_IF_ASKED

    def prefix(self, sentence: str) -> str:
        """The longest run of whole words at the start of an unfinished sentence that may be shown already.

        A number waits for the word after it, because its unit may still come.
        """
        words = sentence.split(" ")[:-1]
        kept = next((n for n in range(1, len(words) + 1) if self._wrong(" ".join(words[:n]), whole=False)), len(words) + 1) - 1
        if kept == len(words) and kept and re.search(r"\d[\d.,]*$|\b(?:" + "|".join(_NUMBERS) + r")$", words[kept - 1], re.I):
            kept -= 1
        return " ".join(words[:kept])

    def check(self, sentence: str) -> str | None:
        """Why the sentence is not supported, or None."""
        return self._wrong(sentence, whole=True)

    def support(self, sentence: str) -> list[int]:
        """Indexes of the facts that `sentence` draws on, best first."""
        said, stems = set(quantities(sentence)), _stems(sentence) - {_stem(w) for w in _NEUTRAL}
        names = self.names_in(sentence)
        scores = [
            2.0 * len(said & q) + len(stems & s) / (len(stems) or 1) + (0.5 if names & n else 0)
            for q, s, n in zip(self._quantities, self._stems, self._fact_names, strict=True)
        ]
        best = max(scores, default=0)
        return sorted((n for n, s in enumerate(scores) if best > 0.3 and s >= 0.75 * best), key=lambda n: -scores[n])

    def names_in(self, text: str) -> set[str]:
        """The known names in `text`, in lower case; of names inside each other the longest."""
        lowered, found = text.lower(), set()
        for name in self._names:
            if name in lowered:
                found.add(name)
                lowered = lowered.replace(name, " ")
        return found

    def _wrong(self, sentence: str, whole: bool) -> str | None:
        said = quantities(sentence)
        everything = set().union(*self._quantities) if self._quantities else set()
        values = {value for value, _ in everything}
        for value, unit in said:
            if value not in values or (unit and (value, unit) not in everything and (value, "") not in everything):
                return f"number not in the facts: {value:g}{' ' + unit if unit else ''}"
        if wrong := self._of_another(sentence):
            return wrong
        words = set(_words(sentence))
        stems = {_stem(w) for w in words}
        if risky := {w for w in words & _RISKY if w not in self._plain and _stem(w) not in self._said} - self._asked:
            if not (risky <= {"cannot", "can't"} and any(self._negated)):
                return f"promise or condition not in the facts: {', '.join(sorted(risky))}"
        if limits := [x for x in _LIMITS if x in sentence.lower() and not any(x in fact.lower() for fact in self.facts)]:
            return f"condition not in the facts: {limits[0]}"
        if (duty := _DUTY.search(sentence)) and not any(_DUTY_IN_FACT.search(fact) for fact in self.facts):
            return f"duty not in the facts: {duty[0]}"
        if unknown := {w for w in words if _stem(w) not in self._known and w not in self._known and w not in _NUMBERS}:
            return f"words not in the facts: {', '.join(sorted(unknown))}"
        negated = bool(_NEGATION.search(sentence))
        if negated and not any(self._negated):
            return "says no where no fact does"
        for clause in _CLAUSE.split(sentence) if whole else ():
            if reason := self._misattributed(clause):
                return reason
        if whole and not negated and self.facts:
            near = self.support(sentence)
            if near and all(self._negated[n] for n in near) and len(stems & self._stems[near[0]]) > 3:
                if not any(self._quantities[n] & set(said) for n in near):
                    return "leaves out the no of its fact"
        return None

    def _of_another(self, sentence: str) -> str | None:
        """A number must stand in a fact about the name next to it: the last one before it, or the first after it in its clause."""
        lowered, places = sentence.lower(), []
        for name in self._names:
            while (at := lowered.find(name)) >= 0:
                places.append((at, name))
                lowered = lowered.replace(name, " " * len(name), 1)
        if not places:
            return None
        for match in _NUMBER.finditer(lowered):
            value = float(_NUMBERS[match[4].lower()]) if match[4] else float(match[2].replace(",", "").rstrip("."))
            values = {value, value * 12}  # a year is twelve months
            holders = [n for n, q in zip(self._fact_names, self._quantities, strict=True) if values & {v for v, _ in q}]
            before = max((p for p in places if p[0] < match.start()), default=None)
            clause = re.split(r",|;|\band\b|\bwhile\b|\bbut\b|\d", lowered[match.end() :])[0]
            after = min((p for p in places if match.end() <= p[0] < match.end() + len(clause)), default=None)
            near = {name for place in (before, after) if place for _, name in [place]} or {min(places)[1]}
            if holders and not any(not names or _overlap(names, near) for names in holders):
                return f"{value:g} belongs to another product"
        return None

    def _misattributed(self, clause: str) -> str | None:
        """A clause that names one product must say what one fact about that product says, with the same yes or no."""
        names = self.names_in(clause)
        negated = bool(_NEGATION.search(clause))
        content = {_stem(w) for w in _words(clause) if w not in _FUNCTION} - {_stem(w) for name in names for w in name.split()}
        about = [row for row in self._clauses if not names or not row[0] or _overlap(row[0], names)]
        if len(content) < 2 or len(names) > 1:
            return None
        fits = [(len(content & stems) / len(content), negation) for _, stems, negation in about]
        best = max((fit for fit, _ in fits), default=0.0)
        near = [negation for fit, negation in fits if fit >= 0.5 and fit >= best - 0.15]
        if names and not near and any(len(content & stems) / len(content) >= 0.5 for _, stems, _ in self._clauses):
            return f"no fact says this of {', '.join(sorted(names))}"
        if not near and not quantities(clause) and best < 0.7:
            return "no fact says this"
        if near and all(negation != negated for negation in near):
            return "says yes where the fact says no, or the reverse"
        return None


def _overlap(some: set[str], others: set[str]) -> bool:
    """Whether two sets of names share one, 'fixed saver' being a '1 year fixed saver'."""
    return any(a in b or b in a for a in some for b in others)
