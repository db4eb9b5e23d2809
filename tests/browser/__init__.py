"""A package, so that the app and the Chromium of `conftest.py` end with the browser tests and not with the whole run."""
