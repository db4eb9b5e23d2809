"""The only door to a generator: PII, pseudonyms, injection, grounding, audit."""

from generators.text import Message
from guardrails.compose import bullets, house_text
from guardrails.door import REPEATED, Admitted, Door, Draft, GuardedStream, Session, fill
from guardrails.findings import Finding
from guardrails.grounding import Grounding, quantities
from guardrails.vault import Vault

__all__ = [
    "REPEATED", "Admitted", "Door", "Draft", "Finding", "Grounding", "GuardedStream", "Message", "Session", "Vault", "bullets",
    "fill", "house_text", "quantities",
]  # fmt: skip
