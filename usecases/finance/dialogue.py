"""Understands a message in its conversation: an answer to our question, a follow-up, or something new."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guardrails import Admitted
from usecases.chat import Conversation
from usecases.finance import customer, products
from usecases.finance.money import parse_amount, parse_months
from usecases.finance.router import Router, in_context
from usecases.finance.tools import TOOLS

_CUE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|fine|right|great|good|cool|thanks|cheers|alright|i see|hmm?|oh|too (?:much|long|little|short)|no|nah|"
    r"hang on|wait)\b\W*)*"
    r"(?:and|what about|how about|what if|or|then|but|so|same (?:for|with)|instead|sorry|actually|make (?:it|that)|change (?:it|that)|"
    r"i mean\w*|if (?:i|we|it)|say|try|back to|hang on|wait|too (?:much|long|little|short)|nah?,? (?=\w* ?\w* ?\d))\b"
    r"|\b(?:instead|then)\W*$|\bi mean(?:t)?\W*$", re.I,
)  # fmt: skip
_SUBJECT = {  # words that say which calculation is meant
    "loan_repayment": r"\bloans?\b|\bborrow", "mortgage_repayment": r"mortgage|\bhouse\b|\bflat\b",
    "mortgage_borrowing": r"mortgage|\bearn|\bsalary|\bincome", "savings_projection": r"\bsav(?:e|ing|er)|\bisa\b|\binterest\b|\bgrow",
    "spend_abroad": r"abroad|spend|\bcard\b|euro|dollar|yen|franc|[€$¥]",
}  # fmt: skip
_SAME_SUM = re.compile(r"\b(?:month\w*|in total|altogether|interest|all in)\b", re.I)
_OF_THAT = re.compile(r"\b(?:of (?:that|it|which)|is (?:that|it|this)|all in|altogether|in total)\b", re.I)
_ON_TOP = re.compile(r"\b(?:on top|as well|plus|too|added?)\b", re.I)
_TOPIC = ("product", "deal", "card", "currency", "foreign", "place")  # slots that the talk before says, where a sum does not
_PRONOUN = re.compile(r"\b(?:it|its|that|them|they|this one|that one|those|these|the same)\b", re.I)
_COMPARE = re.compile(
    r"\b(?:compar\w+|differen\w+|versus|vs\.?|against|next to|side by side|stack|better|cheaper|dearer|or|than|which|whose)\b", re.I
)
_YES = re.compile(r"^\W*(?:yes|yeah|yep|yup|y|ok(?:ay)?|sure|confirm(?:ed)?|please do|go ahead|do it|that'?s right|correct)\b", re.I)
_NO = re.compile(r"^\W*(?:no|nope|nah|n|cancel|stop|don'?t|never ?mind|leave it|not now|forget it)\b", re.I)


@dataclass(frozen=True, slots=True)
class Turn:
    """`query` is the message, made whole where it leans on an earlier one; `values` are slots that are known already.

    `context` is the message with those before it, as the encoder reads it. `ask` is what the model is asked to answer: the whole
    query for documents, the bare message where facts were computed. `answer` is a yes or no that we asked for.
    """

    route: str
    query: str
    values: dict[str, Any] = field(default_factory=dict)
    ask: str = ""
    context: str = ""
    answer: bool | None = None
    both: bool = False  # two sentences are asked for, one beside the other


def understand(conversation: Conversation, admitted: Admitted, router: Router) -> Turn:
    text = admitted.original
    context = in_context(str(admitted.safe), [conversation.hidden(typed) for typed, _ in conversation.turns[:-3:-1]])
    guess = router.route(context)
    route = _reckoned(text, guess.route, context)
    if len(products.named(text)) > 1 and _COMPARE.search(text) and route in ("knowledge", "product_finder", "compare"):
        route = "compare"
    if conversation.pending and (turn := _to_our_question(conversation.pending, text, route, guess.confidence)):
        return turn
    sums: dict[str, Any] = conversation.state.get("sums", {})
    first = conversation.state.get("first")
    if first and re.search(r"\b(?:the|that|to) (?:first|original) (?:one|sum|figure|offer)\b", text, re.I):
        return Turn(first["route"], text, dict(first["values"]), ask=text)
    if re.search(r"\bback to\b", text, re.I) and (sum_ := _named_sum(conversation, text)) in TOOLS:
        return Turn(sum_, text, {**sums[sum_], **TOOLS[sum_].read(text)}, ask=text)
    if conversation.last and (turn := _follow_up(conversation.last, text, route, context, sums)):
        return turn
    if route == "compare" and len(products.named(text)) < 2:  # of what no table holds: the documents' own sentences, side by side
        return Turn("knowledge", text, context=_COMPARE.sub(" ", context), both=True)
    return Turn(route, text, TOOLS[route].read(text) if route in TOOLS else {}, context=context)


def _reckoned(text: str, route: str, context: str) -> str:
    """`route`, unless the sum in `text` says better what is to be worked out: "10k over 4 years" needs no word for a loan."""
    if route == "mortgage_borrowing" and not re.search(_SUBJECT[route] + r"|\bhome\b|\bafford|\bon £?\d", context, re.I):
        return "loan_repayment"
    amount, months = parse_amount(text), parse_months(text)
    if route not in ("knowledge", "smalltalk") or amount is None or months is None or amount < 500:
        return route
    kinds = {p.kind for p in products.named(text)}
    if "savings" in kinds and not re.search(r"\?|\bcan\b|\bcould\b", text):
        return "savings_projection"
    if not kinds and re.search(r"\bcost|\bborrow|\brepay|\bpay back\b|\ba month\b", text, re.I):
        return "loan_repayment" if amount <= 25_000 else "mortgage_repayment"
    return route


def _named_sum(conversation: Conversation, text: str) -> str:
    """The calculation made earlier in this conversation that `text` names, or `""`."""
    return next((name for name in conversation.state.get("sums", {}) if re.search(_SUBJECT[name], text, re.I)), "")


def _to_our_question(pending: dict[str, Any], text: str, route: str, confidence: float) -> Turn | None:
    waiting, values = str(pending["route"]), dict(pending.get("values", {}))
    if pending.get("confirm"):
        if _YES.search(text) or _NO.search(text):
            return Turn(waiting, text, values, answer=not _NO.search(text))
        return None
    if _NO.search(text) and len(text.split()) < 5:
        return Turn(waiting, text, values, answer=False)
    query = f"{pending.get('query', '')} {text}".strip()
    if waiting in TOOLS:
        tool = TOOLS[waiting]
        slot = tool.missing(values)
        bare = re.fullmatch(r"\W*(?:about |around |maybe )?(\d{1,2})\W*", text)
        if slot and slot.name == "months" and bare:
            return Turn(waiting, f"{pending.get('query', '')} {bare[1]} years", values | {"months": int(bare[1]) * 12})
        if slot and (value := slot.parse(text)) is not None:
            return Turn(waiting, query, {**tool.read(text), **values, slot.name: value})
        return None if confidence > 0.5 and route not in (waiting, "knowledge") else Turn(waiting, query, values)
    if confidence > 0.6 and route not in (waiting, "knowledge", "recent", "spending", "smalltalk", "out_of_scope"):
        return None
    return Turn(waiting, query, values)


def _follow_up(last: dict[str, Any], text: str, route: str, context: str, sums: dict[str, Any]) -> Turn | None:
    """A message that leans on the one before: 'and over 5 years?', 'what about the Easy Saver?', 'does it have a fee?'"""
    cue, short, mine = bool(_CUE.search(text)), len(text.split()) <= 4, products.named(text)
    if last["route"] in TOOLS and (turn := _changed_sum(last, text, route, context, cue or short)):
        return turn
    if last["route"] in ("spending", "recent", "balance") and route in ("spending", "recent", "balance", "knowledge"):
        slots = customer.spending_slots(text)
        if (slots and (cue or short or route != "knowledge")) or route == "spending":
            subject = {"categories", "payees"}
            kept = {k: v for k, v in last["values"].items() if k == "month" or not subject & slots.keys()}
            return Turn("spending", text, {**kept, **slots})
    before = products.named(str(last["query"])) or products.named(str(last.get("answer", "")))[:1]
    if route == "compare" and len(mine) < 2 and len({*before, *mine}) > 1:
        return Turn("compare", f"{last['query']} {text}", ask=text)  # "which of those two has a fee?"
    if route in TOOLS:
        return _next_sum(last, text, route, cue or short, sums)
    if cue and route in ("knowledge", "smalltalk") and not mine and parse_amount(text) and sums:
        return _next_sum(last, text, next(reversed(sums)), True, sums)  # "fine, 40k then", after a question in between
    if len(mine) == 1 and before and cue and len(text.split()) <= 8:
        swapped = _swap(str(last["query"]), before, mine[0])
        return Turn(str(last["route"]) if last["route"] == "spend_abroad" else "knowledge", swapped, context=swapped)
    if route == "knowledge" and not mine and (cue or short or _PRONOUN.search(text) or len(text.split()) <= 7):
        topic = before[0].name if before else re.sub(r"[()]", "", str(last["query"]))[:120]
        return Turn("knowledge", f"{text} ({topic})", context=context)
    return None


def _changed_sum(last: dict[str, Any], text: str, route: str, context: str, leans: bool) -> Turn | None:
    """The sum of the turn before with what `text` changes in it, or None where it asks for something else."""
    tool, values = TOOLS[last["route"]], last["values"]
    given = tool.read(text)
    about = re.search(r"^\W*(?:and |so )?(?:is|was) (?:that|it|this)\b", text, re.I)
    if about and (given or _SAME_SUM.search(text)):  # "is that with the tracker?", but not "is it tax free?"
        return Turn(last["route"], str(last["query"]), dict(values), ask=text)
    bare = re.fullmatch(r"\W*(?:[a-z]+\W+){0,2}(\d{1,2})\W*", text, re.I)
    if bare and leans and "months" in values and not given and int(bare[1]) <= 40:
        given = {"months": int(bare[1]) * 12}  # "nah, 3"
    if re.search(r"\bother (?:one|fixed|fix|deal)\b", text, re.I) and values.get("deal") in ("2", "5"):
        given["deal"] = "5" if values["deal"] == "2" else "2"
    if "deposit" in given and "price" in values and "amount" not in given:
        given["amount"] = values["price"] - given["deposit"]
    if "income" in given and "income" in values and _ON_TOP.search(text):
        given["income"] += values["income"]
    other = route in TOOLS and route != last["route"]
    if other and (re.search(_SUBJECT[route], text, re.I) or not given):
        return None
    if other and TOOLS[route].missing(TOOLS[route].read(text)) is None and len(text.split()) > 5:
        # a whole new calculation; after talk of a mortgage "300k over 30 years" is one too
        name = "mortgage_repayment" if route == "loan_repayment" and str(last["route"]).startswith("mortgage") else route
        return Turn(name, text, TOOLS[name].read(text))
    same = route == last["route"] and (given or _SAME_SUM.search(text))
    of_that = route in (last["route"], "knowledge") and not products.named(text) and _OF_THAT.search(text) and _SAME_SUM.search(text)
    if same or other or of_that or (given and leans and route != "compare"):
        return Turn(last["route"], f"{last['query']} {text}", {**values, **given}, ask=text)
    if route == last["route"]:  # about the sum, but no other sum: "and what deposit would we need?"
        return Turn("knowledge", text, context=context)
    return None


def _next_sum(last: dict[str, Any], text: str, route: str, leans: bool, sums: dict[str, Any]) -> Turn:
    """A sum that takes from the talk before what it does not say: the product, and where it leans on it the amount or the term."""
    tool, query = TOOLS[route], str(last["query"])
    given, earlier = tool.read(text), tool.read(query)
    taken = {k: v for k, v in earlier.items() if k in _TOPIC or (k == "months" and "product" in earlier)}
    if given.keys() & set(_TOPIC):
        taken = {}
    if leans:
        taken = {**sums.get(route, {}), **earlier} if not given.keys() & set(_TOPIC) else dict(earlier)
    if route == "mortgage_repayment" and last["route"] == "mortgage_borrowing":
        taken["amount"] = last["values"]["income"] * Decimal("4.5")  # "and what would that cost a month?"
    return Turn(route, text, {**taken, **given}, ask=text)


def _swap(query: str, before: list[products.Product], new: products.Product) -> str:
    """`query` with the product it names replaced by `new`."""
    for product in before:
        for alias in sorted(product.aliases, key=len, reverse=True):
            query, count = re.subn(rf"\b{re.escape(alias)}s?\b", new.name, query, flags=re.I)
            if count:
                return query
    return f"{query} ({new.name})"
