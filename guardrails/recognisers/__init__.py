"""What personal data looks like, as data: one file of rules per kind of thing."""

from guardrails.recognisers import contact, devices, government, health, payment, phone, secrets
from guardrails.recognisers.rule import Rule

RULES: tuple[Rule, ...] = (*payment.RULES, *government.RULES, *devices.RULES, *health.RULES, *contact.RULES, *phone.RULES, *secrets.RULES)

__all__ = ["RULES", "Rule"]
