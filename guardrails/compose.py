"""Ways to make a prompt out of text that is already safe, and of the house's own constants."""

from __future__ import annotations

from collections.abc import Sequence

from generators.text import SafeText


def house_text(text: str) -> SafeText:
    """Text that ships with the app (a prompt, a document of ours). Never for what a person typed or a tool returned."""
    return SafeText(text)


def bullets(parts: Sequence[SafeText]) -> SafeText:
    """One `- ` line per part."""
    return SafeText("\n".join(f"- {part}" for part in parts))
