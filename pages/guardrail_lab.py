"""The guardrail on your own text or file: what it finds, why, and what it puts in place."""

from ui.frame import frame, heading
from ui.guard_lab import lab_page

frame("Guardrail lab", wide=True)
heading("Guardrail lab", "Paste a text or upload a file, see what the guardrail finds and why, and take away the cleaned copy.")
lab_page()
