"""The figures of the last `make guard-report`, for the pages that show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REPORT = Path(__file__).parent / "report.json"


def published() -> dict[str, Any] | None:
    """What `benchmarks/guard_report.py` wrote, or None where nothing has been measured."""
    return json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else None
