"""Settings: which engine answers, for this session."""

from ui.frame import frame, heading
from ui.settings_page import settings_page

frame("Settings")
heading("Settings", "Which engine answers in this session, and what the app was started with.")
settings_page()
