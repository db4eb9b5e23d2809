"""Every use case, one row each. The home page, the menu, the CLI and the tests read this table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UseCase:
    slug: str
    industry: str
    title: str
    summary: str
    page: str
    icon: str
    module: str
    try_it: str


USE_CASES = (
    UseCase(
        slug="finance-assistant",
        industry="Finance",
        title="Bank customer assistant",
        summary="Answers customers from a bank's documents and tools, with sources, on a local model.",
        page="pages/finance_assistant.py",
        icon=":material/account_balance:",
        module="usecases.finance.assistant",
        try_it="What would a £10,000 loan over 4 years cost me each month?",
    ),
)


def find(slug: str) -> UseCase:
    """The row of `slug`. Raises KeyError naming the known slugs."""
    for row in USE_CASES:
        if row.slug == slug:
            return row
    raise KeyError(f"No use case is called {slug!r}; known are: {', '.join(r.slug for r in USE_CASES)}.")
