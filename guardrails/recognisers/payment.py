"""Cards, accounts and coins."""

from guardrails import checksums
from guardrails.recognisers.rule import GAP, Rule, digits

_CARD = r"card|visa|master ?card|amex|american express|discover|debit|credit|pan|maestro|payment method"
_ACCOUNT = r"account|acct?|a/c|acc(?:ount)?(?: ?(?:no|num|number|nr))?|account_?(?:no|num|number)|konto\w*|cuenta|compte|beneficiary|payee"
_IBAN = "|".join(
    rf"(?:{'|'.join(c for c, n in checksums.IBAN_LENGTHS.items() if n == length)}){GAP}\d(?:{GAP}[A-Z0-9]){{{length - 3}}}"
    for length in sorted(set(checksums.IBAN_LENGTHS.values()), reverse=True)
)
RULES = (
    # first digits by network (ISO/IEC 7812): 2 and 5 Mastercard, 3 Amex and Diners, 4 Visa, 6 Discover, UnionPay, Maestro
    Rule("CREDIT_CARD", "card number", rf"[2-6](?:{GAP}\d){{12,18}}", 0.3, _CARD, checksums.luhn),
    Rule("CREDIT_CARD", "card in fours", r"\d{4}([ \-./_])\d{4}\1\d{4}\1\d{4}", 0.6, _CARD),
    Rule("IBAN_CODE", "IBAN", _IBAN, 0.45, r"iban|account|konto", checksums.iban),
    Rule("SORT_CODE", "sort code", r"\d\d([- ./])\d\d\1\d\d|\d{6}", 0.0, r"sort(?: ?|_|-)?code|sortcode|sort|s/c"),
    Rule("BANK_ACCOUNT", "account number", digits(6, 17), 0.0, _ACCOUNT),
    Rule("BANK_ACCOUNT", "sort code and account", r"\d\d[- ]\d\d[- ]\d\d[ ,;/]{1,3}(?:a/?c(?:count)?(?: no)?\W{0,3})?(?P<value>\d{8})", 0.6),
    Rule("SORT_CODE", "sort code before account", r"(?P<value>\d\d[- ]\d\d[- ]\d\d)[ ,;/]{1,3}(?:a/?c(?:count)?(?: no)?\W{0,3})?\d{8}", 0.6),
    Rule("ROUTING_NUMBER", "ABA", digits(9), 0.0, r"routing(?: ?(?:no|num|number|transit))?|aba|rtn|transit|ach|wire|routing_?\w*",
         checksums.aba, check_needs_context=True),
    Rule("CRYPTO", "Bitcoin", r"(?:bc1[ac-hj-np-z02-9]{25,71}|[13][a-km-zA-HJ-NP-Z1-9]{25,34})", 0.75, r"btc|bitcoin|wallet|address"),
    Rule("CRYPTO", "Ethereum", r"0x[0-9a-f]{40}", 0.85),
    Rule("CRYPTO", "other coins", r"(?:r[1-9A-HJ-NP-Za-km-z]{24,34}|T[1-9A-HJ-NP-Za-km-z]{33}|[LM][1-9A-HJ-NP-Za-km-z]{26,33}|"
         r"D[5-9A-HJ-NP-U][1-9A-HJ-NP-Za-km-z]{32}|addr1[0-9a-z]{50,100}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93})", 0.1,
         r"wallet|crypto|coin|xrp|ripple|tron|trx|usdt|ltc|litecoin|doge\w*|cardano|ada|monero|xmr|address"),
)  # fmt: skip
