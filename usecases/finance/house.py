"""What Larkfield Bank says in its own fixed words: who it is, what it may not advise on, what it does not do."""

from __future__ import annotations

import re

BRAND = frozenset(
    "Larkfield Bank Everyday Premier Student Youth Basic Joint Easy Fixed Regular Junior Saver Cash ISA Classic "
    "Credit Low Rate Travel Card Balance Transfer Personal Loan Account Financial Ombudsman Fernhill Faster Payment CHAPS Freezing Terms "
    "SEPA SWIFT Mastercard StepChange Citizens Advice Relay Orchard Square Post Office Direct Debit Guarantee Scams".split()
)
SAMPLES = [
    "What would a £10,000 loan over 4 years cost me each month?",
    "Can I take money out of the Fixed Saver early?",
    "Which savings account suits £200 a month?",
    "What does it cost to spend €300 in Spain?",
    "How much did I spend on groceries?",
    "I want to dispute a payment",
    "Freeze my card",
    "Should I put my pension in crypto?",
]
UNKNOWN = (
    "I don't find that in the bank's documents, so I would rather not guess. Our team can help on 0808 157 0123, 8:00 to 20:00 every day."
)
PLAIN = {
    "out_of_scope": (
        "I can't help with that. I answer questions about Larkfield Bank: accounts, cards, savings, loans, mortgages and payments."
    ),
}
_ADVICE = (
    (r"pension|retire|annuity",
     "Larkfield Bank does not offer pensions. For free and impartial pension guidance there is MoneyHelper and its "
     "Pension Wise service. I can show what an amount grows to in our savings accounts."),
    (r"crypto|bitcoin|ethereum|\bcoins?\b",
     "Larkfield Bank does not offer cryptocurrency. I can tell you how our savings accounts compare and "
     "how money in them is protected."),
    (r"mortgage|house price|remortgag|fix\b",
     "I can compare the cost of our 2-year fixed, 5-year fixed and tracker mortgages, and our mortgage team "
     "on 0808 157 0123 can go through your situation."),
    (r"debt|consolidat|owe|borrow|loan",
     "I can work out what a loan would cost. Free and independent debt advice is available from StepChange and "
     "Citizens Advice."),
    (r"tax|inherit",
     "I can explain our Cash ISA. For tax questions please ask HMRC or a tax adviser."),
    (r"shares?|stocks?|funds?|bonds?|invest|gold|market|portfolio",
     "Larkfield Bank does not offer investments. I can compare our savings accounts and "
     "work out what an amount grows to."),
)  # fmt: skip
_SMALLTALK = (
    (r"\b(?:human|person|robot|bot|ai|machine|computer|chatgpt|real|who are you|what are you|your name)\b",
     "I am Larkfield Bank's AI assistant: a computer program, not a person. I answer from the bank's documents and work out figures. "
     "What can I look up for you?"),
    (r"\b(?:thanks?|thank you|cheers|great|perfect|brilliant|helpful)\b",
     "You're welcome. Is there anything else you would like to know?"),
    (r"\b(?:bye|goodbye|see you|good night)\b",
     "Goodbye, and thank you for visiting Larkfield Bank."),
    (r"useless|rubbish|stupid|idiot|hopeless|frustrat|waste of|not what i|doesn'?t (?:help|work)|annoy",
     "I am sorry that I was no help. Our team is there on 0808 157 0123 from 8:00 to 20:00 every day, or tell me in other words "
     "what you need."),
    (r"what can you|how can you|help",
     "I can explain our accounts, cards, savings, loans and mortgages, work out repayments, interest and fees, show your "
     "spending, freeze your card and open a dispute."),
)  # fmt: skip
_HELLO = (
    "Hello. I am Larkfield Bank's AI assistant, a computer program and not a person. Ask me about accounts, cards, savings, loans or "
    "mortgages, or let me work out a figure."
)


_GO_ON = "What would you like to know about our accounts, cards, savings, loans or mortgages?"


def advice_text(text: str) -> str:
    """Declines regulated advice and says what the bank can do on that subject instead."""
    instead = next(
        (words for pattern, words in _ADVICE if re.search(pattern, text, re.I)),
        "I can explain our products and work out figures for you to decide with.",
    )
    return f"That is a question of personal financial advice, which I may not give; a qualified, independent adviser can. {instead}"


def smalltalk_text(text: str, first: bool) -> str:
    """`first` says that nothing was said before: then a greeting is due."""
    said = next((words for pattern, words in _SMALLTALK if re.search(pattern, text, re.I)), "")
    return said or (_HELLO if first or re.search(r"^\W*(?:hello|hi|hey|hiya|good \w+)\b", text, re.I) else _GO_ON)
