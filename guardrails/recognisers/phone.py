"""Telephone numbers: international with + or 00, the usual national forms, and any run of digits that is called a phone number."""

from guardrails.recognisers.rule import Rule

_CALLED = (
    r"(?:tele)?phone(?: ?(?:no|num|number))?|tel|mob(?:ile)?(?: ?(?:no|num|number))?|cell(?:phone)?(?: ?(?:no|number))?|call(?:ed|ing|back)?(?: me)?(?: on| at)?|"
    r"ring|text(?: me)?|sms|whats ?app|fax|contact(?: ?(?:no|number))?|reach (?:me|him|her|us)|dial|hotline|landline|msisdn|phone_?\w*|mobile_?\w*|telefon\w*|"
    r"handy|rufnummer|t[eé]l[eé]phone|tel[eé]fono|m[oó]vil|m|t|p|h|w"
)
_SEP = r"[ \-./_\n]{0,2}"
RULES = (
    Rule("PHONE_NUMBER", "with +", rf"\+{_SEP}\d{{1,3}}(?:[ \-./_\n]{{0,2}}[(]?\d[)]?){{6,13}}(?![0-9A-Za-z])", 0.8, _CALLED, plain=True),
    Rule("PHONE_NUMBER", "with 00", r"00[1-9]\d{0,2}(?:[ \-./]{0,2}[(]?\d[)]?){7,12}", 0.35, _CALLED),
    Rule("PHONE_NUMBER", "North America", r"(?<![\w.\-])(?:\+?1[ .\-]{0,2})?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .\-/])[2-9]\d\d[ .\-]\d{4}(?:\s?(?:x|ext\.?|#)\s?\d{1,5})?(?![\w\-])", 0.65,
         _CALLED, plain=True),
    Rule("PHONE_NUMBER", "national with 0", r"(?<![\w.\-£$€])\(?0[1-9]\d{1,4}\)?[ \-/.]{1,2}\d{2,4}(?:[ \-/.]?\d{2,4}){1,4}(?![\w])", 0.45, _CALLED, plain=True),
    Rule("PHONE_NUMBER", "UK mobile", r"07\d{9}|07\d{3}[ \-./]?\d{3}[ \-./]?\d{3}", 0.55, _CALLED),
    Rule("PHONE_NUMBER", "India and neighbours", r"[6-9]\d{4}[ \-]\d{5}", 0.45, _CALLED),
    Rule("PHONE_NUMBER", "by its name", rf"[(]?\d(?:{_SEP}[()]?{_SEP}\d){{6,13}}", 0.0, _CALLED),
)  # fmt: skip
