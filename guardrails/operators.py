"""What stands in place of each finding. Seven ways, chosen for everything and per type:

    pseudonym   <PERSON_1>              undone by `restore`, with this object's vault
    redact      [PERSON]                gone
    mask        •••• •••• •••• 1234     the last four signs of a long value stay
    hash        <PERSON:3f8a52c1d09e>   the same value is the same hash wherever the same key is
    encrypt     <PERSON~mB3x...>        undone by `decrypt`, with the key alone
    surrogate   Kate Fox                an invented value of the same kind (see `surrogates.py`)
    generalise  aged 30-39              a coarser form where there is one (see `coarser.py`), else redacted

Whatever is chosen, text outside the findings stays as it is, except that what a person typed to look like one of our tokens is
hidden like a value. Operators replace what was found and nothing else: what the scanner missed stays readable. Not thread-safe.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, get_args

from errors import InvalidInput
from guardrails.coarser import coarser
from guardrails.findings import Finding, merged
from guardrails.surrogates import Surrogates, canonical
from guardrails.vault import Vault
from settings import Settings

Operator = Literal["pseudonym", "redact", "mask", "hash", "encrypt", "surrogate", "generalise"]
OPERATORS: tuple[Operator, ...] = get_args(Operator)
LEAST_KEY = 32  # characters
HOW = "Make one with `python -c 'import secrets; print(secrets.token_urlsafe(32))'` and set VITRINE_GUARD_KEY to it"
_NONCE = 12
# No < or > inside, so a token can't run into its neighbours; no underscore after ~, so the vault reads no token in it.
_SEALED = re.compile(r"<([A-Z0-9]+(?:_[A-Z0-9]+)*)~([A-Za-z0-9+/]{38,}={0,2})>")


class Operators:
    """`by_type` names the operator of a finding's type (`"CREDIT_CARD": "mask"`), `default` that of all others.

    Give the `vault` of a conversation to go on with its pseudonyms. `seed` fixes the surrogates (for tests and demonstrations: who
    knows it can try values); without one they follow from the key, and without a key they are new for each object. Raises
    InvalidInput when an operator does not exist, or needs a key and there is none.
    """

    def __init__(
        self,
        default: Operator = "pseudonym",
        by_type: Mapping[str, Operator] | None = None,
        *,
        key: bytes | None = None,
        vault: Vault | None = None,
        seed: int | None = None,
        today: date | None = None,
    ) -> None:
        self._default = default
        self._by_type = dict(by_type or {})
        self._used = {default, *self._by_type.values()}
        for name in self._used:
            if name not in OPERATORS:
                raise InvalidInput(f"There is no operator {name!r}; right is one of {', '.join(OPERATORS)}.")
            if name in ("hash", "encrypt"):
                _derived(key, name)
        self._key = key
        self._today = today or date.today()
        fixed = _derived(key, "surrogate") if key else None
        self._surrogates = Surrogates(fixed if seed is None else str(seed).encode(), self._today)
        self.vault = vault or Vault()

    def apply(self, text: str, findings: Sequence[Finding]) -> str:
        """`text` with something else in place of each finding; findings that overlap become one, of the surest one's type."""
        spans = self._spans(text, findings)
        self._surrogates.meet((text[s.start : s.end], s.type) for s in spans)
        out, at = [], 0
        for span in spans:
            out += [self._kept(text[at : span.start]), self._instead(text[span.start : span.end], span)]
            at = span.end
        return "".join([*out, self._kept(text[at:])])

    def restore(self, text: str) -> str:
        """Undoes pseudonyms and encryption; the other operators can't be undone, and what they made stays."""
        if "encrypt" not in self._used:
            return self.vault.restore(text)
        out, at = "", 0
        for token in _SEALED.finditer(text):
            out += self.vault.restore(text[at : token.start()]) + _opened(token, self._key)
            at = token.end()
        return out + self.vault.restore(text[at:])

    def _spans(self, text: str, findings: Sequence[Finding]) -> list[Finding]:
        for finding in findings:
            if not 0 <= finding.start <= finding.end <= len(text):
                raise InvalidInput(f"{finding} is outside its text; right are positions from 0 to {len(text)}.")
        typed = [Finding(m.start(), m.end(), "TYPED", -1.0, "operators") for m in _SEALED.finditer(text)] if "encrypt" in self._used else []
        return merged([*typed, *findings])

    def _kept(self, text: str) -> str:
        # only to hide what looks like a pseudonym there
        return self.vault.pseudonymise(text, []) if "pseudonym" in self._used else text

    def _instead(self, value: str, span: Finding) -> str:
        kind = "_".join(re.findall(r"[A-Z0-9]+", span.type.upper())) or "VALUE"
        gone = f"[{kind}]"
        operator = "encrypt" if span.score < 0 else self._by_type.get(span.type, self._default)
        match operator:
            case "pseudonym":
                return self.vault.pseudonymise(value, [Finding(0, len(value), span.type, max(span.score, 0.01), span.recogniser)])
            case "redact":
                return gone
            case "mask":
                hidden = masked(value)
                return gone if hidden == value else hidden
            case "hash":
                sum_ = hmac.digest(_derived(self._key, "hash"), canonical(value, kind).encode("utf-8", "surrogatepass"), "sha256")
                return f"<{kind}:{sum_.hex()[:12]}>"
            case "encrypt":
                return _sealed(value, kind, self._key)
            case "surrogate":
                return self._surrogates.of(value, kind) or gone
            case "generalise":
                rough = coarser(value, kind, self._today)
                return gone if rough is None or value.casefold() in rough.casefold() else rough


def masked(value: str) -> str:
    """Separators stay, and the last four letters and digits where there are eight or more; all else becomes a dot."""
    signs = [i for i, c in enumerate(value) if c.isalnum()]
    shown = set(signs[-4:]) if len(signs) >= 8 else set()
    return "".join(c if i in shown or _separates(c) else "•" for i, c in enumerate(value))


def decrypt(text: str, key: bytes | None) -> str:
    """`text` with every encrypted value as it was. Raises InvalidInput when one was made with another key, or was changed."""
    return _SEALED.sub(lambda token: _opened(token, key), text)


def guard_key(settings: Settings) -> bytes | None:
    """The secret that the settings hold for hashes and encryption; None where there is none."""
    return settings.guard_key.get_secret_value().strip().encode() or None


def _separates(char: str) -> bool:
    return char.isspace() or char == "+" or unicodedata.category(char)[0] == "P"


def _derived(key: bytes | None, use: str) -> bytes:
    """A key of its own for each use, so a hash tells nothing about the encryption. Raises InvalidInput without a good secret."""
    if not key:
        raise InvalidInput(f"{use} needs a secret key, and VITRINE_GUARD_KEY is empty. {HOW}.")
    if len(key) < LEAST_KEY:
        raise InvalidInput(f"The secret key has {len(key)} characters; {LEAST_KEY} or more are right. {HOW}.")
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(SHA256(), 32, salt=None, info=f"vitrine guard {use} 1".encode()).derive(key)


def _sealed(value: str, kind: str, key: bytes | None) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(_NONCE)
    # the type is sealed with the value: a token whose type was changed does not open
    secret = nonce + AESGCM(_derived(key, "encrypt")).encrypt(nonce, value.encode("utf-8", "surrogatepass"), kind.encode())
    return f"<{kind}~{base64.b64encode(secret).decode()}>"


def _opened(token: re.Match[str], key: bytes | None) -> str:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        secret = base64.b64decode(token[2], validate=True)
        plain = AESGCM(_derived(key, "encrypt")).decrypt(secret[:_NONCE], secret[_NONCE:], token[1].encode())
        return plain.decode("utf-8", "surrogatepass")
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise InvalidInput(
            f"{token[0]} does not open with this key; right is the VITRINE_GUARD_KEY that it was made with, and the token unchanged."
        ) from error
