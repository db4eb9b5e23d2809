"""The errors a person may see.

    ShowcaseError
    ├── InvalidInput          what is wrong with what was given, and what would be right
    ├── GuardrailBlocked      which rule stopped it, and what to change
    ├── GeneratorUnavailable  which model or engine is missing, and the command that gets it
    └── GenerationFailed      what went wrong half-way, and what was kept

Every room raises these and nothing else across its door; vendor errors are translated where
they arise, `from exc`. Only `ui` turns them into messages.
"""

from __future__ import annotations


class ShowcaseError(Exception):
    """Base of every error that may reach a page. `str(error)` is fit to be shown."""


class InvalidInput(ShowcaseError):
    """The input can't be used: says what was wrong, with the value, and what would be right."""


class GuardrailBlocked(ShowcaseError):
    """A rule of the guardrail stopped the turn. `rule` is its short name, e.g. ``"injection"``."""

    def __init__(self, message: str, *, rule: str) -> None:
        super().__init__(message)
        self.rule = rule


class GeneratorUnavailable(ShowcaseError):
    """A model or engine can't be used: names it, and the command or setting that mends it."""


class GenerationFailed(ShowcaseError):
    """An engine broke off. `partial` is the text (already guarded) that was produced before."""

    def __init__(self, message: str, *, partial: str = "") -> None:
        super().__init__(message)
        self.partial = partial
