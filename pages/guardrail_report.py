"""What the guardrail finds and misses, which paths it covers, and what it has seen here."""

from ui.frame import frame, heading
from ui.guard_report import report_page

frame("Guardrail report", wide=True)
heading("Guardrail report", "What the guardrail finds and misses, measured; which paths it covers; and what it has seen on this machine.")
report_page()
