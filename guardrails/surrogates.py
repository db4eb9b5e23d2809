"""Invented values that look like the real ones: same kind, same format, check digits that hold.

One `Surrogates` gives the same value the same surrogate each time, and two values two surrogates while there are enough. A name keeps
its parts: "Anna Bell" as "Kate Fox" makes "Mrs Bell" "Mrs Fox". Invented numbers may belong to somebody; e-mail and web addresses
may not, they are at example.com. It does not keep the national check digits inside an IBAN, nor those of coins and licences.
"""

from __future__ import annotations

import functools
import hmac
import random
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from guardrails import checksums, coarser, dates
from guardrails.inputs import without_invisible

if TYPE_CHECKING:
    from faker import Faker

EXACT = frozenset(("PASSWORD", "API_KEY", "CRYPTO"))  # where another case, or a dash more, is another value
NAMES = frozenset(("PERSON", "NAME"))
WRITTEN = NAMES | coarser.PLACES | {"EMAIL_ADDRESS", "URL", "USERNAME", "ORGANIZATION"}  # where letters and spaces matter, not only signs
TRIES = 40
LOCALES = {
    "GB": "en_GB", "IE": "en_IE", "US": "en_US", "CA": "en_CA", "AU": "en_AU", "NZ": "en_NZ", "IN": "en_IN", "DE": "de_DE", "AT": "de_AT",
    "CH": "de_CH", "FR": "fr_FR", "ES": "es_ES", "IT": "it_IT", "NL": "nl_NL", "BE": "nl_BE", "PL": "pl_PL", "SE": "sv_SE", "NO": "no_NO",
    "DK": "da_DK", "FI": "fi_FI", "PT": "pt_PT", "BR": "pt_BR", "CZ": "cs_CZ", "RO": "ro_RO", "HU": "hu_HU",
}  # fmt: skip
_SCRIPTS = {"CYRILLIC": "ru_RU", "GREEK": "el_GR", "HIRAGANA": "ja_JP", "KATAKANA": "ja_JP", "HANGUL": "ko_KR", "CJK": "zh_CN",
            "ARABIC": "ar_SA", "HEBREW": "he_IL", "DEVANAGARI": "hi_IN"}  # fmt: skip
_PLACES = (
    (coarser.OUTWARD, "en_GB"), (re.compile(r"\b[A-Z]{2}\s+\d{5}(?:-\d{4})?\b"), "en_US"),
    (re.compile(r"stra(?:ß|ss)e\b|str\. ?\d", re.I), "de_DE"),
    (re.compile(r"\b(?:rue|boulevard)\b", re.I), "fr_FR"), (re.compile(r"\b(?:calle|avenida)\b", re.I), "es_ES"),
    (re.compile(r"\b(?:via|viale|piazza)\b", re.I), "it_IT"), (re.compile(r"(?:straat|laan|gracht)\b", re.I), "nl_NL"),
    (re.compile(r"\bul\. ", re.I), "pl_PL"),
)  # fmt: skip
_NAME = re.compile(r"(?<![^\W\d_]['’])[^\W\d_]+(?:['’][^\W\d_]{2,})*")  # O'Brien whole, of Anna's the name only
_KEPT = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev herr frau mme monsieur madame van von de der den del della di da du la le "
    "bin ibn al el y and".split()
)
_WIRE = re.compile(r"(?:at|dot|underscore|dash|hyphen|com|org|net|co|uk|de|fr|eu|info)", re.I)


def _shape(pattern: str) -> Callable[[str], bool]:
    return lambda value: re.fullmatch(pattern, re.sub(r"[^A-Z0-9]", "", value.upper())) is not None


CHECKS: dict[str, tuple[Callable[[str], bool], ...]] = {
    "CREDIT_CARD": (checksums.luhn,), "IMEI": (checksums.luhn,), "ICCID": (checksums.luhn,), "UK_NHS": (checksums.nhs,),
    "ROUTING_NUMBER": (checksums.aba,), "VIN": (checksums.vin,), "IN_AADHAAR": (checksums.verhoeff,),
    "TAX_ID": (checksums.german_tax, checksums.polish_pesel, checksums.brazilian_cpf, checksums.spanish_tax, checksums.italian_tax,
               checksums.french_tax, checksums.dutch_bsn, checksums.australian_tfn, checksums.luhn),
    "UK_NINO": (_shape(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]"),),
    "US_SSN": (_shape(r"(?!000|666|9)\d{3}(?!00)\d\d(?!0000)\d{4}"),), "IN_PAN": (_shape(r"[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]"),),
}  # fmt: skip
PREFIX = {"CREDIT_CARD": 1, "ICCID": 2, "ROUTING_NUMBER": 2, "IMSI": 3, "CRYPTO": 1}  # signs that tell the kind, and stay
_MAKER = re.compile(r"bc1|(?:[a-z]{2,6}[-_]){1,2}(?=\w{12})|AKIA|eyJ")


def canonical(value: str, kind: str) -> str:
    """What is the same value, however it is written: case and separators count only where they make a difference."""
    if kind in EXACT:
        return value
    plain = unicodedata.normalize("NFKC", without_invisible(value)).casefold()
    signs = " ".join(plain.split()) if kind in WRITTEN else "".join(c for c in plain if c.isalnum())
    return signs or value


class Surrogates:
    """`secret` fixes what is invented: keep it secret, or surrogates can be traced to values by trying. None is random."""

    def __init__(self, secret: bytes | None = None, today: date | None = None) -> None:
        self._secret = secret or secrets.token_bytes(32)
        self._today = today or date.today()
        self._fakers: dict[str, Faker] = {}
        self._made: dict[tuple[str, str], str | None] = {}  # (kind, value as written) -> surrogate
        self._chosen: dict[tuple[str, str], tuple[int, str]] = {}  # (kind, canonical value) -> which candidate, of which country
        self._words: dict[str, str] = {}  # word of a name -> the word for it
        self._real: set[str] = set()  # what no surrogate may be: values and words of names that were seen
        self._taken: set[str] = set()
        self._taken_words: set[str] = set()
        self._locale = "en_GB"
        # One shift for all dates keeps the days between them; backwards, so no birthday is in the future.
        self._shift = timedelta(days=-self._rng("shift").randint(40, 330))

    def meet(self, values: Iterable[tuple[str, str]]) -> None:
        """The (value, kind) of a document, before any is replaced: none of them is invented, and they tell the country."""
        guesses = []
        for value, kind in values:
            self._real.add(canonical(value, kind).casefold())
            if kind in NAMES:
                self._real |= _words(value) - _KEPT
            guesses.append(_country(value, kind))
        self._locale = next((LOCALES[c] for c in guesses if c in LOCALES), "en_GB")

    def of(self, value: str, kind: str) -> str | None:
        """A surrogate for `value`; None where none can be made that differs from it."""
        if (kind, value) not in self._made:
            known = (kind, canonical(value, kind))
            if known in self._chosen:
                made = self._candidate(value, kind, *self._chosen[known])  # the same candidate, as this value is written
            else:
                n, made = self._choice(value, kind)
                self._chosen[known] = (n, self._locale)
            self._made[kind, value] = made if _hides(made, value) else None
            self._taken.add(canonical(made, kind).casefold())
        return self._made[kind, value]

    def _choice(self, value: str, kind: str) -> tuple[int, str]:
        """Which candidate is nobody's yet, and that; the first that hides the value where all are taken."""
        spare = TRIES
        for n in range(TRIES):
            made = self._candidate(value, kind, n, self._locale)
            if not _hides(made, value):
                continue
            plain = canonical(made, kind).casefold()
            if plain not in self._taken and plain not in self._real and not (kind in WRITTEN and _words(made) & self._real):
                return n, made
            spare = min(spare, n)
        return spare, self._candidate(value, kind, spare, self._locale)

    def _candidate(self, value: str, kind: str, n: int, locale: str) -> str:
        rng = self._rng(kind, canonical(value, kind), str(n))
        if n == TRIES:
            return _like(value, rng)
        if kind in NAMES:
            return self._person(value, rng, locale)
        if kind in coarser.PLACES:
            return self._place(value, rng, locale)
        if kind == "EMAIL_ADDRESS":
            return self._email(value, rng, locale)
        if kind == "URL":
            return self._url(value, rng, locale)
        if kind == "USERNAME":
            return self._handle(value, rng, locale)
        if kind in coarser.DATES:
            return self._date(value, n, rng, locale)
        return self._faker(rng, value, locale).company() if kind == "ORGANIZATION" else _number(value, kind, rng)

    def _rng(self, *parts: str) -> random.Random:
        return random.Random(hmac.digest(self._secret, "\0".join(parts).encode("utf-8", "surrogatepass"), "sha256"))

    def _faker(self, rng: random.Random, value: str, locale: str) -> Faker:
        name = _script(value) or locale
        if name not in self._fakers:
            from faker import Faker

            self._fakers[name] = Faker(name, use_weighting=False)
        faker = self._fakers[name]
        faker.seed_instance(rng.getrandbits(64))
        return faker

    def _person(self, value: str, rng: random.Random, locale: str) -> str:
        if _script(value) in ("ja_JP", "zh_CN", "ko_KR"):  # a name is written in one word
            return self._faker(rng, value, locale).name().replace(" ", "")
        words = list(_NAME.finditer(value))
        words = [w for w in words if w[0].casefold() not in _KEPT] or words
        titled = bool(words) and value[: words[0].start()].strip(" .").casefold() in _KEPT
        out, at = "", 0
        for n, word in enumerate(words):
            # Bell, Anna; Anna Bell; Mr Bell
            last = n == 0 if "," in value and len(words) > 1 else n == len(words) - 1 and (n > 0 or titled)
            out += _like(value[at : word.start()], rng, letters=False) + self._word(word[0], last, rng, locale)
            at = word.end()
        return out + _like(value[at:], rng, letters=not words)

    def _word(self, word: str, last: bool, rng: random.Random, locale: str) -> str:
        key = word.casefold()
        if len(word) == 1:
            return _like(word, rng)
        if key not in self._words:
            faker = self._faker(self._rng("word", key), word, locale)
            draw = faker.last_name if last else _first(faker, key)
            made = word
            for n in range(TRIES):
                made = draw()
                if last and n > TRIES // 2:  # a table has more people than a list has names
                    made += f"-{draw()}"
                found = re.match(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*", made)
                made = found[0] if found else made
                plain = made.casefold()
                if plain != key and plain not in self._taken_words and plain not in self._real:
                    break
            self._taken_words.add(made.casefold())
            self._words[key] = made
        return _cased(self._words[key], word)

    def _place(self, value: str, rng: random.Random, locale: str) -> str:
        locale = next((known for form, known in _PLACES if form.search(value)), locale)
        faker = self._faker(rng, value, locale)
        if re.fullmatch(r"[A-Za-z]{0,2}[\d\-]+[A-Za-z]?\s*[\dA-Za-z]*", value.strip()):  # a postcode alone
            return _like(value, rng)
        if len(re.split(r"[,\n]", value.strip(" ,\n"))) == 1 and not coarser.OUTWARD.search(value):
            lines = [faker.street_address() if re.search(r"\d", value) else faker.city()]
        elif locale == "en_US":  # its own addresses may be those of soldiers abroad
            lines = [faker.street_address(), f"{faker.city()}, {faker.state_abbr()} {faker.postcode()}"]
        else:
            lines = [line.strip(" ,") for line in faker.address().split("\n")]
        return _cased(("\n" if "\n" in value else ", ").join(lines), value)

    def _email(self, value: str, rng: random.Random, locale: str) -> str:
        user, at, host = value.partition("@")
        if not at:  # anna at example dot com
            return re.sub(r"\w+", lambda m: m[0] if _WIRE.fullmatch(m[0]) else _like(m[0], rng), value)
        top = host.rpartition(".")[2].strip()
        return f"{self._handle(user, rng, locale)}@example.{top if top in ('com', 'org', 'net') else 'com'}"

    def _handle(self, handle: str, rng: random.Random, locale: str) -> str:
        """The names in it as the people of the document are called now; other words as names, digits as digits."""

        def word(match: re.Match[str]) -> str:
            made = self._word(match[0], match.start() > 0, rng, locale)
            plain = unicodedata.normalize("NFKD", made).encode("ascii", "ignore").decode()
            return re.sub(r"[^A-Za-z]", "", plain) or _like(match[0], rng)

        return re.sub(r"\d+", lambda m: _like(m[0], rng), re.sub(r"[^\W\d_]+", word, handle))

    def _url(self, value: str, rng: random.Random, locale: str) -> str:
        start = re.match(r"(?:\w+://)?(?:www\.)?", value)
        before = start[0] if start else ""
        path = re.sub(r"^[^/?#]*", "", value[len(before) :])
        return f"{before}example.com{self._handle(path, rng, locale) or f'/{rng.randrange(10**6)}'}"

    def _date(self, value: str, n: int, rng: random.Random, locale: str) -> str:
        written = dates.read(value, self._today, month_first=locale == "en_US")
        if written is None:
            return _like(value, rng)
        try:
            return written.other(written.day + self._shift * (n + 1))  # again where only the year is written, until it changes
        except OverflowError:
            return written.other(written.day - self._shift * (n + 1))


def _number(value: str, kind: str, rng: random.Random) -> str:
    """A number or code: digits for digits, letters for letters, until its checks hold."""
    if kind == "IBAN_CODE":
        return _iban(_like(value, rng, keep=2))
    if kind == "IP_ADDRESS" and "." in value:
        return _ipv4(value, rng)
    if kind in ("MAC_ADDRESS", "IP_ADDRESS") or value.lower().startswith("0x"):
        return _like(value, rng, keep={"CRYPTO": 2, "IP_ADDRESS": 1}.get(kind, 0), alphabet="abcdef")
    maker = _MAKER.match(value) if kind in EXACT else None
    keep = _dialled(value)[1] if kind == "PHONE_NUMBER" else sum(map(str.isalnum, maker[0])) if maker else PREFIX.get(kind, 0)
    checks = [check for check in CHECKS.get(kind, ()) if check(value)][:1]
    if kind == "CREDIT_CARD" and len(checksums.digits(value)) >= 12:
        checks = [checksums.luhn]
    for _ in range(20_000):
        made = _like(value, rng, keep)
        if all(check(made) for check in checks):
            break
    return made


def _like(value: str, rng: random.Random, keep: int = 0, letters: bool = True, alphabet: str = "abcdefghjklmnprstuvwxyz") -> str:
    """`value` with other digits and letters, but for the first `keep`; separators, case and a leading zero stay."""
    out, seen, size = [], 0, sum(map(str.isalnum, value))
    for char in value:
        if not char.isalnum():
            out.append(char)
            continue
        digit, letter = rng.choice("0123456789"), rng.choice(alphabet)  # drawn for kept signs, too: "+44 7.." and "44 7.." stay one value
        seen += 1
        if seen == 1 and not char.isalpha():
            digit = "0" if char == "0" and size > 1 else digit if digit != "0" else "7"
        made = (letter.upper() if char.isupper() else letter) if char.isalpha() else digit
        out.append(char if seen <= keep or char.isalpha() and not letters else made)
    return "".join(out)


def _iban(value: str) -> str:
    places = [i for i, c in enumerate(value) if c.isalnum()]
    plain = "".join(value[i] for i in places).upper()
    if len(plain) < 5 or not plain.isascii():
        return value
    check = 98 - int("".join(str(int(c, 36)) for c in f"{plain[4:]}{plain[:2]}00")) % 97
    out = list(value)
    out[places[2]], out[places[3]] = str(check // 10), str(check % 10)
    return "".join(out)


def _ipv4(value: str, rng: random.Random) -> str:
    """Other octets, as many digits each; a private network stays one, and so does the length of its mask."""
    address, slash, mask = value.partition("/")
    octets = address.split(".")
    keep = 1 if octets[0] == "10" else 2 if octets[:2] == ["192", "168"] else 0
    size = {1: (1, 9), 2: (11, 99), 3: (128, 223)}
    return ".".join(o if n < keep else str(rng.randint(*size.get(len(o), (1, 254)))) for n, o in enumerate(octets)) + slash + mask


@functools.cache
def _codes() -> dict[int, str]:
    import phonenumbers

    return {code: regions[0] for code, regions in phonenumbers.COUNTRY_CODE_TO_REGION_CODE.items()}


def _dialled(value: str) -> tuple[str, int]:
    """Country of a telephone number ("" where none is dialled), and how many of its digits show it and the kind of line."""
    plain = "".join(c for c in value if c.isdigit())
    start = 2 if plain.startswith("00") else 0
    if not start and not value.lstrip(" (").startswith("+"):
        return "", 2 if plain.startswith("0") else 0
    size = next((n for n in (1, 2, 3) if plain[start : start + n].isascii() and int(plain[start : start + n] or 0) in _codes()), 0)
    return (_codes()[int(plain[start : start + size])] if size else ""), start + size + (1 if size > 1 else 0)


def _country(value: str, kind: str) -> str:
    return value.strip()[:2].upper() if kind == "IBAN_CODE" else _dialled(value)[0] if kind == "PHONE_NUMBER" else ""


def _script(value: str) -> str | None:
    """The locale of a script that is not Latin."""
    names = (unicodedata.name(char, "").split(" ")[0] for char in value if char.isalpha())
    found = [_SCRIPTS[name] for name in names if name in _SCRIPTS]
    return "ja_JP" if "ja_JP" in found else found[0] if found else None


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _NAME.findall(text)}


def _first(faker: Faker, key: str) -> Callable[[], str]:
    """A name of the same sex, where the list of the country tells."""
    person = next(p for p in faker.get_providers() if hasattr(p, "first_names"))
    female = key in _known(tuple(getattr(person, "first_names_female", ())))
    male = key in _known(tuple(getattr(person, "first_names_male", ())))
    return faker.first_name if female == male else faker.first_name_female if female else faker.first_name_male


@functools.cache
def _known(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(name.casefold() for name in names)


def _cased(made: str, like: str) -> str:
    return made.upper() if like.isupper() and sum(map(str.isalpha, like)) > 1 else made.lower() if like.islower() else made


def _hides(candidate: str, value: str) -> bool:
    plain = value.casefold().strip()
    return bool(plain) and plain not in candidate.casefold()
