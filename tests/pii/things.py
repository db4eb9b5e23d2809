"""What identifies a person by a document, a device, a vehicle or a secret: from passports to passwords.

Shapes are those of the issuers; where a check is public it holds (IMEI, ICCID, VIN, coins, Germany's health insurance number).
Driving licences carry no name or birthday of anybody, though British and some American ones do in life.
"""

from __future__ import annotations

import base64
import random
import string

from tests.pii import checksums as sums
from tests.pii.numbers import closing, grouped
from tests.pii.places import fill

PASSPORTS = (
    "%########", "%########", "A########", "C########", "?#######", "Z#######", "##AF#####", "C01X00T4%", "CFGHJK##%", "AAA######",
    "YA#######", "NX?####%#", "PA#######", "E########", "G########", "K########E", "M########", "L#######", "??#######",
)  # fmt: skip
LICENSES = (
    "?#######", "?########", "?####-#####-#####", "?###-####-####", "########", "%########", "?##-##-####", "?######", "##-###-####",
    "MORGA7530%#SM9I?", "SMITH80%%#%JB9??", "?????%0#1##??9??", "MH12 2011%######", "DL-0420110%#####", "B072RRE2I5%", "N080%N%2P##",
    "##AB#####", "?####-##### ##%##", "##%######", "WDL#?#??#%#B", "?12345%######",
)  # fmt: skip
MRNS = (
    "MRN-######", "MRN######", "%######", "%#######", "00######", "?######", "?#######", "H-##-####", "##-##-##", "PT-#####", "P00%####",
    "%###-####", "RXK%######", "%##.###.#", "HOSP%#####", "E%######", "K%#####",
)  # fmt: skip
POLICIES = (
    "???%########", "??? %## ### ###", "%?@%-??%-@?%%", "W%## #####", "H########", "POL-%#######", "BUPA-%#######", "AX%#######",
    "GRP%####-%########", "%########A", "U%######## %#", "%############", "KVNR", "KVNR", "MBR%########", "UHC%#######",
    "80 756 00%## ######", "XEA%########", "PN/%#####/##", "%##-##-####-A",
)  # fmt: skip
PLATES = (
    "??%# ???", "??%#???", "??%# ???", "?-?? %###", "M ?? %##", "HH-?? ##%", "??-###-??", "??-%##-??", "%???###", "???-####", "??? ####",
    "###-???", "MH %# ?? ####", "DL%#C??####", "%### BCD", "####?DF", "?? ### ??", "%#-???-%", "?? ####?", "??? %##", "???%?##",
    "W? %####", "%#? %### ??", "1ABC%##", "ZH %#####", "GX%# ?KL", "??# ???",
)  # fmt: skip
AGENTS = (
    "sk-proj-{}", "sk-{}", "sk-ant-api03-{}", "hf_{}", "gsk_{}", "npm_{}", "dop_v1_{}", "pk_live_{}", "sk_live_{}", "sk_test_{}",
    "shpat_{}", "r8_{}", "xapp-1-{}",
)  # fmt: skip
SIMPLE = (
    "sunshine", "dragon", "monkey", "Liverpool", "princess", "summer", "Fluffy", "qwerty", "letmein", "shadow", "Bailey", "football",
    "Charlie", "hunter", "Chocolate", "welcome", "Passw0rd", "superman", "Juventus", "Sommer", "Soleil", "hola", "iloveyou", "trustno",
)  # fmt: skip
PLAIN = (
    "correct", "horse", "battery", "staple", "purple", "kettle", "lantern", "rocket", "maple", "violin", "copper", "window", "tundra",
    "pickle", "anchor",
)  # fmt: skip
OPERATORS = (
    "23415", "23430", "26201", "26207", "20801", "20810", "310410", "310260", "311480", "40445", "40410", "21407", "22210", "20404",
    "50501", "24001",
)  # fmt: skip
_WORD = string.ascii_letters + string.digits
_HEX = "0123456789abcdef"
_VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
MAKERS = (
    "1HG", "1FT", "1G1", "2T1", "3VW", "4T1", "5YJ", "JHM", "JN1", "KMH", "KNA", "SAL", "SCB", "VF1", "VF3", "WAU", "WBA", "WDB", "WVW",
    "YV1", "ZFA", "TMB", "WP0", "MA3",
)  # fmt: skip


def _some(alphabet: str, count: int, rng: random.Random) -> str:
    return "".join(rng.choices(alphabet, k=count))


def passport(rng: random.Random, variant: str = "") -> str:
    number = fill(rng.choice(PASSPORTS), rng, "ABCDEFGHJKLMNPRTXYZ")
    return f"{number[:2]} {number[2:]}" if rng.random() < 0.08 else number


def driver_license(rng: random.Random, variant: str = "") -> str:
    return fill(rng.choice(LICENSES), rng, "ABCDEFGHJKLMNPRSTVWXYZ")


def mrn(rng: random.Random, variant: str = "") -> str:
    return fill(rng.choice(MRNS), rng)


def insurance_id(rng: random.Random, variant: str = "") -> str:
    shape = rng.choice(POLICIES)
    if shape == "KVNR":
        return closing("?########", sums.kvnr_ok, rng)
    return fill(shape.replace("@", "#"), rng, "ACDEFGHJKMNPQRTUVWXY")


def imei(rng: random.Random, variant: str = "") -> str:
    number = closing(f"{rng.choice(('35', '86', '01', '99', '49'))}############", sums.imei_ok, rng)
    return grouped(number, rng, 2, 6, 6, 1, joints="-- /") if rng.random() < 0.4 else number


def iccid(rng: random.Random, variant: str = "") -> str:
    start = f"89{rng.choice(('44', '49', '33', '1', '91', '34', '39', '31', '46', '86'))}"
    number = closing(start + "#" * (rng.choice((18, 19)) - len(start)), sums.iccid_ok, rng)
    return number if rng.random() < 0.7 else " ".join(number[i : i + 4] for i in range(0, len(number), 4))


def imsi(rng: random.Random, variant: str = "") -> str:
    operator = rng.choice(OPERATORS)
    number = operator + fill("#" * (15 - len(operator)), rng)
    return number if rng.random() < 0.75 else rng.choice("  -").join((number[:3], number[3:5], number[5:]))


def vin(rng: random.Random, variant: str = "") -> str:
    start, tail = rng.choice(MAKERS) + _some(_VIN_LETTERS, 5, rng), _some(_VIN_LETTERS, 3, rng) + fill("#####", rng)
    return next(start + c + tail for c in "0123456789X" if sums.vin_ok(start + c + tail))


def license_plate(rng: random.Random, variant: str = "") -> str:
    return fill(rng.choice(PLATES), rng, "ABCDEFGHJKLMNPRSTUVWXYZ")


def ip_address(rng: random.Random, variant: str = "") -> str:
    if variant != "v4" and rng.random() < 0.3:
        groups = [f"{rng.randrange(1, 65536):x}" for _ in range(rng.choice((8, 3, 4)))]
        head = rng.choice(("2001", "2a02", "fe80", "2607", "2a00"))
        rest = ":".join(groups[1:]) if len(groups) == 8 else "::".join((groups[0], ":".join(groups[1:])))
        return f"{head}:{rest}" if rng.random() < 0.8 else f"{head}::{groups[0]}"
    public = f"{rng.randrange(11, 223)}.{rng.randrange(256)}"
    first = rng.choice(("192.168", f"10.{rng.randrange(256)}", "172.16", public, public))
    return f"{first}.{rng.randrange(256)}.{rng.randrange(1, 255)}"


def mac_address(rng: random.Random, variant: str = "") -> str:
    digits = _some(_HEX, 12, rng)
    digits = digits.upper() if rng.random() < 0.5 else digits
    if rng.random() < 0.1:
        return f"{digits[:4]}.{digits[4:8]}.{digits[8:]}".lower()
    return (":" if rng.random() < 0.7 else "-").join(digits[i : i + 2] for i in range(0, 12, 2))


def crypto(rng: random.Random, variant: str = "") -> str:
    match rng.randrange(8):
        case 0 | 1 | 2:
            return sums.base58_with_check(bytes([rng.choice((0, 0, 5))]) + rng.randbytes(20))
        case 3 | 4:
            return _segwit(rng)
        case 5 | 6:
            return "0x" + _some(_HEX, 40, rng)
        case _:
            return sums.base58_with_check(bytes([rng.choice((0x30, 0x1E, 0x41))]) + rng.randbytes(20))


def _segwit(rng: random.Random) -> str:
    version = rng.choice((0, 0, 1))
    # 20 or 32 bytes in groups of five bits; of 32 bytes one bit is left for the last group
    data = [version, *(rng.randrange(32) for _ in range(32))] if version == 0 else [version, *(rng.randrange(32) for _ in range(51)), 16]
    prefix = rng.choice(("bc", "bc", "ltc"))
    check = sums.bech32_polymod(sums.bech32_expanded(prefix) + data + [0] * 6) ^ (1 if version == 0 else 0x2BC830A3)
    return prefix + "1" + "".join(sums.BECH32[d] for d in data + [check >> 5 * (5 - i) & 31 for i in range(6)])


def api_key(rng: random.Random, variant: str = "") -> str:
    match rng.randrange(12):
        case 0:
            return "AKIA" + _some(string.ascii_uppercase + "234567", 16, rng)
        case 1:
            return _some(_WORD + "+/", 40, rng)
        case 2:
            return rng.choice(("ghp_", "gho_", "github_pat_")) + _some(_WORD, 36, rng)
        case 3:
            return "AIza" + _some(_WORD + "-_", 35, rng)
        case 4:
            return f"xox{rng.choice('bp')}-{fill('%###########', rng)}-{fill('%###########', rng)}-{_some(_WORD, 24, rng)}"
        case 5:
            parts = ('{"alg":"HS256","typ":"JWT"}', '{"sub":"' + fill("%#########", rng) + '","iat":' + fill("17########", rng) + "}")
            return ".".join([*(base64.urlsafe_b64encode(p.encode()).decode().rstrip("=") for p in parts), _some(_WORD + "-_", 43, rng)])
        case 6:
            return _some(_HEX, rng.choice((32, 40, 64)), rng)
        case 7:
            return "SG." + _some(_WORD, 22, rng) + "." + _some(_WORD, 43, rng)
        case 8:
            return "glpat-" + _some(_WORD, 20, rng)
        case _:
            return rng.choice(AGENTS).format(_some(_WORD, rng.choice((24, 32, 40)), rng))


def password(rng: random.Random, variant: str = "") -> str:
    word = rng.choice(SIMPLE)
    match rng.randrange(6):
        case 0 | 1:
            return f"{word}{rng.choice((rng.randrange(1950, 2027), rng.randrange(1, 999)))}{rng.choice(('', '!', '?', '#', '*', '$'))}"
        case 2:
            return word.translate(str.maketrans("aoei", "@031")) + fill(rng.choice(("_%#", "!%", "-20##", "%#")), rng)
        case 3:
            return rng.choice("-._").join(rng.sample(PLAIN, rng.choice((3, 4)))) + rng.choice(("", "7", "42"))
        case 4:
            return word.title() + rng.choice(PLAIN).title() + fill(rng.choice(("#", "##!", "%#%#")), rng)
        case _:
            return rng.choice(_WORD) + _some(_WORD + "!#$%&*+-=?@^_~", rng.choice((9, 11, 14, 18)), rng) + rng.choice(_WORD)
