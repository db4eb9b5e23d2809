"""Tests never write to the user's store and never ask a hub."""

import os
import tempfile

os.environ["VITRINE_STORE_URL"] = f"sqlite:///{tempfile.mkdtemp()}/test.db"
os.environ["HF_HUB_OFFLINE"] = "1"
