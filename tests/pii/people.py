"""People who do not exist: their names in every usual form, and what goes by a name (e-mail address, handle, profile page).

First names and surnames come from Faker's tables of 60 and more locales, Cyrillic and Greek ones written in Latin letters, and
from names.toml. It doesn't know which names go together in a family, and no name is written in a script other than Latin.
"""

from __future__ import annotations

import importlib
import random
import re
import tomllib
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# Half of the people come from the first row: those whom an English-speaking desk meets most.
COMMON = ("en_US", "en_GB", "en_IE", "en_IN", "en_NZ", "en_US", "en_GB", "english")
LATIN = (
    "az_AZ cs_CZ da_DK de_AT de_CH de_DE de_DE en_KE en_NG en_PK en_TH es_AR es_CA es_CL es_CO es_ES es_ES es_MX et_EE fi_FI fr_BE fr_CA "
    "fr_CH fr_DZ fr_FR fr_FR ga_IE ha_NG hr_HR hu_HU id_ID ig_NG it_IT it_IT lt_LT lv_LV nl_BE nl_NL nl_NL no_NO pl_PL pt_BR pt_PT ro_RO "
    "sk_SK sl_SI sv_SE sw tr_TR tw_GH uz_UZ yo_NG zu_ZA bg_BG el_GR mk_MK ru_RU uk_UA"
).split()
_GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True))
_CYRILLIC = dict(zip("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґќѓјљњћџѕ",
                     "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch . y . e yu ya i yi ye g kj gj j lj nj c dzh dz".split(),
                     strict=True))  # fmt: skip
_LATIN = {**_GREEK, **_CYRILLIC, "ъ": "", "ь": ""}
_PLAIN = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "Ae", "œ": "oe", "ı": "i",
                        "ə": "e", "Ə": "E", "þ": "th", "Þ": "Th", "ð": "d"})  # fmt: skip
NICKS = {
    "William": "Bill Will Billy Liam", "Robert": "Bob Rob Bobby", "Richard": "Rick Dick Richie", "Elizabeth": "Liz Beth Lizzie Betty",
    "Margaret": "Maggie Peggy Meg", "Katherine": "Kate Kathy Katie", "James": "Jim Jimmy Jamie", "John": "Jack Johnny",
    "Michael": "Mike Mick", "Thomas": "Tom Tommy", "Alexander": "Alex Sandy Sasha", "Christopher": "Chris Kit", "Jennifer": "Jen Jenny",
    "Patricia": "Pat Trish Patty", "Edward": "Ed Ted Eddie", "Charles": "Charlie Chuck", "Joseph": "Joe Joey", "Susan": "Sue Suzie",
    "Rebecca": "Becky Bec", "Deborah": "Debbie", "Francisco": "Paco Pancho", "José": "Pepe", "Giuseppe": "Beppe Pino",
    "Maria": "Mia Mimi", "Anthony": "Tony", "Andrew": "Andy Drew", "Nicholas": "Nick Nico", "Daniel": "Dan Danny", "Samuel": "Sam Sammy",
    "Benjamin": "Ben Benny", "Matthew": "Matt", "Victoria": "Vicky Tori", "Abigail": "Abby", "Stephanie": "Steph",
    "Theodore": "Theo Teddy", "Mohammed": "Mo", "Dmitriy": "Dima", "Tatyana": "Tanya",
}  # fmt: skip
MAILBOXES = (
    "gmail.com", "outlook.com", "yahoo.co.uk", "hotmail.com", "icloud.com", "proton.me", "gmx.de", "web.de", "orange.fr", "libero.it",
    "btinternet.com", "example.com", "example.org", "mail.ru", "wp.pl", "telenet.be", "rediffmail.com", "qq.com", "fastmail.com",
    "t-online.de", "uni-bonn.de", "northfield-clinic.org", "acme-motors.co", "staff.example.ac.uk", "my.example.io",
)  # fmt: skip
PAGES = (
    "https://www.linkedin.com/in/{}", "linkedin.com/in/{}", "https://github.com/{}", "https://www.facebook.com/{}", "facebook.com/{}",
    "https://x.com/{}", "https://twitter.com/{}", "instagram.com/{}", "https://www.instagram.com/{}/", "https://{}.github.io",
    "https://{}.blogspot.com/", "http://www.{}.me", "www.{}.com", "https://t.me/{}", "https://medium.com/@{}", "https://about.me/{}",
    "https://www.xing.com/profile/{}", "https://www.youtube.com/@{}", "https://{}.wordpress.com/about",
    "https://orcid.example/people/{}", "https://portal.example.com/users/{}/profile?tab=contact", "https://www.strava.com/athletes/{}",
)  # fmt: skip
WORDS = (
    "dragon", "sunny", "moto", "gamer", "chef", "runner", "blue", "night", "pixel", "tiger", "coffee", "surf", "lucky", "ninja",
    "garden",
)  # fmt: skip
PARTS = ("all", "train", "report")
_NAME = re.compile(r"[^\W\d_][^\W\d_'’. -]*([ '’.-]*[^\W\d_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Person:
    first: str
    middle: str
    last: str
    female: bool
    surname_first: bool  # a habit of this person's part of the world


@dataclass(frozen=True, slots=True)
class Pool:
    """First names (women's, men's), surnames (theirs), and how often the surname comes first."""

    first: tuple[tuple[str, ...], tuple[str, ...]]
    last: tuple[tuple[str, ...], tuple[str, ...]]
    surname_first: float


@cache
def _own() -> dict[str, Pool]:
    rows = tomllib.loads((Path(__file__).parent / "names.toml").read_text("utf-8"))
    split = {group: {k: tuple(row[k].split(", ")) for k in "fms"} for group, row in rows.items()}
    return {g: Pool((t["f"], t["m"]), (t["s"], t["s"]), rows[g]["surname_first"]) for g, t in split.items()}


def _romanised(name: str) -> str:
    # The accent of a Greek vowel goes; Cyrillic letters are taken as they are, or й would become и.
    out = "".join(_LATIN.get(c, _LATIN.get(unicodedata.normalize("NFD", c)[0], c)) for c in name.lower())
    if out == name.lower():
        return name
    return (out.replace("oy", "ou") if "\u0370" < name[0] < "\u0400" else out).title()


@cache
def pool(group: str) -> Pool:
    if group in _own():
        return _own()[group]
    table = importlib.import_module(f"faker.providers.person.{group}").Provider

    def column(*names: str) -> tuple[str, ...]:
        for name in names:
            rows = getattr(table, name, None)
            if isinstance(rows, (tuple, list, dict, set, frozenset)) and len(rows) > 3:
                found = [_romanised(row) for row in sorted(set(rows))]
                return tuple(row for row in found if len(row) > 1 and _NAME.fullmatch(row))
        raise LookupError(f"Faker's {group} has none of {names}")

    women, men = column("first_names_female", "first_names"), column("first_names_male", "first_names")
    surnames = ("last_names", "unisex_last_names", "last_names_female")
    lasts = (column("last_names_female", *surnames), column("last_names_male", *surnames))
    return Pool((women, men), lasts, 0.4 if group == "hu_HU" else 0.03)


@cache
def groups() -> tuple[str, ...]:
    return tuple(LATIN) + tuple(_own()) * 2


@cache
def _part(names: tuple[str, ...], part: str) -> tuple[str, ...]:
    """The fourth of the names kept for measuring ("report"), or the rest ("train"): a name seen in training proves nothing."""
    if part not in PARTS:
        raise ValueError(f"{part!r} is no part of the names; there are {PARTS}")
    return tuple(n for n in names if part == "all" or (zlib.crc32(n.lower().encode()) % 4 == 0) == (part == "report"))


def person(rng: random.Random, part: str = "all") -> Person:
    firsts: tuple[str, ...] = ()
    lasts: tuple[str, ...] = ()
    while len(firsts) < 2 or not lasts:  # a small table may have too few names in this part
        names, sex = pool(rng.choice(COMMON if rng.random() < 0.45 else groups())), rng.randrange(2)
        firsts, lasts = _part(names.first[sex], part), _part(names.last[sex], part)
    last, (first, middle) = rng.choice(lasts), rng.sample(firsts, 2)
    if rng.random() < 0.05 and not re.search(r"[ -]", last):
        last += ("-" if rng.random() < 0.8 else " ") + rng.choice(lasts)
    return Person(first, middle, last, sex == 0, rng.random() < names.surname_first)


def _title(who: Person, rng: random.Random) -> str:
    usual = ("Mrs", "Ms", "Miss", "Mrs.", "Ms.") if who.female else ("Mr", "Mr.", "Mr", "Mr.", "Sir")
    return rng.choice(usual) if rng.random() < 0.7 else rng.choice(("Dr", "Dr.", "Prof.", "Professor", "Rev.", "Capt."))


def _full(who: Person) -> str:
    return f"{who.last} {who.first}" if who.surname_first else f"{who.first} {who.last}"


def _nick(who: Person, rng: random.Random) -> str:
    known = NICKS.get(who.first)
    return rng.choice(known.split()) if known else who.first.split()[0]


def _initials(who: Person, rng: random.Random) -> str:
    a, b = who.first[0], who.middle[0]
    return rng.choice((f"{a}. {who.last}", f"{a}.{b}. {who.last}", f"{a}. {b}. {who.last}", f"{who.last} {a}.", f"{a} {who.last}"))


def name(who: Person, rng: random.Random, style: str = "") -> str:
    """The name as `style` has it; without a style a form that fits into any sentence. A title belongs to the name."""
    if not style:
        style = rng.choices(("full", "middle", "titled", "formal", "initials", "suffix"), (66, 12, 8, 6, 6, 2))[0]
    match style:
        case "full":
            return _full(who)
        case "middle":
            return f"{who.first} {who.middle if rng.random() < 0.5 else who.middle[0] + '.'} {who.last}"
        case "titled":
            return f"{_title(who, rng)} {who.first} {who.last}"
        case "formal":
            return f"{_title(who, rng)} {who.last}"
        case "doctor":
            return f"{rng.choice(('Dr', 'Dr.', 'Doctor'))} {who.last}"
        case "initials":
            return _initials(who, rng)
        case "suffix":
            return f"{who.first} {who.last} {rng.choice(('Jr.', 'Sr.', 'III', 'Jr'))}"
        case "listed":
            return f"{who.last}, {who.first}" + (f" {who.middle[0]}." if rng.random() < 0.25 else "")
        case "capitals":
            return f"{who.last.upper()} {who.first}"
        case "first":
            return who.first
        case "surname":
            return who.last
        case "nick":
            return _nick(who, rng)
        case "any":
            return name(who, rng, rng.choices(("", "listed", "first", "nick", "capitals", "surname"), (70, 9, 9, 5, 3, 4))[0])
    raise ValueError(f"no style of name is called {style}")


def ascii_name(text: str) -> str:
    """Lower-case ASCII letters only, as an e-mail address has them."""
    plain = unicodedata.normalize("NFD", text.translate(_PLAIN))
    return "".join(c for c in plain.lower() if c.isascii() and c.isalpha())


def _handle(who: Person, rng: random.Random, joints: tuple[str, ...]) -> str:
    first, last = ascii_name(who.first) or "user", ascii_name(who.last) or "name"
    joint = rng.choice(joints)
    year = str(rng.randrange(1955, 2009))
    tail = rng.choice(("", "", year[2:], year, str(rng.randrange(1, 99))))
    return rng.choice((f"{first}{joint}{last}", f"{first}{joint}{last}{tail}", f"{first[0]}{joint}{last}{tail}", f"{last}{joint}{first}",
                       f"{first}{joint}{last[0]}{tail}", f"{first}{tail or year}", f"{last}{joint}{first[0]}{tail}"))  # fmt: skip


def email(who: Person, rng: random.Random) -> str:
    local = _handle(who, rng, (".", ".", "_", "-", ""))
    if rng.random() < 0.06:
        local += rng.choice(("+bank", "+shop", "+news"))
    if rng.random() < 0.08:
        local = ".".join(part.capitalize() for part in local.split("."))
    domain = rng.choice(MAILBOXES)
    if rng.random() < 0.1:
        domain = f"{ascii_name(who.last) or 'family'}.{rng.choice(('com', 'net', 'de', 'co.uk', 'family'))}"
    return f"{local}@{domain}"


def username(who: Person, rng: random.Random) -> str:
    handle = _handle(who, rng, (".", "_", "", "-"))
    if rng.random() < 0.25:
        handle = f"{rng.choice(WORDS)}{rng.choice(('_', '', '.'))}{ascii_name(who.first)[:8]}{rng.randrange(1, 999)}"
    return f"@{handle}" if rng.random() < 0.2 else handle


def page(who: Person, rng: random.Random) -> str:
    pattern = rng.choice(PAGES)
    return pattern.format(_handle(who, rng, ("-",) if pattern.startswith(("www", "http://www", "https://{}")) else ("-", ".", "")))
