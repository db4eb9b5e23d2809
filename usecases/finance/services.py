"""Runs the route that was chosen: a calculator, the product finder, or something in the customer's own account.

Returns computed facts for the model to word, or the bank's own fixed words where wording must not vary: questions,
confirmations and what was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from guardrails import Door, Message, fill, house_text
from usecases.chat import Conversation, Kind
from usecases.finance import customer, products
from usecases.finance.dialogue import Turn
from usecases.finance.money import unread_numbers, vague
from usecases.finance.tools import TOOLS, Outcome, Slot, Tool

Table = tuple[dict[str, str], ...]
READ = "Message of a bank's customer: {text}\nGive what the message says, null for what it does not say."


@dataclass(frozen=True, slots=True)
class Said:
    """The bank's fixed words; `pending` is what we now wait for."""

    text: str
    kind: Kind
    pending: dict[str, Any] = field(default_factory=dict)
    table: Table = ()
    arguments: dict[str, Any] = field(default_factory=dict)


def serve(door: Door, conversation: Conversation, turn: Turn) -> Said | tuple[dict[str, Any], Outcome] | None:
    """None means that no tool applies and the documents should answer."""
    person = customer.people()[conversation.customer]
    if turn.route in TOOLS:
        return _calculate(door, conversation, turn, person)
    match turn.route:
        case "compare":
            if (found := products.compare(turn.query)) is None:
                return None
            facts, table, chosen = found
            arguments = {"products": [p.name for p in chosen]}
            return arguments, Outcome(facts, table, tuple(dict.fromkeys(p.document for p in chosen)), must=min(4, len(facts)))
        case "product_finder":
            return _find(turn, person)
        case "balance":
            return {"customer": person.slug}, customer.balance(person)
        case "recent":
            return {"customer": person.slug}, customer.recent(person)
        case "spending":
            turn.values.update({**customer.spending_slots(turn.query), **turn.values})
            return {"customer": person.slug, **turn.values}, customer.spending(person, turn.values)
        case "freeze_card" | "unfreeze_card":
            return _card(conversation, turn, person)
        case "open_dispute":
            return _dispute(conversation, turn, person)
    return None


def _calculate(door: Door, conversation: Conversation, turn: Turn, person: customer.Person) -> Said | tuple[dict[str, Any], Outcome]:
    tool, values = TOOLS[turn.route], dict(turn.values)
    if turn.answer is False:
        return Said("All right, I leave that calculation.", "done")
    unread = not any(s.required and s.name in values for s in tool.slots) and unread_numbers(turn.query)
    if (slot := tool.missing(values)) and (unread or vague(turn.query)):
        values |= {k: v for k, v in _read_by_model(door, conversation, tool, turn.query).items() if k not in values}
        slot = tool.missing(values)
    turn.values.update(values)
    if outcome := tool.early(values):
        conversation.state.setdefault("sums", {})[turn.route] = values
        return _shown(values), outcome
    if slot:
        return Said(slot.question, "ask", {"route": turn.route, "query": turn.query, "values": values})
    if turn.route == "spend_abroad":
        values.setdefault("card", person.account)
    turn.values.update(values)
    conversation.state.setdefault("first", {"route": turn.route, "values": values})
    conversation.state.setdefault("sums", {}).pop(turn.route, None)
    conversation.state["sums"][turn.route] = values  # for "back to the loan, then"; the latest last
    return _shown(values), tool.run(values)


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) for name, value in values.items()}


def _read_by_model(door: Door, conversation: Conversation, tool: Tool, text: str) -> dict[str, Any]:
    """Slots that no parser could read, from the model under a JSON schema. Only plain, positive numbers are taken."""
    wanted = [slot for slot in tool.slots if slot.required]
    schema = {"type": "object", "properties": {s.name: s.schema for s in wanted}, "required": [s.name for s in wanted]}
    prompt = fill(READ, text=door.admit(text, conversation.session).safe)
    said = door.extract([Message("user", house_text(prompt))], schema)
    return {slot.name: value for slot in wanted if (value := _number(slot, said)) is not None}


def _number(slot: Slot, said: Mapping[str, Any]) -> Decimal | int | None:
    try:
        value = Decimal(str(said.get(slot.name)))
    except InvalidOperation:
        return None
    if not value.is_finite() or not 1 <= value <= 10**8:
        return None
    return int(value) if slot.name == "months" else value


def _find(turn: Turn, person: customer.Person) -> Said | tuple[dict[str, Any], Outcome] | None:
    kind, needs = products.kind_of(turn.query), products.needs_of(turn.query)
    if kind is None and not needs:
        question = "Gladly. Are you looking for a current account, a savings account, a credit card, a loan or a mortgage?"
        return Said(question, "ask", {"route": "product_finder", "query": turn.query})
    mine = not {"child", "joint"} & set(needs)
    ranked = products.rank(turn.query, person.paid_in if mine else None, person.income if mine else None, person.student if mine else None)
    if not ranked:
        return None
    table = tuple({"Rank": str(n), "Product": p.name, "Why": why} for n, (p, why) in enumerate(ranked[:4], start=1))
    arguments = {"kind": products.KINDS.get(kind or "account", ""), "needs": ", ".join(needs)}
    return arguments, Outcome(products.finder_facts(ranked), table, tuple(dict.fromkeys(p.document for p, _ in ranked[:2])))


def _card(conversation: Conversation, turn: Turn, person: customer.Person) -> Said:
    """Freezes or unfreezes the demo customer's card, once he has confirmed it."""
    freeze = turn.route == "freeze_card"
    verb, frozen = ("freeze" if freeze else "unfreeze"), bool(conversation.state.get("frozen"))
    if frozen == freeze:
        state = "already frozen. Ask me to unfreeze it when you need it again." if freeze else "not frozen, so it works as usual."
        return Said(f"Your {person.card} is {state}", "done")
    if turn.answer is None:
        question = f"Shall I {verb} your {person.card} now? Please answer yes or no."
        return Said(question, "confirm", {"route": turn.route, "confirm": True})
    if not turn.answer:
        return Said(f"I have left your {person.card} as it is.", "done")
    conversation.state["frozen"] = freeze
    effect = (
        "New payments and cash withdrawals are refused; direct debits are still paid. If it is lost or stolen, please also "
        "call 0808 157 0199."
        if freeze else "It works again as usual."
    )  # fmt: skip
    return Said(f"Done: your {person.card} is {'frozen' if freeze else 'no longer frozen'}. {effect}", "done",
                arguments={"card": person.card, "frozen": freeze})  # fmt: skip


def _dispute(conversation: Conversation, turn: Turn, person: customer.Person) -> Said:
    """Which payment, what went wrong, confirm, reference number."""
    values = dict(turn.values)
    if turn.answer is False:
        return Said("I have not opened a dispute.", "done")
    if turn.answer and {"payment", "reason"} <= values.keys():
        disputes = conversation.state.setdefault("disputes", [])
        reference = f"LB-{customer.TODAY:%y%m%d}-{len(disputes) + 1:02}"
        disputes.append({"reference": reference, **values})
        text = (
            f"Done: dispute {reference} is open for {values['payment']} ({values['reason']}). We decide on a provisional refund within "
            "10 working days, and close a dispute within 45 days. This is a demonstration: no real case was opened."
        )
        return Said(text, "done", arguments={"reference": reference, **values})
    if payment := customer.find_payment(person, turn.query):
        values["payment"] = payment.sentence()
    if reason := customer.reason_of(turn.query):
        values["reason"] = reason
    pending = {"route": "open_dispute", "query": turn.query, "values": values}
    if "payment" not in values:
        return Said("Which payment is it? Please give the payee or the amount.", "ask", pending, customer.payments_table(person))
    if "reason" not in values:
        question = "was it not made by you, not delivered, faulty, charged twice, or the wrong amount?"
        return Said(f"You mean {values['payment']}. What went wrong: {question}", "ask", pending)
    question = f"Shall I open a dispute for {values['payment']}, because {values['reason']}? Please answer yes or no."
    return Said(question, "confirm", pending | {"confirm": True})
