"""Keys and passwords."""

from guardrails.recognisers.rule import Rule

RULES = (
    Rule("API_KEY", "key with its maker's prefix",
         r"(?:sk|pk|rk)[-_](?:live|test|proj|ant|or)?[-_]?[A-Za-z0-9_\-]{16,120}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,80}|github_pat_\w{20,100}|"
         r"xox[abprs]-[A-Za-z0-9\-]{10,80}|AIza[A-Za-z0-9_\-]{30,45}|glpat-[A-Za-z0-9_\-]{18,40}|hf_[A-Za-z0-9]{20,60}|npm_[A-Za-z0-9]{30,50}|"
         r"SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{16,64}|AC[0-9a-f]{32}|ya29\.[A-Za-z0-9_\-]{20,200}|dop_v1_[0-9a-f]{64}", 0.95),
    Rule("API_KEY", "JSON web token", r"eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}", 0.95),
    Rule("API_KEY", "key by its name", r"(?<![A-Za-z])(?:api[ _-]?key|apikey|access[ _-]?(?:key|token)|secret(?:[ _-]?(?:key|access key))?|auth[ _-]?token|"
         r"bearer|token|client[ _-]?secret|private[ _-]?key|x-api-key)[\"']?\s{0,2}(?:is|was|:|=|=>)?\s{0,2}[\"']?(?P<value>(?=[A-Za-z0-9_\-+/.]*\d)[A-Za-z0-9_\-+/.]{16,200}={0,2})",
         0.7, plain=True),
    Rule("PASSWORD", "password by its name", r"(?<![A-Za-z])(?:pass ?word|pass ?phrase|passwd|pwd|pass ?code|passw?|pw)(?:_?\w{0,6})?[\"']?\s{0,2}(?:is now|is|was|:|=|=>|to)\s{0,2}[\"'`]?"
         r"(?P<value>(?=[^\s\"'`]*[\d!@#$%^&*?_\-]|[^\s\"'`]*[a-z][A-Z])[^\s\"'`<>]{5,64}[^\s\"'`<>.,;:)\]}])", 0.8, plain=True),
    Rule("PASSWORD", "password in a URL", r"://[^/\s:@]{1,40}:(?P<value>[^/\s@]{3,64})@", 0.9, plain=True),
    Rule("PASSWORD", "PIN", r"\d{4,8}", 0.0, r"pin(?: ?(?:code|number|is|:))|pass ?code(?: is)?|security code|cvv2?|cvc2?"),
)  # fmt: skip
