"""Understands a message in its conversation: an answer to our question, a follow-up, or something new."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from guardrails import Admitted
from usecases.chat import Conversation
from usecases.finance import customer, products
from usecases.finance.house import advised
from usecases.finance.money import parse_amount, parse_months
from usecases.finance.router import Guess, Router
from usecases.finance.tools import TOOLS

_CUE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|fine|right|great|good|cool|thanks|cheers|alright|i see|hmm?|oh|too (?:much|long|little|short)|no|nah|"
    r"hang on|wait)\b\W*)*"
    r"(?:and|what about|how about|what if|or|then|but|so|same (?:for|with)|instead|sorry|actually|make (?:it|that)|change (?:it|that)|"
    r"i mean\w*|try|back to|hang on|wait|too (?:much|long|little|short)|nah?,? (?=\w* ?\w* ?\d))\b|\binstead\W*$|\bi mean(?:t)?\W*$", re.I,
)  # fmt: skip
_SUBJECT = {  # words that say which calculation is meant
    "loan_repayment": r"\bloans?\b|\bborrow", "mortgage_repayment": r"mortgage|\bhouse\b|\bflat\b",
    "mortgage_borrowing": r"mortgage|\bearn|\bsalary|\bincome", "savings_projection": r"\bsav(?:e|ing|er)|\bisa\b|\binterest\b|\bgrow",
    "spend_abroad": r"abroad|spend|\bcard\b|euro|dollar|yen|franc|[€$¥]",
}  # fmt: skip
_TOOL_OF_KIND = {"loan": "loan_repayment", "mortgage": "mortgage_repayment", "savings": "savings_projection"}
_SAME_SUM = re.compile(r"\b(?:month\w*|in total|altogether|interest|all in)\b", re.I)
_PRONOUN = re.compile(r"\b(?:it|its|that|them|they|this one|that one|those|these|the same)\b", re.I)
_BARE_QUESTION = re.compile(
    r"^\W*(?:up to|from|for|until|by|at|in|on|with|what|when|where|who|why|how|which|is|are|do|does|can|any)\b", re.I
)
# what a follow-up may be taken for when it is read alone
_OPEN = ("knowledge", "out_of_scope", "smalltalk", "advice", "product_finder", "compare")
_COMPARE = re.compile(
    r"\b(?:compar\w+|differen\w+|versus|vs\.?|against|next to|side by side|stack|better|cheaper|dearer|or|than|which|whose)\b", re.I
)
_YES = re.compile(r"^\W*(?:yes|yeah|yep|yup|y|ok(?:ay)?|sure|confirm(?:ed)?|please do|go ahead|do it|that'?s right|correct)\b", re.I)
_NO = re.compile(r"^\W*(?:no|nope|nah|n|cancel|stop|don'?t|never ?mind|leave it|not now|forget it)\b", re.I)


@dataclass(frozen=True, slots=True)
class Turn:
    """`query` is the message made whole; `values` are slots that are known already; `answer` is a yes or no that we asked for.

    `ask` is what the model is asked to answer: the whole query for documents, the bare message where facts were computed.
    `said` is the bare message where `query` holds its topic, too.
    """

    route: str
    query: str
    values: dict[str, Any] = field(default_factory=dict)
    ask: str = ""
    said: str = ""
    answer: bool | None = None
    confidence: float = 1.0


def understand(conversation: Conversation, admitted: Admitted, router: Router) -> Turn:
    text, safe = admitted.original, str(admitted.safe)
    guess = router.route(safe)
    route, confidence, _ = guess
    route = _reckoned(text, route)
    if len(products.named(text)) > 1 and _COMPARE.search(text) and route in ("knowledge", "product_finder", "compare"):
        route = "compare"
    if conversation.pending and (turn := _to_our_question(conversation.pending, text, route, confidence)):
        return turn
    if re.search(r"\bback to\b", text, re.I) and (sum_ := _named_sum(conversation, text)) in TOOLS:
        return Turn(sum_, text, {**conversation.state["sums"][sum_], **TOOLS[sum_].read(text)}, ask=text)
    if conversation.last and (turn := _follow_up(conversation.last, text, guess._replace(route=route))):
        return turn
    values = TOOLS[route].read(text) if route in TOOLS else {}
    return Turn(route, text, values, confidence=confidence)


def _reckoned(text: str, route: str) -> str:
    """`route`, unless the sum in `text` says better what is to be worked out: "10k over 4 years" needs no word for a loan."""
    if route == "mortgage_borrowing" and not re.search(_SUBJECT[route] + r"|\bhome\b|\bafford|\bon £?\d", text, re.I):
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


def _follow_up(last: dict[str, Any], text: str, guess: Guess) -> Turn | None:
    """A message that leans on the one before: 'and over 5 years?', 'what about the Easy Saver?', 'does it have a fee?'"""
    route = guess.route
    cue, mine = bool(_CUE.search(text)), products.named(text)
    before = products.named(str(last["query"])) or products.named(str(last.get("answer", "")))[:1]
    short = len(text.split()) <= 4
    if last["route"] in TOOLS and (cue or route not in ("advice", "smalltalk")):
        tool = TOOLS[last["route"]]
        given = tool.read(text)
        named_other = route in _SUBJECT and re.search(_SUBJECT[route], text, re.I)
        other = TOOLS[route] if route in TOOLS and route != last["route"] and (named_other or not cue) else None
        if other and other.missing(other.read(text)) is None and len(text.split()) > 5:
            # a whole new calculation; after talk of a mortgage "300k over 30 years" is one too
            name = "mortgage_repayment" if route == "loan_repayment" and str(last["route"]).startswith("mortgage") else route
            return Turn(name, text, TOOLS[name].read(text))
        if not given and len(text.split()) <= 6 and _PRONOUN.search(text) and _SAME_SUM.search(text):
            return Turn(last["route"], str(last["query"]), dict(last["values"]), ask=text)  # "is that per month?"
        if given and (cue or short or (_PRONOUN.search(text) and route in (last["route"], "knowledge"))):
            return Turn(last["route"], f"{last['query']} {text}", {**last["values"], **given}, ask=text)
    sum_only = short and (parse_amount(text) or parse_months(text)) and last["route"] not in TOOLS
    if sum_only and not mine and before and before[0].kind in _TOOL_OF_KIND:
        name = _TOOL_OF_KIND[before[0].kind]
        return Turn(name, text, TOOLS[name].read(text))
    if route in TOOLS and not mine and before and not re.search(_SUBJECT[route], text, re.I):
        name = _TOOL_OF_KIND.get(before[0].kind, route)
        if name != route:  # "fine, what would 2,500 over a year be", after talk of loans
            return Turn(name, text, TOOLS[name].read(text))
    if last["route"] in ("spending", "recent", "balance") and (cue or short) and not mine:
        slots = customer.spending_slots(text)
        if slots or route == "spending":
            subject = {"categories", "payees"}
            kept = {k: v for k, v in last["values"].items() if k == "month" or not subject & slots.keys()}
            return Turn("spending", text, {**kept, **slots})
    if mine and before and cue and len(mine) == 1 and len(text.split()) <= 8:
        swapped = _swap(str(last["query"]), before, mine[0])
        return Turn("knowledge" if last["route"] not in ("knowledge", "spend_abroad") else str(last["route"]), swapped)
    asks = bool(_BARE_QUESTION.search(text)) and len(text.split()) <= 6
    if mine or not (cue or asks or _PRONOUN.search(text)) or route not in _OPEN:
        return None
    if route in ("advice", "out_of_scope", "smalltalk") and (advised(text) or (guess.confidence > 0.6 and guess.near < 0.5)):
        return None  # something else, that only sounds like a follow-up: "and the weather?"
    topic = before[0].name if before and not asks else re.sub(r"[()]", "", str(last["query"]))[:120]
    return Turn("knowledge", f"{text} ({topic})", said=text)


def _swap(query: str, before: list[products.Product], new: products.Product) -> str:
    """`query` with the product it names replaced by `new`."""
    for product in before:
        for alias in sorted(product.aliases, key=len, reverse=True):
            query, count = re.subn(rf"\b{re.escape(alias)}s?\b", new.name, query, flags=re.I)
            if count:
                return query
    return f"{query} ({new.name})"
