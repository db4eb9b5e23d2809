"""How each kind of file is taken apart and put together again; `guardrails/files.py` is the way in."""
