"""What comes in: is it text at all? Whether it gives the model orders, `injection.py` says."""

from __future__ import annotations

import re
import unicodedata

from errors import InvalidInput

# Nothing a person sees: zero-width, direction-changing, tag and filler characters, rare variation selectors.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e0fff]"
)

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
