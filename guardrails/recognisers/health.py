"""Numbers of patients and of the insured."""

from guardrails.recognisers.rule import GAP, Rule

_CODE = rf"(?=[A-Z0-9 \-./#]*\d)[A-Z]{{0,5}}{GAP}#?\d(?:{GAP}[A-Z0-9]){{3,13}}"
RULES = (
    Rule("MRN", "record number by its name", _CODE, 0.0,
         r"mrn|medical record(?: ?(?:no|num|number|#))?|hospital (?:no|number|id)|patient (?:id|no|num|number|identifier|record)|chart(?: ?(?:no|number|#))?|"
         r"record (?:no|number)|urn|unit number|patient_?(?:id|no|number)|mrn_?\w*|case file|pat(?:ient)?\.? ?id"),
    Rule("MRN", "MRN with its letters", r"(?:MRN|HOSP|PAT|PT)[-#: ]?\d{5,10}", 0.6),
    Rule("INSURANCE_ID", "policy or member number", _CODE, 0.0,
         r"(?:insurance|policy|member(?:ship)?|subscriber|group|plan|claim(?:s|ant)?|medicare|medicaid|beneficiary|health ?plan|hicn|mbi|"
         r"versicherten\w*|krankenversicher\w*|policy ?holder)(?: ?(?:id|no|num|number|nr|#|card))+|policy|mbi|medicare|medicaid|"
         r"insurance_?\w*|member_?id|policy_?\w*"),
    Rule("INSURANCE_ID", "Medicare beneficiary", r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d\d", 0.75),
    Rule("INSURANCE_ID", "EHIC or German insured", r"[A-Z]\d{9}", 0.1, r"insurance|versicher\w*|kvnr|ehic|gkv|krankenkasse"),
)  # fmt: skip
