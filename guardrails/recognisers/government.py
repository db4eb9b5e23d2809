"""Numbers that a state gives to a person: identity, tax, passport, driving licence. And the day of birth."""

from guardrails import checksums
from guardrails.recognisers.rule import GAP, Rule, digits

_TAX = (
    r"tax(?: ?(?:id|no|number|file|payer|reference|code))*|tin|taxpayer\w*|steuer\S*|idnr|itin|ein|fein|utr|unique taxpayer reference|nif|nie|dni|"
    r"codice fiscale|c\.?f|cod\.? ?fisc\w*|bsn|sofinummer|burgerservicenummer|tfn|cpf|pesel|personnummer|sin|social insurance(?: number)?|"
    r"num[eé]ro fiscal|spi|nino|nir|tax_?id"
)
_PASSPORT = r"passport(?: ?(?:no|num|number|nr))?|pass(?:eport|aporte|aporto)?|reisepass\w*|travel document|passport_?\w*|pp no"
_LICENCE = (
    r"driv(?:er|ing|er'?s|ers)(?:'s)? ?(?:licen[cs]e|permit)(?: ?(?:no|num|number))?|licen[cs]e(?: ?(?:no|num|number|#))?|dl|dln|"
    r"d/l|f[uü]hrerschein\w*|permis|patente|rijbewijs|licen[cs]e_?(?:no|number)?|driver_?licen[cs]e\w*|dvla"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
_DATE = (
    rf"(?:\d{{1,2}}{{S}}\d{{1,2}}{{S}}{_YEAR}|(?:19|20)\d\d{{S}}\d{{1,2}}{{S}}\d{{1,2}}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)?[ \-./,]{{0,2}}{_MONTH}[ \-./,]{{0,3}}{_YEAR}|{_MONTH}[ .\-]{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?[ ,.\-]{{0,3}}{_YEAR}|"
    r"(?:19|20)\d{6})"
).replace("{S}", r"[ ]?[\-./_ \n][ ]?")
_BORN = (
    r"d\.?o\.?b|date[ _]?of[ _]?birth|birth[ _-]?(?:date|day)|birthday|born(?: on)?|b\.|geb(?:oren|\.)?(?: am)?|geburtsdatum|n[eé]e?(?: le)?|"
    r"date_?of_?birth|birth|nacid[oa]|nacimiento|nato|nata|nascita|fecha de nacimiento|geboortedatum"
)
RULES = (
    Rule("US_SSN", "SSN in groups", r"(?!000|666|9\d\d)\d{3}([- ./_])(?!00)\d\d\1(?!0000)\d{4}", 0.6, r"ssn|social security\w*|social|soc|ss#?"),
    Rule("US_SSN", "SSN", digits(9), 0.0, r"ssn|social(?: security)?(?: ?(?:no|num|number))?|ss ?#|ss no|ssn_?\w*"),
    Rule("US_SSN", "last four", r"\d{4}", 0.0, r"(?:last four|last 4)(?: digits)? of (?:my |the |his |her )?(?:ssn|social\w*)"),
    Rule("UK_NHS", "NHS number", digits(10), 0.0, r"nhs(?: ?(?:no|num|number))?|nhs_?\w*", checksums.nhs, check_needs_context=True),
    Rule("UK_NHS", "NHS number in groups", r"\d{3}([ -])\d{3}\1\d{4}", 0.05, r"nhs|patient", checksums.nhs),
    Rule("UK_NINO", "National Insurance number",
         rf"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z]{GAP}[A-CEGHJ-NPR-TW-Z](?:{GAP}\d){{6}}{GAP}[A-D]", 0.7,
         r"nino?|ni|national insurance|insurance"),
    Rule("UK_NINO", "any two letters", rf"[A-Z]{GAP}[A-Z](?:{GAP}\d){{6}}{GAP}[A-D]", 0.42, r"nino|ni(?: ?(?:no|num|number))?|national insurance(?: \w+)?"),
    Rule("IN_AADHAAR", "Aadhaar", rf"[2-9](?:{GAP}\d){{11}}", 0.0, r"aadh?aar\w*|aadhar|uid(?:ai)?|uidai", checksums.verhoeff,
         check_needs_context=True),
    Rule("IN_AADHAAR", "Aadhaar in fours", r"[2-9]\d{3}([ -])\d{4}\1\d{4}(?![ -]?\d)", 0.1, r"aadh?aar\w*|uid", checksums.verhoeff),
    Rule("IN_PAN", "PAN", rf"[A-Z]{{3}}{GAP}[ABCFGHJLPT]{GAP}[A-Z](?:{GAP}\d){{4}}{GAP}[A-Z]", 0.7, r"pan|income tax|permanent account"),
    Rule("TAX_ID", "ITIN", r"9\d\d([- ])(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\1\d{4}", 0.65, _TAX),
    Rule("TAX_ID", "EIN", r"\d\d-\d{7}", 0.1, _TAX),
    Rule("TAX_ID", "Steuer-ID", digits(11), 0.0, _TAX, checksums.any_of(checksums.german_tax, checksums.polish_pesel, checksums.brazilian_cpf),
         check_needs_context=True),
    Rule("TAX_ID", "NIF or NIE", rf"[XYZ]?(?:{GAP}\d){{7,8}}{GAP}[A-Z]", 0.0, _TAX, checksums.spanish_tax),
    Rule("TAX_ID", "codice fiscale", rf"[A-Z]{{3}}{GAP}[A-Z]{{3}}{GAP}\d\d{GAP}[A-EHLMPR-T]{GAP}\d\d{GAP}[A-Z]\d{{3}}{GAP}[A-Z]", 0.7, _TAX),
    Rule("TAX_ID", "CPF", r"\d{3}\.\d{3}\.\d{3}-\d\d", 0.6, _TAX, checksums.brazilian_cpf),
    Rule("TAX_ID", "personnummer", r"(?:19|20)?\d{6}[-+]\d{4}", 0.15, _TAX, checksums.luhn),
    Rule("TAX_ID", "tax number by its name", rf"[A-Z]{{0,2}}{GAP}{digits(8, 13)}{GAP}[A-Z]?", 0.0, _TAX),
    Rule("PASSPORT", "passport by its name", rf"(?=[A-Z0-9]*\d)[A-Z0-9]{{1,3}}{GAP}\d(?:{GAP}[A-Z0-9]){{5,8}}", 0.05, _PASSPORT),
    Rule("PASSPORT", "machine-readable zone", r"P<[A-Z]{3}[A-Z<]{20,40}\s?[A-Z0-9<]{30,44}", 0.9, plain=True),
    Rule("DRIVER_LICENSE", "UK licence", rf"[A-Z9]{{5}}{GAP}\d{GAP}[0156]\d{GAP}(?:[0-3]\d){GAP}\d{GAP}[A-Z9]{{2}}{GAP}[A-Z0-9]{GAP}[A-Z]{{2}}", 0.85, _LICENCE),
    Rule("DRIVER_LICENSE", "licence by its name", rf"(?=[A-Z0-9 \-]*\d)[A-Z0-9](?:{GAP}[A-Z0-9]){{6,17}}", 0.0, _LICENCE),
    Rule("DATE_OF_BIRTH", "date of birth", _DATE, 0.0, _BORN),
)  # fmt: skip
