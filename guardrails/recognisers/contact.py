"""Ways to reach a person: e-mail (also written out), user names, profile addresses. Telephone numbers are in `phone.py`."""

from guardrails.recognisers.rule import Rule

_AT = r"(?:@|\s?(?:\[at\]|\(at\)|\{at\}|<at>)\s?|\s+at\s+)"
_DOT = r"(?:\.|\s?(?:\[dot\]|\(dot\)|\{dot\}|<dot>|\[\.\])\s?|\s+dot\s+)"
_TOP = r"(?:com|org|net|edu|gov|io|co|uk|de|fr|es|it|nl|in|us|ca|au|br|jp|cn|ch|at|be|se|no|dk|fi|pl|pt|ie|nz|za|info|biz|me|dev|app|ai|eu|example|test|invalid)"
_USER = r"user ?name|user(?: ?(?:id|name))?|login(?: ?(?:name|id))?|handle|screen ?name|nick(?:name)?|account name|gamertag|user_?(?:name|id)?|login_?\w*|@|twitter|insta\w*|tiktok|telegram|discord|skype|github|reddit|snapchat|steam"
RULES = (
    Rule("EMAIL_ADDRESS", "e-mail", r"[a-z0-9][a-z0-9._%+'\-]{0,63}\s?@\s?(?:[a-z0-9\-]{1,63}\.){1,4}[a-z]{2,24}", 0.95),
    Rule("EMAIL_ADDRESS", "e-mail written out", rf"[a-z0-9]+(?:(?:[._%+\-]|{_DOT}|\s+(?:underscore|dash|hyphen)\s+)[a-z0-9]+){{0,4}}{_AT}[a-z0-9\-]+(?:{_DOT}[a-z0-9\-]+){{0,3}}{_DOT}{_TOP}", 0.8),
    Rule("URL", "web address", r"(?:https?|ftp)://[^\s<>\"'|,;)\]}]+[^\s<>\"'|,;)\]}.!?:]", 0.7),
    Rule("URL", "www", r"www\.[a-z0-9\-]+(?:\.[a-z0-9\-]+)+(?:/[^\s<>\"'|,;)\]}]*[^\s<>\"'|,;)\]}.!?:])?", 0.65),
    Rule("URL", "profile", r"(?:linkedin|facebook|twitter|x|instagram|github|gitlab|tiktok|youtube|reddit|medium|soundcloud|flickr|vimeo|pinterest|t|fb)\."
         r"(?:com|me|be|org)/[A-Za-z0-9_@\-./?=&]+[A-Za-z0-9_/\-]", 0.8),
    Rule("USERNAME", "handle", r"(?<![A-Za-z0-9.@/])@[A-Za-z_][A-Za-z0-9_.]{2,30}[A-Za-z0-9_]", 0.6, plain=True),
    Rule("USERNAME", "user name by its name", r"(?<![A-Za-z])(?:user ?name|user_?name|user ?id|userid|login(?: name| id)?|handle|screen ?name|gamertag|nickname|logged in as|user)"
         r"[\"']?\s?(?:is|was|:|=|->)\s?[\"']?(?P<value>[A-Za-z][A-Za-z0-9_.\-]{2,30}[A-Za-z0-9_])(?!@)", 0.55, plain=True),
)  # fmt: skip
