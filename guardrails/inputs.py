"""Checks on what comes in: is it text at all, and does it try to give the model orders?"""

from __future__ import annotations

import re

from errors import InvalidInput

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_RULES = (
    (0.9, "override", r"\b(ignore|disregard|forget|override)\b.{0,30}\b(previous|prior|above|earlier|all|your|system)\b"
                      r".{0,30}\b(instructions?|rules?|prompts?|guidelines?)\b"),
    (0.9, "system prompt", r"\b(reveal|show|print|repeat|output|tell me)\b.{0,30}\b(system prompt|your (instructions|prompt)|"
                           r"hidden (prompt|instructions))\b"),
    (0.8, "role play", r"\b(you are now|pretend (to be|you are)|act as)\b.{0,40}\b(dan|unrestricted|jailbroken|developer mode"
                       r"|no (rules|restrictions|limits))\b"),
    (0.9, "delimiters", r"<\|?(im_start|im_end|system|assistant)\|?>|\[/?INST\]|^#{2,}\s*system\b"),
    (0.7, "hidden HTML", r"<!--.*?-->|display\s*:\s*none"),
)  # fmt: skip


def clean_input(text: str, limit: int = 4000) -> str:
    """`text` without invisible and direction-changing characters. Raises InvalidInput when it is empty, long or binary."""
    cleaned = _INVISIBLE.sub("", text).strip()
    if not cleaned:
        raise InvalidInput("The message is empty. Type a question.")
    if len(cleaned) > limit:
        raise InvalidInput(f"The message has {len(cleaned):,} characters; at most {limit:,} fit. Please shorten it.")
    if any(ord(c) < 32 and c not in "\t\n\r" for c in cleaned):
        raise InvalidInput("The message holds binary characters; it must be plain text.")
    return cleaned


def injection(text: str) -> tuple[bool, float, str]:
    """(is it an attempt, score from 0 to 1, the rule that says so). Knows English phrases and delimiters only."""
    for score, rule, pattern in _RULES:
        if re.search(pattern, text, re.I | re.M | re.S):
            return True, score, rule
    return False, 0.0, ""
