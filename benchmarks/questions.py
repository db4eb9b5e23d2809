"""What the engine is asked in the measurements: customers' questions with the sentences that the documents hold for them.

None of it holds personal data, so the guarded and the bare request are the same text.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    facts: tuple[str, ...]


QUESTIONS = (
    Question("Can I take money out of the Fixed Saver early?", (
        "You cannot take money out of a Fixed Saver before the term ends.",
        "We close a Fixed Saver early only if the holder has died or is terminally ill.",
        "You can pay into a Fixed Saver only during the first 14 days.",
    )),
    Question("What does a CHAPS payment cost and when does it arrive?", (
        "A CHAPS payment costs £20 and arrives the same day if you send it before 15:00.",
        "There is no upper limit for a CHAPS payment.",
        "A Faster Payment is free and usually arrives within 2 hours.",
    )),
    Question("What does the overdraft on the Everyday Account cost?", (
        "An arranged overdraft costs 35.9% EAR on the Everyday and Premier Accounts above the interest-free part.",
        "The largest arranged overdraft we offer is £5,000.",
        "You can ask for an arranged overdraft in the app, and we usually decide at once.",
    )),
    Question("Which mortgage rate is lower, the 2-year or the 5-year one?", (
        "The 2-year fixed mortgage costs 4.59%.",
        "The 5-year fixed mortgage costs 4.39%.",
        "After a fixed period ends, a mortgage moves to our standard variable rate of 7.24%.",
    )),
    Question("How much of my money is protected if the bank fails?", (
        "The Financial Services Compensation Scheme protects up to £120,000 for each person at Larkfield Bank.",
        "A Joint Account is protected up to £240,000 for both holders together.",
    )),
    Question("What do I get for the fee of the Premier Account?", (
        "The Premier Account costs £12 a month.",
        "The Premier Account includes worldwide travel insurance for the account holder up to age 69.",
        "The Premier Account has no foreign transaction fees.",
    )),
    Question("How long does a SWIFT payment take, and what does it cost?", (
        "A SWIFT payment takes 1 to 4 working days.",
        "A SWIFT payment to the rest of the world costs £15.",
        "Receiving money from abroad is free.",
    )),
    Question("How quickly will you answer my complaint?", (
        "We reply to a complaint within 3 working days.",
        "You get our final response to a complaint within 8 weeks.",
        "You can complain by phone, in the app or in a branch.",
    )),
    Question("How much may I put into the Regular Saver?", (
        "You can pay £25 to £250 a month into a Regular Saver.",
        "The Regular Saver pays 5.50% AER, fixed for 12 months.",
        "You can hold one Regular Saver at a time.",
    )),
    Question("Who can apply for a Personal Loan?", (
        "You must be 18 or over and have held a Larkfield current account for at least 3 months to apply for a Personal Loan.",
        "You need a regular income to get a Personal Loan.",
        "Students without an income cannot get a Personal Loan.",
    )),
    Question("My card is gone. What does a new one cost?", (
        "A replacement card is free and takes 3 to 5 working days.",
        "An express replacement card costs £8 and comes the next working day.",
        "You can freeze the card in the app or here in the chat while you look for it.",
    )),
    Question("What happens to the money in a Joint Account when one of us dies?", (
        "The money in a Joint Account passes to the other holder at once.",
        "For balances up to £30,000 we release the money without probate.",
        "Funeral bills can be paid from the account before probate.",
    )),
)  # fmt: skip
