"""Checks on what comes in: is it text at all, and does it try to give the model orders?"""

from __future__ import annotations

import re
import unicodedata

from errors import InvalidInput

# Nothing a person sees: zero-width, direction-changing, tag and filler characters, rare variation selectors.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e0fff]"
)
_RULES = tuple((score, rule, re.compile(pattern, re.I | re.M | re.S)) for score, rule, pattern in (
    (0.9, "override", r"\b(ignore|disregard|forget|override)\b.{0,30}\b(previous|prior|above|earlier|all|your|system)\b"
                      r".{0,30}\b(instructions?|rules?|prompts?|guidelines?)\b"),
    (0.9, "override", r"\b(ignore|disregard|forget|override)\b.{0,20}\b(instructions?|rules?|prompts?|guidelines?)\b"
                      r".{0,20}\b(above|before|earlier|given|you (have|were)|so far)\b"),
    (0.9, "system prompt", r"\b(reveal|show|print|repeat|output|tell me)\b.{0,30}\b(system prompt|your (instructions|prompt)|"
                           r"hidden (prompt|instructions))\b"),
    (0.8, "role play", r"\b(you are now|pretend (to be|you are)|act as)\b.{0,40}\b(dan|unrestricted|jailbroken|developer mode"
                       r"|no (rules|restrictions|limits))\b"),
    (0.9, "delimiters", r"<\|?(im_start|im_end|system|assistant)\|?>|\[/?INST\]|^#{2,}\s*system\b|^\s{0,8}(system|assistant)\s?:"),
    (0.7, "hidden HTML", r"<!--|display\s{0,8}:\s{0,8}none"),
))  # fmt: skip


def without_invisible(text: str) -> str:
    """`text` without characters that nobody sees, such as zero-width and direction marks."""
    return INVISIBLE.sub("", text)


def clean_input(text: str, limit: int = 4000) -> str:
    """`text` without invisible and direction-changing characters. Raises InvalidInput when it is empty, long or binary."""
    cleaned = INVISIBLE.sub("", text).strip()
    if not cleaned:
        raise InvalidInput("The message is empty. Type a question.")
    if len(cleaned) > limit:
        raise InvalidInput(f"The message has {len(cleaned):,} characters; at most {limit:,} fit. Please shorten it.")
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\t\n\r" for c in cleaned):
        raise InvalidInput("The message holds binary characters; it must be plain text.")
    return cleaned


def injection(text: str) -> tuple[bool, float, str]:
    """(is it an attempt, score from 0 to 1, the rule that says so). Knows English phrases and delimiters only.

    Invisible characters and letter forms (full-width, ligatures) are seen through; look-alike letters of other
    alphabets, other languages and spelled-out codes are not.
    """
    seen = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    for score, rule, pattern in _RULES:
        if pattern.search(seen):
            return True, score, rule
    return False, 0.0, ""
